/** The buttons and keys of comments; what is behind them is fetched once the sheet stands there. */

import { Lazily } from '../ui/lazily'
import { need } from '../ui/page'
import { Pane } from '../ui/pane'
import type { CommentsOptions, CommentsPanel } from './panel'

export class CommentsDoor {
  readonly #new = need('comment', HTMLButtonElement)
  readonly #panel: Lazily<CommentsPanel>
  readonly #pane: Pane

  constructor(
    private readonly options: Omit<CommentsOptions, 'show'>,
    makeRoom: () => void,
  ) {
    const show = (): void => this.toggle(true, false)
    this.#panel = Lazily.of(() => import('./panel'), ({ CommentsPanel: Panel }) => new Panel({ ...options, show }))
    this.#pane = new Pane('comments', this.#panel, makeRoom)
    this.#new.addEventListener('click', () => this.compose())
    window.addEventListener('hashchange', () => this.#linked())
  }

  get isOpen(): boolean {
    return this.#pane.isOpen
  }

  /** The sheet stands there: comments are counted and marked, and may be made. */
  start(): void {
    this.#panel.use((panel) => panel.ask())
    if (location.hash === '#comments') this.toggle(true)
    this.#linked()
  }

  toggle(open?: boolean, focus?: boolean): void {
    this.#pane.toggle(open, focus)
  }

  /** Begins a comment on what is selected, or on that provision. */
  compose(provision: string | null = null): void {
    const read = provision === null ? null : (this.options.editor()?.read(provision) ?? null)
    const chosen = read === null ? (this.options.editor()?.chosen() ?? null) : { id: read.id, text: read.text, cell: null, from: 0, to: 0 }
    this.#panel.use((panel) => panel.compose(chosen))
  }

  /** To the next or the previous comment. */
  step(direction: 1 | -1): void {
    this.#panel.use((panel) => panel.step(direction))
  }

  /** Something was said or settled, here or elsewhere. */
  changed(): void {
    this.#panel.tell((panel) => panel.ask())
  }

  textChanged(): void {
    this.#panel.tell((panel) => panel.textChanged())
  }

  redraw(): void {
    this.#new.hidden = !this.options.rights().comments
    this.#panel.tell((panel) => panel.redraw())
  }

  #linked(): void {
    const [, thread] = /^#comment-([\w-]{1,64})$/.exec(location.hash) ?? []
    if (thread === undefined) return
    this.toggle(true)
    this.#panel.use((panel) => panel.reveal(thread))
  }
}
