/** What the server gave the page, and small helpers every island uses. */

import type { HouseTerms } from '../completing/terms'

export interface PageData {
  readonly document: { readonly id: string; readonly title: string; readonly generation: string; readonly kept_locally: boolean }
  readonly user: { readonly id: string; readonly name: string; readonly color: string }
  readonly role: string
  readonly collab: string
  readonly messages: Readonly<Record<string, string>>
  readonly csrf?: string
  readonly versions?: readonly { readonly id: string; readonly name: string; readonly in_force: boolean }[]
  readonly before?: string
  readonly after?: string
  readonly third?: string
  /** The frozen text that the page shows. */
  readonly version?: string
  readonly seq?: number
  /** Where the journal ended when this person last looked, and when that was; 0 for never. */
  readonly looked?: { readonly seq: number; readonly at: number; readonly end: number }
  /** The house's short forms and names, completed while typing. */
  readonly terms?: HouseTerms
  readonly language?: string
  readonly titles?: readonly string[]
  readonly guard?: readonly { what: string; before: string[]; after: string[]; provision: string; later?: boolean }[]
  readonly resting?: readonly Resting[]
}

/**
 * A correction that the comparison shown could not honour (docs/protocol/comparison.md); `later` when
 * it rests between the second and the third text.
 */
export interface Resting {
  readonly verdict: 'together' | 'apart'
  readonly before: string
  readonly after: string
  readonly why: 'unchanged' | 'contradicted'
  readonly later?: boolean
}

export function pageData(): PageData {
  const element = document.getElementById('page-data')
  if (element?.textContent == null) throw new Error('page data is missing')
  return JSON.parse(element.textContent) as PageData
}

export type Say = (key: string, values?: Record<string, string | number>) => string

/** The page's sentences; a missing key shows itself in brackets. */
export const sayer =
  (messages: Readonly<Record<string, string>>): Say =>
  (key, values = {}) =>
    (messages[key] ?? `[${key}]`).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** The element of that id, of that kind; the page was made by our server, so it is there. */
export function need<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new Error(`#${id} is missing`)
  return element
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

export const socketAddress = (path: string): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`
