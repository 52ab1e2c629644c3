/** The sheet's schema: one flat list of one block type; kind and number are attributes. */

import { Schema, type Node as ProseNode } from "prosemirror-model";

import { isKind, type Kind } from "../model";

/** What a provision block knows besides its words. */
export interface BlockAttrs {
  /** Identity; "" only for the stand-in of an empty draft. */
  readonly id: string;
  readonly kind: Kind;
  /** The printed label, computed: "Điều 5a."; shown by CSS, never part of the text. */
  readonly label: string;
  /** The number as written in the source, `null` for a new provision. */
  readonly written: string | null;
  readonly from: string | null;
  /** The words of a table row's cells; they are typed into their own texts, not into this one. */
  readonly cells: readonly string[] | null;
  /** The ids of the columns, on a table and on each of its rows. */
  readonly columns: readonly string[] | null;
  /** Whether the first row of a table is its head. */
  readonly header: boolean;
}

export const NEW_BLOCK: BlockAttrs = {
  id: "",
  kind: "paragraph",
  label: "",
  written: null,
  from: null,
  cells: null,
  columns: null,
  header: false,
};

function readDom(element: HTMLElement): BlockAttrs {
  const kind = element.getAttribute("data-kind");
  return {
    ...NEW_BLOCK,
    id: element.getAttribute("data-id") ?? "",
    kind: isKind(kind) ? kind : "paragraph",
  };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "provision+" },
    provision: {
      content: "text*",
      attrs: Object.fromEntries(Object.entries(NEW_BLOCK).map(([key, value]) => [key, { default: value }])),
      defining: true,
      parseDOM: [
        { tag: "[data-provision-label]", ignore: true, priority: 80 },
        { tag: "p[data-kind]", getAttrs: readDom, preserveWhitespace: "full", priority: 70 },
        { tag: "p" },
        { tag: "li" },
        { tag: "h1, h2, h3, h4, h5, h6", getAttrs: () => ({ kind: "paragraph" }) },
        { tag: "div" },
      ],
      toDOM(node) {
        const { id, kind, label } = attrsOf(node);
        return ["p", { "data-id": id, "data-kind": kind, "data-label": label }, 0];
      },
    },
    text: {},
  },
  marks: {
    bold: {
      parseDOM: [
        { tag: "strong" },
        { tag: "b", getAttrs: (element) => element.style.fontWeight !== "normal" && null },
        { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[6-9]\d{2})$/.test(value) && null },
      ],
      toDOM: () => ["b", 0],
    },
    italic: {
      parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }],
      toDOM: () => ["i", 0],
    },
    underline: {
      parseDOM: [
        { tag: "u" },
        { style: "text-decoration", getAttrs: (value) => value.includes("underline") && null },
      ],
      toDOM: () => ["u", 0],
    },
  },
});

export const blockType = schema.nodes["provision"]!;

export const MARKS = ["bold", "italic", "underline"] as const;

/** The attributes of a provision block, typed. */
export function attrsOf(node: ProseNode): BlockAttrs {
  return node.attrs as BlockAttrs;
}

/** The position before the block at `index`. */
export function positionOf(doc: ProseNode, index: number): number {
  let position = 0;
  for (let at = 0; at < index; at += 1) position += doc.child(at).nodeSize;
  return position;
}

/** The index of the block with that id, -1 when there is none. */
export function indexOfBlock(doc: ProseNode, id: string): number {
  for (let index = 0; index < doc.childCount; index += 1) {
    if (doc.child(index).attrs["id"] === id) return index;
  }
  return -1;
}
