/** How a provision is drawn: one element, its number an attribute that CSS shows. */

import type { Node as ProseNode } from "prosemirror-model";
import type { Decoration, NodeView } from "prosemirror-view";

import { attrsOf } from "../binding/schema";
import { isTabular } from "./blocks";
import { cellLooks, columnsIn, drawCells } from "./cell-looks";

/** Renumbering a thousand clauses changes a thousand attributes and redraws no words. */
export class ProvisionView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  #node: ProseNode;

  constructor(node: ProseNode, decorations: readonly Decoration[]) {
    this.#node = node;
    const { kind } = attrsOf(node);
    this.dom = document.createElement(isTabular(kind) ? "div" : "p");
    this.contentDOM = this.dom;
    if (kind === "row") {
      this.contentDOM = document.createElement("span");
      this.contentDOM.className = "row-words";
      this.dom.contentEditable = "false";
      this.dom.append(this.contentDOM);
    }
    this.dom.className = "provision";
    this.#draw(decorations);
  }

  update(node: ProseNode, decorations: readonly Decoration[]): boolean {
    const [old, now] = [attrsOf(this.#node), attrsOf(node)];
    if (old.kind !== now.kind && (isTabular(old.kind) || isTabular(now.kind))) return false;
    this.#node = node;
    this.#draw(decorations);
    return true;
  }

  /** What is typed into a cell is the cell's own affair. */
  stopEvent(event: Event): boolean {
    return this.contentDOM !== this.dom && event.target !== this.dom;
  }

  ignoreMutation(): boolean {
    return this.contentDOM !== this.dom;
  }

  #draw(decorations: readonly Decoration[]): void {
    const { id, kind, label, cells, header } = attrsOf(this.#node);
    const values: Readonly<Record<string, string>> = {
      "data-id": id,
      "data-kind": kind,
      "data-label": label,
      ...(kind === "table" ? { "data-header": String(header) } : {}),
    };
    for (const [name, value] of Object.entries(values)) {
      if (this.dom.getAttribute(name) !== value) this.dom.setAttribute(name, value);
    }
    if (kind === "row") drawCells(this.dom, columnsIn(attrsOf(this.#node)), cells ?? [], cellLooks(decorations));
  }
}
