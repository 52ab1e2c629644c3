/** The keys that work anywhere in the room, and the signs of them on the buttons. */

import { pressed } from './pressed'
import { keysOf, LINES, named, readable, type Act } from './table'

/** Each does its work; `false` leaves the key to the browser. */
export type RoomActs = Readonly<Record<Act<'room'>, () => unknown>>

const WORDS = 'input, textarea, select, [contenteditable="true"]'

/** A sign by itself is written where one writes. */
const isSign = (act: Act): boolean => keysOf(act).some((key) => key.length === 1)

/** Binds them all; answers how to take them back. */
export function bindRoom(acts: RoomActs): () => void {
  const names = LINES.filter((line) => line.where === 'room').flatMap((line) => Object.keys(line.acts)) as Act<'room'>[]
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return
    const act = names.find((name) => pressed(event, name))
    if (act === undefined) return
    if (isSign(act) && event.target instanceof Element && event.target.closest(WORDS) !== null) return
    if (acts[act]() !== false) event.preventDefault()
  }
  document.addEventListener('keydown', listen)
  return () => document.removeEventListener('keydown', listen)
}

/** `data-keys="undo"` on a button: its key is told with its title, and to those who do not see it. */
export function signKeys(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>('[data-keys]')) {
    const [key] = keysOf(button.dataset['keys'] as Act)
    if (key === undefined) continue
    if (button.title !== '') button.title = `${button.title} (${readable(key)})`
    button.setAttribute('aria-keyshortcuts', named(key))
  }
}
