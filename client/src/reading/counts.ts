/** Words and articles of a draft, counted when the typing pauses; what did not change is not counted again. */

import type { ReadProvision } from '../editor/types'

export interface Counts {
  /** Words between spaces, which in Vietnamese are syllables. */
  readonly words: number
  readonly articles: number
}

export const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0

const known = new WeakMap<ReadProvision, number>()

function wordsOf(provision: ReadProvision): number {
  let count = known.get(provision)
  if (count === undefined) {
    count = [provision.text, ...provision.cells].reduce((sum, text) => sum + wordsIn(text), 0)
    known.set(provision, count)
  }
  return count
}

export function countsOf(provisions: readonly ReadProvision[]): Counts {
  return {
    words: provisions.reduce((sum, one) => sum + wordsOf(one), 0),
    articles: provisions.filter(({ kind }) => kind === 'article').length,
  }
}
