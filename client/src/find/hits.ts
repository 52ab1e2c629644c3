/** All places of a draft where something stands, provision by provision, cells too; looked for in slices. */

import type { ReadProvision, Words } from '../editor/types'
import { finder, indexOf, type Index, type Wanted } from './search'

export interface Hit extends Words {
  /** Which provision of the draft, in reading order. */
  readonly at: number
  /** The words as they stand there. */
  readonly words: string
}

/** How long a slice may take before the browser gets its turn. */
const SLICE_MS = 8

/** What was indexed stays so until its provision changes: each is indexed once for each way of searching. */
const known = new Map<string, WeakMap<ReadProvision, readonly Index[]>>()

const textsOf = (provision: ReadProvision): readonly string[] => [provision.text, ...provision.cells]

function indexed(provision: ReadProvision, wanted: Wanted): readonly Index[] {
  const way = `${wanted.accents}${String(wanted.cases)}`
  const kept = known.get(way) ?? new WeakMap<ReadProvision, readonly Index[]>()
  known.set(way, kept)
  let found = kept.get(provision)
  if (found === undefined) {
    found = textsOf(provision).map((text) => indexOf(text, wanted))
    kept.set(provision, found)
  }
  return found
}

/** Looks through provisions one after the other. */
export class Search {
  readonly hits: Hit[] = []
  readonly #find: ReturnType<typeof finder>
  #next = 0

  constructor(
    readonly provisions: readonly ReadProvision[],
    readonly wanted: Wanted,
    private readonly among: ReadonlySet<string> | null,
  ) {
    this.#find = finder(wanted)
  }

  get done(): boolean {
    return this.#next >= this.provisions.length
  }

  /** Goes on for one slice, or to the end. */
  run(toTheEnd = false): void {
    const until = performance.now() + SLICE_MS
    while (!this.done && (toTheEnd || performance.now() < until)) {
      const at = this.#next
      this.#next += 1
      const provision = this.provisions[at]
      if (provision !== undefined && this.among?.has(provision.id) !== false) this.#look(provision, at)
    }
  }

  #look(provision: ReadProvision, at: number): void {
    const indices = indexed(provision, this.wanted)
    textsOf(provision).forEach((text, nth) => {
      const index = indices[nth]
      if (index === undefined || text === '') return
      const cell = nth === 0 ? undefined : nth - 1
      for (const { from, to } of this.#find(text, index))
        this.hits.push({ id: provision.id, cell, from, to, at, words: text.slice(from, to) })
    })
  }
}

/** The first hit at or behind a place, the first of all when there is none behind it; -1 for no hits. */
export function hitFrom(hits: readonly Hit[], at: number, offset: number): number {
  if (hits.length === 0) return -1
  const found = hits.findIndex((hit) => hit.at > at || (hit.at === at && (hit.cell !== undefined || hit.from >= offset)))
  return Math.max(found, 0)
}

/** The hit that is most likely the one that was current: the nearest in its text, else the next. */
export function hitNear(hits: readonly Hit[], before: Hit, at: number): number {
  const near = hits.filter(({ id, cell }) => id === before.id && cell === before.cell)
  const [nearest] = near.toSorted((one, other) => Math.abs(one.from - before.from) - Math.abs(other.from - before.from))
  return nearest === undefined ? hitFrom(hits, at, before.from) : hits.indexOf(nearest)
}

export interface Replacing extends Words {
  readonly by: string
}

/** What one message to the server may carry, with room for what the shared text adds to each place. */
const MOST_UNITS = 300_000
const UNITS_EACH = 60

/** `by` with the capitals of what it takes the place of: "Kiểm toán" becomes "Kiểm tra", "KIỂM TOÁN" "KIỂM TRA". */
export function capitalsOf(words: string, by: string): string {
  const [first = '', second = ''] = words.match(/\p{L}\p{M}*/gu) ?? []
  const capital = (sign: string): boolean => sign.toLowerCase() !== sign
  if (!capital(first)) return by
  if (capital(second) && words.toUpperCase() === words) return by.toUpperCase()
  return by.replace(/^\p{L}/u, (sign) => sign.toUpperCase())
}

/** As many of the hits as go into one step; capitals stay as they were unless they were asked for. */
export function replacing(hits: readonly Hit[], by: string, cases: boolean): Replacing[] {
  const most = Math.floor(MOST_UNITS / (by.length + UNITS_EACH))
  return hits
    .slice(0, most)
    .map(({ id, cell, from, to, words }) => ({ id, cell, from, to, by: cases ? by : capitalsOf(words, by) }))
}
