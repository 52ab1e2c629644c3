/** The selection in the terms of provisions. */

import type { EditorState } from "prosemirror-state";

import { attrsOf } from "../binding/schema";
import type { SelectedPart } from "./types";

/** The parts of provisions that are selected, in reading order; of a bare caret its whole provision. */
export function selectedIn({ doc, selection }: EditorState): SelectedPart[] {
  const { $from, $to, empty } = selection;
  const found: SelectedPart[] = [];
  doc.forEach((block, offset, index) => {
    if (index < $from.index(0) || index > $to.index(0)) return;
    const { id } = attrsOf(block);
    if (id === "") return;
    const text = block.textBetween(0, block.content.size);
    const inside = offset + 1;
    const upto = (position: number): number =>
      block.textBetween(0, Math.min(Math.max(position - inside, 0), block.content.size)).length;
    if (empty) found.push({ id, text, start: 0, end: text.length });
    else if (upto($to.pos) > upto($from.pos))
      found.push({ id, text, start: upto($from.pos), end: upto($to.pos) });
  });
  return found;
}
