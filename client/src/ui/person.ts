/** People and moments as cards show them. */

import { make } from './page'

export interface Person {
  readonly id: string
  readonly name: string
  readonly position: string
  readonly color: string
}

export const initials = (name: string): string => {
  const words = name.split(/\s+/).filter(Boolean)
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** The person's badge, name and position; `unknown` stands for one without a name. */
export function drawPerson(person: Person, unknown: string): HTMLElement {
  const badge = make('span', { className: `initials c${person.color.slice(1)}`, ariaHidden: 'true' }, initials(person.name))
  const name = make('strong', {}, person.name || unknown)
  const position = person.position === '' ? [] : [make('span', { className: 'muted small' }, person.position)]
  return make('span', { className: 'card-person' }, badge, make('span', { className: 'card-name' }, name, ...position))
}

export const moment = (at: number, language: string): string =>
  new Date(at).toLocaleString(language === 'en' ? 'en-GB' : 'vi-VN', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Ho_Chi_Minh' })
