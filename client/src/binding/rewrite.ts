/** Other words written over stretches of a provision, the rest of it untouched. */

import type * as Y from "yjs";

import { cellText, provisionEntry, provisionText } from "../model";
import { FRONT_PART, frontPart, setFrontParts } from "../model/front-parts";
import { deltaOf, difference, slice, styledOfText, type Styled } from "./runs";

/**
 * `from` to `to`, in UTF-16 units of the words of a provision, of one of its cells, or of a part of
 * the front matter (`FRONT_PART` and its name for an id), becomes `by`.
 */
export interface Rewriting {
  readonly id: string;
  readonly cell?: number | undefined;
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

/** A part of the front matter is one value: whoever writes it last has written all of it. */
function rewritePart(words: string, edits: readonly Rewriting[]): string {
  let made = words;
  for (const { from, to, by } of edits.toSorted((a, b) => b.from - a.from)) made = made.slice(0, from) + by + made.slice(to);
  return made;
}

/**
 * Rewrites stretches of many texts, in one transaction of `origin`; what is not there is left out.
 * `columnAt` tells the column of a row's cell by its place in the row.
 */
export function rewriteAll(
  doc: Y.Doc,
  edits: readonly Rewriting[],
  origin: object,
  columnAt: (row: string, cell: number) => string | undefined,
): void {
  const grouped = new Map<string, Rewriting[]>();
  for (const edit of edits) {
    const text = `${edit.cell ?? ""} ${edit.id}`;
    grouped.set(text, [...(grouped.get(text) ?? []), edit]);
  }
  const cellAt = (id: string, cell: number): Y.Text | null => {
    const [row, column] = [provisionEntry(doc, id), columnAt(id, cell)];
    return row && column !== undefined ? cellText(row, column) : null;
  };
  const parts = new Map<string, string>();
  doc.transact(() => {
    for (const [one, ...others] of grouped.values()) {
      if (!one) continue;
      if (one.id.startsWith(FRONT_PART)) {
        const part = one.id.slice(FRONT_PART.length);
        const words = frontPart(doc, part);
        if (words !== null) parts.set(part, rewritePart(words, [one, ...others]));
        continue;
      }
      const text = one.cell === undefined ? provisionText(doc, one.id) : cellAt(one.id, one.cell);
      if (text) rewriteText(text, [one, ...others]);
    }
    if (parts.size > 0) setFrontParts(doc, parts, origin);
  }, origin);
}
