import { beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'

import { appendProvisions, provisionText, rationaleText, setRemoved } from '../../src/model'
import { AsideStore, Unsent, copied, gathered, lost, unsaid, type Aside } from '../../src/sync/aside'

/** The browser's storage, with room for so many characters. */
class Shelf implements Storage {
  readonly #held = new Map<string, string>()
  constructor(readonly room = 1_000_000) {}
  get length(): number {
    return this.#held.size
  }
  clear(): void {
    this.#held.clear()
  }
  getItem(key: string): string | null {
    return this.#held.get(key) ?? null
  }
  key(index: number): string | null {
    return [...this.#held.keys()][index] ?? null
  }
  removeItem(key: string): void {
    this.#held.delete(key)
  }
  setItem(key: string, value: string): void {
    if (value.length > this.room) throw new DOMException('full', 'QuotaExceededError')
    this.#held.set(key, value)
  }
}

const nameOf = (id: string): string => `Điều ${id}`
const aside = (provisions: Aside['provisions'], more: Partial<Aside> = {}): Aside => ({
  document: 'd', user: 'u', at: 1, why: 'lineage', provisions, ...more,
})

let server: Y.Doc
let window_: Y.Doc
let ids: readonly string[]
let unsent: Unsent

beforeEach(() => {
  server = new Y.Doc()
  ids = appendProvisions(server, [
    { kind: 'article', text: 'Phạm vi' },
    { kind: 'article', text: 'Đối tượng' },
    { kind: 'article', text: 'Nguyên tắc' },
  ])
  window_ = new Y.Doc()
  unsent = new Unsent(window_)
  Y.applyUpdate(window_, Y.encodeStateAsUpdate(server))
})

test('only what this window writes is unsent, until it is stored', () => {
  expect(unsent.none).toBe(true)
  provisionText(window_, ids[0]!)!.insert(0, 'Về ')
  rationaleText(window_, ids[1]!).insert(0, 'Theo kết luận')
  setRemoved(window_, ids[2]!)
  expect(ids.map((id) => unsent.has(id))).toEqual([true, true, true])
  unsent.saved()
  expect(unsent.none).toBe(true)
  const [made] = appendProvisions(window_, [{ kind: 'article', text: 'Mới' }])
  expect(unsent.has(made!)).toBe(true)
})

test('a dead lineage sets everything aside, and only what the draft lacks is told as lost', () => {
  provisionText(window_, ids[0]!)!.insert(7, ' điều chỉnh')
  unsent.saved()
  provisionText(window_, ids[1]!)!.insert(9, ' áp dụng')
  rationaleText(window_, ids[2]!).insert(0, 'Theo kết luận')
  const held = aside(gathered(window_, unsent, nameOf, 'lineage'))
  expect(held.provisions).toHaveLength(3)
  const found = lost(held, server)
  expect(found.map(({ name, text, now, unsent: mine }) => [name, text, now, mine])).toEqual([
    [nameOf(ids[0]!), 'Phạm vi điều chỉnh', 'Phạm vi', false],
    [nameOf(ids[1]!), 'Đối tượng áp dụng', 'Đối tượng', true],
    [nameOf(ids[2]!), 'Nguyên tắc', 'Nguyên tắc', true],
  ])
  expect(copied(found, 'Lý do')).toBe(
    `${nameOf(ids[0]!)}\nPhạm vi điều chỉnh\n\n${nameOf(ids[1]!)}\nĐối tượng áp dụng\n\n${nameOf(ids[2]!)}\nNguyên tắc\nLý do: Theo kết luận`,
  )
})

test('a provision the draft does not have is lost whole; an equal one is not', () => {
  const [made] = appendProvisions(window_, [{ kind: 'article', text: 'Mới' }])
  const found = lost(aside(gathered(window_, unsent, nameOf, 'lineage')), server)
  expect(found.map(({ id, now }) => [id, now])).toEqual([[made, null]])
})

test('a page left early sets aside what was not stored, nothing else', () => {
  provisionText(window_, ids[0]!)!.insert(0, 'A ')
  unsent.saved()
  provisionText(window_, ids[1]!)!.insert(0, 'B ')
  expect(gathered(window_, unsent, nameOf, 'left').map(({ text }) => text)).toEqual(['B Đối tượng'])
})

test('asides survive, belong to one person, and add up', () => {
  const shelf = new Shelf()
  const provisions = gathered(window_, unsent, nameOf, 'lineage')
  const store = new AsideStore(shelf, 'd', 'u')
  expect(store.keep(aside(provisions))).toBe(true)
  expect(store.keep(aside(provisions, { at: 2, why: 'left' }))).toBe(true)
  expect(new AsideStore(shelf, 'd', 'u').all().map(({ at }) => at)).toEqual([1, 2])
  expect(new AsideStore(shelf, 'd', 'other').all()).toEqual([])
  expect(new AsideStore(shelf, 'other', 'u').all()).toEqual([])
  store.hold(store.all().slice(1))
  expect(store.all().map(({ at }) => at)).toEqual([2])
  store.hold([])
  expect(shelf.length).toBe(0)
})

test('a full storage is said, and what was kept before stays', () => {
  const shelf = new Shelf(1000)
  const store = new AsideStore(shelf, 'd', 'u')
  const one = { id: 'x', name: '', text: 'ngắn', reason: '', unsent: true }
  expect(store.keep(aside([one]))).toBe(true)
  expect(store.keep(aside([{ ...one, text: 'd'.repeat(2000) }], { at: 2 }))).toBe(false)
  expect(store.all().map(({ at }) => at)).toEqual([1])
})

test.each(['', '{', '[1, null, {"user": "u"}]', '{"user": "u"}', '[{"user":"u","at":1,"why":"lineage","provisions":[{}]}]'])(
  'what is no aside of ours is passed over: %s',
  (text) => {
    const shelf = new Shelf()
    shelf.setItem('duthao.aside.d.u', text)
    expect(new AsideStore(shelf, 'd', 'u').all()).toEqual([])
  },
)

test('what a window set aside and kept as well is said once; newer words are said', () => {
  provisionText(window_, ids[0]!)!.insert(0, 'Về ')
  const kept = gathered(window_, unsent, nameOf, 'left')
  const asides = [aside(gathered(window_, unsent, nameOf, 'lineage'))]
  expect(unsaid(kept, [])).toEqual(kept)
  expect(unsaid(kept, asides)).toEqual([])
  provisionText(window_, ids[0]!)!.insert(0, 'Quy định ')
  rationaleText(window_, ids[1]!).insert(0, 'Theo kết luận')
  const newer = gathered(window_, unsent, nameOf, 'left')
  expect(unsaid(newer, asides)).toEqual(newer)
})
