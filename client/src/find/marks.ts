/**
 * The hits, marked where they are seen: drawn over the sheet by the browser itself (highlights), so that
 * nothing of the sheet is drawn anew and nothing is counted that is out of sight.
 *
 * A browser without them shows the current hit alone, as the sheet's selection does.
 */

import type { Words } from '../editor/types'
import { standing } from '../ui/shown'
import type { Hit } from './hits'

const ALL = 'find'
const CURRENT = 'find-current'

/** The place in the text nodes beneath `element`, names of others' carets left out. */
function pointIn(texts: readonly Text[], offset: number): readonly [Text, number] | null {
  let left = offset
  for (const text of texts) {
    if (left <= text.length) return [text, left]
    left -= text.length
  }
  return null
}

function textsIn(element: Element): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (node instanceof Text && node.parentElement?.closest('.caret') === null) found.push(node)
  return found
}

/** Where words are drawn; `null` when they are not. */
function drawnAt(block: Element, { cell, from, to }: Words): StaticRange | null {
  const element = cell === undefined ? block : block.querySelectorAll('.provision-cell')[cell]
  if (element === undefined) return null
  const texts = textsIn(element)
  const [start, end] = [pointIn(texts, from), pointIn(texts, to)]
  if (start === null || end === null) return null
  return new StaticRange({ startContainer: start[0], startOffset: start[1], endContainer: end[0], endOffset: end[1] })
}

export class Marks {
  readonly #able = typeof Highlight !== 'undefined'
  #hits: readonly Hit[] = []
  #current: Hit | null = null
  #frame = 0

  constructor(
    private readonly desk: HTMLElement,
    private readonly sheet: HTMLElement,
  ) {}

  readonly #later = (): void => {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => this.#draw())
  }

  /** Marks these, while the sheet is scrolled too, until `clear`. */
  show(hits: readonly Hit[], current: Hit | null): void {
    this.#hits = hits
    this.#current = current
    this.desk.addEventListener('scroll', this.#later, { passive: true })
    this.#later()
  }

  clear(): void {
    this.desk.removeEventListener('scroll', this.#later)
    cancelAnimationFrame(this.#frame)
    this.#hits = []
    this.#current = null
    if (this.#able) for (const name of [ALL, CURRENT]) CSS.highlights.delete(name)
  }

  /** Brings a hit into the upper half of what is seen, over the bar and under nothing. */
  bring(hit: Hit): void {
    const block = this.#block(hit.id)
    if (block === null) return
    const settle = (): void => {
      const range = drawnAt(block, hit)
      const live = document.createRange()
      if (range !== null) {
        live.setStart(range.startContainer, range.startOffset)
        live.setEnd(range.endContainer, range.endOffset)
      }
      const words = range === null ? block.getBoundingClientRect() : live.getBoundingClientRect()
      const seen = this.desk.getBoundingClientRect()
      const head = seen.top + seen.height * 0.25
      const inside = words.top > head - seen.height * 0.05 && words.bottom < seen.top + seen.height * 0.8
      if (!inside) this.desk.scrollTop += words.top - (seen.top + seen.height * 0.4)
    }
    settle()
    // Blocks above are drawn only now and are taller than guessed: once more when they are.
    requestAnimationFrame(settle)
  }

  #block(id: string): Element | null {
    return this.sheet.querySelector(`.provision[data-id="${CSS.escape(id)}"]`)
  }

  #draw(): void {
    if (!this.#able) return
    const [all, current] = [new Highlight(), new Highlight()]
    current.priority = 1
    const blocks = this.#inSight()
    for (const hit of this.#hits) {
      const block = blocks.get(hit.id)
      const range = block === undefined ? null : drawnAt(block, hit)
      if (range !== null) (hit === this.#current ? current : all).add(range)
    }
    CSS.highlights.set(ALL, all)
    CSS.highlights.set(CURRENT, current)
  }

  /** The provisions in sight and a screen around it; found by halving, whatever the number of all. */
  #inSight(): Map<string, Element> {
    const all = this.sheet.querySelector('.ProseMirror')?.children
    const found = new Map<string, Element>()
    if (all === undefined) return found
    const seen = this.desk.getBoundingClientRect()
    const [top, bottom] = [seen.top - seen.height, seen.bottom + seen.height]
    let [low, high] = [0, all.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (standing(all[middle]).bottom < top) low = middle + 1
      else high = middle
    }
    for (let at = low; at < all.length; at += 1) {
      const block = all[at]
      if (block === undefined || standing(block).top > bottom) break
      const id = block instanceof HTMLElement ? block.dataset['id'] : undefined
      if (id !== undefined) found.set(id, block)
    }
    return found
  }
}
