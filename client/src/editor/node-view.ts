/** How a provision is drawn: one element, its number an attribute that CSS shows. */

import type { Node as ProseNode } from "prosemirror-model";
import type { NodeView } from "prosemirror-view";

import { attrsOf } from "../binding/schema";
import { isTabular } from "./blocks";

/** Renumbering a thousand clauses changes a thousand attributes and redraws no words. */
export class ProvisionView implements NodeView {
  readonly dom: HTMLElement;
  readonly contentDOM: HTMLElement;
  #node: ProseNode;

  constructor(node: ProseNode) {
    this.#node = node;
    const { kind, cells } = attrsOf(node);
    this.dom = document.createElement(isTabular(kind) ? "div" : "p");
    this.contentDOM = this.dom;
    if (isTabular(kind)) {
      this.contentDOM = document.createElement("span");
      this.dom.contentEditable = "false";
      this.dom.append(...(cells ?? []).map(drawCell), this.contentDOM);
    }
    this.dom.className = "provision";
    this.#draw();
  }

  update(node: ProseNode): boolean {
    const [old, now] = [attrsOf(this.#node), attrsOf(node)];
    const redrawn = isTabular(old.kind) || isTabular(now.kind);
    if (redrawn && (old.kind !== now.kind || old.cells !== now.cells)) return false;
    this.#node = node;
    this.#draw();
    return true;
  }

  #draw(): void {
    const { id, kind, label } = attrsOf(this.#node);
    const values: Readonly<Record<string, string>> = { "data-id": id, "data-kind": kind, "data-label": label };
    for (const [name, value] of Object.entries(values)) {
      if (this.dom.getAttribute(name) !== value) this.dom.setAttribute(name, value);
    }
  }
}

function drawCell(text: string): HTMLElement {
  const cell = document.createElement("span");
  cell.className = "provision-cell";
  cell.textContent = text;
  return cell;
}
