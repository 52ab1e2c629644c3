/**
 * Choosing a provision to propose for: a click by those who may not write, or proposing mode, in which
 * everybody's clicks and arrow keys choose. A bar at the provision says what may be proposed; the form
 * then stands in the place of the words.
 */

import type { DraftEditor } from '../editor/types'
import { pressed } from '../keys/pressed'
import type { Kind } from '../model'
import { make, type Say } from '../ui/page'
import type { FormStart, ProposalForm } from './form'
import type { Act } from './types'

export interface ChoosingOptions {
  readonly say: Say
  readonly sheet: HTMLElement
  readonly live: HTMLElement
  readonly button: HTMLButtonElement
  readonly editor: () => DraftEditor | null
  readonly nameOf: (id: string) => string
  /** The ids of all provisions in reading order, rows among them. */
  readonly order: () => readonly string[]
  readonly mayPropose: () => boolean
  readonly mayWrite: () => boolean
  /** The form of a new proposal; it tells `close` when it is done with. */
  readonly form: (id: string, start: FormStart, close: () => void) => ProposalForm
  /** Whether proposing mode is on: nobody's clicks write then. */
  readonly onMode: (on: boolean) => void
  /** A provision was chosen: its proposals are shown. */
  readonly onChosen: (id: string) => void
  /** Begins a comment on a provision. */
  readonly onComment: (id: string) => void
}

const NEW_KINDS: readonly Kind[] = ['part', 'chapter', 'section', 'subsection', 'heading', 'article', 'clause', 'point', 'indent', 'paragraph', 'appendix']

export class Choosing {
  readonly #options: ChoosingOptions
  readonly #bar = make('div', { className: 'slot-bar', role: 'toolbar' })
  readonly #zero = make('div', { className: 'slot-zero' }, this.#bar)
  #mode = false
  #chosen: string | null = null
  /** Where was clicked last: a click while a form is being sent waits until it is gone. */
  #wanted: object | null = null
  #form: { readonly id: string; readonly form: ProposalForm; readonly element: HTMLElement } | null = null

  constructor(options: ChoosingOptions) {
    this.#options = options
    options.button.addEventListener('click', () => this.toggle())
    options.sheet.addEventListener('click', (event) => this.#clicked(event))
    this.#bar.addEventListener('keydown', (event) => this.#key(event))
    document.addEventListener('keydown', (event) => {
      if (pressed(event, 'close') && this.#chosen !== null && !this.#elsewhere(event.target)) this.#leave()
    })
    window.addEventListener('beforeunload', (event) => {
      if (this.#form?.form.dirty === true) event.preventDefault()
    })
  }

  get form(): ProposalForm | null {
    return this.#form?.form ?? null
  }

  /** The provision a form stands open for. */
  get formFor(): string | null {
    return this.#form?.id ?? null
  }

  toggle(on = !this.#mode, byKey = false): void {
    if (on === this.#mode || (on && !this.#options.mayPropose())) return
    this.#mode = on
    const { button, onMode, live, say } = this.#options
    button.setAttribute('aria-pressed', String(on))
    document.body.classList.toggle('proposing', on)
    onMode(on)
    live.textContent = say(on ? 'proposals.mode_on' : 'proposals.mode_off')
    if (!on) this.#close(true)
    else if (byKey) this.choose(this.#options.editor()?.selection().provisionId ?? this.#options.order()[0] ?? null, true)
  }

  /** May no longer propose, or has come to: the button follows. */
  redraw(): void {
    const may = this.#options.mayPropose()
    this.#options.button.hidden = !may
    if (!may) this.toggle(false)
  }

  /** A click that came before this was there, on the button or in the sheet. */
  answer(early: MouseEvent | null): void {
    if (early === null) return
    if (this.#options.button.contains(early.target as Node | null)) this.toggle()
    else this.#clicked(early)
  }

  /** Shows the bar at a provision. */
  choose(id: string | null, focus: boolean): void {
    const { editor, nameOf, say, live, onChosen, mayPropose } = this.#options
    const sheet = editor()
    if (id === null || sheet === null || !mayPropose()) return
    if (this.#form !== null) {
      this.#form.form.open()
      return
    }
    const read = sheet.read(id)
    if (read === null || !sheet.slot({ id, element: this.#zero, instead: false })) return
    this.#chosen = id
    const name = nameOf(id)
    this.#bar.ariaLabel = say('proposals.bar', { name })
    const button = (act: Act): HTMLButtonElement => {
      const made = make('button', { type: 'button', className: act === 'replace' ? 'primary' : '' }, say(`proposals.do.${act}`))
      made.dataset['act'] = act
      made.addEventListener('click', () => this.propose(act, id))
      return made
    }
    const close = make('button', { type: 'button', className: 'quiet' }, '✕')
    close.ariaLabel = say('proposals.bar_close')
    close.addEventListener('click', () => this.#leave())
    const table = read.kind === 'row' || read.kind === 'table'
    const comment = make('button', { type: 'button' }, say('proposals.do.comment'))
    comment.dataset['act'] = 'comment'
    comment.addEventListener('click', () => {
      this.#leave()
      this.#options.onComment(id)
    })
    this.#bar.replaceChildren(button('replace'), ...(table ? [] : [button('insert')]), button('remove'), comment, close)
    onChosen(id)
    if (!focus) return
    this.#bar.querySelector('button')?.focus({ preventScroll: true })
    this.#bar.scrollIntoView({ block: 'nearest' })
    live.textContent = `${name}: ${(read.text || read.cells.join(' | ')).slice(0, 120)}`
  }

  /** Opens the form in the place of the words, or behind them. */
  propose(act: Act, id: string, offset?: number): void {
    const sheet = this.#options.editor()
    const read = sheet?.read(id) ?? null
    if (sheet === null || read === null || !this.#options.mayPropose()) return
    const { nameOf } = this.#options
    const now = act === 'insert' ? { text: '', cells: [] } : { text: read.text, cells: read.cells }
    const likely: Kind = read.kind === 'table' || read.kind === 'row' ? 'paragraph' : read.kind
    this.openForm(
      id,
      {
        act, name: nameOf(id), label: act === 'insert' ? '' : read.label, now, start: now, reason: '',
        below: act === 'remove' ? this.#below(id) : 0, kind: likely, kinds: NEW_KINDS,
      },
      offset,
    )
  }

  /** Opens a form that is begun already: of one's own proposal, for another wording. */
  openForm(id: string, start: FormStart, offset?: number, make_ = this.#options.form): void {
    if (this.#form !== null) {
      this.#form.form.open()
      this.#options.live.textContent = this.#options.say('proposals.one_form')
      return
    }
    const sheet = this.#options.editor()
    if (sheet === null) return
    this.#chosen = null
    const form = make_(id, start, () => this.#closeForm(id))
    const element = make('div', { className: 'slot-form' }, form.element)
    if (!sheet.slot({ id, element, instead: start.act !== 'insert' })) return
    this.#form = { id, form, element }
    form.open(offset)
    // Blocks above are drawn only now and are taller than guessed.
    requestAnimationFrame(() => form.element.scrollIntoView({ block: 'nearest' }))
  }

  /** The draft has changed: the form is told what stands there now. */
  changed(): void {
    if (this.#form === null) return
    const read = this.#options.editor()?.read(this.#form.id) ?? null
    this.#form.form.moved(read === null ? null : { text: read.text, cells: read.cells })
  }

  #below(id: string): number {
    const items = this.#options.editor()?.outline() ?? []
    const at = items.findIndex((item) => item.id === id)
    const level = items[at]?.level ?? 0
    const rest = items.slice(at + 1)
    const end = rest.findIndex((item) => item.level <= level)
    return at < 0 ? 0 : end < 0 ? rest.length : end
  }

  #closeForm(id: string): void {
    this.#close(false)
    // Where the words were there they are again, and the keys with them.
    if (this.#mode) this.choose(id, true)
    else this.#options.button.focus({ preventScroll: true })
  }

  #close(ask: boolean): void {
    if (ask && this.#form !== null) {
      this.#form.form.leave()
      return
    }
    this.#form = null
    this.#chosen = null
    this.#options.editor()?.slot(null)
  }

  #leave(): void {
    this.#close(false)
    if (this.#mode) this.toggle(false)
    this.#options.button.focus({ preventScroll: true })
  }

  #elsewhere(target: EventTarget | null): boolean {
    const place = target instanceof Element ? target : null
    return this.#form !== null || place?.closest('dialog, .pane, input, textarea, select') != null
  }

  #clicked(event: MouseEvent): void {
    const { mayPropose, mayWrite, editor } = this.#options
    if (!mayPropose() || (mayWrite() && !this.#mode)) return
    if (event.target instanceof Element && event.target.closest('.slot-form, .slot-bar, a, button') !== null) return
    // Words were selected, to be copied: that is no choice.
    if (document.getSelection()?.isCollapsed === false) return
    const place = editor()?.at(event.clientX, event.clientY) ?? null
    if (place === null) return
    this.#wanted = place
    const sending = this.#form?.form.sending ?? null
    if (sending === null) this.#at(place)
    else
      void sending.then((taken) => {
        if (taken && this.#wanted === place) this.#at(place)
      })
  }

  #at(place: { readonly id: string; readonly offset: number }): void {
    if (this.#mode && this.#form === null) this.propose('replace', place.id, place.offset)
    else this.choose(place.id, false)
  }

  #key(event: KeyboardEvent): void {
    if (pressed(event, 'close')) {
      event.stopPropagation()
      this.#leave()
      return
    }
    const after = pressed(event, 'buttonAfter')
    if (after || pressed(event, 'buttonBefore')) {
      const buttons = [...this.#bar.querySelectorAll('button')]
      const at = buttons.findIndex((button) => button === document.activeElement)
      buttons[(at + (after ? 1 : -1) + buttons.length) % buttons.length]?.focus()
      event.preventDefault()
    }
    const below = pressed(event, 'chooseBelow')
    if (!below && !pressed(event, 'chooseAbove')) return
    event.preventDefault()
    const order = this.#options.order()
    const at = this.#chosen === null ? -1 : order.indexOf(this.#chosen)
    this.choose(order[at + (below ? 1 : -1)] ?? null, true)
  }
}
