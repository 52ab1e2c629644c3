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
    this.#draw();
  }

  update(node: ProseNode): boolean {
    const [old, now] = [attrsOf(this.#node), attrsOf(node)];
    if (old.kind !== now.kind && (isTabular(old.kind) || isTabular(now.kind))) return false;
    this.#node = node;
    this.#draw();
    return true;
  }

  /** What is typed into a cell is the cell's own affair. */
  stopEvent(event: Event): boolean {
    return this.contentDOM !== this.dom && event.target !== this.dom;
  }

  ignoreMutation(): boolean {
    return this.contentDOM !== this.dom;
  }

  #draw(): void {
    const { id, kind, label, cells, columns, header } = attrsOf(this.#node);
    const values: Readonly<Record<string, string>> = {
      "data-id": id,
      "data-kind": kind,
      "data-label": label,
      ...(kind === "table" ? { "data-header": String(header) } : {}),
    };
    for (const [name, value] of Object.entries(values)) {
      if (this.dom.getAttribute(name) !== value) this.dom.setAttribute(name, value);
    }
    if (kind === "row") drawCells(this.dom, columns ?? (cells ?? []).map((_, at) => String(at)), cells ?? []);
  }
}

/** The cells in their columns' order; one that stays is the same element, with whatever is typed in it. */
function drawCells(row: HTMLElement, columns: readonly string[], cells: readonly string[]): void {
  const there = new Map([...row.querySelectorAll<HTMLElement>(".provision-cell")].map((cell) => [cell.dataset["column"], cell]));
  columns.forEach((column, at) => {
    let cell = there.get(column);
    there.delete(column);
    if (!cell) {
      cell = document.createElement("span");
      cell.className = "provision-cell";
      cell.dataset["column"] = column;
      const words = document.createElement("span");
      words.className = "cell-words";
      cell.append(words);
    }
    const words = cell.firstElementChild as HTMLElement;
    if (words.textContent !== (cells[at] ?? "")) words.textContent = cells[at] ?? "";
    if (row.children[at] !== cell) row.insertBefore(cell, row.children[at] ?? null);
  });
  for (const cell of there.values()) cell.remove();
}
