/** Proposals as the server tells them (docs/protocol/http.md), and how a list of them is read. */

import type { Kind } from '../model'
import type { Person } from '../ui/person'

export type Act = 'replace' | 'insert' | 'remove'
export type State = 'open' | 'accepting' | 'accepted' | 'adapted' | 'declined' | 'withdrawn'
export type Span = readonly [op: '=' | '-' | '+', text: string]

export interface Wording {
  readonly text: string
  readonly cells: readonly string[]
}

/** A stretch that both texts have, or what stands there today and what would. */
export type Change = { readonly text: string } | { readonly was: string; readonly now: string; readonly disputed: boolean }

export interface Piece {
  readonly sort: 'kept' | 'theirs' | 'ours' | 'both' | 'conflict'
  readonly text: string
  readonly base?: string
  readonly theirs?: string
  readonly ours?: string
}

export interface Outlook {
  readonly standing: 'clean' | 'conflict' | 'done' | 'gone'
  readonly seen: string
  readonly now: readonly (Wording & { readonly id: string })[] | null
  readonly pieces: readonly (readonly Piece[])[] | null
  readonly merged: Wording | null
  readonly changed: readonly string[]
}

export interface Proposal {
  readonly id: string
  readonly act: Act
  readonly provision: string
  readonly where: string
  readonly article: { readonly id: string; readonly where: string } | null
  readonly state: State
  readonly edition: number
  readonly author: Person
  readonly at: number
  readonly changed: number
  readonly reason: string
  readonly base: readonly (Wording & { readonly id: string; readonly kind: Kind; readonly label: string })[]
  readonly wording: Wording
  readonly new: { readonly id: string; readonly kind: Kind } | null
  readonly spans: readonly (readonly Span[])[]
  readonly outlook: Outlook | null
  readonly changes: readonly (readonly Change[])[] | null
  readonly collide: readonly string[]
  readonly same: readonly string[]
  readonly answer: string
  readonly decided: { readonly by: Person; readonly at: number } | null
  readonly outcome: Wording | null
  readonly seq: number | null
}

export interface ProposalsAnswer {
  readonly seq: number
  readonly proposals: readonly Proposal[]
}

/** What the list shows: by state, person and article; "" is any. */
export interface Filter {
  readonly state: 'open' | 'answered' | 'all'
  readonly person: string
  readonly article: string
}

export const isOpen = (one: Proposal): boolean => one.state === 'open'

export const passes = (one: Proposal, filter: Filter): boolean =>
  (filter.state === 'all' || (filter.state === 'open') === (one.state === 'open' || one.state === 'accepting')) &&
  (filter.person === '' || one.author.id === filter.person) &&
  (filter.article === '' || one.article?.id === filter.article)

/** The proposals for one provision, which stand side by side. */
export interface Group {
  readonly provision: string
  readonly where: string
  readonly proposals: readonly Proposal[]
}

/** In the order told, which is that of the draft. */
export function groupsOf(proposals: readonly Proposal[]): Group[] {
  const found = new Map<string, Proposal[]>()
  for (const one of proposals) {
    const group = found.get(one.provision)
    if (group) group.push(one)
    else found.set(one.provision, [one])
  }
  return [...found].map(([provision, held]) => ({ provision, where: held[0]?.where ?? '', proposals: held }))
}

/** Everybody who proposes here, and every article proposed for, each once, in the order told. */
export function choicesOf(proposals: readonly Proposal[]): { people: Person[]; articles: { id: string; where: string }[] } {
  const people = new Map<string, Person>()
  const articles = new Map<string, { id: string; where: string }>()
  for (const { author, article } of proposals) {
    people.set(author.id, author)
    if (article !== null) articles.set(article.id, article)
  }
  return { people: [...people.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'vi')), articles: [...articles.values()] }
}

/** The words that stand there now, as far as they are told: those it was made on while nothing else is said. */
export function wordsNow(one: Proposal): Wording | null {
  if (one.outlook?.standing === 'gone') return null
  return one.outlook?.now?.[0] ?? one.base[0] ?? null
}

/** Words as the server counts two as the same. */
export const sameWords = (a: Wording, b: Wording): boolean =>
  a.text === b.text && a.cells.length === b.cells.length && a.cells.every((cell, at) => cell === b.cells[at])
