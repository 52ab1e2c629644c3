/** What leaves and enters through the clipboard. */

import { DOMSerializer, Fragment, Slice, type Node as ProseNode } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import { attrsOf, schema } from "../binding/schema";
import { cleanInline } from "../model";
import { linesOfHtml, linesOfText, MAX_LINES, pasteLines } from "./paste";
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

export function clipboard(notify: (notice: Notice) => void): Plugin {
  return new Plugin({
    props: {
      clipboardTextSerializer: plainText,
      clipboardSerializer: new ClipboardSerializer(),
      transformPasted: (slice) => new Slice(cleanFragment(slice.content), slice.openStart, slice.openEnd),
      handlePaste(view, event) {
        const html = event.clipboardData?.getData("text/html") ?? "";
        // Our own slices keep kinds and identity of what was copied.
        if (html.includes("data-pm-slice")) return false;
        const text = event.clipboardData?.getData("text/plain") ?? "";
        const lines = html ? linesOfHtml(html) : linesOfText(text);
        if (lines.length >= MAX_LINES) notify({ key: "editor.pasted_limited", values: { lines: MAX_LINES } });
        const tr = pasteLines(view.state, lines);
        if (tr) view.dispatch(tr);
        return true;
      },
      // Words move by cut and paste: a drag would take them out of a provision others are in.
      handleDrop: () => true,
      handleDOMEvents: {
        dragstart(_view, event) {
          event.preventDefault();
          return true;
        },
      },
    },
  });
}
