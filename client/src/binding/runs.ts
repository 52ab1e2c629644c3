/** The words of one provision with their formats, and the smallest difference of two. */

import { Fragment, type Mark, type Node as ProseNode } from "prosemirror-model";
import type * as Y from "yjs";

import { MARKS, schema } from "./schema";

/** A text and, for each UTF-16 unit, its formats as bits in the order of `MARKS`. */
export interface Styled {
  readonly text: string;
  readonly bits: Uint8Array;
}

/** One operation of a Y.Text delta. */
export interface DeltaOp {
  retain?: number;
  delete?: number;
  insert?: string | object;
  attributes?: Record<string, unknown>;
}

/** What stands for an embedded thing of unknown kind: it keeps its place and one unit. */
const UNKNOWN_THING = "\ufffc";

export type Difference =
  | { readonly type: "replace"; readonly from: number; readonly to: number; readonly by: Styled }
  | { readonly type: "format"; readonly changes: readonly FormatChange[] };

export interface FormatChange {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
}

export function bitsOfAttributes(attributes: Readonly<Record<string, unknown>> | undefined): number {
  if (!attributes) return 0;
  let bits = 0;
  MARKS.forEach((name, index) => {
    if (attributes[name]) bits |= 1 << index;
  });
  return bits;
}

export function marksOfBits(bits: number): Mark[] {
  return MARKS.filter((_, index) => bits & (1 << index)).map((name) => schema.mark(name));
}

function styled(pieces: readonly (readonly [string, number])[]): Styled {
  const text = pieces.map(([piece]) => piece).join("");
  const bits = new Uint8Array(text.length);
  let at = 0;
  for (const [piece, value] of pieces) {
    if (value !== 0) bits.fill(value, at, at + piece.length);
    at += piece.length;
  }
  return { text, bits };
}

export function insertedText(insert: string | object | undefined): string {
  return typeof insert === "string" ? insert : UNKNOWN_THING;
}

export function styledOfText(text: Y.Text): Styled {
  const delta = text.toDelta() as DeltaOp[];
  return styled(delta.map((op) => [insertedText(op.insert), bitsOfAttributes(op.attributes)] as const));
}

export function styledOfNode(node: ProseNode): Styled {
  const pieces: (readonly [string, number])[] = [];
  node.forEach((child) => {
    let bits = 0;
    for (const mark of child.marks) bits |= 1 << MARKS.indexOf(mark.type.name as (typeof MARKS)[number]);
    pieces.push([child.text ?? "", bits]);
  });
  return styled(pieces);
}

export function slice(whole: Styled, from: number, to: number): Styled {
  return { text: whole.text.slice(from, to), bits: whole.bits.slice(from, to) };
}

/** Calls back for each stretch of one format. */
export function eachRun(
  { text, bits }: Styled,
  visit: (text: string, bits: number, from: number) => void,
): void {
  let from = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at === text.length || bits[at] !== bits[from]) {
      visit(text.slice(from, at), bits[from] ?? 0, from);
      from = at;
    }
  }
}

export function fragmentOf(content: Styled): Fragment {
  const nodes: ProseNode[] = [];
  eachRun(content, (text, bits) => nodes.push(schema.text(text, marksOfBits(bits))));
  return Fragment.fromArray(nodes);
}

export function sameStyled(a: Styled, b: Styled): boolean {
  return a.text === b.text && a.bits.every((value, index) => value === b.bits[index]);
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** What of `a` between two places has to become which words of `b`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly by: Styled;
}

/**
 * The smallest stretch in which `b` differs from `a`, words or formats; `null` when there is none.
 *
 * Where several places would do ("aa" → "aaa"), it starts no later than `hint`.
 * A surrogate pair is never cut.
 */
export function differentStretch(a: Styled, b: Styled, hint = Infinity): Stretch | null {
  const same = (i: number, j: number): boolean =>
    a.text.charCodeAt(i) === b.text.charCodeAt(j) && a.bits[i] === b.bits[j];
  const shorter = Math.min(a.text.length, b.text.length);
  let start = 0;
  while (start < Math.min(shorter, hint) && same(start, start)) start += 1;
  if (start > 0 && (isLowSurrogate(a.text, start) || isLowSurrogate(b.text, start))) start -= 1;
  let tail = 0;
  while (tail < shorter - start && same(a.text.length - 1 - tail, b.text.length - 1 - tail)) tail += 1;
  if (tail > 0 && isLowSurrogate(a.text, a.text.length - tail)) tail -= 1;
  const to = a.text.length - tail;
  const by = slice(b, start, b.text.length - tail);
  return start === to && by.text === "" ? null : { from: start, to, by };
}

/** The smallest difference from `a` to `b`, `null` when there is none; `hint` as above. */
export function difference(a: Styled, b: Styled, hint = Infinity): Difference | null {
  const stretch = differentStretch(a, b, hint);
  if (!stretch) return null;
  const { from, to, by } = stretch;
  if (a.text.slice(from, to) !== by.text) return { type: "replace", from, to, by };
  return { type: "format", changes: formatChanges(slice(a, from, to), by, from) };
}

function formatChanges(a: Styled, b: Styled, offset: number): FormatChange[] {
  const changes: FormatChange[] = [];
  let from = 0;
  for (let at = 1; at <= a.text.length; at += 1) {
    if (at < a.text.length && a.bits[at] === a.bits[from] && b.bits[at] === b.bits[from]) continue;
    const [before = 0, after = 0] = [a.bits[from], b.bits[from]];
    if (before !== after) changes.push({ from: offset + from, to: offset + at, before, after });
    from = at;
  }
  return changes;
}

function attributesOf(bits: number): Record<string, true> {
  return Object.fromEntries(marksOfBits(bits).map((mark) => [mark.type.name, true as const]));
}

/** A difference as a Y.Text delta; formats we do not know stay where they are. */
export function deltaOf(change: Difference): DeltaOp[] {
  const delta: DeltaOp[] = [];
  if (change.type === "replace") {
    if (change.from > 0) delta.push({ retain: change.from });
    if (change.to > change.from) delta.push({ delete: change.to - change.from });
    eachRun(change.by, (text, bits) => delta.push({ insert: text, attributes: attributesOf(bits) }));
    return delta;
  }
  let at = 0;
  for (const { from, to, before, after } of change.changes) {
    if (from > at) delta.push({ retain: from - at });
    const attributes: Record<string, true | null> = {};
    MARKS.forEach((name, index) => {
      const bit = 1 << index;
      if ((before & bit) !== (after & bit)) attributes[name] = after & bit ? true : null;
    });
    delta.push({ retain: to - from, attributes });
    at = to;
  }
  return delta;
}
