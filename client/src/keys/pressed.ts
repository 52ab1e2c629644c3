/** Whether a key that was pressed is one of the table's. */

import { BETWEEN, keysOf, type Act } from './table'

/** A letter by what it writes, or by its place where Alt makes another sign of it; anything else by name. */
function baseOf({ key, code }: KeyboardEvent): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key
}

function isKey(event: KeyboardEvent, key: string): boolean {
  const held = key.split(BETWEEN)
  const base = held.pop()
  if (baseOf(event) !== base || event.altKey !== held.includes('Alt')) return false
  // Which key writes "?" or "=", and with what held, is the keyboard's affair.
  const shift = /^[^a-z]$/.test(base) || event.shiftKey === held.includes('Shift')
  return shift && (event.ctrlKey || event.metaKey) === held.includes('Mod')
}

/** While an input method composes every key is its own; 229 is how older engines say so. */
const composes = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229

export function pressed(event: KeyboardEvent, act: Act): boolean {
  return !composes(event) && keysOf(act).some((key) => isKey(event, key))
}

/** Does the first act that is meant, in place of what the key would do else; whether there was one. */
export function obey(event: KeyboardEvent, acts: readonly (readonly [meant: boolean, act: () => void])[]): boolean {
  const act = acts.find(([meant]) => meant)?.[1]
  if (act === undefined) return false
  event.preventDefault()
  act()
  return true
}

/** A key that would break the line, whatever is held with it. */
export function breaksLine(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !composes(event)
}
