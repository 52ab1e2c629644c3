/** The form of a comment: a new one, an answer, another wording of one's own. */

import { pressed } from '../keys/pressed'
import { make, type Say } from '../ui/page'
import type { Person } from '../ui/person'
import { CommentField } from './field'

export interface Written {
  readonly text: string
  readonly mentions: readonly Person[]
}

export interface FormOptions {
  readonly say: Say
  /** The accessible name of the field. */
  readonly label: string
  /** What the sending button says. */
  readonly sending: string
  /** What the field says while it is empty. */
  readonly hint?: string
  readonly rows?: number
  readonly start?: Written
  readonly people: () => readonly Person[]
  /** What else is asked, before the buttons. */
  readonly more?: readonly HTMLElement[]
  /** The sentence of a refusal, or null when it is done. */
  readonly send: (written: Written) => Promise<string | null>
  readonly close: () => void
  /** Every change, to be kept; empty when there is nothing left to keep. */
  readonly keep?: (written: Written) => void
}

export class CommentForm {
  readonly element = make('form', { className: 'comment-form', noValidate: true })
  readonly #options: FormOptions
  readonly #field: CommentField
  readonly #said = make('p', { className: 'small form-said', role: 'alert' })
  readonly #button: HTMLButtonElement
  #start = ''
  #busy = false

  constructor(options: FormOptions) {
    this.#options = options
    const { say, label, people, hint = '', more = [], rows = 2 } = options
    this.#field = new CommentField({ say, label, hint, rows, people, onInput: () => this.#changed(), onSend: () => void this.#submit() })
    this.#button = make('button', { type: 'submit', className: 'primary' }, options.sending)
    const cancel = make('button', { type: 'button' }, say('comments.cancel'))
    cancel.addEventListener('click', () => this.leave())
    this.element.append(this.#field.element, ...more, this.#said, make('p', { className: 'form-acts' }, this.#button, cancel))
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#submit()
    })
    this.element.addEventListener('keydown', (event) => {
      if (!pressed(event, 'close')) return
      event.preventDefault()
      event.stopPropagation()
      this.leave()
    })
    if (options.start) this.fill(options.start)
    this.#start = options.start?.text.trim() ?? ''
    this.#changed()
  }

  get written(): Written {
    return { text: this.#field.text, mentions: this.#field.mentions }
  }

  /** Whether something was typed that would be lost. */
  get dirty(): boolean {
    return this.#field.text !== this.#start
  }

  /** Puts words into it that were kept from before. */
  fill({ text, mentions }: Written): void {
    this.#field.set(text, mentions)
    this.#changed()
  }

  focus(): void {
    this.#field.area.focus({ preventScroll: true })
    this.#field.fit()
    this.element.scrollIntoView({ block: 'nearest' })
  }

  say(words: string): void {
    this.#said.textContent = words
  }

  leave(): void {
    if (this.dirty && !window.confirm(this.#options.say('comments.leave_sure'))) return
    this.#end()
  }

  #end(): void {
    this.#field.set('', [])
    this.#changed()
    this.#options.close()
  }

  #changed(): void {
    this.#button.disabled = this.#busy || this.#field.text === ''
    this.element.classList.toggle('is-written', this.dirty)
    this.#options.keep?.(this.written)
  }

  async #submit(): Promise<void> {
    if (this.#button.disabled) return
    this.#busy = true
    this.#changed()
    this.#said.textContent = ''
    const sent = this.written
    const refused = await this.#options.send(sent)
    this.#busy = false
    // What was typed since it was sent is the beginning of the next.
    if (refused === null && this.#field.text === sent.text) this.#end()
    else this.#changed()
    this.#said.textContent = refused ?? ''
  }
}
