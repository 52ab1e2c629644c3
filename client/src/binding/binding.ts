/**
 * The editor's state bound to the shared document: one state, one dispatch.
 *
 * Works without a screen: a view, or a test, is told of every new state. Local transactions
 * go through `dispatch`; changes of the shared document arrive by themselves.
 */

import { EditorState, type Plugin, type Transaction } from "prosemirror-state";
import * as Y from "yjs";

import { frontOf, provisionsOf, type ProvisionHead } from "../model";
import type { AttributesStep } from "./attributes-step";
import { keepSelection, offsetAt, placeOf, selectPlace, type Place } from "./places";
import { MANY, Projection, type MapChanges, type Origins, type ProjectionOptions } from "./projection";
import { rewriteAll, type Rewriting } from "./rewrite";
import type { DeltaOp } from "./runs";
import { schema } from "./schema";
import { EditHistory } from "./undo";

/** Meta key of transactions that show other people's (or undone) changes. */
export const SHOWN = "duthao.shown";

/** Meta key: `true` on a local transaction that shall be undone as a step of its own. */
export const STEP = "duthao.step";

export interface Change {
  readonly state: EditorState;
  readonly source: "local" | "shared";
  /** Whether blocks came, went, moved or changed kind or label. */
  readonly structural: boolean;
  readonly docChanged: boolean;
  /**
   * `false` for the state in between, when blocks are in their places but numbers are not:
   * a view shown both finds unchanged blocks by identity and redraws none of their words.
   */
  readonly settled: boolean;
}

export interface BindingOptions extends ProjectionOptions {
  readonly plugins?: readonly Plugin[];
  /** Milliseconds within which keystrokes are undone together. */
  readonly undoPause?: number;
  /** Steps that can be taken back. */
  readonly undoSteps?: number;
}

/** Where in its block a single typed change began, `Infinity` when it is not that simple. */
function startOfChange(tr: Transaction): number {
  const range: { from: number; count: number } = { from: Infinity, count: 0 };
  for (const map of tr.mapping.maps) {
    map.forEach((from) => {
      range.from = from;
      range.count += 1;
    });
  }
  if (range.count !== 1) return Infinity;
  return offsetAt(tr.before, range.from)?.offset ?? Infinity;
}

export class Binding {
  readonly doc: Y.Doc;
  /** Who this editor is to Yjs: the origin of its edits. */
  readonly origins: Origins = { prepare: { name: "prepare" }, edit: { name: "edit" } };
  readonly #projection: Projection;
  readonly #history: EditHistory;
  readonly #listeners = new Set<(change: Change) => void>();
  #state: EditorState;
  #storing = false;
  #lastEdited = "";

  constructor(doc: Y.Doc, options: BindingOptions = {}) {
    this.doc = doc;
    this.#projection = new Projection(doc, options);
    this.#history = new EditHistory(doc, this.origins.edit, options.undoPause, options.undoSteps);
    this.#state = EditorState.create({
      schema,
      doc: this.#projection.load(),
      plugins: [...(options.plugins ?? [])],
    });
    provisionsOf(doc).observeDeep(this.#onProvisions);
    frontOf(doc).observe(this.#onFront);
  }

  get state(): EditorState {
    return this.#state;
  }

  get heads(): readonly ProvisionHead[] {
    return this.#projection.heads;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Differences between what is shown and what is shared; empty is the promise. */
  differences(): string[] {
    return this.#projection.differences(this.#state.doc);
  }

  /** Calls back after every new state; answers how to stop. */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The one way for local changes: applied, repaired, stored in the shared document, told. */
  dispatch(tr: Transaction): void {
    const before = this.#state;
    let { state } = before.applyTransaction(tr);
    const docChanged = state.doc !== before.doc;
    const repair = docChanged ? this.#projection.repair(before.doc, state.doc) : null;
    const structural = repair !== null || state.doc.childCount !== before.doc.childCount;
    if (repair) state = this.#inTwo(state, repair, "local");
    this.#state = state;
    if (docChanged) this.#store(before, state, tr, structural);
    const fit = structural ? this.#projection.fitTables(state.doc) : null;
    if (fit) this.#state = state.apply(state.tr.step(fit).setStoredMarks(state.storedMarks).setMeta(SHOWN, true));
    this.#tell({ state: this.#state, source: "local", structural, docChanged, settled: true });
  }

  /** Undoes the last own step; answers whether there was one. */
  undo(): boolean {
    this.#history.remember(placeOf(this.doc, this.#state));
    return this.#goTo(this.#history.undo());
  }

  redo(): boolean {
    this.#history.remember(placeOf(this.doc, this.#state));
    return this.#goTo(this.#history.redo());
  }

  /**
   * Writes other words over stretches of provisions, as one own step that is undone at once.
   *
   * Straight into the shared text: as a transaction it would be stored as one stretch from the
   * first place of a provision to the last, over the words between, which may be somebody else's.
   */
  rewrite(edits: readonly Rewriting[]): void {
    this.edit(() => rewriteAll(this.doc, edits, this.origins.edit, (row, cell) => this.#projection.head(row)?.columns?.[cell]));
  }

  /**
   * Changes the shared document itself, as one own step that is undone at once; `prepare` makes
   * what undoing shall leave there.
   */
  edit<T>(act: (prepared: T) => void, prepare?: () => T): void {
    this.#history.remember(placeOf(this.doc, this.#state));
    this.#history.cut();
    const prepared = (prepare ? this.doc.transact(prepare, this.origins.prepare) : undefined) as T;
    this.doc.transact(() => act(prepared), this.origins.edit);
    this.#history.cut();
    this.#lastEdited = "";
    // What can be undone has changed since the words were shown.
    this.dispatch(this.#state.tr.setMeta(SHOWN, true));
  }

  /** The next edit is undone apart from the ones before it. */
  cutHistory(): void {
    this.#history.cut();
  }

  destroy(): void {
    provisionsOf(this.doc).unobserveDeep(this.#onProvisions);
    frontOf(this.doc).unobserve(this.#onFront);
    this.#history.destroy();
    this.#listeners.clear();
  }

  #store(before: EditorState, after: EditorState, tr: Transaction, structural: boolean): void {
    const edited = offsetAt(after.doc, after.selection.head)?.id ?? "";
    const apart = structural || tr.getMeta(STEP) === true || edited !== this.#lastEdited;
    this.#lastEdited = edited;
    this.#history.remember(placeOf(this.doc, before));
    if (apart) this.#history.cut();
    this.#storing = true;
    try {
      this.#projection.store(before.doc, after.doc, this.origins, startOfChange(tr));
    } finally {
      this.#storing = false;
    }
    if (structural || tr.getMeta(STEP) === true) this.#history.cut();
  }

  #goTo(place: Place | null | undefined): boolean {
    if (place === undefined) return false;
    this.#history.cut();
    const tr = this.#state.tr.setMeta(SHOWN, true);
    if (place && selectPlace(this.doc, place, tr)) tr.scrollIntoView();
    // Dispatched in any case: what can be undone has changed since the words were shown.
    this.dispatch(tr);
    return true;
  }

  readonly #onProvisions = (events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    if (this.#storing) return;
    const entries = new Set<string>();
    const texts = new Map<string, readonly DeltaOp[]>();
    // Reading Yjs' account opens a transaction for each, one within the other: thousands are too deep.
    const many = events.length > MANY;
    const cells = new Set<string>();
    for (const event of events) {
      const [id, field, deeper] = event.path;
      if (id === undefined) {
        for (const key of event.keys.keys()) entries.add(key);
      } else if (field === "text" && deeper === undefined && event instanceof Y.YTextEvent) {
        texts.set(String(id), many ? [] : (event.delta as DeltaOp[]));
      } else if (event instanceof Y.YTextEvent) {
        cells.add(String(id));
      } else {
        entries.add(String(id));
      }
    }
    for (const id of entries) cells.delete(id);
    this.#show({ entries, texts, cells, policy: false });
  };

  readonly #onFront = (event: Y.YMapEvent<unknown>): void => {
    if (event.keysChanged.has("numbering")) this.#show({ entries: new Set(), texts: new Map(), cells: new Set(), policy: true });
  };

  #show(changes: MapChanges): void {
    const before = this.#state;
    const tr = before.tr.setMeta(SHOWN, true).setMeta("addToHistory", false);
    const { attributes, structural, displaced, moves } = this.#projection.show(changes, tr);
    if (!tr.docChanged && !attributes) return;
    keepSelection(before, tr, displaced, moves);
    tr.setStoredMarks(before.storedMarks);
    const placed = before.apply(tr);
    this.#state = attributes ? this.#inTwo(placed, attributes, "shared") : placed;
    this.#tell({ state: this.#state, source: "shared", structural, docChanged: true, settled: true });
  }

  /** Shows blocks in their places first, then with new attributes; answers the second state. */
  #inTwo(placed: EditorState, attributes: AttributesStep, source: Change["source"]): EditorState {
    this.#state = placed;
    this.#tell({ state: placed, source, structural: true, docChanged: true, settled: false });
    const tr = placed.tr.step(attributes).setStoredMarks(placed.storedMarks);
    return placed.apply(tr.setMeta(SHOWN, true));
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
