// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { drawn, foreign } from '../../src/ui/markup'

const made = (html: string): string => {
  const place = document.createElement('div')
  place.append(drawn(html))
  return place.innerHTML
}

test('what our server draws comes through as it is', () => {
  const html = '<form action="/documents/a/b?c=1#d" method="post"><a href="https://x.example/y">Điều 1</a><img src="data:image/png;base64,AA=="><a href="mailto:a@b.example">x</a></form>'
  expect(made(html)).toBe(html)
})

test('a row comes through without a table around it', () => {
  expect(drawn('<tr data-key="k"><td>a</td></tr>').querySelector('tr')?.dataset['key']).toBe('k')
})

test.each([
  ['<p>a</p><script>x()</script><iframe src="/x"></iframe><base href="/y"><style>p{}</style>', '<p>a</p>'],
  ['<img src="/a.png" onerror="x()">', '<img src="/a.png">'],
  ['<a href=" java\tscript:x()">a</a>', '<a>a</a>'],
  ['<a href="JavaScript:x()">a</a><form action="javascript:x()"></form>', '<a>a</a><form></form>'],
  ['<a href="data:text/html,<script>x()</script>">a</a>', '<a>a</a>'],
  ['<svg><a xlink:href="javascript:x()">a</a><animate href="#x"></animate></svg>', '<svg><a>a</a></svg>'],
])('what could act is taken out of %s', (html, expected) => {
  expect(made(html)).toBe(expected)
})

test('what is pasted is read in a document of its own', () => {
  const body = foreign('<html><body><p>a</p></body></html>')
  expect(body.ownerDocument).not.toBe(document)
  expect(body.textContent).toBe('a')
})

test('no other part of ours makes elements of strings', () => {
  const sinks = /\.(?:inner|outer)HTML\s*[+=]?=[^=]|insertAdjacentHTML|DOMParser|document\.write|srcdoc\s*=|createContextualFragment|setHTMLUnsafe|parseHTMLUnsafe|\beval\(|new Function\(/
  const folder = join(import.meta.dirname, '../../src')
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== join('ui', 'markup.ts'))
    .filter((name) => sinks.test(readFileSync(join(folder, name), 'utf8')))
  expect(found).toEqual([])
})
