/** The panel "who wrote this": the words of a provision or a selection, each with its person. */

import { piecesOf, sharesOf, type Authorship, type Part, type Person } from '../history/authors'
import { momentOf } from '../history/slider'
import { make, need, type Say } from './page'
import { initials } from './person'

/** Provisions of one selection that are asked about. */
const MOST = 20

export interface AuthorsOptions {
  /** "/documents/…", where the history is. */
  readonly document: string
  readonly say: Say
  readonly nameOf: (id: string) => string
}

const span = (first: number, last: number): string =>
  momentOf(first) === momentOf(last) ? momentOf(first) : `${momentOf(first)} – ${momentOf(last)}`

export class AuthorsPanel {
  readonly #dialog = need('authors', HTMLDialogElement)
  readonly #body = need('authors-body', HTMLElement)
  readonly #options: AuthorsOptions
  #asked = 0

  constructor(options: AuthorsOptions) {
    this.#options = options
  }

  /** Opens the panel on these parts; nothing to ask about says so. */
  async show(parts: readonly Part[], caret: { readonly top: number } | null = null): Promise<void> {
    // Never over the words it is about.
    this.#dialog.classList.toggle('at-top', caret !== null && caret.top > innerHeight / 2)
    this.#asked += 1
    const mine = this.#asked
    const { say } = this.#options
    this.#body.replaceChildren(make('p', { role: 'status' }, say(parts.length === 0 ? 'authors.nothing' : 'authors.loading')))
    if (!this.#dialog.open) this.#dialog.show()
    if (parts.length === 0) return
    const drawn = await Promise.all(parts.slice(0, MOST).map((part) => this.#part(part)))
    if (mine !== this.#asked) return
    this.#body.replaceChildren(...drawn)
    if (parts.length > MOST) this.#body.append(make('p', { className: 'muted' }, say('authors.more', { n: parts.length - MOST })))
  }

  async #part(part: Part): Promise<HTMLElement> {
    const { document, say, nameOf } = this.#options
    const head = make('h3', {}, nameOf(part.id))
    try {
      const answer = await fetch(`/api${document}/provisions/${encodeURIComponent(part.id)}/authors`)
      if (!answer.ok) throw new Error(String(answer.status))
      const found = (await answer.json()) as Authorship
      const link = make('a', { href: `${document}/history?provision=${encodeURIComponent(part.id)}` }, say('authors.history'))
      const pending = found.text === part.text ? [] : [make('p', { className: 'muted small' }, say('authors.pending'))]
      return make('section', {}, head, ...this.#drawn(found, part), ...pending, make('p', {}, link))
    } catch {
      return make('section', {}, head, make('p', { className: 'notice notice-bad' }, say('authors.failed')))
    }
  }

  #drawn(found: Authorship, part: Part): HTMLElement[] {
    const { say } = this.#options
    const people = new Map(found.people.map((person) => [person.id, person]))
    const nameIn = (user: string): string => people.get(user)?.name ?? say('authors.unknown')
    const pieces = piecesOf(found, part)
    if (pieces.length === 0) return [make('p', { className: 'muted' }, say('authors.empty'))]
    const text = make('p', { className: 'authors-text' })
    for (const piece of pieces) {
      const words = make('span', { className: 'written', title: `${nameIn(piece.user)}, ${span(piece.first, piece.last)}` }, piece.text)
      paint(words, people.get(piece.user))
      text.append(words)
      // A space alone needs no name beside it.
      if (piece.text.trim() !== '') text.append(chip(people.get(piece.user), nameIn(piece.user)))
    }
    const list = make('ul', { className: 'authors-list' })
    for (const share of sharesOf(pieces))
      list.append(
        make(
          'li',
          {},
          chip(people.get(share.user), nameIn(share.user)),
          ` ${nameIn(share.user)} · `,
          make('span', { className: 'muted' }, span(share.first, share.last)),
        ),
      )
    return [text, list]
  }
}

function paint(element: HTMLElement, person: Person | undefined): void {
  element.style.setProperty('--person', person?.color ?? '')
}

function chip(person: Person | undefined, name: string): HTMLElement {
  const one = make('abbr', { className: 'author-chip', title: name }, initials(name))
  paint(one, person)
  return one
}
