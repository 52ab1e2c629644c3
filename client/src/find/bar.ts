/** The bar of find and replace as it is drawn: fields, buttons, what is said, what was replaced. */

import { make, type Say } from '../ui/page'
import { ACCENTS } from './search'

const button = (say: Say, key: string, sign: string, keys?: string): HTMLButtonElement => {
  const one = make('button', { type: 'button', title: say(key), ariaLabel: say(key) }, sign)
  if (keys !== undefined) one.dataset['keys'] = keys
  return one
}

/** A field that takes words as they are typed, whatever the browser would make of them. */
const field = (say: Say, key: string): HTMLInputElement =>
  make('input', { type: 'text', placeholder: say(key), ariaLabel: say(key), autocomplete: 'off', spellcheck: false, maxLength: 500 })

const check = (say: Say, key: string): { readonly box: HTMLInputElement; readonly label: HTMLLabelElement } => {
  const box = make('input', { type: 'checkbox' })
  return { box, label: make('label', {}, box, ` ${say(key)}`) }
}

export class FindBar {
  readonly element: HTMLElement
  readonly words: HTMLInputElement
  readonly by: HTMLInputElement
  readonly count = make('span', { className: 'find-count', role: 'status' })
  readonly said = make('span', { className: 'find-said', role: 'status' })
  readonly previous: HTMLButtonElement
  readonly next: HTMLButtonElement
  readonly close: HTMLButtonElement
  readonly more: HTMLButtonElement
  readonly replaceLine: HTMLElement
  readonly one: HTMLButtonElement
  readonly all: HTMLButtonElement
  readonly whole: HTMLInputElement
  readonly cases: HTMLInputElement
  readonly here: HTMLInputElement
  readonly accents: HTMLSelectElement
  readonly done = make('details', { className: 'find-done', hidden: true })

  constructor(say: Say) {
    this.words = field(say, 'find.words')
    this.by = field(say, 'find.by')
    this.previous = button(say, 'find.previous', '↑', 'findPrevious')
    this.next = button(say, 'find.next', '↓', 'findNext')
    this.close = button(say, 'find.close', '✕')
    this.close.className = 'quiet'
    this.more = make('button', { type: 'button', id: 'find-more', ariaExpanded: 'false' }, say('find.replace'))
    this.more.dataset['keys'] = 'replace'
    this.more.title = say('find.replace_title')
    this.more.setAttribute('aria-controls', 'find-replace')
    this.one = make('button', { type: 'button' }, say('find.one'))
    this.all = make('button', { type: 'button' }, say('find.all'))
    const [whole, cases, here] = ['find.whole', 'find.cases', 'find.here'].map((key) => check(say, key)) as [ReturnType<typeof check>, ReturnType<typeof check>, ReturnType<typeof check>]
    this.whole = whole.box
    this.cases = cases.box
    this.here = here.box
    const options = ACCENTS.map((accents) => make('option', { value: accents }, say(`find.accents.${accents}`)))
    this.accents = make('select', { ariaLabel: say('find.accents') }, ...options)
    this.replaceLine = make('div', { className: 'find-line', id: 'find-replace', hidden: true }, this.by, this.one, this.all)
    this.element = make(
      'section',
      { className: 'find no-print', id: 'find', ariaLabel: say('find.label'), hidden: true },
      make('div', { className: 'find-line' }, this.words, this.count, this.previous, this.next, this.more, this.close),
      this.replaceLine,
      make('div', { className: 'find-line find-options', role: 'group', ariaLabel: say('find.options') }, this.accents, whole.label, cases.label, here.label),
      this.said,
      this.done,
    )
  }
}
