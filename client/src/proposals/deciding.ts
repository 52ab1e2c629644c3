/** The forms in a card by which the drafting team decides: another wording, an answer. */

import { pressed } from '../keys/pressed'
import { make, type Say } from '../ui/page'
import { partsOf } from './drawing'
import type { Refused } from './form'
import { sameWords, wordsNow, type Proposal, type Wording } from './types'
import { WordingField } from './wording'

const NOTHING: Wording = { text: '', cells: [] }

/** What a card's form knows of the proposal as it is now, which may have gone on since it was opened. */
export interface Deciding {
  readonly say: Say
  readonly proposal: () => Proposal
  readonly close: () => void
}

let made = 0

function field(label: string, area: HTMLTextAreaElement): HTMLElement {
  made += 1
  area.id = `deciding-${made}`
  return make('div', { className: 'form-field' }, make('label', { htmlFor: area.id }, label), area)
}

abstract class CardForm {
  readonly element = make('form', { className: 'deciding-form', noValidate: true })
  protected readonly said = make('p', { className: 'small form-said', role: 'alert' })
  protected readonly area = make('textarea', { rows: 2, maxLength: 4000, className: 'reason-short' })
  protected readonly button: HTMLButtonElement
  protected busy = false

  constructor(
    protected readonly with_: Deciding,
    sending: string,
  ) {
    this.button = make('button', { type: 'submit', className: 'primary' }, with_.say(sending))
    const cancel = make('button', { type: 'button' }, with_.say('proposals.cancel'))
    cancel.addEventListener('click', () => this.leave())
    this.element.append(this.said, make('p', { className: 'form-acts' }, this.button, cancel))
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.submit()
    })
    this.element.addEventListener('keydown', (event) => {
      if (pressed(event, 'send')) {
        event.preventDefault()
        void this.submit()
      }
      if (!pressed(event, 'close')) return
      event.preventDefault()
      event.stopPropagation()
      this.leave()
    })
  }

  abstract get dirty(): boolean
  protected abstract send(): Promise<Refused | null>

  /** The proposal, or the text beneath it, has gone on. */
  moved(): void {
    const { proposal, say } = this.with_
    if (proposal().state !== 'open') this.said.textContent = say('proposals.decided_meanwhile')
  }

  leave(): void {
    if (this.dirty && !window.confirm(this.with_.say('proposals.leave_sure'))) return
    this.with_.close()
  }

  protected async submit(): Promise<void> {
    if (this.busy) return
    this.busy = this.button.disabled = true
    this.said.textContent = ''
    const refused = await this.send().catch(() => ({ message: this.with_.say('proposals.offline'), moved: false }))
    this.busy = this.button.disabled = false
    if (refused === null) this.with_.close()
    else this.said.textContent = refused.message
  }
}

/** Accepting with another wording than the one proposed, or deciding between two. */
export class AdaptForm extends CardForm {
  readonly #field: WordingField
  readonly #start: Wording
  #madeOn: Wording

  constructor(
    deciding: Deciding,
    private readonly accept: (edition: number, wording: Wording, madeOn: Wording, answer: string) => Promise<Refused | null>,
  ) {
    super(deciding, 'proposals.adapt_send')
    const { say, proposal } = deciding
    const one = proposal()
    this.#madeOn = one.act === 'insert' ? NOTHING : (wordsNow(one) ?? NOTHING)
    this.#start = one.act === 'insert' ? one.wording : (one.outlook?.merged ?? one.wording)
    this.#field = new WordingField({
      say, over: this.#madeOn, start: this.#start, label: say('proposals.adapt_wording', { where: one.where }),
      onInput: () => undefined, onSend: () => void this.submit(),
    })
    this.element.prepend(this.#field.element, field(say('proposals.adapt_answer'), this.area))
  }

  get dirty(): boolean {
    return this.area.value !== '' || !sameWords(this.#field.value, this.#start)
  }

  open(): void {
    this.#field.focus()
  }

  override moved(): void {
    super.moved()
    const { say, proposal } = this.with_
    const now = proposal().act === 'insert' ? NOTHING : wordsNow(proposal())
    if (now === null || sameWords(now, this.#madeOn)) return
    this.#field.over = now
    this.said.textContent = say('proposals.stands_now', { words: partsOf(now).filter(Boolean).join(' | ') })
  }

  protected override async send(): Promise<Refused | null> {
    const refused = await this.accept(this.with_.proposal().edition, this.#field.value, this.#madeOn, this.area.value)
    const now = wordsNow(this.with_.proposal())
    // Whoever sends it again has been shown what stands there now.
    if (refused?.moved === true && now !== null && this.with_.proposal().act === 'replace') this.#madeOn = now
    return refused
  }
}

export class AnswerForm extends CardForm {
  constructor(
    deciding: Deciding,
    private readonly decline: (edition: number, answer: string) => Promise<Refused | null>,
  ) {
    super(deciding, 'proposals.decline_send')
    this.area.required = true
    this.element.prepend(field(deciding.say('proposals.decline_answer'), this.area))
  }

  get dirty(): boolean {
    return this.area.value !== ''
  }

  open(): void {
    this.area.focus()
  }

  protected override async send(): Promise<Refused | null> {
    if (this.area.value.trim() === '') return { message: this.with_.say('proposals.answer_missing'), moved: false }
    return this.decline(this.with_.proposal().edition, this.area.value)
  }
}
