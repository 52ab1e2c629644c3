/**
 * The rail: cards at the height of their words, scrolling with the sheet. Where it stands beneath the
 * sheet, as on a telephone, its cards are a plain list.
 */

import { standing } from '../ui/shown'
import { align, type Wish } from './align'

const GAP = 8
/** Further from the screen than this many heights of it, a provision's own height is near enough. */
const NEAR = 1.5

/** The names of the comments whose words an element shows, the class of each `comment-of-…`. */
export const commentsOf = (element: Element): string[] =>
  [...element.classList].filter((name) => name.startsWith('comment-of-')).map((name) => name.slice('comment-of-'.length))

export interface RailOptions {
  /** What scrolls the sheet. */
  readonly desk: HTMLElement
  readonly sheet: HTMLElement
  /** What scrolls the cards, and the cards themselves. */
  readonly pane: HTMLElement
  readonly list: HTMLElement
  /** Whether the rail stands beside the sheet. */
  readonly beside: () => boolean
  /** The comment a card is of; its words carry the same name. */
  readonly nameOf: (card: HTMLElement) => string
  /** Those about the whole document stand at its head. */
  readonly first: (card: HTMLElement) => boolean
}

export class Rail {
  readonly #options: RailOptions
  readonly #watch: ResizeObserver
  readonly #watched = new Set<Element>()
  #active: string | null = null
  #open = false
  #frame = 0

  constructor(options: RailOptions) {
    this.#options = options
    const { desk, sheet, pane } = options
    this.#watch = new ResizeObserver(() => this.soon())
    this.#watch.observe(sheet)
    this.#watch.observe(desk)
    desk.addEventListener('scroll', () => this.#follow(), { passive: true })
    pane.addEventListener('scroll', () => this.#lead(), { passive: true })
  }

  open(open: boolean): void {
    this.#open = open
    if (open) this.soon()
  }

  /** The cards have changed, or which of them is the one looked at. */
  changed(active: string | null): void {
    this.#active = active
    for (const card of this.#cards)
      if (!this.#watched.has(card)) {
        this.#watched.add(card)
        this.#watch.observe(card)
      }
    for (const card of this.#watched)
      if (!card.isConnected) {
        this.#watched.delete(card)
        this.#watch.unobserve(card)
      }
    this.soon()
  }

  /** Aligned before the next picture is drawn, once for everything that changes until then. */
  soon(): void {
    if (!this.#open || this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#align()
    })
  }

  /** Brings the words of a comment into sight; answers whether they are shown. */
  bring(name: string): boolean {
    const words = this.#marks().get(name)
    if (words === undefined) return false
    const { desk } = this.#options
    const middle = (): void => {
      const { top, bottom } = words.getBoundingClientRect()
      const seen = desk.getBoundingClientRect()
      if (top < seen.top + GAP || bottom > seen.bottom - GAP) words.scrollIntoView({ block: 'center' })
    }
    middle()
    // Blocks above are drawn only now and are taller than guessed: once more when they are.
    requestAnimationFrame(middle)
    return true
  }

  get #cards(): HTMLElement[] {
    return [...this.#options.list.children].filter((card) => card instanceof HTMLElement)
  }

  /** The first of the marks of each comment, in one pass over those that are drawn. */
  #marks(): Map<string, HTMLElement> {
    const found = new Map<string, HTMLElement>()
    for (const mark of this.#options.sheet.querySelectorAll<HTMLElement>('.commented, .has-comment'))
      for (const name of commentsOf(mark)) if (!found.has(name)) found.set(name, mark)
    return found
  }

  #align(): void {
    const { list, pane, desk, beside, nameOf, first } = this.#options
    const aligned = beside()
    list.classList.toggle('is-aligned', aligned)
    if (!aligned) {
      list.style.height = ''
      for (const card of this.#cards) card.style.top = ''
      return
    }
    const origin = desk.getBoundingClientRect()
    const head = list.getBoundingClientRect().top + pane.scrollTop - origin.top
    const marks = this.#marks()
    const wishes: Wish[] = this.#cards.map((card) => {
      const mark = marks.get(nameOf(card))
      const at = mark === undefined ? null : this.#height(mark, origin) - origin.top + desk.scrollTop - head
      return { id: nameOf(card), at: Math.max(0, at ?? (first(card) ? 0 : desk.scrollHeight)), height: card.offsetHeight }
    })
    const tops = align(wishes, this.#active, GAP)
    let end = desk.scrollHeight - head
    this.#cards.forEach((card, at) => {
      const top = Math.round(tops.get(nameOf(card)) ?? 0)
      // Not by a transform: three hundred of them cost the browser four milliseconds at every key.
      const place = `${top}px`
      if (card.style.top !== place) card.style.top = place
      end = Math.max(end, top + (wishes[at]?.height ?? 0) + GAP)
    })
    list.style.height = `${end}px`
    this.#follow()
  }

  /** What is far away is measured by its provision: its words would have to be laid out for it. */
  #height(mark: HTMLElement, seen: DOMRect): number {
    const block = standing(mark.closest('.provision') ?? mark)
    const far = block.height === 0 || block.bottom < seen.top - NEAR * seen.height || block.top > seen.bottom + NEAR * seen.height
    return far ? block.top : mark.getBoundingClientRect().top
  }

  #follow(): void {
    const { desk, pane, list } = this.#options
    if (!this.#open || !list.classList.contains('is-aligned')) return
    // Cards beyond the end of the sheet are looked at: the sheet has no further to go.
    const end = desk.scrollTop + desk.clientHeight >= desk.scrollHeight - 1
    if (end && pane.scrollTop > desk.scrollTop) return
    if (Math.abs(pane.scrollTop - desk.scrollTop) > 1) pane.scrollTop = desk.scrollTop
  }

  #lead(): void {
    const { desk, pane, list } = this.#options
    if (!this.#open || !list.classList.contains('is-aligned')) return
    if (Math.abs(pane.scrollTop - desk.scrollTop) > 1) desk.scrollTop = pane.scrollTop
  }
}
