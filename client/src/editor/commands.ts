/**
 * What the keys and buttons do to a draft. Each is a ProseMirror command: without `dispatch`
 * it only answers whether it would do something.
 *
 * Backspace at the start of a provision joins it with the one above and does not outdent it
 * first: numbers are not text here, and an outdented clause would silently become an article.
 */

import { toggleMark as toggle } from "prosemirror-commands";
import type { Command, EditorState, Transaction } from "prosemirror-state";

import { AttributesStep } from "../binding/attributes-step";
import { STEP } from "../binding/binding";
import { attrsOf, blockType, NEW_BLOCK, positionOf, schema } from "../binding/schema";
import {
  isUnit,
  movedStretch,
  nextPlace,
  rankOf,
  shiftedKinds,
  subtreeEnd,
  type Kind,
  type Stretch,
} from "../model";
import {
  caretIn,
  isTabular,
  kindAt,
  kindsOf,
  moveBlocks,
  replaceBlocks,
  selectedBlocks,
} from "./blocks";
import type { MarkKind } from "./types";

/** What Enter at the end of a title starts. */
const AFTER: Readonly<Partial<Record<Kind, Kind>>> = {
  part: "article",
  chapter: "article",
  section: "article",
  subsection: "article",
  heading: "clause",
  article: "clause",
  appendix: "paragraph",
  table: "paragraph",
  row: "paragraph",
};

function setKinds(state: EditorState, kinds: ReadonlyMap<number, Kind>): Transaction | null {
  const changes = new Map<number, { kind: Kind }>();
  for (const [index, kind] of kinds) {
    const now = kindAt(state.doc, index);
    if (kind !== now && !isTabular(now) && !isTabular(kind)) changes.set(index, { kind });
  }
  return changes.size > 0 ? state.tr.step(new AttributesStep(changes)).setMeta(STEP, true) : null;
}

function run(tr: Transaction | null, dispatch: ((tr: Transaction) => void) | undefined): boolean {
  if (tr) dispatch?.(tr);
  return tr !== null;
}

export function setKind(kind: Kind): Command {
  return (state, dispatch) => {
    const { start, end } = selectedBlocks(state);
    const wanted = new Map(Array.from({ length: end - start }, (_, offset) => [start + offset, kind]));
    return run(setKinds(state, wanted), dispatch);
  };
}

function shift(step: 1 | -1): Command {
  return (state, dispatch) =>
    run(setKinds(state, shiftedKinds(kindsOf(state.doc), selectedBlocks(state), step)), dispatch);
}

/** The selected provisions one level down, all or none: what is nested in one another stays so. */
export const indent: Command = shift(1);

export const outdent: Command = shift(-1);

export function toggleMark(kind: MarkKind): Command {
  const command = toggle(schema.marks[kind]!);
  return (state, dispatch, view) =>
    command(state, dispatch && ((tr) => dispatch(tr.setMeta(STEP, tr.docChanged))), view);
}

/** Deletes what is selected; tables at its edges lose no words to their neighbours. */
export const deleteSelection: Command = (state, dispatch) => {
  if (state.selection.empty) return false;
  dispatch?.(withoutSelection(state).setMeta(STEP, true).scrollIntoView());
  return true;
};

function withoutSelection(state: EditorState): Transaction {
  const { tr, selection, doc } = state;
  const { start, end } = selectedBlocks(state);
  const edges = [kindAt(doc, start), kindAt(doc, end - 1)];
  if (end - start === 1 || !edges.some(isTabular)) return tr.deleteSelection();
  const { $from, $to } = selection;
  tr.delete(positionOf(doc, end - 1) + 1, $to.pos);
  replaceBlocks(tr, { start: start + 1, end: end - 1 }, []);
  tr.delete($from.pos, positionOf(doc, start) + 1 + doc.child(start).content.size);
  return caretIn(tr, start, $from.parentOffset);
}

/** Blocks only partly selected across several provisions: left to `deleteSelection`, never to the browser. */
export const deleteAcross: Command = (state, dispatch, view) => {
  const { start, end } = selectedBlocks(state);
  return end - start > 1 && deleteSelection(state, dispatch, view);
};

/** Splits the provision at the caret; the new one gets the kind that belongs there. */
function split(state: EditorState, wanted: Kind | null): Transaction {
  const tr = state.selection.empty ? state.tr : withoutSelection(state);
  const { $from } = tr.selection;
  const index = $from.index(0);
  const block = tr.doc.child(index);
  const attrs = attrsOf(block);
  const offset = $from.parentOffset;
  const ended = offset === block.content.size;
  const kind = wanted ?? (ended ? (AFTER[attrs.kind] ?? attrs.kind) : attrs.kind);
  if (isTabular(attrs.kind) || ended) {
    const at = isTabular(attrs.kind) ? subtreeEnd(kindsOf(tr.doc), index) : index + 1;
    replaceBlocks(tr, { start: at, end: at }, [blockType.create({ ...NEW_BLOCK, kind })]);
    return caretIn(tr, at);
  }
  if (offset === 0) {
    // The words keep their identity: what comes in front of them is the new provision.
    const before = blockType.create({ ...NEW_BLOCK, kind: wanted ?? attrs.kind });
    replaceBlocks(tr, { start: index, end: index }, [before]);
    return caretIn(tr, index + 1);
  }
  tr.split($from.pos, 1, [{ type: blockType, attrs: { ...attrs, kind } }]);
  return caretIn(tr, index + 1);
}

/** Enter: the next provision; in an empty clause, point or indent one level up, as in Word. */
export const enter: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const block = $from.depth > 0 ? $from.parent : state.doc.child(0);
  const { kind } = attrsOf(block);
  if (empty && block.content.size === 0 && isUnit(kind) && kind !== "article") {
    return outdent(state, dispatch);
  }
  dispatch?.(split(state, null).setMeta(STEP, true).scrollIntoView());
  return true;
};

/** Shift-Enter: a paragraph (đoạn) of the same unit. */
export const startParagraph: Command = (state, dispatch) => {
  dispatch?.(split(state, "paragraph").setMeta(STEP, true).scrollIntoView());
  return true;
};

/** Joins the blocks `index` and `index` + 1; an empty one gives way, so that words keep their identity. */
function join(state: EditorState, index: number): Transaction | null {
  const { doc, tr } = state;
  const [upper, lower] = [doc.maybeChild(index), doc.maybeChild(index + 1)];
  if (!upper || !lower) return null;
  const tabular = isTabular(attrsOf(upper).kind) || isTabular(attrsOf(lower).kind);
  if (upper.content.size === 0 && !isTabular(attrsOf(upper).kind)) {
    return caretIn(replaceBlocks(tr, { start: index, end: index + 1 }, []), index);
  }
  if (lower.content.size === 0 && !isTabular(attrsOf(lower).kind)) {
    return caretIn(replaceBlocks(tr, { start: index + 1, end: index + 2 }, []), index, Infinity);
  }
  if (tabular) return null;
  tr.join(positionOf(doc, index + 1));
  return caretIn(tr, index, upper.content.size);
}

/** Backspace at the very start of a provision; anywhere else it belongs to the input method. */
export const joinBackward: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth === 0 || $from.parentOffset > 0) return false;
  const tr = join(state, $from.index(0) - 1);
  if (tr) dispatch?.(tr.setMeta(STEP, true));
  // Nothing to join with is still ours: the browser would pull blocks together by itself.
  return true;
};

/** Delete at the very end of a provision. */
export const joinForward: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.depth === 0 || $from.parentOffset < $from.parent.content.size) return false;
  const tr = join(state, $from.index(0));
  if (tr) dispatch?.(tr.setMeta(STEP, true));
  return true;
};

/** Moves what is selected, with all beneath it, before what is at the place `target` answers. */
function move(target: (kinds: readonly Kind[], range: Stretch) => number | null): Command {
  return (state, dispatch) => {
    const kinds = kindsOf(state.doc);
    const range = movedStretch(kinds, selectedBlocks(state));
    const place = target(kinds, range);
    if (place === null) return false;
    dispatch?.(moveBlocks(state, range, place).setMeta(STEP, true).scrollIntoView());
    return true;
  };
}

/** Past the sibling above, or out in front of the unit it is the first of. */
export const moveUp: Command = move((kinds, range) => nextPlace(kinds, range, -1));

/** Past the sibling below, or to the beginning of the next unit. */
export const moveDown: Command = move((kinds, range) => nextPlace(kinds, range, 1));

/** A new empty provision behind the current one, and behind what belongs to it if it is no child. */
export function insertAfter(kind: Kind): Command {
  return (state, dispatch) => {
    if (isTabular(kind)) return false;
    const kinds = kindsOf(state.doc);
    const index = selectedBlocks(state).end - 1;
    const own = rankOf(kinds[index] ?? "paragraph");
    const rank = rankOf(kind);
    const child = rank === undefined || (own !== undefined && rank > own);
    const inTable = isTabular(kinds[index]);
    let at = child && !inTable ? index + 1 : subtreeEnd(kinds, index);
    while (kinds[at] === "row") at += 1;
    const tr = replaceBlocks(state.tr, { start: at, end: at }, [blockType.create({ ...NEW_BLOCK, kind })]);
    dispatch?.(caretIn(tr, at).setMeta(STEP, true));
    return true;
  };
}

/** What `removeProvision` takes out: a unit with all beneath it, but of an upper division only its title. */
export function removedRange(state: EditorState): { start: number; end: number } {
  const kinds = kindsOf(state.doc);
  const { start, end } = selectedBlocks(state);
  let last = end;
  for (let index = start; index < end; index += 1) {
    const rank = rankOf(kinds[index] ?? "paragraph");
    if (rank === undefined || rank >= 6) last = Math.max(last, subtreeEnd(kinds, index));
  }
  return { start, end: last };
}

export const removeProvision: Command = (state, dispatch) => {
  const range = removedRange(state);
  const all = range.start === 0 && range.end === state.doc.childCount;
  if (all && state.doc.childCount === 1 && attrsOf(state.doc.child(0)).id === "") return false;
  const tr = replaceBlocks(state.tr, range, all ? [blockType.create()] : []);
  dispatch?.(caretIn(tr, Math.min(range.start, tr.doc.childCount - 1)).setMeta(STEP, true));
  return true;
};
