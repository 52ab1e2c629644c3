/** What the server found in the draft, and where its words stand by now. */

import * as Y from 'yjs'

import type { Words } from '../editor/types'
import { frontOf, provisionsOf, unitsAt } from '../model'
import { FRONT_PART } from '../model/front-parts'

export const GROUPS = ['references', 'numbers', 'content', 'words', 'spelling', 'marks', 'form'] as const
export type Group = (typeof GROUPS)[number]

/** One finding, as in docs/protocol/http.md; `start` and `end` are code points. */
export interface Finding {
  readonly key: string
  readonly group: Group
  readonly code: string
  readonly severity: 'error' | 'warning' | 'hint'
  /** Empty when it is about a `part` of the front matter. */
  readonly provision: string
  readonly part?: string
  readonly where: string
  readonly start: number
  readonly end: number
  readonly quote: string
  readonly lead: string
  readonly trail: string
  readonly message: string
  readonly replacement: string | null
  /** Known to this window and not to the server: nothing of it is put aside. */
  readonly local?: true
  readonly aside: { readonly by: { readonly id: string; readonly name: string }; readonly at: number } | null
}

export interface ReviewAnswer {
  readonly seq: number
  readonly cut: boolean
  readonly findings: readonly Finding[]
}

/** A finding about a whole provision has no words of its own. */
export const isWhole = (finding: Finding): boolean => finding.start === 0 && finding.end === 0

/** What its words are asked for by: the provision, or the part of the front matter. */
export const homeOf = ({ provision, part }: Finding): string => (part ? FRONT_PART + part : provision)

/**
 * Where the words of a finding stand in what the provision says now, with the words around them:
 * at their place, or elsewhere if only there. `null` when they are not to be found for certain.
 */
export function placeIn(text: string, finding: Finding): Words | null {
  const { lead, quote, trail } = finding
  const id = homeOf(finding)
  if (isWhole(finding)) return { id, from: 0, to: text.length }
  const around = `${lead}${quote}${trail}`
  const told = unitsAt(text, finding.start) - lead.length
  const at = text.startsWith(around, Math.max(told, 0)) && told >= 0 ? told : onlyPlace(text, around)
  if (at === null) return null
  const from = at + lead.length
  return { id, from, to: from + quote.length }
}

function onlyPlace(text: string, words: string): number | null {
  const at = text.indexOf(words)
  return at < 0 || text.indexOf(words, at + 1) >= 0 ? null : at
}

/** Calls back when numbers may have changed: provisions came, went, moved or became another kind. */
export function watchNumbers(doc: Y.Doc, changed: () => void): void {
  provisionsOf(doc).observeDeep((events) => {
    if (events.some((event) => !(event instanceof Y.YTextEvent))) changed()
  })
  frontOf(doc).observe(changed)
}

export interface Repair extends Words {
  readonly by: string
}

/** The repairs that can be made now, one over the other left out, and how many findings are left. */
export function repairsOf(
  findings: readonly Finding[],
  words: (home: string) => string | null,
): { readonly repairs: readonly Repair[]; readonly done: readonly Finding[]; readonly left: number } {
  const repairs: Repair[] = []
  const done: Finding[] = []
  for (const finding of findings) {
    const text = words(homeOf(finding))
    const place = text === null || isWhole(finding) ? null : placeIn(text, finding)
    if (place === null || finding.replacement === null) continue
    if (repairs.some((other) => other.id === place.id && other.from < place.to && place.from < other.to)) continue
    repairs.push({ ...place, by: finding.replacement })
    done.push(finding)
  }
  return { repairs, done, left: findings.length - done.length }
}
