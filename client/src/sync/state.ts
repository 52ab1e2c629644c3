/** The connection's state: one value, changed by one function only. */

import { nextAfter, type Next } from './close'

export type Role = 'lead' | 'editor' | 'commenter' | 'reader'

export interface SyncState {
  readonly phase: 'connecting' | 'live' | 'waiting' | 'signed-out' | 'stopped'
  /** The close code that ended the last connection. */
  readonly code: number | null
  /** Epoch milliseconds since when no connection stands; null while one does. */
  readonly offlineSince: number | null
  /** Whether the server's copy was received at least once: before that nothing is shown. */
  readonly loaded: boolean
  /** Local changes the server has not confirmed as stored. */
  readonly unsaved: boolean
  readonly role: Role | null
  /** False while the server says that it cannot write to its disk. */
  readonly storage: boolean
}

export type SyncEvent =
  | { readonly type: 'connecting' }
  | { readonly type: 'live' }
  | { readonly type: 'loaded' }
  | { readonly type: 'closed'; readonly code: number; readonly at: number }
  | { readonly type: 'unsaved'; readonly unsaved: boolean }
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'storage'; readonly ok: boolean }

export const START: SyncState = {
  phase: 'connecting',
  code: null,
  offlineSince: null,
  loaded: false,
  unsaved: false,
  role: null,
  storage: true,
}

const PHASE: Record<Next, SyncState['phase']> = {
  'at-once': 'waiting',
  soon: 'waiting',
  later: 'waiting',
  'sign-in': 'signed-out',
  stop: 'stopped',
}

/** The state after an event; the very same value when nothing changed. */
export function reduce(state: SyncState, event: SyncEvent): SyncState {
  switch (event.type) {
    case 'connecting':
      return state.phase === 'connecting' ? state : { ...state, phase: 'connecting' }
    case 'live':
      // A server in trouble says so to everybody who comes: an older word may be another process's.
      return { ...state, phase: 'live', code: null, offlineSince: null, storage: true }
    case 'loaded':
      return state.loaded ? state : { ...state, loaded: true }
    case 'closed':
      return {
        ...state,
        phase: PHASE[nextAfter(event.code)],
        code: event.code,
        offlineSince: state.offlineSince ?? event.at,
      }
    case 'unsaved':
      return state.unsaved === event.unsaved ? state : { ...state, unsaved: event.unsaved }
    case 'role':
      return state.role === event.role ? state : { ...state, role: event.role }
    case 'storage':
      return state.storage === event.ok ? state : { ...state, storage: event.ok }
  }
}

export const canWrite = (role: Role | null): boolean => role === 'lead' || role === 'editor'

/** Who may propose: everybody but those who only read. */
export const canPropose = (role: Role | null): boolean => canWrite(role) || role === 'commenter'
