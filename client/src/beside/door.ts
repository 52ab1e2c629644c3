/** The button of the comparison beside the sheet; what is behind it is fetched when it is first opened. */

import { Lazily } from '../ui/lazily'
import { Pane } from '../ui/pane'
import type { BesideOptions, BesidePanel } from './panel'

export class BesideDoor {
  readonly #panel: Lazily<BesidePanel>
  readonly #pane: Pane

  constructor(options: BesideOptions) {
    this.#panel = Lazily.of(() => import('./panel'), ({ BesidePanel: Panel }) => new Panel(options))
    this.#pane = new Pane('beside', this.#panel)
  }

  get isOpen(): boolean {
    return this.#pane.isOpen
  }

  toggle(open?: boolean): void {
    this.#pane.toggle(open)
  }

  /** To the next change or the one before; answers whether there is anything to go through. */
  step(direction: 1 | -1): boolean {
    if (!this.isOpen) return false
    this.#panel.tell((panel) => panel.step(direction))
    return true
  }

  changed(): void {
    this.#panel.tell((panel) => panel.changed())
  }
}
