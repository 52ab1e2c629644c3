// @vitest-environment jsdom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'

import { bindText, difference } from '../../src/ui/textbind'

test('a difference turns one text into the other', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { at, remove, insert } = difference(before, after)
      expect(before.slice(0, at) + insert + before.slice(at + remove)).toBe(after)
    }),
  )
})

function field() {
  const doc = new Y.Doc()
  const area = document.createElement('textarea')
  document.body.append(area)
  const text = doc.getText('reason')
  const unbind = bindText(area, doc, () => text, () => text)
  const type = (value: string): void => {
    area.value = value
    area.dispatchEvent(new Event('input'))
  }
  return { doc, area, text, type, unbind }
}

test('typing and a colleague both stand in the text, and the caret stays at its word', () => {
  const { area, text, type } = field()
  type('Căn cứ Quyết định 66')
  area.focus()
  area.setSelectionRange(6, 6)
  text.insert(0, 'Theo ')
  expect(area.value).toBe('Theo Căn cứ Quyết định 66')
  expect(area.selectionStart).toBe(11)
})

test('what a colleague writes during a composition is not lost and does not disturb it', () => {
  const { area, text, type } = field()
  type('ab')
  area.dispatchEvent(new Event('compositionstart'))
  area.value = 'abđ'
  area.dispatchEvent(new Event('input'))
  text.insert(0, 'X')
  expect(area.value).toBe('abđ')
  area.value = 'abđược'
  area.dispatchEvent(new Event('compositionend'))
  expect(text.toString()).toBe('Xabđược')
  expect(area.value).toBe('Xabđược')
})
