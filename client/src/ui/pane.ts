/** A pane beside the sheet with its button: opened, closed and left by keys; what fills it may still be on its way. */

import { pressed } from '../keys/pressed'
import type { Lazily } from './lazily'
import { need } from './page'

/** What fills a pane. */
export interface Filling {
  open(): void
  close(): void
}

export class Pane {
  readonly #pane: HTMLElement
  readonly #title: HTMLElement
  readonly #button: HTMLButtonElement

  /** The page has `name`, `show-name`, `name-title` and `name-close`; the body gets `with-name` while it is open. */
  constructor(
    private readonly name: string,
    private readonly filling: Lazily<Filling>,
    /** Closes what stands in the same place. */
    private readonly makeRoom: () => void = () => undefined,
  ) {
    this.#pane = need(name, HTMLElement)
    this.#title = need(`${name}-title`, HTMLElement)
    this.#button = need(`show-${name}`, HTMLButtonElement)
    this.#button.addEventListener('click', () => this.toggle())
    need(`${name}-close`, HTMLElement).addEventListener('click', () => this.toggle(false))
    this.#pane.addEventListener('keydown', (event) => {
      if (pressed(event, 'close')) this.toggle(false)
    })
  }

  get isOpen(): boolean {
    return !this.#pane.hidden
  }

  toggle(open = !this.isOpen, focus = true): void {
    if (open === this.isOpen) return
    if (open) this.makeRoom()
    this.#pane.hidden = !open
    this.#button.setAttribute('aria-expanded', String(open))
    document.body.classList.toggle(`with-${this.name}`, open)
    if (open) document.body.classList.remove('with-rail', 'with-outline')
    this.filling.use((filling) => {
      // Opened and closed again before it was there.
      if (this.isOpen) filling.open()
      else filling.close()
    })
    if (!focus) return
    if (open) this.#title.focus()
    else this.#button.focus()
  }
}
