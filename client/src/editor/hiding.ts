/**
 * What is not shown of the sheet: all around one unit that stands there alone, what is beneath a folded one.
 * Nothing of the draft is touched and no block is drawn anew: style rules name stretches of blocks by places.
 */

import type { Node as ProseNode } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";

import { attrsOf, indexOfBlock } from "../binding/schema";
import { isFoldable, subtreeEnd, type Kind, type Stretch } from "../model";
import { kindsOf } from "./blocks";

/** What is hidden while the unit at `index` stands alone with all beneath it. */
export function hiddenAround(kinds: readonly Kind[], index: number): Stretch[] {
  const around = [
    { start: 0, end: index },
    { start: subtreeEnd(kinds, index), end: kinds.length },
  ];
  return around.filter(({ start, end }) => start < end);
}

/** What is hidden while the units at `indices` (ascending) are folded; what is folded inside another adds nothing. */
export function hiddenBeneath(kinds: readonly Kind[], indices: readonly number[]): Stretch[] {
  const hidden: Stretch[] = [];
  for (const index of indices) {
    const stretch = { start: index + 1, end: subtreeEnd(kinds, index) };
    if (stretch.start < stretch.end && index >= (hidden.at(-1)?.end ?? 0)) hidden.push(stretch);
  }
  return hidden;
}

/** The rules that hide them: on paper everything stands. */
export function rulesFor(stretches: readonly Stretch[]): string {
  const rules = stretches.map(({ start, end }) => {
    const from = `:nth-child(n + ${start + 1} of .provision)`;
    return `.sheet-text > .provision${from}:nth-child(-n + ${end} of .provision) { display: none }`;
  });
  return rules.length === 0 ? "" : `@media screen { ${rules.join(" ")} }`;
}

const holds = (stretches: readonly Stretch[], index: number): boolean =>
  stretches.some(({ start, end }) => index >= start && index < end);

/** A folded unit and how many provisions are not shown for it. */
export interface Fold {
  readonly id: string;
  readonly index: number;
  readonly count: number;
}

/** Keeps which units are alone or folded, by their ids, and the rules on the page. */
export class Hiding {
  only: string | null = null;
  /** Which are folded, also those that were taken out since and may come back. */
  folded: ReadonlySet<string> = new Set();
  #around: readonly Stretch[] = [];
  #beneath: readonly Stretch[] = [];
  #folds: readonly Fold[] = [];
  #sheet: CSSStyleSheet | null = null;
  #rules = "";

  /** The folded units that hide something. */
  get folds(): readonly Fold[] {
    return this.#folds;
  }

  /** Whether something is beneath a fold there. */
  isBeneath(index: number): boolean {
    return holds(this.#beneath, index);
  }

  isAround(index: number): boolean {
    return holds(this.#around, index);
  }

  /**
   * The draft changed, or the caret went. Nobody writes where they do not see it: whatever brought the caret
   * beneath a fold opens it. Answers whether the lines that tell of folds may be others now.
   */
  follow({ doc, selection }: EditorState, structural: boolean): boolean {
    if (this.folded.size === 0 && this.#folds.length === 0) return false;
    if (structural) this.update(doc);
    const index = selection.$head.index(0);
    const beneath = this.isBeneath(index);
    if (beneath) {
      this.folded = this.without(doc, index);
      this.update(doc);
    }
    return structural || beneath;
  }

  /** What stays folded when the block at `index` is to be seen. */
  without(doc: ProseNode, index: number): ReadonlySet<string> {
    const kinds = kindsOf(doc);
    const over = (at: number): boolean => at >= 0 && at < index && index < subtreeEnd(kinds, at);
    return new Set([...this.folded].filter((id) => !over(indexOfBlock(doc, id))));
  }

  /** Reads the draft anew: places may be others now. */
  update(doc: ProseNode): void {
    if (this.only === null && this.folded.size === 0 && this.#rules === "") return;
    const kinds = kindsOf(doc);
    const only = this.only === null ? -1 : indexOfBlock(doc, this.only);
    this.#around = only < 0 ? [] : hiddenAround(kinds, only);
    const idAt = (index: number): string => attrsOf(doc.child(index)).id;
    const folded = kinds.flatMap((kind, at) => (isFoldable(kind) && at !== only && this.folded.has(idAt(at)) ? [at] : []));
    this.#beneath = hiddenBeneath(kinds, folded);
    this.#folds = this.#beneath.map(({ start, end }) => ({ id: idAt(start - 1), index: start - 1, count: end - start }));
    this.#show(rulesFor([...this.#around, ...this.#beneath]));
  }

  #show(rules: string): void {
    if (rules === this.#rules) return;
    this.#rules = rules;
    if (!this.#sheet) {
      this.#sheet = new CSSStyleSheet();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    }
    this.#sheet.replaceSync(rules);
  }

  destroy(): void {
    if (this.#sheet) document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }
}
