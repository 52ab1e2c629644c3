/** The save state in words: what the server has, and what only this window has. */

import { canPropose, canWrite, type SyncState } from '../sync/state'
import type { Say } from './page'

export type SaveMood = 'good' | 'busy' | 'bad'

const hour = (at: number): string =>
  new Date(at).toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Ho_Chi_Minh' })

/** A break that is over sooner is not told: nothing was in danger, and who writes is not startled. */
const BREAK_MS = 4000

/** Milliseconds after which a break is told if it goes on; 0 when there is none, or it is told. */
export const untold = ({ offlineSince }: SyncState, now = Date.now()): number =>
  offlineSince === null ? 0 : Math.max(offlineSince + BREAK_MS - now, 0)

/** The sentence and its mood for a state. */
export function saveState(state: SyncState, say: Say, now = Date.now()): { readonly mood: SaveMood; readonly text: string } {
  if (state.phase === 'stopped') return { mood: 'bad', text: say(`room.stopped.${state.code ?? 0}`) }
  if (state.phase === 'signed-out') return { mood: 'bad', text: say('room.signed_out') }
  if (!state.loaded) return { mood: 'busy', text: say('room.loading') }
  const isBrief = untold(state, now) > 0
  if (state.offlineSince !== null && !isBrief) {
    const key = state.unsaved ? 'room.offline_unsaved' : 'room.offline'
    return { mood: 'bad', text: say(key, { time: hour(state.offlineSince) }) }
  }
  if (!state.storage && !isBrief) return { mood: 'bad', text: say(state.unsaved ? 'room.storage_unsaved' : 'room.storage_down') }
  if (state.unsaved) return { mood: 'busy', text: say('room.saving') }
  return { mood: 'good', text: say(canWrite(state.role) ? 'room.saved' : canPropose(state.role) ? 'room.commenting' : 'room.read_only') }
}
