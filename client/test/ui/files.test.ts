// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest'
import type { Hears, Told } from '../../src/ui/sending'

const asked: { data: FormData; hears: Hears }[] = []
vi.mock('../../src/ui/sending', () => ({
  send: (_: string, data: FormData, hears: Hears) => {
    asked.push({ data, hears })
    return () => undefined
  },
}))

const { Files, unsaved } = await import('../../src/ui/files')

/** The server answers what was asked last. */
async function answer(line: Told | null): Promise<void> {
  const { hears } = asked.at(-1)!
  if (line) hears.told(line)
  hears.ended(line !== null)
  await new Promise((done) => setTimeout(done, 0))
}

const preview = (title: string): Told => ({
  html: `<form data-summary="1 văn bản"><input name="title-0" value="${title}"><button name="save" value="1">Lưu</button></form>`,
})

beforeEach(() => {
  asked.length = 0
  document.body.innerHTML =
    '<form id="import-form" action="/documents/import"><input name="csrf" value="c"></form>' +
    '<section id="import-several" data-saved="Đã lưu" data-left="Còn {n}" data-drop="Bỏ" data-stopped="Đã dừng"><ol id="import-files"></ol>' +
    '<button id="import-save-all"></button><span id="import-files-said"></span></section>'
})

const files = (...names: string[]): File[] => names.map((name) => new File(['x'], name))
const said = (): string => document.getElementById('import-files-said')?.textContent ?? ''
const items = (): string[] => [...document.querySelectorAll('#import-files > li')].map((item) => item.textContent ?? '')

function begin(...names: string[]): void {
  const form = document.getElementById('import-form') as HTMLFormElement
  void new Files(document.getElementById('import-several')!, form, { failed: 'Mất kết nối' } as unknown as DOMStringMap).read(files(...names))
}

test('files are read one after the other, and one that is bad leaves the others', async () => {
  begin('a.docx', 'b.docx', 'c.docx')
  expect(asked).toHaveLength(1)
  expect(asked[0]!.data.get('part')).toBe('1')
  expect(asked[0]!.data.get('csrf')).toBe('c')
  await answer(preview('Một'))
  await answer({ error: { code: 'docx_broken', message: 'Tệp hỏng' } })
  await answer(preview('Ba'))
  expect(items()[1]).toContain('Tệp hỏng')
  expect(document.querySelectorAll('#import-files form')).toHaveLength(2)
  expect(said()).toBe('Còn 2')
})

test('all are saved in turn; one that is refused stays with what it says', async () => {
  begin('a.docx', 'b.docx')
  await answer(preview('Một'))
  await answer(preview('Hai'))
  document.getElementById('import-save-all')?.click()
  expect(asked.at(-1)!.data.get('save')).toBe('1')
  await answer({ error: { code: 'title_missing', message: 'Chưa có tên' } })
  await answer({ saved: [{ id: 'd2', title: 'Hai' }] })
  expect(items()[0]).toContain('Chưa có tên')
  expect(document.querySelector('a')?.getAttribute('href')).toBe('/documents/d2')
  expect(said()).toBe('Còn 1')
  document.querySelector<HTMLButtonElement>('#import-files form button')?.click()
  expect(asked.at(-1)!.data.get('title-0')).toBe('Một')
  await answer({ saved: [{ id: 'd1', title: 'Một' }] })
  expect(said()).toBe('')
})

test('a file that is left out while it is read does not come back', async () => {
  begin('a.docx', 'b.docx')
  document.querySelector<HTMLButtonElement>('#import-files button')?.click()
  await new Promise((done) => setTimeout(done, 0))
  expect(items()[0]).toContain('Đã dừng')
  await answer(null)
  expect(items()[1]).toContain('Mất kết nối')
  expect(unsaved([{ state: 'bad' }, { state: 'saved' }, { state: 'reading' }])).toBe(1)
})
