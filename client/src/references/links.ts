/** The references of a text: stretches of its words that carry the format `ref`: the id of what they cite, and the words as written. */

import type * as Y from 'yjs'

import { insertedText, type DeltaOp } from '../binding/runs'

/** docs/protocol/document.md: the format's name. */
export const REF = 'ref'

/** A reference as it was written: what it cites, and the words that were written for it. */
export interface Link {
  readonly from: number
  readonly words: string
  readonly target: string
  /** Other formats that its first letter has. */
  readonly attributes: Readonly<Record<string, unknown>>
}

interface Run extends Link {
  readonly value: string
}

/** Stretches that carry one value, told apart from what they touch. */
function runsOf(text: Y.Text): Run[] {
  const runs: Run[] = []
  let at = 0
  for (const { insert, attributes = {} } of text.toDelta() as DeltaOp[]) {
    const words = insertedText(insert)
    const { [REF]: value, ...others } = attributes
    const last = runs.at(-1)
    if (typeof value === 'string' && last?.value === value && last.from + last.words.length === at) runs[runs.length - 1] = { ...last, words: last.words + words }
    else if (typeof value === 'string') runs.push({ from: at, words, value, target: value.slice(0, value.indexOf(' ')), attributes: others })
    at += words.length
  }
  return runs
}

/** As written, once or, where two wrote the same at once, more often. */
const isWritten = (words: string, written: string): boolean => written !== '' && words === written.repeat(Math.max(1, Math.round(words.length / written.length)))

/**
 * The references of a text. Words that are not those written for them are somebody's own by now and no
 * reference; what two hands wrote for one at once stands side by side and is one.
 */
export function linksOf(text: Y.Text): Link[] {
  const links: Link[] = []
  for (const { from, words, value, target, attributes } of runsOf(text)) {
    if (!isWritten(words, value.slice(target.length + 1))) continue
    const last = links.at(-1)
    if (last?.target === target && last.from + last.words.length === from) links[links.length - 1] = { ...last, words: last.words + words }
    else links.push({ from, words, target, attributes })
  }
  return links
}

/** Writes a reference into a text; `behind` letters behind it are taken out. */
export function writeLink(text: Y.Text, { from, target, attributes }: Omit<Link, 'words'>, words: string, behind = 0): void {
  const written = { insert: words, attributes: { ...attributes, [REF]: `${target} ${words}` } }
  text.applyDelta([...(from > 0 ? [{ retain: from }] : []), written, ...(behind > 0 ? [{ delete: behind }] : [])])
}
