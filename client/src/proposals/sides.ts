/** The proposals for one provision side by side, beside what stands there now. */

import { make, type Say } from '../ui/page'
import { drawPerson } from '../ui/person'
import { drawProposal, partsOf } from './drawing'
import { wordsNow, type Group, type Proposal } from './types'

export interface SidesOptions {
  readonly say: Say
  readonly nameOf: (id: string) => string
  readonly language: string
  /** Goes to the card of a proposal, where it is decided. */
  readonly choose: (one: Proposal) => void
}

export class Sides {
  readonly #dialog = make('dialog', { className: 'sides', id: 'sides' })
  readonly #options: SidesOptions
  #provision: string | null = null

  constructor(options: SidesOptions) {
    this.#options = options
    document.body.append(this.#dialog)
    this.#dialog.addEventListener('close', () => {
      this.#provision = null
    })
  }

  show(group: Group): void {
    this.#provision = group.provision
    this.#draw(group)
    if (!this.#dialog.open) this.#dialog.showModal()
  }

  /** Drawn anew while it stands open; closed when nothing is left to compare. */
  refresh(groups: readonly Group[]): void {
    if (this.#provision === null) return
    const group = groups.find(({ provision }) => provision === this.#provision)
    if (group === undefined) this.#dialog.close()
    else this.#draw(group)
  }

  #draw(group: Group): void {
    const { say } = this.#options
    const title = make('h2', { id: 'sides-title' }, say('proposals.sides', { where: group.where }))
    const close = make('button', { type: 'button' }, say('room.close'))
    close.addEventListener('click', () => this.#dialog.close())
    const columns = make('div', { className: 'sides-columns', tabIndex: 0, role: 'group', ariaLabel: say('proposals.sides', { where: group.where }) }, this.#now(group), ...group.proposals.map((one) => this.#column(one)))
    this.#dialog.setAttribute('aria-labelledby', title.id)
    this.#dialog.replaceChildren(make('div', { className: 'head' }, title, close), columns)
  }

  #now(group: Group): HTMLElement {
    const { say } = this.#options
    const words = group.proposals.map(wordsNow).find((found) => found !== null) ?? null
    const shown = words === null ? say('proposals.gone') : partsOf(words).filter(Boolean).join(' | ')
    return make('section', { className: 'side side-now' }, make('h3', {}, say('proposals.now')), make('p', { className: 'proposal-words', lang: 'vi' }, shown))
  }

  #column(one: Proposal): HTMLElement {
    const { say, nameOf, language, choose } = this.#options
    const go = make('button', { type: 'button', className: 'small' }, say('proposals.to_card'))
    go.ariaLabel = say('proposals.to_card_of', { words: say('proposals.to_card'), name: one.author.name, where: one.where })
    go.addEventListener('click', () => {
      this.#dialog.close()
      choose(one)
    })
    const names = new Intl.ListFormat(language).format([...new Set(one.collide.map(nameOf))])
    const collide = one.collide.length === 0 ? [] : [make('p', { className: 'small proposal-note note-collide' }, make('span', { ariaHidden: 'true' }, '⚠ '), say('proposals.collide', { names }))]
    const reason = one.reason === '' ? [] : [make('p', { className: 'proposal-reason' }, make('span', { className: 'muted' }, say('proposals.reason_said')), ' ', one.reason)]
    const column = make('section', { className: 'side' }, make('h3', {}, drawPerson(one.author, say('proposals.somebody'))), drawProposal(one, say), ...reason, ...collide, make('p', { className: 'proposal-acts' }, go))
    column.style.setProperty('--person', one.author.color)
    return column
  }
}
