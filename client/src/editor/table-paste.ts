/** Tables of other programs, and ours for them: HTML and lines parted by tabs. */

import { cleanInline, MAX_COLUMNS } from "../model";
import { foreign } from "../ui/markup";
import { MAX_ROWS, type Grid } from "./tables";

export interface PastedTable {
  readonly grid: Grid;
  readonly header: boolean;
  /** Whether cells over several rows or columns were taken apart: the words stand in the first. */
  readonly spread: boolean;
  /** Whether there was more than is taken in at once. */
  readonly cut: boolean;
}

const tidy = (text: string): string => cleanInline(text).replace(/ +/g, " ").trim();

function fitted(rows: readonly (readonly string[])[]): { grid: Grid; cut: boolean } {
  const wide = Math.max(...rows.map(({ length }) => length), 1);
  const width = Math.min(wide, MAX_COLUMNS);
  const grid = rows
    .slice(0, MAX_ROWS)
    .map((row) => Array.from({ length: width }, (_, at) => row[at] ?? ""));
  return { grid, cut: rows.length > MAX_ROWS || wide > MAX_COLUMNS };
}

function spanOf(cell: Element, name: "rowspan" | "colspan", most: number): number {
  const span = Number.parseInt(cell.getAttribute(name) ?? "1", 10);
  return Math.min(Math.max(Number.isNaN(span) ? 1 : span, 1), most);
}

/** One table element; a cell over several others leaves those empty. */
function readTable(table: HTMLTableElement): PastedTable {
  const rows: string[][] = [];
  const taken = new Set<string>();
  let spread = false;
  [...table.rows].slice(0, MAX_ROWS + 1).forEach((row, at) => {
    const words: string[] = [];
    let column = 0;
    for (const cell of row.cells) {
      while (taken.has(`${at}/${column}`)) words[column++] = "";
      const down = spanOf(cell, "rowspan", MAX_ROWS);
      const across = spanOf(cell, "colspan", MAX_COLUMNS);
      spread ||= down > 1 || across > 1;
      words[column] = tidy(cell.textContent ?? "");
      for (let below = 0; below < down; below += 1) {
        for (let beside = 0; beside < across; beside += 1) taken.add(`${at + below}/${column + beside}`);
      }
      for (let beside = 1; beside < across; beside += 1) words[column + beside] = "";
      column += across;
    }
    rows.push(words);
  });
  const [first] = table.rows;
  const header = first !== undefined && (table.tHead !== null || [...first.cells].every(({ tagName }) => tagName === "TH"));
  return { ...fitted(rows), header, spread };
}

/** The one table that this HTML is, `null` when it is more or less than that. */
export function tableOfHtml(html: string): PastedTable | null {
  const body = foreign(html);
  const tables = [...body.querySelectorAll("table")].filter((table) => table.parentElement?.closest("table") === null);
  const [table] = tables;
  if (!table || tables.length > 1 || table.rows.length === 0) return null;
  const read = readTable(table);
  table.remove();
  for (const other of body.querySelectorAll("style, script, title, meta")) other.remove();
  return tidy(body.textContent ?? "") === "" ? read : null;
}

/** Lines of cells parted by tabs; `null` unless every line has as many. */
export function tableOfText(text: string): PastedTable | null {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n", MAX_ROWS + 1);
  const rows = lines.map((line) => line.split("\t").map(tidy));
  const width = rows[0]?.length ?? 0;
  if (width < 2 || rows.some((row) => row.length !== width)) return null;
  return { ...fitted(rows), header: false, spread: false };
}

/** What a cell takes in as cells: a table, or lines, one below the other. */
export function gridOf(html: string, text: string): PastedTable {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n", MAX_ROWS + 1);
  const read = html === "" ? null : tableOfHtml(html);
  return read ?? { ...fitted(lines.map((line) => line.split("\t").map(tidy))), header: false, spread: false };
}

export function textOfGrid(grid: Grid): string {
  return grid.map((row) => row.join("\t")).join("\n");
}

const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export function htmlOfGrid(grid: Grid, header = false): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${grid.map((cells, at) => row(cells, header && at === 0 ? "th" : "td")).join("")}</table>`;
}
