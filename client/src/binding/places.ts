/** Places in the text that stay where they are while others type: Yjs relative positions. */

import { Selection, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import type { Node as ProseNode } from "prosemirror-model";
import * as Y from "yjs";

import { provisionText } from "../model";
import { attrsOf, indexOfBlock, positionOf } from "./schema";

/** A place by provision and offset in UTF-16 units. */
export interface Offset {
  readonly id: string;
  readonly offset: number;
}

/** A selection within the shared text, fit to be sent: docs/protocol/wire.md, `cursor`. */
export interface SharedCursor {
  readonly provision: string;
  readonly anchor: unknown;
  readonly head: unknown;
}

/** Both ends of a selection, each with its provision; they survive moves and typing. */
export interface Place {
  readonly anchor: { readonly id: string; readonly at: Y.RelativePosition };
  readonly head: { readonly id: string; readonly at: Y.RelativePosition };
}

export function offsetAt(doc: ProseNode, position: number): Offset | null {
  const $position = doc.resolve(Math.max(0, Math.min(position, doc.content.size)));
  if ($position.depth === 0) return null;
  return { id: attrsOf($position.node(1)).id, offset: $position.parentOffset };
}

/** The document position of an offset, held within its block; `null` without the block. */
export function positionAt(doc: ProseNode, { id, offset }: Offset): number | null {
  const index = indexOfBlock(doc, id);
  if (index < 0) return null;
  return positionOf(doc, index) + 1 + Math.min(offset, doc.child(index).content.size);
}

function relative(ydoc: Y.Doc, place: Offset | null): { id: string; at: Y.RelativePosition } | null {
  const text = place ? provisionText(ydoc, place.id) : null;
  if (!place || !text) return null;
  const at = Y.createRelativePositionFromTypeIndex(text, Math.min(place.offset, text.length), -1);
  return { id: place.id, at };
}

export function placeOf(ydoc: Y.Doc, { doc, selection }: EditorState): Place | null {
  const anchor = relative(ydoc, offsetAt(doc, selection.anchor));
  const head = relative(ydoc, offsetAt(doc, selection.head));
  return anchor && head ? { anchor, head } : null;
}

/** The offset a relative position stands at now, `null` when it is not in that provision. */
export function offsetOf(ydoc: Y.Doc, id: string, at: Y.RelativePosition): number | null {
  const found = Y.createAbsolutePositionFromRelativePosition(at, ydoc);
  return found && found.type === provisionText(ydoc, id) ? found.index : null;
}

/** Puts the selection of `tr` where the place is now; leaves it alone when it is gone. */
export function selectPlace(ydoc: Y.Doc, place: Place, tr: Transaction): boolean {
  const [anchor, head] = [place.anchor, place.head].map(({ id, at }) => {
    const offset = offsetOf(ydoc, id, at);
    return offset === null ? null : positionAt(tr.doc, { id, offset });
  });
  if (typeof anchor !== "number" || typeof head !== "number") return false;
  tr.setSelection(TextSelection.create(tr.doc, anchor, head));
  return true;
}

/**
 * Carries the selection over other people's changes. A caret stays before what is inserted
 * right at it, so that a Backspace sent by an input method meets one's own letter; a range
 * does not grow. In a block taken out and put in elsewhere it goes along: the `moves` first steps
 * move blocks with their words as they were.
 */
export function keepSelection(before: EditorState, tr: Transaction, displaced: ReadonlySet<string>, moves: number): void {
  const { anchor, head, empty } = before.selection;
  const carried = (position: number, side: number): number => {
    const place = offsetAt(before.doc, position);
    const along = place && displaced.has(place.id) ? positionAt(tr.docs[moves] ?? tr.doc, place) : null;
    return along === null ? tr.mapping.map(position, side) : tr.mapping.slice(moves).map(along, side);
  };
  const sideOf = (position: number, other: number): number => (empty || position > other ? -1 : 1);
  const $anchor = tr.doc.resolve(carried(anchor, sideOf(anchor, head)));
  const $head = tr.doc.resolve(carried(head, sideOf(head, anchor)));
  if ($anchor.parent.inlineContent && $head.parent.inlineContent) {
    tr.setSelection(new TextSelection($anchor, $head));
  } else {
    tr.setSelection(Selection.near($head, -1));
  }
}
