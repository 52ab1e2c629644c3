/** What leaves and enters through the clipboard. */

import { DOMSerializer, Fragment, Slice, type Node as ProseNode } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import type { Binding } from "../binding/binding";
import type { Styled } from "../binding/runs";
import { attrsOf, schema } from "../binding/schema";
import { pressed } from "../keys/pressed";
import { cleanInline } from "../model";
import { MAX_LINES, pasteLines, plainLines, rawLinesOfHtml, rawLinesOfText, readLines } from "./paste";
import { tableOfHtml, tableOfText } from "./table-paste";
import { insertTable } from "./tables";
import type { Notice } from "./types";

function lineOf(block: ProseNode, labelled: boolean): string {
  const { label, cells } = attrsOf(block);
  const words = cells ? cells.join(" | ") : block.textContent;
  return labelled && label ? `${label} ${words}`.trimEnd() : words;
}

/** Plain text with labels; a provision copied only in part goes without its own. */
export function plainText(slice: Slice, view: EditorView): string {
  const { $from, $to } = view.state.selection;
  const blocks = slice.content.content;
  const fromStart = $from.parentOffset === 0;
  const complete = blocks.length > 1 || $to.parentOffset === $to.parent.content.size;
  return blocks
    .map((block, index) => lineOf(block, index > 0 || (fromStart && complete)))
    .join("\n");
}

/** HTML for other programs: as on the sheet, labels written out where whole provisions go. */
class ClipboardSerializer extends DOMSerializer {
  constructor() {
    super(DOMSerializer.nodesFromSchema(schema), DOMSerializer.marksFromSchema(schema));
  }

  override serializeFragment(
    fragment: Fragment,
    options?: { document?: Document },
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const result = super.serializeFragment(fragment, options, target);
    if (fragment.childCount < 2) return result;
    result.querySelectorAll("p[data-label]").forEach((block) => {
      const label = block.getAttribute("data-label");
      if (!label) return;
      const span = block.ownerDocument.createElement("span");
      span.setAttribute("data-provision-label", "");
      span.textContent = `${label} `;
      block.prepend(span);
    });
    return result;
  }
}

function cleanNode(node: ProseNode): ProseNode {
  if (!node.isText) return node.copy(cleanFragment(node.content));
  const text = cleanInline(node.text ?? "");
  return text === node.text ? node : schema.text(text || " ", node.marks);
}

function cleanFragment(fragment: Fragment): Fragment {
  const nodes: ProseNode[] = [];
  fragment.forEach((node) => nodes.push(cleanNode(node)));
  return Fragment.fromArray(nodes);
}

/** How what was pasted came in: provisions told by their labels, or nothing but words. */
export type PasteMode = "provisions" | "words";

interface Surroundings {
  readonly binding: () => Binding;
  readonly notify: (notice: Notice) => void;
  /** Told how the last paste came in where it could have been otherwise, `null` when that is past. */
  readonly onPasted: (mode: PasteMode | null) => void;
}

/** Pasting from elsewhere, the way it is wanted, and once more the other way. */
export class Pasting {
  readonly #around: Surroundings;
  #plain = false;
  #last: { readonly lines: readonly Styled[]; readonly mode: PasteMode; readonly doc: ProseNode } | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get plain(): boolean {
    return this.#plain;
  }

  /** The key that asks for words alone was pressed: the paste it brings comes next. */
  wantPlain(plain: boolean): void {
    this.#plain = plain;
  }

  take(view: EditorView, html: string, text: string): void {
    const { notify } = this.#around;
    const plain = this.#plain;
    this.#plain = false;
    const table = plain ? null : html ? tableOfHtml(html) : tableOfText(text);
    if (table && insertTable(table.grid, table.header)(view.state, view.dispatch)) {
      if (table.cut) notify({ key: "editor.table_cut", values: { rows: table.grid.length } });
      else if (table.spread) notify({ key: "editor.table_spread" });
      return;
    }
    const lines = html && !(plain && text) ? rawLinesOfHtml(html) : rawLinesOfText(text);
    if (lines.length >= MAX_LINES) notify({ key: "editor.pasted_limited", values: { lines: MAX_LINES } });
    this.#put(view, lines, plain ? "words" : "provisions");
  }

  /** Takes the last paste back and pastes it the other way; false when something else was done since. */
  other(view: EditorView): boolean {
    const last = this.#last;
    if (!last || view.state.doc !== last.doc || !this.#around.binding().undo()) return false;
    this.#put(view, last.lines, last.mode === "words" ? "provisions" : "words");
    return true;
  }

  /** The choice is there until the draft is changed. */
  changed(doc: ProseNode): void {
    if (!this.#last || this.#last.doc === doc) return;
    this.#last = null;
    this.#around.onPasted(null);
  }

  #put(view: EditorView, lines: readonly Styled[], mode: PasteMode): void {
    const read = mode === "words" ? plainLines(lines) : readLines(lines);
    this.#around.binding().cutHistory();
    const tr = pasteLines(view.state, read);
    if (!tr) return;
    view.dispatch(tr);
    this.#around.binding().cutHistory();
    const choice = readLines(lines).some(({ kind }) => kind !== null) || lines.some(({ bits }) => bits.some((bit) => bit !== 0));
    this.#last = choice ? { lines, mode, doc: view.state.doc } : null;
    this.#around.onPasted(choice ? mode : null);
  }
}

export function clipboard(pasting: Pasting): Plugin {
  return new Plugin({
    props: {
      clipboardTextSerializer: plainText,
      clipboardSerializer: new ClipboardSerializer(),
      transformPasted: (slice) => new Slice(cleanFragment(slice.content), slice.openStart, slice.openEnd),
      handlePaste(view, event) {
        const html = event.clipboardData?.getData("text/html") ?? "";
        const text = event.clipboardData?.getData("text/plain") ?? "";
        // Our own slices keep kinds and identity of what was copied.
        if (html.includes("data-pm-slice") && !pasting.plain) return false;
        pasting.take(view, html, text);
        return true;
      },
      // Words move by cut and paste: a drag would take them out of a provision others are in.
      handleDrop: () => true,
      handleDOMEvents: {
        keydown(_view, event) {
          pasting.wantPlain(pressed(event, "pastePlain"));
          return false;
        },
        dragstart(_view, event) {
          event.preventDefault();
          return true;
        },
      },
    },
  });
}
