/** Where the cards of a rail stand: each at the height of its words, none over another. */

export interface Wish {
  readonly id: string
  /** The height of its words. */
  readonly at: number
  readonly height: number
}

/**
 * The top of each card, in the order of their wishes (equal ones as given). The active one stands exactly
 * where it wishes: those before it are pushed up, out of the rail if need be, those after it down.
 */
export function align(wishes: readonly Wish[], active: string | null, gap: number): Map<string, number> {
  const sorted = wishes.toSorted((a, b) => a.at - b.at)
  const at = sorted.findIndex(({ id }) => id === active)
  const tops = new Map<string, number>()
  const down = (wishes_: readonly Wish[]): void => {
    let free = -Infinity
    for (const { id, at: wish, height } of wishes_) {
      const top = Math.max(wish, free)
      tops.set(id, top)
      free = top + height + gap
    }
  }
  down(sorted.slice(0, Math.max(at, 0)))
  down(sorted.slice(Math.max(at, 0)))
  let ceiling = sorted[at]?.at ?? 0
  for (const { id, height } of sorted.slice(0, Math.max(at, 0)).toReversed()) {
    ceiling = Math.min(tops.get(id) ?? 0, ceiling - gap - height)
    tops.set(id, ceiling)
  }
  return tops
}
