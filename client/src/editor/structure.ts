/** Articles cut in two and joined, and any unit put elsewhere by its id: what no key of typing does. */

import type { Command, EditorState } from "prosemirror-state";

import { AttributesStep } from "../binding/attributes-step";
import { STEP } from "../binding/binding";
import { attrsOf, blockType, indexOfBlock, NEW_BLOCK } from "../binding/schema";
import { articleOf, joinedHeading, mayStand, movedStretch, type Kind, type Stretch } from "../model";
import { caretIn, isTabular, kindsOf, moveBlocks, replaceBlocks } from "./blocks";

/**
 * The words behind the caret become the heading of a new article, and what follows in the old
 * one is beneath it. With no words behind the caret, or none before it, the heading is empty.
 */
export const splitArticle: Command = (state, dispatch) => {
  const { $from } = state.selection;
  const index = $from.index(0);
  const block = state.doc.maybeChild(index);
  const article = articleOf(kindsOf(state.doc), index);
  const first = $from.parentOffset === 0;
  if (!block || article < 0 || isTabular(attrsOf(block).kind) || (first && index === article)) return false;
  const { tr, doc } = state;
  const heading = { kind: "article" as const, id: attrsOf(doc.child(article)).id };
  if (!first && $from.parentOffset < block.content.size) {
    tr.split($from.pos, 1, [{ type: blockType, attrs: { ...attrsOf(block), kind: "article" } }]);
    caretIn(tr, index + 1);
  } else {
    const at = first ? index : index + 1;
    caretIn(replaceBlocks(tr, { start: at, end: at }, [blockType.create({ ...NEW_BLOCK, ...heading })]), at);
  }
  dispatch?.(tr.setMeta(STEP, true));
  return true;
};

/**
 * The article at the caret is joined with the one before: its heading becomes one of its
 * clauses, every word and every id stays. An empty heading goes.
 */
export const joinArticle: Command = (state, dispatch) => {
  const kinds = kindsOf(state.doc);
  const index = articleOf(kinds, state.selection.$from.index(0));
  const kind = joinedHeading(kinds, index);
  if (kind === null) return false;
  const { tr, doc } = state;
  if (doc.child(index).content.size > 0) {
    tr.step(new AttributesStep(new Map([[index, { kind, written: null }]])));
  } else {
    const inHeading = state.selection.$from.index(0) === index;
    replaceBlocks(tr, { start: index, end: index + 1 }, []);
    if (inHeading) caretIn(tr, index - 1, Infinity);
  }
  dispatch?.(tr.setMeta(STEP, true).scrollIntoView());
  return true;
};

function stretchOf({ doc }: EditorState, id: string): { kinds: Kind[]; range: Stretch } | null {
  const index = indexOfBlock(doc, id);
  if (index < 0 || id === "") return null;
  const kinds = kindsOf(doc);
  return { kinds, range: movedStretch(kinds, { start: index, end: index + 1 }) };
}

/** The ids of the provisions before which this one may stand, in reading order; "" for the very end. */
export function placesOf(state: EditorState, id: string): string[] {
  const found = stretchOf(state, id);
  if (!found) return [];
  const ids = [...state.doc.content.content.map((block) => attrsOf(block).id), ""];
  return ids.filter((_, target) => mayStand(found.kinds, found.range, target));
}

/** Moves a provision, with all beneath it, before another one, "" for the very end. */
export function moveBefore(id: string, before: string): Command {
  return (state, dispatch) => {
    const found = stretchOf(state, id);
    const target = before === "" ? state.doc.childCount : indexOfBlock(state.doc, before);
    if (!found || !mayStand(found.kinds, found.range, target)) return false;
    dispatch?.(moveBlocks(state, found.range, target).setMeta(STEP, true));
    return true;
  };
}
