/** The cells of the sheet's tables: which there are, what stands beside which, their texts and elements. */

import type { EditorView } from "prosemirror-view";

import type { Binding } from "../binding/binding";
import { attrsOf, indexOfBlock } from "../binding/schema";
import { cellText, makeCell, provisionEntry } from "../model";
import { rowsOfTable, tableOf } from "./tables";
import type { Messages } from "./types";

export interface Cell {
  readonly row: string;
  readonly column: string;
}

/** Cells chosen: all between the first and the one that moves. */
export interface Chosen {
  readonly anchor: Cell;
  readonly head: Cell;
}

export interface GridSurroundings {
  readonly view: () => EditorView;
  readonly binding: Binding;
  readonly messages: Messages;
}

export const CELL = ".provision-cell";

export const cellOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(CELL) : null;

export function placeOfCell(element: HTMLElement | null): Cell | null {
  const row = element?.parentElement?.dataset["id"];
  const column = element?.dataset["column"];
  return row && column !== undefined ? { row, column } : null;
}

export const same = (a: Cell | null, b: Cell | null): boolean => a?.row === b?.row && a?.column === b?.column;

export class CellGrid {
  constructor(private readonly around: GridSurroundings) {}

  columns(table: string): readonly string[] {
    return this.around.binding.heads.find(({ id }) => id === table)?.columns ?? [];
  }

  element({ row, column }: Cell): HTMLElement | null {
    const { dom } = this.around.view();
    return dom.querySelector(`[data-id="${CSS.escape(row)}"] > [data-column="${CSS.escape(column)}"]`);
  }

  text({ row, column }: Cell) {
    const entry = provisionEntry(this.around.binding.doc, row);
    return entry ? cellText(entry, column) : null;
  }

  made({ row, column }: Cell) {
    const { doc } = this.around.binding;
    return makeCell(doc, provisionEntry(doc, row)!, row, column);
  }

  nameOf({ row, column }: Cell): string {
    const { state } = this.around.view();
    const table = tableOf(state.doc, row) ?? "";
    const rows = rowsOfTable(state.doc, table);
    const at = this.columns(table).indexOf(column);
    const head = state.doc.maybeChild(indexOfBlock(state.doc, rows[0] ?? ""));
    const title = head ? (attrsOf(head).cells?.[at] ?? "").slice(0, 60) : "";
    return this.around.messages("editor.cell", { row: rows.indexOf(row) + 1, column: at + 1, head: title });
  }

  /** The cell so many columns and rows on, `null` beyond the edge. */
  beside({ row, column }: Cell, across: number, down: number): Cell | null {
    const { doc } = this.around.view().state;
    const table = tableOf(doc, row) ?? "";
    const rows = rowsOfTable(doc, table);
    const columns = this.columns(table);
    const nextRow = rows[rows.indexOf(row) + down];
    const nextColumn = columns[columns.indexOf(column) + across];
    return nextRow === undefined || nextColumn === undefined ? null : { row: nextRow, column: nextColumn };
  }

  wrapped(cell: Cell, step: 1 | -1): Cell | null {
    const { doc } = this.around.view().state;
    const columns = this.columns(tableOf(doc, cell.row) ?? "");
    const across = step > 0 ? columns[0] : columns.at(-1);
    return this.beside(cell, step, 0) ?? this.beside({ row: cell.row, column: across ?? "" }, 0, step);
  }

  rectangle({ anchor, head }: Chosen): { rows: string[]; columns: string[] } {
    const { doc } = this.around.view().state;
    const table = tableOf(doc, anchor.row) ?? "";
    const between = (all: readonly string[], a: string, b: string): string[] => {
      const ends = [all.indexOf(a), all.indexOf(b)];
      return all.slice(Math.min(...ends), Math.max(...ends) + 1);
    };
    return {
      rows: between(rowsOfTable(doc, table), anchor.row, head.row),
      columns: between(this.columns(table), anchor.column, head.column),
    };
  }
}

/** Where an offset in the words of a cell stands on the screen; `null` where it has no words to be drawn at. */
export function boxAt(cell: Element, offset: number): DOMRect | null {
  const words = cell.querySelector(".cell-words");
  if (words === null) return null;
  const place = placeIn(words, offset);
  if (place === null) return words.getBoundingClientRect();
  const range = document.createRange();
  range.setStart(place.node, place.offset);
  return range.getBoundingClientRect();
}

/** The boxes of a stretch of a cell's words, line by line. */
export function boxesOf(cell: Element, from: number, to: number): DOMRect[] {
  const words = cell.querySelector(".cell-words");
  const [start, end] = [from, to].map((offset) => (words === null ? null : placeIn(words, offset)));
  if (!start || !end) return [];
  const range = document.createRange();
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return [...range.getClientRects()];
}

function placeIn(words: Element, offset: number): { node: Text; offset: number } | null {
  const texts = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  let left = offset;
  let last: Text | null = null;
  while (texts.nextNode()) {
    last = texts.currentNode as Text;
    if (left <= last.length) return { node: last, offset: left };
    left -= last.length;
  }
  return last === null ? null : { node: last, offset: last.length };
}

/** How many letters of a cell stand before a place in it. */
export function offsetIn(cell: Element, node: Node, offset: number): number {
  const words = cell.querySelector(".cell-words") ?? cell;
  if (!words.contains(node)) return 0;
  const before = document.createRange();
  before.selectNodeContents(words);
  before.setEnd(node, offset);
  return before.toString().length;
}
