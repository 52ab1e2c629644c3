import { expect, test } from 'vitest'

import { START, reduce, type SyncEvent, type SyncState } from '../../src/sync/state'
import { saveState, untold } from '../../src/ui/save-state'

const after = (...events: SyncEvent[]): SyncState => events.reduce(reduce, START)
const say = (key: string): string => key
const LIVE: SyncEvent[] = [{ type: 'live' }, { type: 'role', role: 'editor' }, { type: 'loaded' }]
const words = (...events: SyncEvent[]) => saveState(after(...LIVE, ...events), say)

test('what the server cannot write is said as not saved, and saved only when it is', () => {
  expect(words({ type: 'unsaved', unsaved: true })).toEqual({ mood: 'busy', text: 'room.saving' })
  expect(words({ type: 'unsaved', unsaved: true }, { type: 'storage', ok: false })).toEqual({
    mood: 'bad',
    text: 'room.storage_unsaved',
  })
  expect(words({ type: 'storage', ok: false })).toEqual({ mood: 'bad', text: 'room.storage_down' })
  expect(
    words(
      { type: 'unsaved', unsaved: true },
      { type: 'storage', ok: false },
      { type: 'storage', ok: true },
      { type: 'unsaved', unsaved: false },
    ),
  ).toEqual({ mood: 'good', text: 'room.saved' })
})

test('the word of a server that is gone is not held against the next one', () => {
  const state = after(
    ...LIVE,
    { type: 'unsaved', unsaved: true },
    { type: 'storage', ok: false },
    { type: 'closed', code: 4503, at: 1 },
  )
  expect(saveState(state, say)).toEqual({ mood: 'bad', text: 'room.offline_unsaved' })
  expect(saveState(reduce(state, { type: 'live' }), say)).toEqual({ mood: 'busy', text: 'room.saving' })
})

test('offline, signed out and stopped are said whatever the storage does', () => {
  for (const [code, text] of [
    [1006, 'room.offline_unsaved'],
    [4401, 'room.signed_out'],
    [4400, 'room.stopped.4400'],
  ] as const) {
    const state = after(...LIVE, { type: 'unsaved', unsaved: true }, { type: 'storage', ok: false }, { type: 'closed', code, at: 1 })
    expect(saveState(state, say)).toEqual({ mood: 'bad', text })
  }
})

test('a break is told once it lasts, and till then what is not stored is not called saved', () => {
  const broken = after(...LIVE, { type: 'storage', ok: false }, { type: 'closed', code: 1006, at: 1000 })
  const unsaved = reduce(broken, { type: 'unsaved', unsaved: true })
  expect(saveState(broken, say, 4999)).toEqual({ mood: 'good', text: 'room.saved' })
  expect(saveState(unsaved, say, 4999)).toEqual({ mood: 'busy', text: 'room.saving' })
  expect(saveState(broken, say, 5000)).toEqual({ mood: 'bad', text: 'room.offline' })
  expect(saveState(unsaved, say, 5000)).toEqual({ mood: 'bad', text: 'room.offline_unsaved' })
  expect([untold(broken, 1500), untold(broken, 5000), untold(after(...LIVE), 1500)]).toEqual([3500, 0, 0])
  // It goes on from its beginning, however often one tries.
  expect(untold(reduce(reduce(broken, { type: 'connecting' }), { type: 'closed', code: 1006, at: 4000 }), 4500)).toBe(500)
})

test('before the server has been heard nothing is called saved', () => {
  expect(saveState(after({ type: 'live' }), say)).toEqual({ mood: 'busy', text: 'room.loading' })
})
