/** The small button at words that are selected: one press and they are commented on. */

import type { Chosen } from '../editor/types'
import { make, type Say } from '../ui/page'
import { Pause } from '../ui/pause'

const PAUSE_MS = 150
const LATEST_MS = 600

export interface FloatingOptions {
  readonly say: Say
  readonly desk: HTMLElement
  /** The words selected, when they may be commented on. */
  readonly words: () => Chosen | null
  /** Where they stand on the screen. */
  readonly lines: () => readonly DOMRect[]
  readonly press: (chosen: Chosen) => void
}

export class Floating {
  readonly #button: HTMLButtonElement
  readonly #options: FloatingOptions
  readonly #pause = new Pause(() => this.#place(), PAUSE_MS, LATEST_MS)
  readonly #coarse = matchMedia('(pointer: coarse)').matches
  #held = false
  /** What it would be about: a finger's tap takes the selection away before it is a click. */
  #chosen: Chosen | null = null

  constructor(options: FloatingOptions) {
    this.#options = options
    const { say, desk, press } = options
    this.#button = make('button', { type: 'button', className: 'comment-floating', hidden: true }, say('comments.button'))
    this.#button.ariaLabel = say('comments.new_words')
    this.#button.title = say('comments.new_title')
    // A press on it must not take away what is selected, nor a finger's.
    for (const name of ['mousedown', 'pointerdown'] as const) this.#button.addEventListener(name, (event) => event.preventDefault())
    this.#button.addEventListener('click', () => {
      if (this.#chosen !== null) press(this.#chosen)
      this.#button.hidden = true
    })
    // Fingers have the system's own menu over the words: for them it stands at the foot of the screen.
    if (this.#coarse) this.#button.classList.add('at-foot')
    ;(this.#coarse ? desk.parentElement : desk)?.append(this.#button)
    document.addEventListener('selectionchange', () => this.#pause.tell())
    // While the mouse is held down the selection is still being made.
    desk.addEventListener('mousedown', () => {
      this.#held = true
    })
    document.addEventListener('mouseup', () => {
      this.#held = false
      this.#pause.tell()
    })
    // Words may have been selected before this was fetched.
    this.#pause.tell()
  }

  #place(): void {
    const { desk, words, lines } = this.#options
    const chosen = this.#held ? null : words()
    this.#button.hidden = chosen === null
    if (chosen === null) return
    this.#chosen = chosen
    const [first] = lines()
    if (first === undefined) return
    const seen = desk.getBoundingClientRect()
    if (this.#coarse) return
    const { width, height } = this.#button.getBoundingClientRect()
    const left = Math.min(Math.max(first.left - seen.left, 8), seen.width - width - 24)
    const above = first.top - seen.top - height - 6
    this.#button.style.left = `${left + desk.scrollLeft}px`
    this.#button.style.top = `${(above > 0 ? above : first.bottom - seen.top + 6) + desk.scrollTop}px`
  }
}
