/** The cards in the order of the draft; redrawn in place, what is typed in them kept. */

import { make } from '../ui/page'
import { drawCard, whereOf, type CardView } from './cards'
import type { Thread } from './types'

interface Card {
  readonly element: HTMLElement
  readonly form: HTMLElement
  digest: string
}

export class ThreadList {
  readonly #cards = new Map<string, Card>()

  constructor(private readonly root: HTMLElement) {}

  /** Cards in which something is typed: they stay in sight whatever is filtered. */
  get busy(): ReadonlySet<string> {
    return new Set([...this.#cards].filter(([, { form }]) => form.querySelector('.is-written') !== null).map(([id]) => id))
  }

  /** The cards of these threads and no others, behind the one of a new comment. */
  draw(threads: readonly Thread[], fresh: HTMLElement | null, view: CardView): void {
    const wanted = threads.map((thread) => this.#card(thread, view).element)
    const kept = new Set(threads.map(({ id }) => id))
    for (const [id, { element }] of this.#cards)
      if (!kept.has(id)) {
        element.remove()
        this.#cards.delete(id)
      }
    for (const left of this.root.querySelectorAll('.is-new')) if (left !== fresh) left.remove()
    let before: Element | null = null
    for (const element of fresh === null ? wanted : [fresh, ...wanted]) {
      const place: Element | null = before === null ? this.root.firstElementChild : before.nextElementSibling
      // Put in only where it does not stand: what is moved loses the keys.
      if (place !== element) this.root.insertBefore(element, place)
      before = element
    }
  }

  element(id: string): HTMLElement | null {
    return this.#cards.get(id)?.element ?? null
  }

  /** Opens a form in the card, `null` takes it out. */
  form(id: string, form: HTMLElement | null): void {
    this.#cards.get(id)?.form.replaceChildren(...(form === null ? [] : [form]))
  }

  activate(active: string | null): void {
    for (const [id, { element }] of this.#cards) {
      element.classList.toggle('is-active', id === active)
      if (id === active) element.setAttribute('aria-current', 'true')
      else element.removeAttribute('aria-current')
    }
  }

  #card(thread: Thread, view: CardView): Card {
    const digest = JSON.stringify([thread, view.rights, view.people.length])
    let card = this.#cards.get(thread.id)
    if (card === undefined) {
      const form = make('div', { className: 'card-form' })
      const element = make('article', { className: 'comment-card', tabIndex: 0 }, make('div'), form)
      element.dataset['id'] = thread.id
      card = { element, form, digest: '' }
      this.#cards.set(thread.id, card)
    }
    if (card.digest === digest) return card
    card.digest = digest
    const { element } = card
    element.ariaLabel = view.say('comments.card', { name: thread.author.name || view.say('comments.somebody'), where: whereOf(thread, view.say) })
    element.dataset['state'] = thread.state
    element.dataset['standing'] = thread.anchor.standing
    element.style.setProperty('--person', thread.author.color)
    const focused = element.contains(document.activeElement) && !card.form.contains(document.activeElement) ? document.activeElement : null
    element.firstElementChild?.replaceWith(drawCard(thread, view))
    if (focused instanceof HTMLElement && focused !== element) this.#refocus(element, focused.dataset['act'])
    return card
  }

  /** Whoever was at one of its buttons is at it still, or else at the card. */
  #refocus(element: HTMLElement, act: string | undefined): void {
    const buttons = [...element.querySelectorAll<HTMLElement>('[data-act]')]
    ;(buttons.find((button) => button.dataset['act'] === act) ?? element).focus({ preventScroll: true })
  }
}
