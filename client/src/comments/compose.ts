/** A new comment: what it is about, its words, who is to see to it; its place follows the draft until it is sent. */

import type { Chosen, DraftEditor, ReadProvision } from '../editor/types'
import { pointsAt } from '../model'
import { make, type Say } from '../ui/page'
import type { Person } from '../ui/person'
import type { Drafts } from './drafts'
import { CommentForm, type Written } from './form'

export type Scope = 'words' | 'provision' | 'document'

/** What a comment would be about, kept with its words until it is sent. */
export interface Draft extends Written {
  readonly chosen: Chosen | null
  readonly scope: Scope
  readonly assigned: string
}

/** As POST …/comments takes it. */
export interface Sending {
  readonly text: string
  readonly mentions: readonly string[]
  readonly assigned?: string
  readonly version?: string
  readonly anchor: Record<string, string | number>
}

export interface ComposeOptions {
  readonly say: Say
  readonly editor: () => DraftEditor | null
  readonly nameOf: (id: string) => string
  readonly people: () => readonly Person[]
  readonly drafts: Drafts<Draft>
  readonly send: (sending: Sending) => Promise<string | null>
  /** The card came, went or is about something else now. */
  readonly onChange: () => void
  /** It is done with: sent, or left. */
  readonly onClose: () => void
}

const NAME = 'new'
const BLANKS_BEFORE = /^\s*/
const BLANKS_BEHIND = /\s*$/

/** Blanks at the edges of a selection are nobody's meaning; one of blanks alone is none. */
export function trimmed(chosen: Chosen): Chosen {
  const words = chosen.text.slice(chosen.from, chosen.to)
  const from = chosen.from + (BLANKS_BEFORE.exec(words)?.[0].length ?? 0)
  const to = chosen.to - (BLANKS_BEHIND.exec(words)?.[0].length ?? 0)
  return from < to ? { ...chosen, from, to } : { ...chosen, to: chosen.from }
}

/** The words of a provision, or of one of its cells. */
const wordsOf = ({ text, cells }: Pick<ReadProvision, 'text' | 'cells'>, cell: number | null | undefined): string =>
  typeof cell === 'number' ? (cells[cell] ?? '') : text

const quoteOf = ({ text, from, to }: Chosen): string => text.slice(from, to)

export class Compose {
  /** The card, while a comment is being written. */
  element: HTMLElement | null = null
  readonly #options: ComposeOptions
  #form: CommentForm | null = null
  #chosen: Chosen | null = null
  #scope: HTMLSelectElement | null = null
  #assign: HTMLSelectElement | null = null

  constructor(options: ComposeOptions) {
    this.#options = options
  }

  get dirty(): boolean {
    return this.#form?.dirty === true
  }

  focus(): void {
    this.#form?.focus()
  }

  /** Begins a comment on what is chosen, `null` being the whole document; one begun before is kept on with. */
  open(chosen: Chosen | null): void {
    this.restore()
    if (this.#form?.dirty === true) this.#form.say(this.#options.say('comments.one_form'))
    else this.#begin({ chosen: chosen && trimmed(chosen), text: '', mentions: [], assigned: '', scope: 'words' })
    this.focus()
  }

  /** Goes on with what was begun when the pane was closed, or the page left. */
  restore(): void {
    if (this.#form !== null) return
    const draft = this.#options.drafts.read(NAME)
    if (draft !== null) this.#begin(draft)
  }

  close(): void {
    this.#form = null
    this.element = null
    this.#options.editor()?.markUnsent(null)
    this.#options.onChange()
  }

  #begin(draft: Draft): void {
    const { say, people, drafts } = this.#options
    this.#chosen = draft.chosen
    this.#scope = this.#scopes(draft)
    this.#assign = make('select', { ariaLabel: say('comments.assign') }, make('option', { value: '' }, say('comments.nobody')))
    for (const { id, name } of people()) this.#assign.append(make('option', { value: id }, name))
    this.#assign.value = draft.assigned
    const place = make('label', { className: 'comment-about' }, make('span', {}, say('comments.about')), this.#scope)
    const assign = make('label', { className: 'comment-about' }, make('span', {}, say('comments.assign')), this.#assign)
    const form = new CommentForm({
      say, people, label: say('comments.words'), hint: say('comments.words_hint'), sending: say('comments.send'), rows: 3, start: { text: '', mentions: [] }, more: [assign],
      send: (written) => this.#send(written),
      close: () => {
        this.close()
        this.#options.onClose()
      },
      keep: (written) => drafts.keep(NAME, written.text === '' ? null : this.#draft(written)),
    })
    form.fill(draft)
    this.#form = form
    for (const select of [this.#scope, this.#assign])
      select.addEventListener('change', () => {
        if (form.written.text !== '') drafts.keep(NAME, this.#draft(form.written))
        this.#mark()
      })
    form.element.prepend(place)
    form.element.ariaLabel = say('comments.new')
    this.element = make('div', { className: 'comment-card is-new is-active' }, form.element)
    this.#mark()
  }

  #draft(written: Written): Draft {
    return { ...written, chosen: this.#chosen, scope: (this.#scope?.value ?? 'document') as Scope, assigned: this.#assign?.value ?? '' }
  }

  #scopes({ chosen, scope }: Draft): HTMLSelectElement {
    const { say, nameOf } = this.#options
    const select = make('select', { ariaLabel: say('comments.about') })
    const add = (value: Scope, words: string): void => select.append(make('option', { value }, words))
    if (chosen !== null && chosen.from < chosen.to) add('words', say('comments.about_words', { words: quoteOf(chosen).slice(0, 60), name: nameOf(chosen.id) }))
    if (chosen !== null) add('provision', nameOf(chosen.id) || say('comments.about_provision'))
    add('document', say('comments.whole'))
    select.value = scope
    if (select.selectedIndex < 0) select.selectedIndex = 0
    return select
  }

  /** The words it is about are marked in the sheet, and the card stands beside them. */
  #mark(): void {
    const { editor, onChange } = this.#options
    const whole = this.#scope?.value === 'provision'
    const place = this.#scope?.value === 'document' || this.#chosen === null ? null : this.#found(this.#chosen)
    editor()?.markUnsent(place && { ...place, cell: this.#chosen?.cell ?? null, whole })
    onChange()
  }

  /** Where the chosen words are: where they were, or elsewhere in their provision if only there. */
  #found(chosen: Chosen): { id: string; from: number; to: number } | null {
    const { id, from, to } = chosen
    const now = this.#options.editor()?.read(id) ?? null
    if (now === null) return null
    const text = wordsOf(now, chosen.cell)
    if (text === chosen.text) return { id, from, to }
    const quote = quoteOf(chosen)
    const at = quote === '' ? 0 : text.indexOf(quote)
    return at < 0 || (quote !== '' && text.includes(quote, at + 1)) ? null : { id, from: at, to: at + quote.length }
  }

  #anchor(): Record<string, string | number> {
    const chosen = this.#chosen
    const on = (this.#scope?.value ?? 'document') as Scope
    if (chosen === null || on === 'document') return { on: 'document' }
    const sheet = this.#options.editor()
    if (on === 'provision') return { on, provision: chosen.id }
    // The place has followed what was typed since; without it, the server follows the words from the text they were chosen in.
    const place = chosen.version === undefined ? (sheet?.commentAt() ?? null) : null
    const there = place && (sheet?.read(place.id) ?? null)
    const [provision, text, cell, from, to] =
      place === null || there === null
        ? [chosen.id, chosen.text, chosen.cell, chosen.from, chosen.to]
        : [place.id, wordsOf(there, place.cell), place.cell ?? null, place.from, place.to]
    return { on, provision, ...(cell === null ? {} : { cell }), start: pointsAt(text, from), end: pointsAt(text, to), made_on: text }
  }

  #send({ text, mentions }: Written): Promise<string | null> {
    const assigned = this.#assign?.value ?? ''
    const anchor = this.#anchor()
    const version = anchor['on'] === 'document' ? undefined : this.#chosen?.version
    return this.#options.send({
      text, mentions: mentions.map(({ id }) => id), ...(assigned === '' ? {} : { assigned }), ...(version === undefined ? {} : { version }), anchor,
    })
  }
}
