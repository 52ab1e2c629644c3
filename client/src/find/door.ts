/** The way to find and replace; what is behind it is fetched once the sheet stands there and nothing else waits. */

import { Lazily } from '../ui/lazily'
import { need } from '../ui/page'
import type { FindOptions, FindPanel } from './panel'

const IDLE_MS = 1500

export class FindDoor {
  readonly #panel: Lazily<FindPanel>

  constructor(private readonly options: FindOptions) {
    this.#panel = Lazily.of(() => import('./panel'), ({ FindPanel: Panel }) => new Panel(options))
    need('show-find', HTMLButtonElement).addEventListener('click', () => this.open(false))
  }

  /** There before it is asked for: what is typed right after the key must not go into the sheet. */
  start(): void {
    setTimeout(() => this.#panel.begin(), IDLE_MS)
  }

  /** Answers whether the key is ours: asked for once more in its own field, it is the browser's. */
  open(replace: boolean): boolean {
    if (this.options.editor() === null) return false
    if (!replace && document.activeElement?.matches('#find .find-line:first-child input') === true) return false
    this.#panel.use((panel) => panel.open(replace))
    return true
  }

  step(direction: 1 | -1): boolean {
    if (this.options.editor() === null) return false
    this.#panel.use((panel) => (panel.isOpen ? panel.step(direction) : panel.open(false)))
    return true
  }

  /** Somebody changed the draft. */
  changed(): void {
    this.#panel.tell((panel) => panel.changed())
  }

  redraw(): void {
    this.#panel.tell((panel) => panel.redraw())
  }
}
