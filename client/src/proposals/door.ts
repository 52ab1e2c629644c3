/** The buttons of proposals; what is behind them is fetched once the sheet stands there. */

import { need } from '../ui/page'
import type { ProposalsOptions, ProposalsPanel } from './panel'

export class ProposalsDoor {
  readonly #pane = need('proposals', HTMLElement)
  readonly #button = need('show-proposals', HTMLButtonElement)
  #panel: Promise<ProposalsPanel> | null = null

  constructor(
    private readonly options: Omit<ProposalsOptions, 'show'>,
    /** Closes what stands in the same place. */
    private readonly makeRoom: () => void,
  ) {
    this.#button.addEventListener('click', () => this.toggle())
    need('proposals-close', HTMLElement).addEventListener('click', () => this.toggle(false))
    this.#pane.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.toggle(false)
    })
    document.addEventListener('keydown', (event) => {
      if (!event.altKey || !event.shiftKey || event.code !== 'KeyP' || event.isComposing) return
      event.preventDefault()
      this.toggle()
    })
  }

  get isOpen(): boolean {
    return !this.#pane.hidden
  }

  /** The sheet stands there: proposals are counted and marked, and may be made. */
  start(): void {
    void this.#load().then((panel) => panel.ask())
    const [, proposal] = /^#proposal=([\w-]{1,40})$/.exec(location.hash) ?? []
    if (location.hash === '#proposals' || proposal !== undefined) this.toggle(true)
    if (proposal !== undefined) void this.#load().then((panel) => panel.reveal(proposal))
  }

  toggle(open = !this.isOpen, focus = true): void {
    if (open === this.isOpen) return
    if (open) this.makeRoom()
    this.#pane.hidden = !open
    this.#button.setAttribute('aria-expanded', String(open))
    document.body.classList.toggle('with-proposals', open)
    if (open) document.body.classList.remove('with-rail', 'with-outline')
    void this.#load().then((panel) => {
      // Opened and closed again before it was there.
      if (this.isOpen) panel.open()
      else panel.close()
    })
    if (!focus) return
    if (open) need('proposals-title', HTMLElement).focus()
    else this.#button.focus()
  }

  /** Something was proposed or decided, here or elsewhere. */
  changed(): void {
    void this.#panel?.then((panel) => panel.ask())
  }

  textChanged(): void {
    void this.#panel?.then((panel) => panel.textChanged())
  }

  redraw(): void {
    void this.#panel?.then((panel) => panel.redraw())
  }

  #load(): Promise<ProposalsPanel> {
    this.#panel ??= import('./panel').then(({ ProposalsPanel: Panel }) => new Panel({ ...this.options, show: () => this.toggle(true, false) }))
    return this.#panel
  }
}
