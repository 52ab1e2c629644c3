/** The cards, group by group in the order of the draft; redrawn in place, what is typed in them kept. */

import { make, type Say } from '../ui/page'
import { drawCard, type CardView } from './cards'
import type { Group, Proposal } from './types'

export interface ListOptions {
  readonly say: Say
  readonly root: HTMLElement
  readonly jump: (provision: string) => void
  readonly beside: (provision: string) => void
}

interface Card {
  readonly element: HTMLElement
  readonly form: HTMLElement
  digest: string
}

export class ProposalList {
  readonly #cards = new Map<string, Card>()
  readonly #groups = new Map<string, HTMLElement>()

  constructor(private readonly options: ListOptions) {}

  /** Cards in which a form stands open: they stay in sight whatever is filtered. */
  get busy(): ReadonlySet<string> {
    return new Set([...this.#cards].filter(([, card]) => card.form.childElementCount > 0).map(([id]) => id))
  }

  draw(groups: readonly Group[], view: CardView): void {
    const left = new Set(this.#groups.keys())
    const kept = new Set<string>()
    let before: Element | null = null
    for (const group of groups) {
      left.delete(group.provision)
      const section = this.#groups.get(group.provision) ?? this.#section(group.provision)
      this.#head(section, group)
      const list = section.querySelector('.proposal-cards') as HTMLElement
      let last: Element | null = null
      for (const one of group.proposals) {
        kept.add(one.id)
        const card = this.#card(one, view)
        const place: Element | null = last === null ? list.firstElementChild : last.nextElementSibling
        if (place !== card.element) list.insertBefore(card.element, place)
        last = card.element
      }
      const place: Element | null = before === null ? this.options.root.firstElementChild : before.nextElementSibling
      if (place !== section) this.options.root.insertBefore(section, place)
      before = section
    }
    for (const [id, card] of this.#cards)
      if (!kept.has(id)) {
        card.element.remove()
        this.#cards.delete(id)
      }
    for (const provision of left) {
      this.#groups.get(provision)?.remove()
      this.#groups.delete(provision)
    }
  }

  /** Opens a form in the card; `null` closes the one that is open. */
  form(id: string, form: HTMLElement | null): void {
    const card = this.#cards.get(id)
    if (form === null) card?.form.replaceChildren()
    else card?.form.replaceChildren(form)
    card?.element.classList.toggle('with-form', form !== null)
  }

  /** The keys go to that card, its button or itself. */
  focus(id: string, selector = ''): boolean {
    const card = this.#cards.get(id)
    const target = selector === '' ? card?.element : (card?.element.querySelector<HTMLElement>(selector) ?? card?.element)
    target?.focus()
    card?.element.scrollIntoView({ block: 'nearest' })
    return target !== undefined
  }

  #section(provision: string): HTMLElement {
    const title = make('h3', { className: 'proposal-where' })
    const beside = make('button', { type: 'button', className: 'small show-sides' })
    beside.addEventListener('click', () => this.options.beside(provision))
    const section = make('section', { className: 'proposal-group' }, make('div', { className: 'proposal-group-head' }, title, beside), make('div', { className: 'proposal-cards' }))
    section.dataset['provision'] = provision
    this.#groups.set(provision, section)
    return section
  }

  #head(section: HTMLElement, group: Group): void {
    const { say } = this.options
    const digest = JSON.stringify([group.where, group.proposals.length, group.proposals.some(({ outlook }) => outlook?.standing === 'gone')])
    if (section.dataset['digest'] === digest) return
    section.dataset['digest'] = digest
    const jump = make('button', { type: 'button', className: 'proposal-jump' }, group.where)
    jump.title = say('proposals.jump')
    jump.addEventListener('click', () => this.options.jump(group.provision))
    section.querySelector('.proposal-where')?.replaceChildren(jump)
    const beside = section.querySelector<HTMLElement>('.show-sides')
    if (beside === null) return
    beside.hidden = group.proposals.length < 2
    beside.textContent = say('proposals.beside', { n: group.proposals.length })
    beside.ariaLabel = say('proposals.beside_of', { words: beside.textContent, where: group.where })
  }

  #card(one: Proposal, view: CardView): Card {
    const digest = JSON.stringify([one, view.deciding, view.me, one.collide.map(view.nameOf), one.same.map(view.nameOf)])
    let card = this.#cards.get(one.id)
    if (card === undefined) {
      const form = make('div', { className: 'card-form' })
      const element = make('article', { className: 'proposal-card', tabIndex: -1 }, make('div'), form)
      element.dataset['id'] = one.id
      card = { element, form, digest: '' }
      this.#cards.set(one.id, card)
    }
    if (card.digest === digest) return card
    card.digest = digest
    const { say } = this.options
    card.element.ariaLabel = say('proposals.card', { name: one.author.name, where: one.where })
    card.element.dataset['state'] = one.state
    card.element.dataset['standing'] = one.outlook?.standing ?? ''
    card.element.style.setProperty('--person', one.author.color)
    const focused = card.element.contains(document.activeElement) && !card.form.contains(document.activeElement)
    card.element.firstElementChild?.replaceWith(drawCard(one, view))
    // Whoever was at one of its buttons is not thrown out of the list.
    if (focused) card.element.focus()
    return card
  }
}
