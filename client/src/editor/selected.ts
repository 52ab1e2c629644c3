/** What is shown and what is selected, in the terms of provisions. */

import type { Node as ProseNode } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { attrsOf, MARKS } from "../binding/schema";
import type { Chosen, MarkKind, ReadProvision, SelectedPart } from "./types";

/** Blocks do not change: what was read of one is read once. */
const known = new WeakMap<ProseNode, ReadProvision>();

export function readBlock(block: ProseNode): ReadProvision {
  let read = known.get(block);
  if (!read) {
    const { id, kind, label, cells } = attrsOf(block);
    read = { id, kind, label, text: block.textContent, cells: cells ?? [] };
    known.set(block, read);
  }
  return read;
}

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

/** What a comment would be about: of a selection over several provisions what is in the first of them. */
export function chosenIn(view: EditorView): Chosen | null {
  const native = view.dom.ownerDocument.getSelection();
  const anchor = native?.anchorNode ?? null;
  if (native === null || anchor === null || !view.dom.contains(anchor)) return null;
  return cellIn(view, native) ?? blockIn(view.state);
}

/** Where the words selected are on the screen, line by line. */
export function linesIn(view: EditorView): readonly DOMRect[] {
  const native = view.dom.ownerDocument.getSelection();
  return native === null || native.rangeCount === 0 ? [] : [...native.getRangeAt(0).getClientRects()];
}

function blockIn({ doc, selection }: EditorState): Chosen | null {
  const { $from, $to, empty } = selection;
  const last = $to.index(0);
  // What begins behind the last word of a provision begins with the next one.
  const behind = !empty && last > $from.index(0) && $from.parentOffset === $from.parent.content.size;
  const index = $from.index(0) + (behind ? 1 : 0);
  const block = doc.maybeChild(index);
  if (!block || attrsOf(block).id === "") return null;
  const from = behind ? 0 : $from.parentOffset;
  const to = empty ? from : last === index ? $to.parentOffset : block.content.size;
  return { id: attrsOf(block).id, text: block.textContent, cell: null, from, to };
}

/** Cells are shown and not edited here: a selection in one of them is known to the browser alone. */
function cellIn(view: EditorView, native: Selection): Chosen | null {
  const element = (node: Node | null): Element | null => (node instanceof Element ? node : (node?.parentElement ?? null));
  const cell = element(native.anchorNode)?.closest(".provision-cell") ?? null;
  const row = cell?.closest<HTMLElement>("[data-id]") ?? null;
  if (cell === null || row === null || native.rangeCount === 0 || !view.dom.contains(row)) return null;
  const range = native.getRangeAt(0);
  const before = range.cloneRange();
  before.selectNodeContents(cell);
  const text = cell.textContent ?? "";
  if (!cell.contains(range.startContainer)) return null;
  before.setEnd(range.startContainer, range.startOffset);
  const from = before.toString().length;
  const to = cell.contains(range.endContainer) ? from + range.toString().length : text.length;
  const at = [...row.querySelectorAll(".provision-cell")].indexOf(cell);
  return { id: row.dataset["id"] ?? "", text, cell: at, from, to };
}

/** The formats that what is typed next would have, or that all that is selected has. */
export function activeMarks({ selection, storedMarks, doc }: EditorState): MarkKind[] {
  if (selection.empty) {
    const marks = storedMarks ?? selection.$from.marks();
    return MARKS.filter((name) => marks.some(({ type }) => type.name === name));
  }
  return MARKS.filter((name) => {
    const type = doc.type.schema.marks[name];
    return type !== undefined && doc.rangeHasMark(selection.from, selection.to, type);
  });
}
