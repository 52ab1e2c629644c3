/** Comments as the server tells them (docs/protocol/http.md), and how a list of them is read. */

import type { Person } from '../ui/person'

export interface Comment {
  readonly id: string
  readonly edition: number
  readonly author: Person
  readonly at: number
  readonly edited: number | null
  readonly text: string
  readonly mentions: readonly string[]
  readonly removed: boolean
}

/** Words of a provision, of a row those of one cell, in code points; null unless they are found. */
export interface Stretch {
  readonly provision: string | null
  readonly cell: number | null
  readonly start: number | null
  readonly end: number | null
}

/** Where a thread stands now; the `rest` are further stretches of its words, as a split leaves them. */
export interface Anchor extends Stretch {
  readonly on: 'words' | 'provision' | 'document'
  readonly quote: string
  readonly made_on: { readonly seq: number; readonly version: string | null; readonly name: string | null }
  readonly standing: 'here' | 'elsewhere' | 'orphaned'
  readonly rest: readonly Stretch[]
}

export interface Thread {
  readonly id: string
  readonly edition: number
  readonly state: 'open' | 'resolved'
  readonly anchor: Anchor
  readonly where: string
  readonly article: { readonly id: string; readonly where: string } | null
  readonly author: Person
  readonly at: number
  readonly assigned: Person | null
  readonly resolved: { readonly by: Person; readonly at: number } | null
  /** The first is the thread's own. */
  readonly comments: readonly Comment[]
}

export interface CommentsAnswer {
  readonly seq: number
  /** Everybody who can be mentioned or asked to see to a thread. */
  readonly people: readonly Person[]
  readonly threads: readonly Thread[]
}

/** What the list shows; "" is any person, any article. */
export interface Filter {
  readonly state: 'open' | 'mine' | 'resolved' | 'all'
  readonly person: string
  readonly article: string
}

export const isOpen = (thread: Thread): boolean => thread.state === 'open'

const spokenBy = (thread: Thread, person: string): boolean => thread.comments.some(({ author, removed }) => author.id === person && !removed)

/** Whether a thread is somebody's: begun or answered by them, given to them, or they are named in it. */
export const concerns = (thread: Thread, person: string): boolean =>
  thread.author.id === person || thread.assigned?.id === person || spokenBy(thread, person) || thread.comments.some(({ mentions }) => mentions.includes(person))

export function passes(thread: Thread, filter: Filter, me: string): boolean {
  const state = { open: isOpen(thread), mine: isOpen(thread) && concerns(thread, me), resolved: !isOpen(thread), all: true }[filter.state]
  const person = filter.person === '' || thread.author.id === filter.person || thread.assigned?.id === filter.person || spokenBy(thread, filter.person)
  return state && person && (filter.article === '' || thread.article?.id === filter.article)
}

/** Those about the whole document stand at its head; all others as told, which is the order of the draft. */
export const inOrder = (threads: readonly Thread[]): Thread[] => [
  ...threads.filter(({ anchor }) => anchor.on === 'document'),
  ...threads.filter(({ anchor }) => anchor.on !== 'document'),
]

/** Everybody who says something here or has something to see to, and every article spoken of, each once. */
export function choicesOf(threads: readonly Thread[]): { people: Person[]; articles: { id: string; where: string }[] } {
  const people = new Map<string, Person>()
  const articles = new Map<string, { id: string; where: string }>()
  for (const { comments, assigned, article } of threads) {
    for (const { author } of comments) people.set(author.id, author)
    if (assigned !== null) people.set(assigned.id, assigned)
    if (article !== null) articles.set(article.id, article)
  }
  return { people: [...people.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'vi')), articles: [...articles.values()] }
}

/** What others have said since: the comments that are not among the known ones, newest last. */
export const freshIn = (threads: readonly Thread[], known: ReadonlySet<string>, me: string): { thread: Thread; comment: Comment }[] =>
  threads
    .flatMap((thread) => thread.comments.map((comment) => ({ thread, comment })))
    .filter(({ comment }) => !known.has(comment.id) && comment.author.id !== me)
    .toSorted((a, b) => a.comment.at - b.comment.at)

/** What somebody may do with a thread. */
export interface Rights {
  readonly me: string
  readonly comments: boolean
  readonly writes: boolean
  readonly leads: boolean
}

export const maySettle = (thread: Thread, { me, comments, writes }: Rights): boolean =>
  writes || (comments && (thread.author.id === me || thread.assigned?.id === me))
export const mayAssign = (thread: Thread, { me, comments, writes }: Rights): boolean => writes || (comments && thread.author.id === me)
export const mayEdit = (comment: Comment, { me, comments }: Rights): boolean => comments && comment.author.id === me && !comment.removed
export const mayRemove = (comment: Comment, rights: Rights): boolean => !comment.removed && (rights.leads || mayEdit(comment, rights))
