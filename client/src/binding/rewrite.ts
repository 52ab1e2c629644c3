/** Other words written over stretches of a provision, the rest of it untouched. */

import type * as Y from "yjs";

import { deltaOf, difference, slice, styledOfText, type Styled } from "./runs";

/** `from` to `to`, in UTF-16 units of a provision's words, becomes `by`. */
export interface Rewriting {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** Rewrites stretches of one text that do not overlap; new words look like the first they replace. */
export function rewriteText(text: Y.Text, edits: readonly Rewriting[]): void {
  const whole = styledOfText(text);
  for (const { from, to, by } of edits.toSorted((a, b) => b.from - a.from)) {
    const bits = whole.bits[Math.min(from, whole.bits.length - 1)] ?? 0;
    const words: Styled = { text: by, bits: new Uint8Array(by.length).fill(bits) };
    const change = difference(slice(whole, from, to), words);
    if (change) text.applyDelta(from > 0 ? [{ retain: from }, ...deltaOf(change)] : deltaOf(change));
  }
}
