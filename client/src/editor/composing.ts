/**
 * Input methods: others' changes wait while one composes, and nothing is rewritten meanwhile.
 *
 * Two kinds exist. Composition (macOS, mobile, Windows' own Telex) fires compositionstart and
 * -end; Unikey and its like send Backspaces and letters, which simply pass through.
 */

import { Slice, type Node as ProseNode } from "prosemirror-model";
import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";

import type { RemoteGate } from "../binding/gate";
import { difference, fragmentOf, styledOfNode } from "../binding/runs";
import { attrsOf, indexOfBlock, positionOf, schema } from "../binding/schema";
import { cleanInline } from "../model";
import { readSelection } from "./caret-read";
import { deleteAcross } from "./commands";
import type { Notice } from "./types";

/** ProseMirror reads the composed text shortly after compositionend; only then others come in. */
const SETTLE_MS = 30;

function cleaned(block: ProseNode): ProseNode {
  const pieces: ProseNode[] = [];
  block.forEach((piece) => {
    const text = cleanInline(piece.text ?? "");
    if (text !== "") pieces.push(schema.text(text, piece.marks));
  });
  return block.type.create(block.attrs, pieces);
}

/** Brings the words of the blocks at `indices` into NFC; `null` when they are. */
export function composeWords(tr: Transaction, indices: Iterable<number>): Transaction | null {
  for (const index of indices) {
    const block = tr.doc.maybeChild(index);
    if (!block || cleanInline(block.textContent) === block.textContent) continue;
    const change = difference(styledOfNode(block), styledOfNode(cleaned(block)));
    if (change?.type !== "replace") continue;
    const base = positionOf(tr.doc, index) + 1;
    const words = new Slice(fragmentOf(change.by), 0, 0);
    tr.step(new ReplaceStep(base + change.from, base + change.to, words));
  }
  return tr.docChanged ? tr : null;
}

class Composing {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ids of provisions typed in since their words were last brought into NFC. */
  readonly #typed = new Set<string>();
  readonly #view: EditorView;
  readonly #gate: RemoteGate;

  constructor(view: EditorView, gate: RemoteGate, notify: (notice: Notice) => void) {
    this.#view = view;
    this.#gate = gate;
    gate.composing = () => view.composing;
    gate.onOpening = () => readSelection(view);
    gate.onForced = () => {
      // Ending the composition first keeps its letters: the browser commits them on blur.
      view.dom.blur();
      view.focus();
      notify({ key: "editor.composition_released" });
    };
  }

  update(before: EditorState): void {
    const { doc, selection } = this.#view.state;
    const block = doc === before.doc ? null : doc.maybeChild(selection.$head.index(0));
    if (block) this.#typed.add(attrsOf(block).id);
  }

  start(): void {
    clearTimeout(this.#timer);
    readSelection(this.#view);
    deleteAcross(this.#view.state, this.#view.dispatch);
    this.#gate.hold();
  }

  alive(): void {
    if (this.#gate.holding) this.#gate.hold();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), SETTLE_MS);
  }

  /** Lets the others in, and makes what was typed NFC. */
  settle(): void {
    clearTimeout(this.#timer);
    this.#gate.release();
    if (this.#view.isDestroyed || this.#view.composing) return;
    const { state } = this.#view;
    const indices = [...this.#typed].map((id) => indexOfBlock(state.doc, id));
    this.#typed.clear();
    const tr = composeWords(state.tr, indices.filter((index) => index >= 0));
    if (tr) this.#view.dispatch(tr);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#gate.forget();
    this.#gate.release();
  }
}

export function composing(gate: RemoteGate, notify: (notice: Notice) => void): Plugin {
  let current: Composing | null = null;
  const pass = (act: (composing: Composing) => void) => (): boolean => {
    if (current) act(current);
    return false;
  };
  return new Plugin({
    view(view) {
      const own = new Composing(view, gate, notify);
      current = own;
      return { update: (_view, before) => own.update(before), destroy: () => own.destroy() };
    },
    props: {
      handleDOMEvents: {
        compositionstart: pass((own) => own.start()),
        compositionupdate: pass((own) => own.alive()),
        compositionend: pass((own) => own.end()),
        blur: pass((own) => own.settle()),
      },
    },
  });
}
