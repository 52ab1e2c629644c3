/** The form of a proposal, in the place of the words it is about: wording, reason, sending. */

import { pressed } from '../keys/pressed'
import type { Kind } from '../model'
import { make, type Say } from '../ui/page'
import { sameWords, type Act, type Wording } from './types'
import { WordingField } from './wording'

export interface FormStart {
  readonly act: Act
  /** How the provision is called: "khoản 2 Điều 5". */
  readonly name: string
  /** Its printed label, shown before the words. */
  readonly label: string
  /** What stands there now. Of a new provision: nothing. */
  readonly now: Wording
  readonly start: Wording
  readonly reason: string
  /** How many provisions stand below one that is to be removed. */
  readonly below: number
  readonly kind: Kind
  readonly kinds: readonly Kind[]
}

export interface Sent {
  readonly wording: Wording
  readonly madeOn: Wording
  readonly reason: string
  readonly kind: Kind
}

/** A refusal in words; `moved` when the words that were changed stand there no more. */
export interface Refused {
  readonly message: string
  readonly moved: boolean
}

export interface FormOptions {
  readonly say: Say
  readonly start: FormStart
  readonly send: (sent: Sent) => Promise<Refused | null>
  readonly close: () => void
  /** What stands there now, asked when the words turn out to have moved. */
  readonly now: () => Wording | null
}

let made = 0

export class ProposalForm {
  readonly element: HTMLFormElement
  readonly #options: FormOptions
  readonly #wording: WordingField | null
  readonly #reason: HTMLTextAreaElement
  readonly #kind: HTMLSelectElement
  readonly #said = make('p', { className: 'small form-said', role: 'alert' })
  readonly #told = make('p', { className: 'small form-told', role: 'status' })
  readonly #send: HTMLButtonElement
  #madeOn: Wording
  /** What is told while the words stand there still: nothing, or after a refusal what they are now. */
  #standing = ''
  #busy = false
  /** While it is being sent: whether it was taken, after which the form is closed. */
  sending: Promise<boolean> | null = null

  constructor(options: FormOptions) {
    this.#options = options
    const { say, start } = options
    this.#madeOn = start.now
    made += 1
    const id = `proposal-form-${made}`
    this.#wording =
      start.act === 'remove'
        ? null
        : new WordingField({
            say, over: start.now, start: start.start, label: say(`proposals.wording.${start.act}`, { name: start.name }),
            onInput: () => this.#changed(), onSend: () => void this.#submit(),
          })
    this.#reason = make('textarea', { id: `${id}-reason`, value: start.reason, rows: 2, maxLength: 4000, className: 'reason-short' })
    this.#kind = make('select', { id: `${id}-kind` })
    for (const kind of start.kinds) this.#kind.append(make('option', { value: kind }, say(`room.kind.${kind}`)))
    this.#kind.value = start.kind
    this.#send = make('button', { type: 'submit', className: 'primary' }, say(`proposals.send.${start.act}`))
    const cancel = make('button', { type: 'button' }, say('proposals.cancel'))
    cancel.addEventListener('click', () => this.leave())
    const title = make('h2', { id: `${id}-title`, className: 'form-title' }, say(`proposals.form.${start.act}`, { name: start.name }))
    this.element = make('form', { className: `proposal-form act-${start.act}`, noValidate: true }, title)
    this.element.setAttribute('aria-labelledby', title.id)
    if (start.act === 'insert') this.element.append(this.#field(this.#kind, say('room.kind')))
    if (start.act === 'remove') this.element.append(...this.#removal())
    if (this.#wording) this.element.append(...(start.label === '' ? [] : [make('span', { className: 'form-label' }, start.label)]), this.#wording.element)
    this.element.append(
      this.#field(this.#reason, say('proposals.reason')),
      this.#told,
      this.#said,
      make('p', { className: 'form-acts' }, this.#send, cancel, make('span', { className: 'small muted form-keys' }, say('proposals.form_keys'))),
    )
    this.element.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#submit()
    })
    this.element.addEventListener('keydown', (event) => this.#key(event))
    this.#changed()
  }

  /** Whether something was typed that would be lost. */
  get dirty(): boolean {
    const { start, reason } = this.#options.start
    return this.#reason.value !== reason || (this.#wording !== null && !sameWords(this.#wording.value, start))
  }

  open(offset?: number): void {
    if (this.#wording) this.#wording.focus(offset)
    else this.#reason.focus({ preventScroll: true })
    this.#wording?.fit()
    this.element.scrollIntoView({ block: 'nearest' })
  }

  /** What stands there has changed beneath the form: said, and nothing that was typed is touched. */
  moved(now: Wording | null): void {
    const { say, start } = this.#options
    if (start.act !== 'replace') return
    if (now === null) this.#told.textContent = say('proposals.gone_beneath')
    else {
      this.#told.textContent = sameWords(now, this.#madeOn) ? this.#standing : say('proposals.moved_beneath')
      if (this.#wording) this.#wording.over = now
    }
  }

  leave(): void {
    if (this.dirty && !window.confirm(this.#options.say('proposals.leave_sure'))) return
    this.#options.close()
  }

  #removal(): HTMLElement[] {
    const { say, start } = this.#options
    const words = [start.label, start.now.text || start.now.cells.join(' | ')].filter(Boolean).join(' ')
    const shown = make('p', { className: 'proposal-words', lang: 'vi' }, make('del', {}, words))
    return start.below === 0 ? [shown] : [shown, make('p', { className: 'small muted' }, say('proposals.with_below', { n: start.below }))]
  }

  #field(control: HTMLSelectElement | HTMLTextAreaElement, label: string): HTMLElement {
    return make('div', { className: 'form-field' }, make('label', { htmlFor: control.id }, label), control)
  }

  #key(event: KeyboardEvent): void {
    if (pressed(event, 'close')) {
      event.preventDefault()
      event.stopPropagation()
      this.leave()
    }
    if (pressed(event, 'send') && event.target === this.#reason) {
      event.preventDefault()
      void this.#submit()
    }
  }

  #changed(): void {
    const { start } = this.#options
    const value = this.#wording?.value
    const says = value === undefined || (!sameWords(value, start.now) && [value.text, ...value.cells].some((part) => part.trim() !== ''))
    this.#send.disabled = this.#busy || !says
  }

  async #submit(): Promise<void> {
    if (this.#send.disabled) return
    this.sending = this.#sent()
    await this.sending
    this.sending = null
  }

  async #sent(): Promise<boolean> {
    const { say, start, send, close, now } = this.#options
    this.#busy = true
    this.#changed()
    this.#said.textContent = ''
    const wording = this.#wording?.value ?? { text: '', cells: [] }
    const refused = await send({ wording, madeOn: this.#madeOn, reason: this.#reason.value, kind: this.#kind.value as Kind }).catch(() => ({
      message: say('proposals.offline'),
      moved: false,
    }))
    this.#busy = false
    this.#changed()
    if (refused === null) {
      close()
      return true
    }
    this.#said.textContent = refused.message
    const there = refused.moved && start.act === 'replace' ? now() : null
    if (there !== null) {
      // Whoever sends it again has seen what stands there now.
      this.#madeOn = there
      if (this.#wording) this.#wording.over = there
      this.#standing = say('proposals.stands_now', { words: [there.text, ...there.cells].filter(Boolean).join(' | ') })
      this.#told.textContent = this.#standing
    }
    return false
  }
}
