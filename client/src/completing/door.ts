/** The way to the suggestions at the caret: fetched once nothing else waits, or with the first letter. */

import { Lazily } from '../ui/lazily'
import type { Completing, CompletingOptions } from './list'

const IDLE_MS = 2000

export class CompletingDoor {
  readonly #list: Lazily<Completing>

  constructor(private readonly options: CompletingOptions) {
    this.#list = Lazily.of(() => import('./list'), ({ Completing: List }) => new List(options))
  }

  start(): void {
    setTimeout(() => this.#list.begin(), IDLE_MS)
    // What is typed until it has come is looked at then.
    this.options.sheet.addEventListener('input', () => this.#list.use((list) => list.typed()), { once: true })
  }

  changed(): void {
    this.#list.tell((list) => list.changed())
  }
}
