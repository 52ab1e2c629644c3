/** The text in force and what of the draft differs from it, as the server tells it line by line. */

import { markedLine } from '../editor/marked'
import type { ChangedLine } from '../editor/types'

export type Stretch = readonly [words: string, change: '' | 'changed' | 'spelling']

/** A provision of one of the two texts; `partner` is the one of the other it belongs with. */
export interface Line {
  readonly digest: string
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly class: string
  readonly said: string
  readonly where: string
  readonly partner: string | null
  readonly stretches: readonly Stretch[]
}

type Told = { readonly digest: string } | Line

export interface BesideAnswer {
  readonly seq: number
  readonly title: string
  readonly before: readonly Told[]
  readonly after: readonly Told[]
}

export interface Lines {
  readonly before: readonly Line[]
  readonly after: readonly Line[]
}

/** Not what a committee decides on: shown faintly, and passed over by the steps from change to change. */
const QUIET = new Set(['unchanged', 'renumbered', 'label_style', 'format_only', 'spelling_only'])

export const isQuiet = (line: Line): boolean => QUIET.has(line.class)

/** Lines told before are told again by their digest alone; null when one is unknown here. */
export function join(answer: BesideAnswer, known: ReadonlyMap<string, Line>): Lines | null {
  const whole = (told: readonly Told[]): Line[] | null => {
    const lines = told.map((one) => ('id' in one ? one : known.get(one.digest)))
    return lines.every((line) => line !== undefined) ? lines : null
  }
  const [before, after] = [whole(answer.before), whole(answer.after)]
  return before && after && { before, after }
}

const BLOCK_LOOKS: Readonly<Record<string, string>> = {
  added: 'is-added',
  moved: 'is-moved',
  moved_amended: 'is-moved',
  split: 'is-moved',
  merged: 'is-moved',
}

const STRETCH_LOOKS = { '': '', changed: 'inserted', spelling: 'respelt' } as const

/** How the sheet shows a line of the draft. */
export function changedLine(line: Line): ChangedLine {
  // Of a new provision the frame says enough: every word underlined would only be in the way.
  const look = (change: Stretch[1]): string => (line.class === 'added' ? '' : STRETCH_LOOKS[change])
  return markedLine(line.id, BLOCK_LOOKS[line.class] ?? '', line.stretches.map(([words, change]) => [words, look(change)]))
}

/** A place to step to: a provision of the draft, or where one that is gone would stand. */
export interface Stop {
  readonly key: string
  /** The provision of the sheet; "" before the first. */
  readonly after: string
  readonly before: string | null
  readonly line: Line
}

/** The changes, each once though it were split over several, in the order of the sheet, whose provisions are `order`. */
export function stopsOf({ before, after }: Lines, order: readonly string[]): Stop[] {
  const place = new Map(order.map((id, at) => [id, at]))
  const stops: { stop: Stop; at: number }[] = []
  const split = new Set<string | null>()
  for (const line of after) {
    if (isQuiet(line) || !place.has(line.id) || split.has(line.partner)) continue
    if (line.class === 'split') split.add(line.partner)
    stops.push({ stop: { key: line.id, after: line.id, before: line.partner, line }, at: place.get(line.id) ?? 0 })
  }
  let near = ''
  for (const line of before) {
    if (line.partner !== null && place.has(line.partner)) near = line.partner
    else if (line.class === 'repealed')
      stops.push({ stop: { key: `-${line.id}`, after: near, before: line.id, line }, at: (place.get(near) ?? -1) + 0.5 })
  }
  return stops.toSorted((a, b) => a.at - b.at).map(({ stop }) => stop)
}
