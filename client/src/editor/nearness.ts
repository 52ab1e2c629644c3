/**
 * Long drafts: what stands far from what is in sight is skipped outright.
 *
 * `content-visibility: auto` spares the browser drawing what is out of sight, but has it ask every block in
 * every frame whether it is still so: 20 ms a key with 3,800 of them (decision 35). Blocks some screens away
 * need not be asked; style rules name them by their places, so that no block is touched.
 */

import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import type { Stretch } from "../model";

/** With fewer blocks asking all of them costs nothing that is felt. */
const MANY = 400;
/** Screens drawn as they come, on either side of what is in sight. */
const SCREENS = 4;
/** Blocks on either side of the caret: what is typed there is drawn, wherever the page was moved to. */
const AROUND_CARET = 20;
/** Blocks at either end, where one key leads (Ctrl+End). */
const AT_ENDS = 5;
/** Pixels from one look for a block to the next, and how often: more than any space between two. */
const GAP = 12;
const TRIES = 8;

const indexIn = (all: HTMLCollection, one: Element): number => Array.prototype.indexOf.call(all, one);

/** What is left of `count` blocks outside `near`, in order. */
export function farFrom(count: number, near: readonly Stretch[]): Stretch[] {
  const far: Stretch[] = [];
  let start = 0;
  for (const stretch of near.toSorted((a, b) => a.start - b.start)) {
    if (stretch.start > start) far.push({ start, end: Math.min(stretch.start, count) });
    start = Math.max(start, stretch.end);
  }
  if (start < count) far.push({ start, end: count });
  return far.filter(({ start: from, end }) => from < end);
}

/** On paper everything stands. */
export function rulesForFar(far: readonly Stretch[]): string {
  const which = far.map(({ start, end }) => `.sheet-text > .provision:nth-child(n + ${start + 1}):nth-child(-n + ${end})`);
  return which.length === 0 ? "" : `@media screen { ${which.join(", ")} { content-visibility: hidden } }`;
}

/** The blocks within `pixels` of the one at `from`, in one direction; those that take no room are passed. */
export function reach(heights: (index: number) => number, count: number, from: number, step: 1 | -1, pixels: number): number {
  let left = pixels;
  let index = from;
  while (left > 0 && index + step >= 0 && index + step < count) {
    index += step;
    left -= heights(index);
  }
  return index;
}

class Nearness {
  readonly #view: EditorView;
  readonly #desk: HTMLElement | null;
  #sheet: CSSStyleSheet | null = null;
  #sizes: ResizeObserver | null = null;
  #rules = "";
  #windows: readonly Stretch[] = [];
  #top = 0;
  #asked = 0;

  constructor(view: EditorView) {
    this.#view = view;
    this.#desk = view.dom.closest<HTMLElement>(".desk");
    this.update();
  }

  /** The draft changed, or the caret went. */
  update(): void {
    if (!this.#sheet) this.#begin();
    else if (this.#rules !== "" && !this.#holdsCaret()) this.#later();
  }

  destroy(): void {
    if (!this.#sheet) return;
    cancelAnimationFrame(this.#asked);
    this.#sizes?.disconnect();
    this.#desk?.removeEventListener("scroll", this.#scrolled);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }

  #begin(): void {
    if (!this.#desk || this.#view.dom.childElementCount < MANY) return;
    this.#sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    this.#desk.addEventListener("scroll", this.#scrolled, { passive: true });
    // Folded, zoomed, drawn higher than guessed: what is in sight may be other blocks.
    this.#sizes = new ResizeObserver(() => this.#later());
    this.#sizes.observe(this.#view.dom);
    this.#later();
  }

  // At once: a page that was moved far is drawn with what stands there, in the same frame.
  readonly #scrolled = (): void => {
    const desk = this.#desk;
    if (desk && Math.abs(desk.scrollTop - this.#top) > desk.clientHeight / 2) this.#look();
  };

  #later(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = requestAnimationFrame(() => this.#look());
  }

  #caret(): number {
    const { doc, selection } = this.#view.state;
    const { $head } = selection;
    const element = $head.depth === 0 || doc.childCount === 0 ? null : this.#view.nodeDOM($head.before(1));
    return element instanceof Element ? indexIn(this.#view.dom.children, element) : -1;
  }

  #holdsCaret(): boolean {
    const caret = this.#view.state.selection.$head.index(0);
    const count = this.#view.dom.childElementCount;
    // Places in the draft and in the sheet differ by the few lines that are drawn between blocks.
    const slack = AROUND_CARET / 2;
    return this.#windows.some(
      ({ start, end }) => (start === 0 || caret >= start + slack) && (end >= count || caret < end - slack),
    );
  }

  #look(): void {
    const desk = this.#desk;
    const blocks = this.#view.dom.children;
    const edges = desk && blocks.length >= MANY ? this.#inSight(desk, blocks) : null;
    if (!desk || !edges) {
      this.#windows = [];
      this.#show("");
      return;
    }
    this.#top = desk.scrollTop;
    const height = (index: number): number => (blocks.item(index) as HTMLElement).offsetHeight;
    const pixels = SCREENS * desk.clientHeight;
    const near = {
      start: reach(height, blocks.length, edges.start, -1, pixels),
      end: reach(height, blocks.length, edges.end, 1, pixels) + 1,
    };
    const caret = this.#caret();
    const around = caret < 0 ? [] : [{ start: Math.max(0, caret - AROUND_CARET), end: caret + AROUND_CARET + 1 }];
    const ends = [{ start: 0, end: AT_ENDS }, { start: blocks.length - AT_ENDS, end: blocks.length }];
    this.#windows = [near, ...around, ...ends];
    this.#show(rulesForFar(farFrom(blocks.length, this.#windows)));
  }

  /** The first and the last block that can be seen; null where none is found. */
  #inSight(desk: HTMLElement, blocks: HTMLCollection): Stretch | null {
    const box = desk.getBoundingClientRect();
    const sheet = this.#view.dom.getBoundingClientRect();
    const x = (Math.max(box.left, sheet.left) + Math.min(box.right, sheet.right)) / 2;
    const at = (from: number, step: number): number => {
      // A point may lie between two blocks.
      for (let y = from, tries = 0; tries < TRIES; y += step, tries += 1) {
        const hit = document.elementsFromPoint(x, y).find((element) => element.parentElement === this.#view.dom);
        if (hit) return indexIn(blocks, hit);
      }
      return -1;
    };
    const start = at(Math.max(box.top, sheet.top) + 1, GAP);
    const end = at(Math.min(box.bottom, sheet.bottom) - 1, -GAP);
    return start < 0 || end < 0 ? null : { start, end };
  }

  #show(rules: string): void {
    if (rules === this.#rules) return;
    this.#rules = rules;
    this.#sheet?.replaceSync(rules);
  }
}

export function nearness(): Plugin {
  return new Plugin({ view: (view) => new Nearness(view) });
}
