/** The button of the comparison beside the sheet; what is behind it is fetched when it is first opened. */

import { need } from '../ui/page'
import type { BesideOptions, BesidePanel } from './panel'

export class BesideDoor {
  readonly #pane = need('beside', HTMLElement)
  readonly #button = need('show-beside', HTMLButtonElement)
  #panel: Promise<BesidePanel> | null = null

  constructor(private readonly options: BesideOptions) {
    this.#button.addEventListener('click', () => this.toggle())
    need('beside-close', HTMLElement).addEventListener('click', () => this.toggle(false))
    this.#pane.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.toggle(false)
    })
    document.addEventListener('keydown', (event) => this.#key(event))
  }

  #key(event: KeyboardEvent): void {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
    const open = event.shiftKey && event.code === 'KeyC'
    const direction = { PageDown: 1, PageUp: -1 }[event.key] as 1 | -1 | undefined
    if (!open && (direction === undefined || this.#pane.hidden)) return
    event.preventDefault()
    if (open) this.toggle()
    else if (direction !== undefined) void this.#panel?.then((panel) => panel.step(direction))
  }

  get isOpen(): boolean {
    return !this.#pane.hidden
  }

  toggle(open = !this.isOpen): void {
    if (open === this.isOpen) return
    this.#pane.hidden = !open
    this.#button.setAttribute('aria-expanded', String(open))
    document.body.classList.toggle('with-beside', open)
    document.body.classList.remove('with-rail', 'with-outline')
    this.#panel ??= import('./panel').then(({ BesidePanel: Panel }) => new Panel(this.options))
    void this.#panel.then((panel) => {
      // Opened and closed again before it was there.
      if (this.isOpen) panel.open()
      else panel.close()
    })
    if (open) need('beside-title', HTMLElement).focus()
    else this.#button.focus()
  }

  changed(): void {
    void this.#panel?.then((panel) => panel.changed())
  }
}
