/** Where the others are: a caret with a name, a tint over what they have selected. */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type PluginView } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import { SHOWN } from "../binding/binding";
import type { RemoteGate } from "../binding/gate";
import { placeOf, positionAt } from "../binding/places";
import { attrsOf, indexOfBlock, positionOf } from "../binding/schema";
import { cellText, provisionEntry, provisionText } from "../model";
import { attentionOf, type Attention } from "../presence/attention";
import { redraw } from "./caret-read";
import type { CellLook } from "./cell-looks";
import type { CellPlace, Messages } from "./types";

/** One's own caret is told at most this often. */
const TELL_MS = 60;

const key = new PluginKey<DecorationSet>("carets");

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

/** Another person's caret, read from the outside and therefore doubted. */
interface Caret {
  readonly client: number;
  readonly user: Person;
  readonly attention: Attention;
  readonly provision: string;
  /** The column of the cell they are in, of a row. */
  readonly cell: string | null;
  readonly anchor: Y.RelativePosition;
  readonly head: Y.RelativePosition;
}

export function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

/** Somebody as another browser tells of them. */
export function personOf(value: unknown): Person {
  const user = record(value);
  const told = (field: string): string => {
    const text = user?.[field];
    return typeof text === "string" ? text.slice(0, 80) : "";
  };
  const color = told("color");
  return { id: told("id"), name: told("name"), color: /^#[0-9a-f]{6}$/i.test(color) ? color : "#595550" };
}

function relativePosition(value: unknown): Y.RelativePosition | null {
  try {
    return record(value) ? Y.createRelativePositionFromJSON(value) : null;
  } catch {
    // What another browser sends may be anything; a caret that cannot be read is not shown.
    return null;
  }
}

export function caretsOf(awareness: Awareness): Caret[] {
  const carets: Caret[] = [];
  for (const [client, state] of awareness.getStates()) {
    const cursor = record(record(state)?.["cursor"]);
    if (client === awareness.clientID || !cursor) continue;
    const anchor = relativePosition(cursor["anchor"]);
    const head = relativePosition(cursor["head"]);
    const { provision, cell } = cursor;
    if (anchor && head && typeof provision === "string") {
      const attention = attentionOf(state["attention"]);
      const column = typeof cell === "string" ? cell : null;
      carets.push({ client, user: personOf(state["user"]), attention, provision, cell: column, anchor, head });
    }
  }
  return carets;
}

/** The provision whose words a relative position is in; ends of a selection may be in two. */
function positionIn(ydoc: Y.Doc, doc: ProseNode, at: Y.RelativePosition): number | null {
  const found = Y.createAbsolutePositionFromRelativePosition(at, ydoc);
  const id = found?.type.parent?._item?.parentSub;
  if (!found || typeof id !== "string" || provisionText(ydoc, id) !== found.type) return null;
  return positionAt(doc, { id, offset: found.index });
}

function flag({ user, attention }: Caret, title: string): () => HTMLElement {
  return () => {
    const caret = document.createElement("span");
    caret.className = "caret";
    caret.style.setProperty("--person", user.color);
    caret.contentEditable = "false";
    // Read out as a caret: the name by itself would be heard as words of the draft.
    caret.role = "img";
    caret.ariaLabel = title;
    caret.dataset["user"] = user.id;
    caret.dataset["attention"] = attention;
    const name = document.createElement("span");
    name.className = "caret-name";
    name.textContent = user.name;
    name.title = title;
    caret.append("\u2060", name, "\u2060");
    return caret;
  };
}

export interface CaretOptions {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly gate: RemoteGate;
  readonly messages: Messages;
  /** Where one is in a cell, which the sheet itself does not know. */
  readonly inCell?: () => CellPlace | null;
}

/** Somebody in a cell: what they selected, and their caret. */
function inCell(ydoc: Y.Doc, doc: ProseNode, caret: Caret, column: string, title: string): Decoration[] {
  const { client, user, attention, provision } = caret;
  const index = indexOfBlock(doc, provision);
  const entry = provisionEntry(ydoc, provision);
  if (index < 0 || !entry || attrsOf(doc.child(index)).kind !== "row") return [];
  const text = cellText(entry, column);
  const [anchor, head] = [caret.anchor, caret.head].map((end) => {
    const found = text && Y.createAbsolutePositionFromRelativePosition(end, ydoc);
    return found && found.type === text ? found.index : 0;
  }) as [number, number];
  const told = { client, user: user.id, name: user.name, title, attention };
  const looks: CellLook[] = [{ column, from: head, to: head, look: "caret", color: user.color, caret: told }];
  if (anchor !== head) looks.push({ column, from: Math.min(anchor, head), to: Math.max(anchor, head), look: "selected-by", color: user.color });
  const at = positionOf(doc, index);
  return looks.map((cell) => Decoration.node(at, at + doc.child(index).nodeSize, {}, { cell }));
}

function draw({ doc: ydoc, awareness, messages }: CaretOptions, doc: ProseNode): DecorationSet {
  const decorations: Decoration[] = [];
  for (const other of caretsOf(awareness)) {
    const { client, user, attention, anchor, head, cell } = other;
    const title = messages("editor.caret_of", { name: user.name });
    if (cell !== null) {
      decorations.push(...inCell(ydoc, doc, other, cell, title));
      continue;
    }
    const to = positionIn(ydoc, doc, head);
    const from = positionIn(ydoc, doc, anchor) ?? to;
    if (to === null || from === null) continue;
    decorations.push(
      Decoration.widget(to, flag(other, title), {
        // The key names the person, never the place: the element is kept while it moves.
        key: `caret-${client}-${user.color}-${user.name}-${attention}`,
        side: 10,
        ignoreSelection: true,
      }),
    );
    if (from !== to) {
      const attrs = { class: "selected-by", style: `--person: ${user.color}` };
      decorations.push(Decoration.inline(Math.min(from, to), Math.max(from, to), attrs));
    }
  }
  return DecorationSet.create(doc, decorations);
}

/** One's place in a cell as it is told; in a cell that nobody has made it is that of its row's own words. */
function cellCursor(doc: Y.Doc, { row, column, anchor, head }: CellPlace): Record<string, unknown> | null {
  const entry = provisionEntry(doc, row);
  const text = entry && (cellText(entry, column) ?? provisionText(doc, row));
  if (!text) return null;
  const at = (offset: number): unknown =>
    Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, Math.min(offset, text.length), -1));
  return { provision: row, cell: column, anchor: at(anchor), head: at(head) };
}

/** Tells the others where one is; `null` when the editor goes. */
class Teller {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = "";
  readonly #options: CaretOptions;

  constructor(options: CaretOptions) {
    this.#options = options;
  }

  soon(state: () => EditorState): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell(state());
    }, TELL_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#options.awareness.setLocalStateField("cursor", null);
  }

  #tell(state: EditorState): void {
    const cell = this.#options.inCell?.() ?? null;
    const place = placeOf(this.#options.doc, state);
    const cursor = (cell && cellCursor(this.#options.doc, cell)) ?? (place && {
      provision: place.head.id,
      anchor: Y.relativePositionToJSON(place.anchor.at),
      head: Y.relativePositionToJSON(place.head.at),
    });
    const told = JSON.stringify(cursor);
    if (told === this.#told) return;
    this.#told = told;
    this.#options.awareness.setLocalStateField("cursor", cursor);
  }
}

/** How many carets and tints are drawn. */
function drawn(state: EditorState): number {
  return key.getState(state)?.find().length ?? 0;
}

function watch(view: EditorView, options: CaretOptions): PluginView {
  const teller = new Teller(options);
  const drawNow = (): void => {
    // Nothing is drawn into a composition; the next change after it draws what was missed.
    if (!options.gate.holding) redraw(view, (tr) => tr.setMeta(key, true));
  };
  const changed = ({ added, updated, removed }: Record<"added" | "updated" | "removed", number[]>): void => {
    if ([...added, ...updated, ...removed].some((id) => id !== options.awareness.clientID)) drawNow();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const redrawSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      drawNow();
    }, TELL_MS);
  };
  options.awareness.on("change", changed);
  teller.soon(() => view.state);
  return {
    update: (_view, before) => {
      teller.soon(() => view.state);
      // What is drawn in words that were deleted or moved goes with them; its owner is still there.
      if (drawn(view.state) < drawn(before)) redrawSoon();
    },
    destroy: () => {
      clearTimeout(timer);
      options.awareness.off("change", changed);
      teller.stop();
    },
  };
}

export function carets(options: CaretOptions): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_config, state) => draw(options, state.doc),
      apply(tr, shown, _before, state) {
        if (tr.getMeta(key)) return draw(options, state.doc);
        // Moved blocks lose what is drawn in them, so other people's changes draw anew.
        if (tr.getMeta(SHOWN) && !options.gate.holding) return draw(options, state.doc);
        return tr.docChanged ? shown.map(tr.mapping, tr.doc) : shown;
      },
    },
    props: { decorations: (state) => key.getState(state) },
    view: (view) => watch(view, options),
  });
}
