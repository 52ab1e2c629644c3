/** A light on words for a moment: where a jump led, what a repair changed. */

import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import { redraw } from "./caret-read";
import type { Words } from "./types";

/** How long it stays; the style fades it within that. */
export const SPOTLIGHT_MS = 2500;

export interface Lit {
  readonly from: number;
  readonly to: number;
}

const key = new PluginKey<DecorationSet>("spotlight");

/** Where the new words stand when all are written, in the order of `edits`. */
export function placesAfter(edits: readonly (Words & { readonly by: string })[]): Words[] {
  const grown = new Map<string, number>();
  const written = new Map<Words, Words>();
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    const { id, cell, from, to, by } = edit;
    const text = `${cell ?? ""} ${id}`;
    const shift = grown.get(text) ?? 0;
    written.set(edit, { id, cell, from: from + shift, to: from + shift + by.length });
    grown.set(text, shift + by.length - (to - from));
  }
  return edits.flatMap((edit) => written.get(edit) ?? []);
}

/** Puts the light on these stretches, and takes it from where it was. */
export function lightUp(tr: Transaction, lit: readonly Lit[]): Transaction {
  return tr.setMeta(key, lit);
}

function draw({ doc }: EditorState, lit: readonly Lit[]): DecorationSet {
  const decorations = lit
    .filter(({ from, to }) => from < to)
    .map(({ from, to }) => Decoration.inline(from, to, { class: "spotlit" }));
  return DecorationSet.create(doc, decorations);
}

export function spotlight(): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, shown, _before, state) {
        const lit = tr.getMeta(key) as readonly Lit[] | undefined;
        if (lit) return draw(state, lit);
        return tr.docChanged ? shown.map(tr.mapping, tr.doc) : shown;
      },
    },
    props: { decorations: (state) => key.getState(state) },
    view: () => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      return {
        update(view, before) {
          const shown = key.getState(view.state);
          if (shown === key.getState(before) || shown === DecorationSet.empty) return;
          clearTimeout(timer);
          timer = setTimeout(() => redraw(view, (tr) => lightUp(tr, [])), SPOTLIGHT_MS);
        },
        destroy: () => clearTimeout(timer),
      };
    },
  });
}
