/**
 * The columns of tables: docs/protocol/document.md, "Tables"; the server reads by the same rules.
 *
 * A column is an id with an order, kept on its table; a cell is a text under its column's id,
 * kept on its row. So rows and columns come, go and move at once without a word out of its place.
 */

import * as Y from "yjs";

import { clientOf, newId } from "./ids";
import { DIGITS, keyBetween, type Chance } from "./order";
import type { Kind } from "./kinds";

/** As many columns as the sheet makes in one table. */
export const MAX_COLUMNS = 40;

const COLUMN = "column.";
const CELL = "cell.";
const GONE = "-";

type Entry = Y.Map<unknown>;

export interface Column {
  readonly id: string;
  readonly order: string;
  readonly removed: boolean;
}

/** The place of the column that stands at `index` in the lists of cells of an imported table. */
function baseOrder(index: number): string {
  return (DIGITS[1 + (Math.floor(index / 61) % 61)] ?? "z") + (DIGITS[1 + (index % 61)] ?? "z");
}

/** The index in a row's list of cells that a column's id names, `null` for a column with an id of its own. */
function baseIndex(id: string): number | null {
  return /^(0|[1-9][0-9]{0,3})$/.test(id) ? Number(id) : null;
}

function listed(row: Entry): Y.Array<unknown> | null {
  const cells = row.get("cells");
  return cells instanceof Y.Array ? cells : null;
}

function byOrder(a: Column, b: Column): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** All columns a table has had, in order; `table` is `null` for rows without one. */
export function columnsOf(table: Entry | null, rows: readonly Entry[]): Column[] {
  const found = new Map<string, Column>();
  const length = rows.reduce((most, row) => Math.max(most, listed(row)?.length ?? 0), 0);
  for (let index = 0; index < length; index += 1) {
    found.set(String(index), { id: String(index), order: baseOrder(index), removed: false });
  }
  for (const row of rows) {
    for (const key of row.keys()) {
      const id = key.startsWith(CELL) ? key.slice(CELL.length) : "";
      // A cell whose column nobody knows stands behind all others: its words are seen.
      if (id !== "" && !found.has(id) && row.get(key) instanceof Y.Text) found.set(id, { id, order: "~", removed: false });
    }
  }
  for (const key of table?.keys() ?? []) {
    const value = table?.get(key);
    if (!key.startsWith(COLUMN) || typeof value !== "string") continue;
    const id = key.slice(COLUMN.length);
    const removed = value.startsWith(GONE);
    found.set(id, { id, order: removed ? value.slice(1) : value, removed });
  }
  return [...found.values()].sort(byOrder);
}

/** The text of a row's cell in a column, `null` when the row has none there. */
export function cellText(row: Entry, column: string): Y.Text | null {
  const own = row.get(CELL + column);
  if (own instanceof Y.Text) return own;
  const index = baseIndex(column);
  const found: unknown = own === undefined && index !== null ? listed(row)?.get(index) : null;
  return found instanceof Y.Text ? found : null;
}

/** The words of a row's cells in these columns, without the cells it lacks at the end; `null` for no cells. */
export function readCells(row: Entry, columns: readonly string[]): string[] | null {
  const texts = columns.map((column) => cellText(row, column));
  const end = texts.findLastIndex((text) => text !== null) + 1;
  if (end === 0 && listed(row) === null && ![...row.keys()].some((key) => key.startsWith(CELL))) return null;
  return texts.slice(0, end).map((text) => text?.toString() ?? "");
}

/**
 * The text of a cell, made when there is none: the very same making whoever makes it, so that two
 * who type into it at once, or offline, write into one text.
 */
export function makeCell(doc: Y.Doc, row: Entry, rowId: string, column: string): Y.Text {
  const found = cellText(row, column);
  if (found) return found;
  const maker = clientOf(`${rowId}/${column}`);
  const text = new Y.Text();
  doc.transact((transaction) => {
    // Made once and taken out since: the same making cannot make it again.
    if (row._map.has(CELL + column) || Y.getState(doc.store, maker) > 0) row.set(CELL + column, text);
    else {
      const made = new Y.ContentType(text);
      new Y.Item(Y.createID(maker, 0), null, null, null, null, row, CELL + column, made).integrate(transaction, 0);
    }
  }, "cell");
  return text;
}

/** What of a provision its table decides. */
export interface Tabular {
  readonly id: string;
  readonly kind: Kind;
  readonly cells: readonly string[] | null;
  readonly columns: readonly string[] | null;
}

/** The live columns and the cells of every table's rows; `heads` are in reading order. */
export function withTables<T extends Tabular>(heads: readonly T[], entryOf: (id: string) => Entry): T[] {
  const found: T[] = [];
  for (let at = 0; at < heads.length; ) {
    const head = heads[at]!;
    let end = at + 1;
    if (head.kind === "table" || head.kind === "row") while (heads[end]?.kind === "row") end += 1;
    else {
      found.push(head);
      at = end;
      continue;
    }
    const table = head.kind === "table" ? entryOf(head.id) : null;
    const rows = heads.slice(table ? at + 1 : at, end);
    const entries = rows.map(({ id }) => entryOf(id));
    const columns = columnsOf(table, entries).flatMap(({ id, removed }) => (removed ? [] : [id]));
    if (table) found.push({ ...head, columns });
    rows.forEach((row, index) => found.push({ ...row, columns, cells: readCells(entries[index]!, columns) }));
    at = end;
  }
  return found;
}

/** The key for a column between two others, ids of live columns; "" for an open end. */
export function orderBetween(columns: readonly Column[], index: number, chance: Chance = Math.random): string {
  const live = columns.filter(({ removed }) => !removed);
  const [before, after] = [live[index - 1]?.order ?? null, live[index]?.order ?? null];
  return keyBetween(before, after, chance) ?? keyBetween(before, null, chance) ?? "V";
}

export function setColumn(table: Entry, { id, order, removed }: Column): void {
  const value = (removed ? GONE : "") + order;
  if (table.get(COLUMN + id) !== value) table.set(COLUMN + id, value);
}

export const newColumnId = (): string => newId().slice(0, 8);
