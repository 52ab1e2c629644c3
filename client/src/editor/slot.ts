/** A place in the sheet for what is no part of the draft: a form, a bar of buttons. */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import { indexOfBlock, positionOf } from "../binding/schema";
import type { Slot } from "./types";

const key = new PluginKey<Shown>("slot");

interface Shown {
  readonly slot: Slot | null;
  /** Behind its provision, or where that stood before it was taken out. */
  readonly at: number;
  readonly decorations: DecorationSet;
}

const NOTHING: Shown = { slot: null, at: 0, decorations: DecorationSet.empty };

/** Each slot is drawn once and kept, wherever its provision goes: what is typed in it stays. */
let drawn = 0;
const names = new WeakMap<HTMLElement, string>();

function nameOf(element: HTMLElement): string {
  let name = names.get(element);
  if (name === undefined) {
    drawn += 1;
    name = `slot-${drawn}`;
    names.set(element, name);
  }
  return name;
}

export function putSlot(tr: Transaction, slot: Slot | null): Transaction {
  return tr.setMeta(key, { slot });
}

function draw({ doc }: EditorState, slot: Slot | null, at: number): Shown {
  if (slot === null) return NOTHING;
  const index = indexOfBlock(doc, slot.id);
  const block = index < 0 ? null : doc.child(index);
  const start = block ? positionOf(doc, index) : 0;
  const end = block ? start + block.nodeSize : at;
  const widget = Decoration.widget(end, () => slot.element, {
    side: -1,
    key: nameOf(slot.element),
    ignoreSelection: true,
    stopEvent: () => true,
  });
  const look = slot.instead ? "is-slotted" : "is-chosen";
  const looks = block ? [Decoration.node(start, end, { class: look })] : [];
  return { slot, at: end, decorations: DecorationSet.create(doc, [...looks, widget]) };
}

/** The nearest place between two blocks. */
function between(doc: ProseNode, at: number): number {
  const $at = doc.resolve(Math.min(Math.max(at, 0), doc.content.size));
  return $at.depth === 0 ? $at.pos : $at.after(1);
}

export function slots(): Plugin {
  return new Plugin<Shown>({
    key,
    state: {
      init: () => NOTHING,
      apply(tr, shown, _before, state) {
        const told = tr.getMeta(key) as { slot: Slot | null } | undefined;
        if (told !== undefined) return draw(state, told.slot, 0);
        if (!tr.docChanged || shown.slot === null) return shown;
        // Found again by its id, not by its place: provisions move, go and come back.
        return draw(state, shown.slot, between(state.doc, tr.mapping.map(shown.at)));
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  });
}
