/** Changes of tables in the shared map: columns, cells, the head. */

import type * as Y from "yjs";

import {
  cellText,
  columnsOf,
  makeCell,
  newColumnId,
  orderBetween,
  provisionEntry,
  setColumn,
  type Column,
  type ProvisionHead,
  type ProvisionMap,
} from "../model";

/** A cell just made, and the words it shall have. */
export interface NewCell {
  readonly text: Y.Text;
  readonly words: string;
}

/** The rows of a table, by id, as they stand; `null` when there is no such table. */
export interface TableRows {
  readonly table: ProvisionMap;
  readonly rows: ReadonlyMap<string, ProvisionMap>;
}

export function rowsOf(doc: Y.Doc, heads: readonly ProvisionHead[], tableId: string): TableRows | null {
  const index = heads.findIndex(({ id }) => id === tableId);
  const table = provisionEntry(doc, tableId);
  if (index < 0 || !table) return null;
  const rows = new Map<string, ProvisionMap>();
  for (let at = index + 1; heads[at]?.kind === "row"; at += 1) {
    const { id } = heads[at]!;
    const entry = provisionEntry(doc, id);
    if (entry) rows.set(id, entry);
  }
  return { table, rows };
}

/**
 * Cells for the rows among `created`, a text in every column of their table; a new table has as
 * many columns as its longest row has words for. Answers which words to write where.
 */
export function makeCells(doc: Y.Doc, heads: readonly ProvisionHead[], created: ReadonlySet<string>): NewCell[] {
  const made: NewCell[] = [];
  let columns: readonly string[] = [];
  heads.forEach((head, index) => {
    if (head.kind !== "row" && head.kind !== "table") columns = [];
    if (head.kind === "table") columns = head.columns ?? [];
    if (head.kind === "table" && (created.has(head.id) || columns.length === 0)) columns = newColumns(doc, heads, index);
    const entry = head.kind === "row" && created.has(head.id) ? provisionEntry(doc, head.id) : null;
    if (!entry) return;
    columns.forEach((column, at) => {
      made.push({ text: makeCell(doc, entry, head.id, column), words: head.cells?.[at] ?? "" });
    });
  });
  return made;
}

function newColumns(doc: Y.Doc, heads: readonly ProvisionHead[], index: number): string[] {
  const table = provisionEntry(doc, heads[index]!.id);
  let count = heads[index]?.columns?.length ?? 0;
  for (let at = index + 1; heads[at]?.kind === "row"; at += 1) count = Math.max(count, heads[at]?.cells?.length ?? 0);
  const columns: Column[] = [];
  while (table && columns.length < Math.max(count, 1)) {
    const column = { id: newColumnId(), order: orderBetween(columns, columns.length), removed: false };
    setColumn(table, column);
    columns.push(column);
  }
  return columns.map(({ id }) => id);
}

/** Makes a column, as a removed one, before the live one at `index`; bringing it in is the edit. */
export function prepareColumn(doc: Y.Doc, { table, rows }: TableRows, index: number): Column {
  const order = orderBetween(columnsOf(table, [...rows.values()]), index);
  const column: Column = { id: newColumnId(), order, removed: false };
  setColumn(table, { ...column, removed: true });
  for (const [id, row] of rows) makeCell(doc, row, id, column.id);
  return column;
}

/** Takes a column out or brings it back; its words stay where they are. */
export function keepColumn({ table, rows }: TableRows, id: string, removed: boolean): void {
  const column = columnsOf(table, [...rows.values()]).find((one) => one.id === id);
  if (column) setColumn(table, { ...column, removed });
}

/** Puts a column before the live one at `index` of those without it. */
export function moveColumn({ table, rows }: TableRows, id: string, index: number): void {
  const columns = columnsOf(table, [...rows.values()]);
  const column = columns.find((one) => one.id === id);
  const others = columns.filter((one) => one.id !== id);
  if (column) setColumn(table, { ...column, order: orderBetween(others, index) });
}

/** A column taken out that still holds words. */
export interface RemovedColumn {
  readonly table: string;
  readonly id: string;
  readonly words: string;
}

export function removedColumns(doc: Y.Doc, heads: readonly ProvisionHead[]): RemovedColumn[] {
  return heads.flatMap(({ id: table, kind }) => {
    const found = kind === "table" ? rowsOf(doc, heads, table) : null;
    if (!found) return [];
    const rows = [...found.rows.values()];
    return columnsOf(found.table, rows).flatMap(({ id, removed }) => {
      const words = rows.map((row) => cellText(row, id)?.toString().trim() ?? "").filter((text) => text !== "");
      return removed && words.length > 0 ? [{ table, id, words: words.join(" | ") }] : [];
    });
  });
}
