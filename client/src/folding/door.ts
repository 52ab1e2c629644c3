/** The way to folding: its signs come once the sheet stands there. */

import { Lazily } from '../ui/lazily'
import type { FoldingOptions, FoldingView } from './view'

export class FoldingDoor {
  readonly #view: Lazily<FoldingView>

  constructor(options: FoldingOptions) {
    this.#view = Lazily.of(() => import('./view'), ({ FoldingView: View }) => new View(options))
  }

  start(): void {
    this.#view.begin()
  }

  changed(): void {
    this.#view.tell((view) => view.changed())
  }

  toggle(id?: string): void {
    this.#view.tell((view) => view.toggle(id))
  }

  toggleAll(): void {
    this.#view.tell((view) => view.toggleAll())
  }
}
