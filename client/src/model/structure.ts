/** What moves with what, where it may go, and how levels change together; all over kinds alone. */

import { rankOf, subtreeEnd, type Kind } from "./kinds";

/** Indices of provisions, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The first row of the rows that `index` stands among. */
function firstRow(kinds: readonly Kind[], index: number): number {
  let at = index;
  while (kinds[at - 1] === "row") at -= 1;
  return at;
}

function endOfRows(kinds: readonly Kind[], index: number): number {
  let at = index;
  while (kinds[at] === "row") at += 1;
  return at;
}

/**
 * What moves when these provisions do: each with all beneath it. Rows leave their table only
 * with it, so a stretch that reaches beyond them takes in the whole table.
 */
export function movedStretch(kinds: readonly Kind[], { start, end }: Stretch): Stretch {
  let last = end;
  for (let index = start; index < last; index += 1) last = Math.max(last, subtreeEnd(kinds, index));
  if (kinds[start] !== "row" || endOfRows(kinds, start) >= last) return { start, end: last };
  const head = firstRow(kinds, start);
  return { start: kinds[head - 1] === "table" ? head - 1 : head, end: last };
}

/**
 * Whether a moved stretch may stand before what is at `target` now.
 *
 * It may where nobody else changes unit by it: what would follow must not rank below anything
 * that is moved, and a table is never parted from its rows.
 */
export function mayStand(kinds: readonly Kind[], { start, end }: Stretch, target: number): boolean {
  if (target < 0 || target > kinds.length || (target >= start && target <= end)) return false;
  const moved = kinds.slice(start, end);
  const next = kinds[target];
  if (moved.every((kind) => kind === "row")) {
    return target >= firstRow(kinds, start) && target <= endOfRows(kinds, start);
  }
  if (next === undefined) return true;
  if (next === "row") return false;
  const ranks = moved.flatMap((kind) => rankOf(kind) ?? []);
  const rank = rankOf(next);
  if (ranks.length === 0) return true;
  return rank !== undefined && rank <= Math.min(...ranks);
}

/** The nearest place above (-1) or below (1) at which a moved stretch may stand; `null` for none. */
export function nextPlace(kinds: readonly Kind[], stretch: Stretch, step: 1 | -1): number | null {
  let target = step < 0 ? stretch.start - 1 : stretch.end + 1;
  while (target >= 0 && target <= kinds.length) {
    if (mayStand(kinds, stretch, target)) return target;
    target += step;
  }
  return null;
}

const LADDERS: readonly (readonly Kind[])[] = [
  ["part", "chapter", "section", "subsection"],
  ["article", "clause", "point", "indent"],
];

/** The kind one level down (1) or up (-1), `undefined` at the end of its ladder or beside them. */
export function neighbourKind(kind: Kind, step: 1 | -1): Kind | undefined {
  const ladder = LADDERS.find((kinds) => kinds.includes(kind));
  return ladder?.[ladder.indexOf(kind) + step];
}

export function isUnit(kind: Kind | undefined): boolean {
  return kind !== undefined && LADDERS[1]!.includes(kind);
}

/** The kind of the unit a paragraph at `index` belongs to, among article, clause, point, indent. */
function unitAbove(kinds: readonly Kind[], index: number): Kind | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    if (isUnit(kinds[at])) return kinds[at];
    if (rankOf(kinds[at]!) !== undefined) return undefined;
  }
  return undefined;
}

function shiftedParagraph(kinds: readonly Kind[], index: number, step: 1 | -1): Kind {
  const unit = unitAbove(kinds, index);
  if (step < 0) return unit ?? "article";
  return unit ? (neighbourKind(unit, 1) ?? unit) : "clause";
}

/**
 * New kinds, by index, of provisions that go one level down (1) or up (-1) together.
 *
 * Levels among them stay what they were: all go or none. A title takes the titles beneath it
 * along, not the articles; paragraphs follow their unit, and shift where no unit is among them.
 */
export function shiftedKinds(kinds: readonly Kind[], { start, end }: Stretch, step: 1 | -1): Map<number, Kind> {
  const changes = new Map<number, Kind>();
  const chosen = kinds.slice(start, end);
  const ladder = LADDERS.find((steps) => chosen.some((kind) => steps.includes(kind)));
  for (const [offset, kind] of chosen.entries()) {
    const index = start + offset;
    if (ladder?.includes(kind)) {
      const next = neighbourKind(kind, step);
      if (next === undefined) return new Map();
      changes.set(index, next);
    } else if (!ladder && kind === "paragraph") {
      changes.set(index, shiftedParagraph(kinds, index, step));
    }
  }
  return changes;
}

/** The article that `index` stands in, -1 when it stands in none. */
export function articleOf(kinds: readonly Kind[], index: number): number {
  for (let at = index; at >= 0; at -= 1) {
    if (kinds[at] === "article") return at;
    const rank = rankOf(kinds[at]!);
    if (rank !== undefined && rank < 6) return -1;
  }
  return -1;
}

/**
 * What the heading of the article at `index` becomes when it is joined with the article before:
 * a clause among clauses, else a paragraph; `null` when no article stands before it.
 */
export function joinedHeading(kinds: readonly Kind[], index: number): Kind | null {
  const previous = articleOf(kinds, index - 1);
  if (kinds[index] !== "article" || previous < 0) return null;
  const both = kinds.slice(previous, subtreeEnd(kinds, index));
  return both.includes("clause") ? "clause" : "paragraph";
}
