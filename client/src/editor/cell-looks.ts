/**
 * The cells of a row as they are drawn: their words, and among these what comments are about and where others are.
 *
 * A row's words are attributes of its block, so what is drawn among them comes as the `cell` of the spec of a
 * decoration of the whole block. Names are shown by style: the words of a cell stay the only text in it.
 */

import type { Decoration } from "prosemirror-view";

import type { BlockAttrs } from "../binding/schema";

/** Classes of a stretch of a cell's words, or somebody's caret at its end. */
export interface CellLook {
  readonly column: string;
  readonly from: number;
  readonly to: number;
  readonly look: string;
  /** Whose: `#rrggbb`. */
  readonly color?: string;
  readonly caret?: { readonly client: number; readonly user: string; readonly name: string; readonly title: string; readonly attention: string };
}

/** The columns of a row in order; of rows whose table tells none, by their places. */
export const columnsIn = ({ columns, cells }: Pick<BlockAttrs, "columns" | "cells">): readonly string[] =>
  columns ?? (cells ?? []).map((_, at) => String(at));

export function cellLooks(decorations: readonly Decoration[]): CellLook[] {
  return decorations.flatMap(({ spec }) => {
    const look = (spec as { cell?: CellLook } | undefined)?.cell;
    return look === undefined ? [] : [look];
  });
}

/** A stretch between two places where something begins or ends, with all that covers it. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly looks: readonly CellLook[];
  /** Who stands at its beginning. */
  readonly carets: readonly CellLook[];
}

/** The pieces of `length` letters in order; together they are all of them, the last one may be empty. */
export function piecesOf(length: number, looks: readonly CellLook[]): Piece[] {
  const held = looks.map((look) => ({ ...look, from: Math.min(look.from, length), to: Math.min(look.to, length) }));
  const stretches = held.filter(({ caret, from, to }) => caret === undefined && from < to);
  const carets = held.filter(({ caret }) => caret !== undefined);
  const ends = new Set([0, length, ...stretches.flatMap(({ from, to }) => [from, to]), ...carets.map(({ to }) => to)]);
  const places = [...ends].toSorted((a, b) => a - b);
  return places.map((from, at) => {
    const to = places[at + 1] ?? from;
    return {
      from,
      to,
      looks: stretches.filter((one) => one.from < to && one.to > from && from < to),
      carets: carets.filter((one) => one.to === from),
    };
  });
}

const drawn = new WeakMap<HTMLElement, string>();

/** The cells in their columns' order; one that stays is the same element, with whatever is typed in it. */
export function drawCells(row: HTMLElement, columns: readonly string[], cells: readonly string[], looks: readonly CellLook[]): void {
  const there = new Map([...row.querySelectorAll<HTMLElement>(".provision-cell")].map((cell) => [cell.dataset["column"], cell]));
  columns.forEach((column, at) => {
    let cell = there.get(column);
    there.delete(column);
    if (!cell) {
      cell = document.createElement("span");
      cell.className = "provision-cell";
      cell.dataset["column"] = column;
      const words = document.createElement("span");
      words.className = "cell-words";
      cell.append(words);
    }
    drawWords(cell.firstElementChild as HTMLElement, cells[at] ?? "", looks.filter((look) => look.column === column));
    if (row.children[at] !== cell) row.insertBefore(cell, row.children[at] ?? null);
  });
  for (const cell of there.values()) cell.remove();
}

function drawWords(element: HTMLElement, words: string, looks: readonly CellLook[]): void {
  const wanted = JSON.stringify([words, looks]);
  if (drawn.get(element) === wanted) return;
  drawn.set(element, wanted);
  if (looks.length === 0) {
    element.textContent = words;
    return;
  }
  element.replaceChildren(
    ...piecesOf(words.length, looks).flatMap(({ from, to, looks: over, carets }) => {
      const text = words.slice(from, to);
      return [...carets.map(caretOf), ...(text === "" ? [] : [over.length === 0 ? text : stretch(text, over)])];
    }),
  );
}

function stretch(text: string, over: readonly CellLook[]): HTMLElement {
  const span = document.createElement("span");
  span.className = [...new Set(over.flatMap(({ look }) => look.split(" ")))].join(" ");
  const color = over.find((one) => one.color !== undefined)?.color;
  if (color !== undefined) span.style.setProperty("--person", color);
  span.textContent = text;
  return span;
}

function caretOf({ look, color, caret }: CellLook): HTMLElement {
  const span = document.createElement("span");
  span.className = look;
  span.style.setProperty("--person", color ?? "#595550");
  Object.assign(span.dataset, { user: caret?.user, name: caret?.name, attention: caret?.attention });
  span.role = "img";
  span.title = span.ariaLabel = caret?.title ?? "";
  return span;
}
