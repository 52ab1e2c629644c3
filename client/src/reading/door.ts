/** The way to how the draft is shown; the size kept for this person holds from the first moment. */

import { Lazily } from '../ui/lazily'
import type { ReadingOptions, ReadingView } from './view'
import { keptZoom } from './zoom'

export class ReadingDoor {
  readonly #view: Lazily<ReadingView>

  constructor(private readonly options: ReadingOptions) {
    this.#view = Lazily.of(() => import('./view'), ({ ReadingView: View }) => new View(options))
    options.desk.style.setProperty('--zoom', String(keptZoom(options.me) / 100))
  }

  /** The sheet stands there. */
  start(): void {
    this.#view.begin()
  }

  changed(): void {
    this.#view.tell((view) => view.changed())
  }

  /** Another article, or none, stands alone on the sheet. */
  shown(): void {
    this.#view.tell((view) => view.shown())
  }

  read(): void {
    this.#view.tell((view) => view.toggleReading())
  }

  one(): void {
    this.#view.tell((view) => view.toggleOne())
  }

  /** Answers whether there is one alone that could be another. */
  step(direction: 1 | -1): boolean {
    this.#view.tell((view) => view.step(direction))
    return (this.options.editor()?.only ?? null) !== null
  }
}
