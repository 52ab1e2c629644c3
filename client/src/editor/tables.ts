/** Tables on the sheet: nothing is written into a row as into a paragraph, cells are typed into by themselves. */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin, type Command, type EditorState } from "prosemirror-state";

import { SHOWN, STEP } from "../binding/binding";
import { attrsOf, blockType, indexOfBlock, NEW_BLOCK } from "../binding/schema";
import { MAX_COLUMNS, subtreeEnd } from "../model";
import { caretIn, kindAt, kindsOf, replaceBlocks } from "./blocks";

/** More rows are not made at once. */
export const MAX_ROWS = 500;

/** Words by row and column. */
export type Grid = readonly (readonly string[])[];

function rowWords(doc: ProseNode): Map<string, ProseNode> {
  const found = new Map<string, ProseNode>();
  doc.forEach((block) => {
    const { id, kind } = attrsOf(block);
    if (kind === "row" || kind === "table") found.set(id, block);
  });
  return found;
}

/** Refuses a local change of the kind of a row or table, and of words in a row that are none of a cell. */
export function wholeTables(): Plugin {
  return new Plugin({
    filterTransaction(tr, { doc }) {
      if (!tr.docChanged || tr.getMeta(SHOWN)) return true;
      const before = rowWords(doc);
      if (before.size === 0) return true;
      return tr.doc.content.content.every((block) => {
        const { id, kind } = attrsOf(block);
        const old = before.get(id);
        if (!old || old === block) return true;
        return attrsOf(old).kind === kind && (kind === "table" || old.content.eq(block.content));
      });
    },
  });
}

function rowOf(words: readonly string[]): ProseNode {
  return blockType.create({ ...NEW_BLOCK, kind: "row", cells: words });
}

export function emptyGrid(rows: number, columns: number): Grid {
  const width = Math.min(Math.max(columns, 1), MAX_COLUMNS);
  return Array.from({ length: Math.min(Math.max(rows, 1), MAX_ROWS) }, () => Array.from({ length: width }, () => ""));
}

/** A new table with these words behind the provision the caret is in; an empty paragraph gives way to it. */
export function insertTable(grid: Grid, header: boolean): Command {
  return (state, dispatch) => {
    const kinds = kindsOf(state.doc);
    const index = state.selection.$head.index(0);
    const block = state.doc.maybeChild(index);
    if (!block || grid.length === 0) return false;
    const inTable = kinds[index] === "row" || kinds[index] === "table";
    const gives = kinds[index] === "paragraph" && block.content.size === 0;
    let at = index + (gives ? 0 : 1);
    if (inTable) at = subtreeEnd(kinds, index);
    while (!gives && kinds[at] === "row") at += 1;
    const wide = grid.map((row) => row.slice(0, MAX_COLUMNS));
    const table = blockType.create({ ...NEW_BLOCK, kind: "table", header });
    const blocks = [table, ...wide.slice(0, MAX_ROWS).map(rowOf)];
    const tr = replaceBlocks(state.tr, { start: at, end: gives ? at + 1 : at }, blocks);
    dispatch?.(caretIn(tr, at).setMeta(STEP, true).scrollIntoView());
    return true;
  };
}

/** The id of the table that a row, or the table itself, stands in. */
export function tableOf(doc: ProseNode, id: string): string | null {
  let index = indexOfBlock(doc, id);
  while (kindAt(doc, index) === "row") index -= 1;
  return kindAt(doc, index) === "table" ? attrsOf(doc.child(index)).id : null;
}

/** The rows of a table, its first row first. */
export function rowsOfTable(doc: ProseNode, tableId: string): string[] {
  const rows: string[] = [];
  for (let at = indexOfBlock(doc, tableId) + 1; at > 0 && kindAt(doc, at) === "row"; at += 1) rows.push(attrsOf(doc.child(at)).id);
  return rows;
}

/** New empty rows before (0) or behind (1) a row. */
export function insertRow(rowId: string, side: 0 | 1, grid: Grid = [[]]): Command {
  return (state, dispatch) => {
    const at = indexOfBlock(state.doc, rowId) + side;
    if (at < side || kindAt(state.doc, at - side) !== "row") return false;
    dispatch?.(replaceBlocks(state.tr, { start: at, end: at }, grid.slice(0, MAX_ROWS).map(rowOf)).setMeta(STEP, true));
    return true;
  };
}

/** Takes rows out; the last of all takes its table along. */
export function removeRows(ids: readonly string[]): Command {
  return (state, dispatch) => {
    const tr = state.tr;
    const table = tableOf(state.doc, ids[0] ?? "");
    for (const id of ids) {
      const at = indexOfBlock(tr.doc, id);
      if (at >= 0 && tr.doc.childCount > 1) replaceBlocks(tr, { start: at, end: at + 1 }, []);
    }
    if (table !== null && rowsOfTable(tr.doc, table).length === 0) removeAt(tr, indexOfBlock(tr.doc, table));
    if (!tr.docChanged) return false;
    dispatch?.(tr.setMeta(STEP, true));
    return true;
  };
}

function removeAt(tr: EditorState["tr"], at: number): void {
  replaceBlocks(tr, { start: at, end: at + 1 }, tr.doc.childCount > 1 ? [] : [blockType.create()]);
}

export function removeTable(tableId: string): Command {
  return (state, dispatch) => {
    const start = indexOfBlock(state.doc, tableId);
    if (start < 0) return false;
    const end = subtreeEnd(kindsOf(state.doc), start);
    const all = end - start === state.doc.childCount;
    const tr = replaceBlocks(state.tr, { start, end }, all ? [blockType.create()] : []);
    dispatch?.(caretIn(tr, Math.min(start, tr.doc.childCount - 1)).setMeta(STEP, true));
    return true;
  };
}
