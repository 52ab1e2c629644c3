/** The way to the suggestions at the caret: fetched once the sheet stands there and nothing else waits. */

import { Lazily } from '../ui/lazily'
import type { Completing, CompletingOptions } from './list'

const IDLE_MS = 2000

export class CompletingDoor {
  readonly #list: Lazily<Completing>

  constructor(options: CompletingOptions) {
    this.#list = Lazily.of(() => import('./list'), ({ Completing: List }) => new List(options))
  }

  start(): void {
    setTimeout(() => this.#list.begin(), IDLE_MS)
  }

  changed(): void {
    this.#list.tell((list) => list.changed())
  }
}
