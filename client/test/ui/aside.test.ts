// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'

import { appendProvisions, provisionText } from '../../src/model'
import { AsideStore } from '../../src/sync/aside'
import { CLOSE } from '../../src/sync/close'
import { START, type Role, type SyncState } from '../../src/sync/state'
import { Keeper, showAsides } from '../../src/ui/aside'
import type { PageData } from '../../src/ui/page'

const data = { document: { id: 'd', title: '', generation: 'old' }, user: { id: 'u', name: '', color: '' } } as PageData
const say = (key: string, values: Record<string, string | number> = {}): string => [key, values['n'] ?? ''].join(' ').trim()
const reload = vi.fn()

let doc: Y.Doc
let restored: Y.Doc
let ids: readonly string[]
let keeper: Keeper

beforeEach(() => {
  window.localStorage.clear()
  reload.mockClear()
  vi.stubGlobal('location', { reload })
  vi.stubGlobal('confirm', () => true)
  restored = new Y.Doc()
  ids = appendProvisions(restored, [
    { kind: 'article', text: 'Phạm vi' },
    { kind: 'article', text: 'Đối tượng' },
  ])
  doc = new Y.Doc()
  keeper = new Keeper(doc, data, (id) => `Điều ${ids.indexOf(id) + 1}`)
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(restored))
})
afterEach(() => {
  keeper.leaving = true // its page is gone; the window of these tests is not
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const state = (more: Partial<SyncState>): SyncState => ({ ...START, loaded: true, role: 'editor', ...more })
const dead = (role: Role, unsaved = false): SyncState =>
  state({ phase: 'stopped', code: CLOSE.OTHER_LINEAGE, role, unsaved })

function shown(): HTMLElement {
  const place = document.createElement('div')
  showAsides(place, restored, new AsideStore(window.localStorage, 'd', 'u'), say, () => undefined)
  return place
}

test('another lineage: what a writer held is set aside, then the page is loaded anew, once', () => {
  provisionText(doc, ids[0]!)!.insert(7, ' điều chỉnh')
  keeper.follow(dead('editor', true))
  keeper.follow(dead('editor', true))
  expect(reload).toHaveBeenCalledTimes(1)
  const place = shown()
  expect(place.hidden).toBe(false)
  expect(place.querySelector('p')?.textContent).toBe('room.aside.lineage 1')
  expect(place.querySelector('li')?.textContent).toContain('Điều 1')
  expect(place.querySelector('li .badge')?.textContent).toBe('room.aside.unsent')
  expect(place.querySelector('li ins')?.textContent).toBe(' điều chỉnh')
})

test('words that were all sent are told so', () => {
  provisionText(doc, ids[1]!)!.insert(9, ' áp dụng')
  keeper.follow(state({ phase: 'live' }))
  keeper.follow(dead('lead'))
  expect(shown().querySelector('p')?.textContent).toBe('room.aside.lineage_sent 1')
})

test('a reader has nothing to set aside', () => {
  keeper.follow(dead('reader'))
  expect(reload).toHaveBeenCalledTimes(1)
  expect(shown().hidden).toBe(true)
})

test('where nothing can be kept the page stays', () => {
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  provisionText(doc, ids[0]!)!.insert(0, 'A ')
  keeper.follow(dead('editor', true))
  expect(reload).not.toHaveBeenCalled()
  expect(keeper.leaving).toBe(false)
})

test.each([CLOSE.NO_ACCESS, CLOSE.TOO_LARGE, CLOSE.BAD_MESSAGE])('close code %i alone sets nothing aside', (code) => {
  provisionText(doc, ids[0]!)!.insert(0, 'A ')
  keeper.follow(state({ phase: 'stopped', code, unsaved: true }))
  expect(reload).not.toHaveBeenCalled()
  expect(shown().hidden).toBe(true)
})

test('a page left before all was sent keeps what was not', () => {
  keeper.follow(state({ phase: 'live', unsaved: false }))
  window.dispatchEvent(new Event('pagehide'))
  expect(shown().hidden).toBe(true)
  provisionText(doc, ids[1]!)!.insert(0, 'B ')
  keeper.follow(state({ phase: 'waiting', unsaved: true }))
  window.dispatchEvent(new Event('pagehide'))
  expect(shown().querySelector('p')?.textContent).toBe('room.aside.left 1')
})

test('it is copied whole, and gone when its user is done with it', async () => {
  const writeText = vi.fn((_text: string) => Promise.resolve())
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  provisionText(doc, ids[0]!)!.insert(7, ' điều chỉnh')
  keeper.follow(dead('editor', true))
  const place = shown()
  const [copy, done] = place.querySelectorAll<HTMLButtonElement>('.actions button')
  copy!.click()
  await Promise.resolve()
  expect(writeText).toHaveBeenCalledWith('Điều 1\nPhạm vi điều chỉnh')
  done!.click()
  expect(place.hidden).toBe(true)
  expect(shown().hidden).toBe(true)
})

test('what the draft says by now is no longer shown', () => {
  provisionText(doc, ids[0]!)!.insert(7, ' điều chỉnh')
  keeper.follow(dead('editor', true))
  provisionText(restored, ids[0]!)!.insert(7, ' điều chỉnh')
  expect(shown().hidden).toBe(true)
  expect(window.localStorage).toHaveLength(0)
})
