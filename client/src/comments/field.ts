/**
 * Where a comment is typed: a plain text area, so that input methods and the browser's own undo work in it
 * untouched, and beneath it, while a name is begun with "@", those who may be meant.
 */

import { pressed } from '../keys/pressed'
import { make, type Say } from '../ui/page'
import type { Person } from '../ui/person'
import { found, named, namingAt, stillNamed, type Naming } from './mentions'

/** So many names are offered at once. */
const OFFERED = 6
const LONGEST = 4000

export interface FieldOptions {
  readonly say: Say
  readonly label: string
  readonly hint: string
  readonly rows: number
  readonly people: () => readonly Person[]
  readonly onInput: () => void
  readonly onSend: () => void
}

let made = 0

export class CommentField {
  readonly element: HTMLElement
  readonly area: HTMLTextAreaElement
  readonly #options: FieldOptions
  readonly #list: HTMLUListElement
  readonly #said = make('span', { className: 'hidden', role: 'status' })
  readonly #id: string
  #naming: Naming | null = null
  #offered: readonly Person[] = []
  #at = 0
  #chosen: readonly Person[] = []

  constructor(options: FieldOptions) {
    this.#options = options
    made += 1
    this.#id = `comment-field-${made}`
    this.area = make('textarea', { rows: options.rows, maxLength: LONGEST, ariaLabel: options.label, placeholder: options.hint, lang: 'vi', spellcheck: false, className: 'comment-area' })
    this.#list = make('ul', { id: `${this.#id}-names`, className: 'mention-names', role: 'listbox', hidden: true, ariaLabel: options.say('comments.names') })
    this.area.setAttribute('aria-autocomplete', 'list')
    this.area.setAttribute('aria-controls', this.#list.id)
    this.area.addEventListener('input', () => {
      this.fit()
      this.#look()
      options.onInput()
    })
    this.area.addEventListener('keydown', (event) => this.#key(event))
    this.area.addEventListener('click', () => this.#look())
    this.area.addEventListener('blur', () => this.#offer(null))
    // A press on a name must not take the keys out of the text.
    this.#list.addEventListener('mousedown', (event) => event.preventDefault())
    this.element = make('div', { className: 'comment-field' }, this.area, this.#list, this.#said)
  }

  get text(): string {
    return this.area.value.trim()
  }

  get mentions(): Person[] {
    return stillNamed(this.area.value, this.#chosen)
  }

  set(text: string, mentions: readonly Person[]): void {
    this.area.value = text
    this.#chosen = mentions
    this.fit()
  }

  /** As high as its words. */
  fit(): void {
    this.area.style.height = 'auto'
    if (this.area.scrollHeight > 0) this.area.style.height = `${this.area.scrollHeight + 2}px`
  }

  #look(): void {
    this.#offer(this.area.selectionStart === this.area.selectionEnd ? namingAt(this.area.value, this.area.selectionStart) : null)
  }

  #offer(naming: Naming | null): void {
    const people = naming === null ? [] : found(this.#options.people(), naming.words).slice(0, OFFERED)
    const same = people.length === this.#offered.length && people.every(({ id }, at) => id === this.#offered[at]?.id)
    this.#naming = people.length === 0 ? null : naming
    this.#offered = people
    if (same) return
    this.#at = 0
    this.#list.hidden = people.length === 0
    this.#list.replaceChildren(
      ...people.map((person, at) => {
        const position = person.position === '' ? [] : [make('span', { className: 'muted small' }, ` ${person.position}`)]
        const item = make('li', { id: `${this.#id}-${at}`, role: 'option' }, person.name, ...position)
        item.addEventListener('click', () => this.#choose(person))
        return item
      }),
    )
    this.#said.textContent = people.length === 0 ? '' : this.#options.say('comments.names_found', { n: people.length })
    this.#show()
  }

  #show(): void {
    ;[...this.#list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === this.#at)))
    if (this.#offered.length > 0) this.area.setAttribute('aria-activedescendant', `${this.#id}-${this.#at}`)
    else this.area.removeAttribute('aria-activedescendant')
  }

  #go(step: 1 | -1): void {
    this.#at = (this.#at + step + this.#offered.length) % this.#offered.length
    this.#show()
  }

  #choose(person: Person): void {
    if (this.#naming === null) return
    const { text, caret } = named(this.area.value, this.#naming, this.area.selectionStart, person)
    this.area.value = text
    this.area.setSelectionRange(caret, caret)
    this.#chosen = [...this.#chosen.filter(({ id }) => id !== person.id), person]
    this.#offer(null)
    this.fit()
    this.#options.onInput()
  }

  #key(event: KeyboardEvent): void {
    if (pressed(event, 'send')) {
      event.preventDefault()
      this.#options.onSend()
      return
    }
    const person = this.#offered[this.#at]
    if (person === undefined) return
    if (pressed(event, 'nameBelow')) this.#go(1)
    else if (pressed(event, 'nameAbove')) this.#go(-1)
    else if (pressed(event, 'name')) this.#choose(person)
    else if (pressed(event, 'close')) this.#offer(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}
