/** Behind a folded unit stands a line that tells how much is not shown, and opens it. */

import { Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import { positionOf } from "../binding/schema";
import { byPlace } from "./by-place";
import type { Fold } from "./hiding";
import type { Messages } from "./types";

const key = new PluginKey<DecorationSet>("folds");

export function putFolds(tr: Transaction, folds: readonly Fold[]): Transaction {
  return tr.setMeta(key, folds);
}

interface FoldLines {
  readonly messages: Messages;
  readonly open: (id: string) => void;
}

function lineOf({ id, count }: Fold, { messages, open }: FoldLines): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fold-line no-print";
  button.dataset["fold"] = id;
  button.setAttribute("aria-expanded", "false");
  button.textContent = messages("folding.line", { count });
  // The caret stays where it is.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => open(id));
  return button;
}

export function folds(lines: FoldLines): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, shown) {
        const told = tr.getMeta(key) as readonly Fold[] | undefined;
        if (told === undefined) return tr.docChanged ? shown.map(tr.mapping, tr.doc) : shown;
        const widgets = told.map((fold) =>
          Decoration.widget(positionOf(tr.doc, fold.index + 1), () => lineOf(fold, lines), {
            side: -2,
            key: `fold-${fold.id}-${fold.count}`,
            ignoreSelection: true,
            stopEvent: () => true,
          }),
        );
        return DecorationSet.create(tr.doc, widgets);
      },
    },
    props: { decorations: (state) => byPlace(key.getState(state)) },
  });
}
