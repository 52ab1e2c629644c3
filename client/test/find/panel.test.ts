// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'

import { FindPanel } from '../../src/find/panel'
import { cellText, provisionEntry, provisionText, readProvisions } from '../../src/model'
import { screen, type Screen } from '../editor/screen'

const DRAFT = [
  { kind: 'article', text: 'Chế độ họp' },
  { kind: 'clause', text: 'Ban họp mỗi tháng; Họp kín khi cần.' },
  { kind: 'article', text: 'Biểu' },
  { kind: 'row', text: '' },
  { kind: 'clause', text: 'Hội đồng hoà giải họp.' },
] as const

describe('find and replace', () => {
  let here: Screen
  let panel: FindPanel
  let writing: boolean
  const bar = <T extends HTMLElement = HTMLElement>(selector: string): T => document.querySelector<T>(`#find ${selector}`)!
  const [words, by] = ['.find-line:first-child input', '#find-replace input']
  const texts = (): string[] => readProvisions(here.doc).map(({ text, cells }) => [text, ...(cells ?? [])].join('|'))
  const type = (selector: string, value: string): void => {
    bar<HTMLInputElement>(selector).value = value
    bar(selector).dispatchEvent(new Event('input', { bubbles: true }))
  }
  const key = (selector: string, name: string, more: KeyboardEventInit = {}): void =>
    void bar(selector).dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }))
  const count = (): string => bar('.find-count').textContent
  const said = (): string => bar('.find-said').textContent

  beforeEach(() => {
    vi.useFakeTimers()
    localStorage.clear()
    Object.assign(globalThis.CSS ?? (globalThis.CSS = {} as typeof CSS), { escape: (text: string) => text })
    here = screen(DRAFT)
    const cells = new Y.Array<Y.Text>()
    here.doc.transact(() => provisionEntry(here.doc, here.ids[3]!)!.set('cells', cells))
    cells.push([new Y.Text('họp tổ'), new Y.Text('x')])
    const desk = document.createElement('div')
    document.body.prepend(desk)
    desk.append(here.sheet.parentElement!)
    writing = true
    panel = new FindPanel({
      say: (name, values) => `${name}${values ? JSON.stringify(values) : ''}`, me: 'u', editor: () => here.editor, writing: () => writing,
      nameOf: (id) => `tên ${here.ids.indexOf(id)}`, desk, sheet: here.sheet,
    })
  })
  afterEach(() => {
    here.editor.destroy()
    vi.useRealTimers()
  })

  it('counts while one types, and goes from hit to hit and around', () => {
    panel.open(false)
    type(words, 'hop')
    expect([count(), bar('.find-count').dataset['none']]).toEqual(['find.none', 'true'])
    type(words, 'họp')
    expect([count(), said()]).toEqual(['1/5', 'tên 0'])
    key(words, 'Enter')
    expect([count(), said()]).toEqual(['2/5', 'tên 1'])
    key(words, 'Enter', { shiftKey: true })
    key(words, 'Enter', { shiftKey: true })
    expect([count(), said()]).toEqual(['5/5', 'tên 4 (find.from_end)'])
    key(words, 'Enter', { isComposing: true })
    expect(count()).toBe('5/5')
  })

  it('begins at the caret, and with the words that are selected', () => {
    here.caret(4, 9, 13)
    panel.open(false)
    expect([bar<HTMLInputElement>(words).value, count(), said()]).toEqual(['hoà ', '1/1', 'tên 4'])
    type(words, 'họp')
    expect(said()).toBe('tên 4')
  })

  it('looks only in what is selected, with all beneath it', () => {
    here.caret(0, 2)
    panel.open(false)
    type(words, 'họp')
    bar('.find-options label:last-child input').click()
    expect(count()).toBe('1/3')
  })

  it('keeps the way of searching for the next time', () => {
    panel.open(false)
    const accents = bar<HTMLSelectElement>('select')
    accents.value = 'any'
    accents.dispatchEvent(new Event('change'))
    type(words, 'hoi dong')
    expect(count()).toBe('1/1')
    expect(localStorage.getItem('duthao.find.u')).toBe('{"accents":"any","cases":false,"whole":false}')
  })

  it('replaces one, goes on to the next, and each is undone by itself', () => {
    panel.open(true)
    type(words, 'họp')
    type(by, 'gặp')
    key(by, 'Enter')
    expect(texts()[0]).toBe('Chế độ gặp')
    expect([count(), said()]).toEqual(['1/4', 'find.done_one{"where":"tên 0"}'])
    key(by, 'Enter')
    expect(texts()[1]).toBe('Ban gặp mỗi tháng; Họp kín khi cần.')
    here.editor.commands.undo()
    expect(texts().slice(0, 2)).toEqual(['Chế độ gặp', 'Ban họp mỗi tháng; Họp kín khi cần.'])
  })

  it('replaces all, cells too, with their capitals, as one step; lists them, and leads to each', () => {
    const before = texts()
    panel.open(true)
    type(words, 'họp')
    type(by, 'gặp')
    const updates: unknown[] = []
    here.doc.on('update', (update) => updates.push(update))
    bar('#find-replace button:last-child').click()
    expect(texts()).toEqual(['Chế độ gặp', 'Ban gặp mỗi tháng; Gặp kín khi cần.', 'Biểu', '|gặp tổ|x', 'Hội đồng hoà giải gặp.'])
    expect(updates).toHaveLength(1)
    expect(said()).toBe('find.done_all{"count":5,"places":4,"left":0}')
    const jumps = [...document.querySelectorAll<HTMLElement>('.find-jump')]
    expect(jumps.map((one) => one.querySelector('mark')?.textContent)).toEqual(['gặp', 'gặp', 'Gặp', 'gặp', 'gặp'])
    jumps[2]?.click()
    expect(here.sheet.querySelector('.spotlit')?.textContent).toBe('Gặp')
    expect(here.editor.differences()).toEqual([])
    here.editor.commands.undo()
    expect(texts()).toEqual(before)
  })

  it('writes only over what stands there, and follows what others change', () => {
    panel.open(true)
    type(words, 'mỗi tháng')
    type(by, 'mỗi quý')
    cellText(provisionEntry(here.doc, here.ids[3]!)!, '1')?.insert(0, 'mỗi tháng ')
    provisionText(here.doc, here.ids[1]!)?.delete(4, 4)
    key(by, 'Enter')
    expect(said()).toBe('find.moved')
    expect(texts()[1]).toBe('Ban mỗi tháng; Họp kín khi cần.')
    expect(count()).toBe('1/2')
    cellText(provisionEntry(here.doc, here.ids[3]!)!, '1')?.delete(0, 10)
    panel.changed()
    vi.advanceTimersByTime(300)
    expect(count()).toBe('1/1')
  })

  it('lets readers find, not replace, and waits while nobody may write', () => {
    writing = false
    panel.open(true)
    type(words, 'họp')
    expect([count(), bar('#find-replace').hidden, bar('#find-more').hidden]).toEqual(['1/5', true, true])
    writing = true
    panel.redraw()
    panel.open(true)
    writing = false
    key(by, 'Enter')
    expect([said(), texts()[0]]).toEqual(['find.not_now', 'Chế độ họp'])
  })

  it('gives the keys back to the sheet, or to the hit', () => {
    here.caret(1, 3)
    panel.open(false)
    type(words, 'kín')
    key(words, 'Escape')
    expect([panel.isOpen, document.activeElement, here.editor.selected()[0]?.text]).toEqual([false, here.sheet, DRAFT[1].text])
    panel.open(false)
    key(words, 'Enter', { ctrlKey: true })
    expect([panel.isOpen, here.editor.selected()]).toEqual([false, [{ id: here.ids[1], text: DRAFT[1].text, start: 23, end: 26 }]])
  })
})
