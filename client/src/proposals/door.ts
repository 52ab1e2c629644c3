/** The buttons of proposals; what is behind them is fetched once the sheet stands there. */

import { earlyClick } from '../ui/early'
import { Lazily } from '../ui/lazily'
import { need } from '../ui/page'
import { Pane } from '../ui/pane'
import type { ProposalsOptions, ProposalsPanel } from './panel'

export class ProposalsDoor {
  readonly #panel: Lazily<ProposalsPanel>
  readonly #pane: Pane

  constructor(options: Omit<ProposalsOptions, 'show'>, makeRoom: () => void) {
    const show = (): void => this.toggle(true, false)
    const early = earlyClick([options.sheet, need('propose', HTMLElement)], '.provision, #propose')
    this.#panel = Lazily.of(
      () => import('./panel'),
      ({ ProposalsPanel: Panel }) => {
        const panel = new Panel({ ...options, show })
        panel.choosing.answer(early())
        return panel
      },
    )
    this.#pane = new Pane('proposals', this.#panel, makeRoom)
  }

  get isOpen(): boolean {
    return this.#pane.isOpen
  }

  /** The sheet stands there: proposals are counted and marked, and may be made. */
  start(): void {
    this.#panel.use((panel) => panel.ask())
    const [, proposal] = /^#proposal=([\w-]{1,40})$/.exec(location.hash) ?? []
    if (location.hash === '#proposals' || proposal !== undefined) this.toggle(true)
    if (proposal !== undefined) this.#panel.use((panel) => panel.reveal(proposal))
  }

  toggle(open?: boolean, focus?: boolean): void {
    this.#pane.toggle(open, focus)
  }

  /** Proposing mode, entered and left by key. */
  propose(): void {
    this.#panel.use((panel) => panel.choosing.toggle(undefined, true))
  }

  /** Something was proposed or decided, here or elsewhere. */
  changed(): void {
    this.#panel.tell((panel) => panel.ask())
  }

  textChanged(): void {
    this.#panel.tell((panel) => panel.textChanged())
  }

  redraw(): void {
    this.#panel.tell((panel) => panel.redraw())
  }
}
