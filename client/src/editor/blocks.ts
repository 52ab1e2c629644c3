/** The blocks a selection touches, and small moves among them; all pure. */

import { Fragment, Slice, type Node as ProseNode } from "prosemirror-model";
import { Selection, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";

import { offsetAt, positionAt } from "../binding/places";
import { attrsOf, positionOf } from "../binding/schema";
import type { Kind, Stretch } from "../model";

export function kindsOf(doc: ProseNode): Kind[] {
  return doc.content.content.map((block) => attrsOf(block).kind);
}

export function kindAt(doc: ProseNode, index: number): Kind | undefined {
  const block = doc.maybeChild(index);
  return block ? attrsOf(block).kind : undefined;
}

/** Nothing is joined with tables or split in them. */
export function isTabular(kind: Kind | undefined): boolean {
  return kind === "row" || kind === "table";
}

export function selectedBlocks({ doc, selection }: EditorState): Stretch {
  const start = Math.min(selection.$from.index(0), doc.childCount - 1);
  const { $to } = selection;
  const end = $to.depth === 0 ? $to.index(0) : $to.index(0) + 1;
  return { start, end: Math.max(end, start + 1) };
}

/** Takes the blocks of `range` out and puts `by` there. */
export function replaceBlocks(tr: Transaction, range: Stretch, by: readonly ProseNode[]): Transaction {
  const from = positionOf(tr.doc, range.start);
  const to = positionOf(tr.doc, range.end);
  return tr.step(new ReplaceStep(from, to, new Slice(Fragment.fromArray([...by]), 0, 0)));
}

/** Puts the caret into the block at `index`. */
export function caretIn(tr: Transaction, index: number, offset = 0): Transaction {
  const at = positionOf(tr.doc, index) + 1;
  const size = tr.doc.child(index).content.size;
  return tr.setSelection(TextSelection.create(tr.doc, at + Math.min(offset, size))).scrollIntoView();
}

/** Moves blocks so that they stand before what is at `target` now; the caret goes along. */
export function moveBlocks(state: EditorState, range: Stretch, target: number): Transaction {
  const { doc, selection, tr } = state;
  const blocks = doc.content.content;
  const moved = blocks.slice(range.start, range.end);
  const start = Math.min(range.start, target);
  const end = Math.max(range.end, target);
  const passed =
    target < range.start ? blocks.slice(target, range.start) : blocks.slice(range.end, target);
  replaceBlocks(tr, { start, end }, target < range.start ? [...moved, ...passed] : [...passed, ...moved]);
  const places = [selection.anchor, selection.head].map((position) => offsetAt(doc, position));
  const [anchor, head] = places.map((place) => (place ? positionAt(tr.doc, place) : null));
  if (typeof anchor === "number" && typeof head === "number") {
    tr.setSelection(TextSelection.create(tr.doc, anchor, head));
  } else {
    tr.setSelection(Selection.near(tr.doc.resolve(positionOf(tr.doc, start))));
  }
  return tr;
}
