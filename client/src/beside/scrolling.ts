/** Two columns that scroll in step: where one is read, the other shows what belongs with it. */

import { standing } from '../ui/shown'

/** How far from the top of a column its reader reads, as a share of its height. */
const EYE = 0.25

/** An element of a column, and which part of it the eye is at: 0 its top, 1 its bottom. */
export interface Reading {
  readonly element: HTMLElement
  readonly share: number
}

export const eyeOf = (column: HTMLElement): number => {
  const { top, height } = column.getBoundingClientRect()
  return top + height * EYE
}

/** What is read in a column whose `children` follow one another from top to bottom. */
export function readingIn(column: HTMLElement, children: HTMLCollection): Reading | null {
  const eye = eyeOf(column)
  let [low, high] = [0, children.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (standing(children.item(middle)).bottom < eye) low = middle + 1
    else high = middle
  }
  const element = children.item(low)
  if (!(element instanceof HTMLElement)) return null
  const { top, height } = standing(element)
  return { element, share: height === 0 ? 0 : Math.max(0, Math.min(1, (eye - top) / height)) }
}

/** Brings that part of an element to the eye of its column. */
export function bring(column: HTMLElement, { element, share }: Reading): void {
  const { top, height } = standing(element)
  if (top !== -Infinity) column.scrollTop += top + height * share - eyeOf(column)
}

/** The same, again and again for some frames: blocks are drawn when they come near, and are taller than guessed. */
export function settle(column: HTMLElement, reading: Reading, frames = 6): void {
  bring(column, reading)
  if (frames > 0) requestAnimationFrame(() => settle(column, reading, frames - 1))
}

/**
 * Follows whichever of two columns a person moves. The other moves by us, and what it then
 * says of itself is not answered: or each would push the other about.
 */
export class InStep {
  #leader: HTMLElement | null = null
  #frame = 0
  readonly #stop = new AbortController()

  constructor(
    columns: readonly [HTMLElement, HTMLElement],
    private readonly follow: (leader: HTMLElement) => void,
  ) {
    for (const column of columns) {
      const lead = (): void => {
        this.#leader = column
      }
      for (const event of ['wheel', 'touchstart', 'pointerdown', 'keydown', 'focusin'])
        column.addEventListener(event, lead, { passive: true, capture: true, signal: this.#stop.signal })
      column.addEventListener('scroll', () => this.#scrolled(column), { passive: true, signal: this.#stop.signal })
    }
  }

  /** Until a person moves one of them, neither leads. */
  rest(): void {
    this.#leader = null
  }

  #scrolled(column: HTMLElement): void {
    if (column !== this.#leader || this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.follow(column)
    })
  }

  end(): void {
    this.#stop.abort()
    cancelAnimationFrame(this.#frame)
  }
}
