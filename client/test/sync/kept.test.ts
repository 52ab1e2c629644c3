import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import * as Y from 'yjs'

import { appendProvisions, provisionText } from '../../src/model'
import { EVERY_MS, FIRST_MS, KEPT, Keeping, type KeepingOptions, type KeptRecord, type RecordStore } from '../../src/sync/kept'
import { START, type SyncState } from '../../src/sync/state'

/** A browser's database, which may refuse. */
class Shelf implements RecordStore {
  readonly held = new Map<string, KeptRecord>()
  broken = false
  puts = 0

  async all(document: string, user: string): Promise<KeptRecord[]> {
    this.#check()
    return [...this.held.values()].filter((one) => one.document === document && one.user === user)
  }
  async put(record: KeptRecord): Promise<void> {
    this.#check()
    this.puts += 1
    this.held.set(this.#key(record), structuredClone(record))
  }
  async remove(records: readonly Pick<KeptRecord, 'document' | 'user' | 'window'>[]): Promise<void> {
    this.#check()
    for (const one of records) this.held.delete(this.#key(one))
  }
  #key = ({ document, user, window }: Pick<KeptRecord, 'document' | 'user' | 'window'>): string => `${document} ${user} ${window}`
  #check(): void {
    if (this.broken) throw new Error('full')
  }
}

const UNSAVED: SyncState = { ...START, loaded: true, unsaved: true }
const SAVED: SyncState = { ...START, loaded: true, unsaved: false }

let shelf: Shelf
let server: Y.Doc
let ids: string[]
let windows: number

beforeEach(() => {
  vi.useFakeTimers()
  shelf = new Shelf()
  server = new Y.Doc()
  ids = appendProvisions(server, [{ kind: 'article', text: 'Chế độ họp' }, { kind: 'article', text: 'Chế độ báo cáo' }])
  windows = 0
})
afterEach(() => void vi.useRealTimers())

/** A window that has the server's copy. */
function opened(more: Partial<KeepingOptions> = {}): { doc: Y.Doc; keeping: Keeping; type: (words: string) => void } {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), 'provider')
  const keeping = new Keeping({
    doc, store: shelf, document: 'd', user: 'u', generation: 'g', keeps: true, window: `w${(windows += 1)}`,
    words: () => [{ id: ids[0]!, name: 'Điều 1', text: text(doc), reason: '', unsent: true }], ...more,
  })
  const type = (words: string): void => {
    provisionText(doc, ids[0]!)!.insert(0, words)
    keeping.follow(UNSAVED)
  }
  return { doc, keeping, type }
}

const text = (doc: Y.Doc): string => provisionText(doc, ids[0]!)!.toString()

it('keeps nothing while what is typed is stored at once', async () => {
  const { keeping, type } = opened()
  for (let n = 0; n < 50; n++) {
    type('a')
    await vi.advanceTimersByTimeAsync(100)
    keeping.follow(SAVED)
  }
  await vi.advanceTimersByTimeAsync(60_000)
  expect(shelf.puts).toBe(0)
})

it('keeps what waits, the newest within two seconds, and forgets it when it is stored', async () => {
  const { keeping, type } = opened()
  type('một ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  expect(shelf.held.size).toBe(1)
  type('hai ')
  type('ba ')
  await vi.advanceTimersByTimeAsync(EVERY_MS)
  expect(shelf.puts).toBe(2)
  expect([...shelf.held.values()][0]?.provisions[0]?.text).toBe('ba hai một Chế độ họp')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(shelf.puts).toBe(2)
  keeping.follow(SAVED)
  await keeping.settled()
  expect(shelf.held.size).toBe(0)
})

it('brings it into the next visit, among what others wrote meanwhile, and sends it from there', async () => {
  const lost = opened()
  lost.type('VIẾT DỞ ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  provisionText(server, ids[0]!)!.insert(text(server).length, ' CÙNG LÚC')

  const next = opened()
  const sent: unknown[] = []
  next.doc.on('update', (_update: Uint8Array, origin: unknown) => sent.push(origin))
  expect(await next.keeping.recover(true)).toEqual([{ kind: 'merged', at: expect.any(Number) as number }])
  expect(text(next.doc)).toBe('VIẾT DỞ Chế độ họp CÙNG LÚC')
  expect(sent).toEqual([KEPT])
  // A crash before it is stored loses it as little as the first one did.
  next.keeping.follow(UNSAVED)
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  const third = opened()
  await third.keeping.recover(true)
  expect(text(third.doc)).toBe('VIẾT DỞ Chế độ họp CÙNG LÚC')
  third.keeping.follow(UNSAVED)
  third.keeping.follow(SAVED)
  await third.keeping.settled()
  expect(shelf.held.size).toBe(0)
})

it('says nothing of words that had arrived after all, and forgets them', async () => {
  const lost = opened()
  lost.type('ĐÃ ĐẾN ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  Y.applyUpdate(server, Y.encodeStateAsUpdate(lost.doc))
  const next = opened()
  expect(await next.keeping.recover(true)).toEqual([])
  await next.keeping.settled()
  expect(shelf.held.size).toBe(0)
  expect(text(next.doc)).toBe('ĐÃ ĐẾN Chế độ họp')
})

it.each([
  ['another lineage', { generation: 'restored' }, true],
  ['a role that no longer writes', {}, false],
])('gives words to copy after %s, and merges nothing', async (_what, more, mayWrite) => {
  const lost = opened()
  lost.type('VIẾT DỞ ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  const next = opened(more)
  const found = await next.keeping.recover(mayWrite)
  expect(found.map((one) => one.kind === 'words' && one.provisions[0]?.text)).toEqual(['VIẾT DỞ Chế độ họp'])
  expect(text(next.doc)).toBe('Chế độ họp')
  await next.keeping.settled()
  expect(shelf.held.size).toBe(0)
})

it('merges nothing that builds on what is not there, or is damaged', async () => {
  const lost = opened()
  provisionText(lost.doc, ids[0]!)!.insert(0, 'không được giữ ')
  lost.keeping.follow(SAVED)
  const between = Y.encodeStateVector(lost.doc)
  provisionText(lost.doc, ids[0]!)!.insert(0, 'dựa vào đó ')
  const update = Y.encodeStateAsUpdate(lost.doc, between) as Uint8Array<ArrayBuffer>
  const provisions = [{ id: ids[0]!, name: '', text: 'dựa vào đó', reason: '', unsent: true }]
  const base = { document: 'd', user: 'u', generation: 'g', at: 5, provisions }
  await shelf.put({ ...base, window: 'hole', update })
  await shelf.put({ ...base, window: 'damaged', update: new Uint8Array([255, 3, 9]) })
  const next = opened()
  expect((await next.keeping.recover(true)).map(({ kind }) => kind)).toEqual(['words', 'words'])
  expect(text(next.doc)).toBe('Chế độ họp')
  expect(next.doc.store.pendingStructs).toBeNull()
})

it('keeps two windows of one person apart, and others out of it', async () => {
  const [a, b] = [opened(), opened()]
  a.type('A ')
  b.type('B ')
  const stranger = opened({ user: 'khác' })
  stranger.type('X ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  expect(shelf.held.size).toBe(3)
  const next = opened()
  await next.keeping.recover(true)
  expect(text(next.doc)).toMatch(/^(A B|B A) Chế độ họp$/)
})

it('keeps nothing where the lead has it so, and still brings home what was kept before', async () => {
  const lost = opened()
  lost.type('VIẾT DỞ ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  const next = opened({ keeps: false })
  await next.keeping.recover(true)
  expect(text(next.doc)).toBe('VIẾT DỞ Chế độ họp')
  next.type('nữa ')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(shelf.puts).toBe(1)
  next.keeping.follow(SAVED)
  await next.keeping.settled()
  expect(shelf.held.size).toBe(0)
})

it('goes on where the browser keeps nothing', async () => {
  shelf.broken = true
  const { keeping, type, doc } = opened()
  expect(await keeping.recover(true)).toEqual([])
  type('một ')
  await vi.advanceTimersByTimeAsync(FIRST_MS)
  await keeping.settled()
  shelf.broken = false
  type('hai ')
  await vi.advanceTimersByTimeAsync(EVERY_MS)
  expect(shelf.held.size).toBe(1)
  keeping.end()
  expect(text(doc)).toBe('hai một Chế độ họp')
})
