/** The sheet: an editor of one shared draft. */

import { TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

import { Binding, STEP, type Change } from "../binding/binding";
import { positionAt } from "../binding/places";
import { attrsOf, indexOfBlock, positionOf } from "../binding/schema";
import { removedColumns } from "../binding/table-edits";
import { provisionEntry } from "../model";
import { earlyClick } from "../ui/early";
import { Lazily } from "../ui/lazily";
import { caretIn, kindsOf } from "./blocks";
import { caretRead, passOver, redraw } from "./caret-read";
import { carets, caretsOf, type CaretOptions } from "./carets";
import type { Cells } from "./cells";
import { changes, markChanges } from "./changes";
import { clipboard, Pasting } from "./clipboard";
import * as commands from "./commands";
import { commentAt, commented, holds, lightComments, putComments, putUnsent, UNSENT } from "./commented";
import { composing } from "./composing";
import { folds, putFolds } from "./folds";
import { Hiding } from "./hiding";
import { insertReference } from "./inserting";
import { keys } from "./keys";
import { nearness } from "./nearness";
import { ProvisionView } from "./node-view";
import { outlineOf } from "./outline";
import { activeMarks, chosenIn, linesIn, readBlock, selectedIn } from "./selected";
import { putSlot, slots } from "./slot";
import { lightUp, placesAfter, spotlight, type Lit } from "./spotlight";
import * as structure from "./structure";
import { emptyGrid, insertTable, rowsOfTable, wholeTables } from "./tables";
import type {
  ChangedLine,
  ChangeLayer,
  Chosen,
  CommentPlace,
  DraftEditor,
  EditorCommands,
  EditorOptions,
  Notice,
  OutlineItem,
  ReadProvision,
  SelectedPart,
  SelectionState,
  Slot,
  ToldComment,
  Typing,
  Words,
} from "./types";
import { writing, wroteIn } from "./writing";

export type {
  DraftEditor,
  EditorCommands,
  EditorOptions,
  MarkKind,
  Messages,
  Notice,
  OutlineItem,
  SelectionState,
  Words,
} from "./types";

const OUTLINE_MS = 120;
/** A light on more than these shows nobody anything. */
const MOST_LIT = 100;
/** What is to be marked while an input method composes is tried again so soon. */
const COMPOSING_MS = 250;

class Editor implements DraftEditor {
  readonly commands: EditorCommands;
  readonly #options: EditorOptions;
  readonly #binding: Binding;
  readonly #view: EditorView;
  /** Fetched for the first table: most drafts have none. */
  readonly #cells: Lazily<Cells>;
  #tables: Cells | null = null;
  readonly #pasting: Pasting;
  #place = "";
  #editable: boolean;
  #outlineTimer: ReturnType<typeof setTimeout> | undefined;
  #outlineOf: unknown = null;
  #drawingTimer: ReturnType<typeof setTimeout> | undefined;
  /** Told and not yet drawn, the newest of each layer. */
  readonly #drawings = new Map<string, (tr: Transaction) => Transaction>();
  #selection = "";
  readonly #warned = new Set<string>();
  readonly #hiding = new Hiding();
  #foldsDrawn = "[]";
  #foldsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#editable = options.editable;
    this.#pasting = new Pasting({
      binding: () => this.#binding,
      notify: this.#notify,
      onPasted: (mode) => options.onPasted?.(mode),
    });
    this.#binding = new Binding(options.doc, { plugins: this.#plugins() });
    const around = {
      view: () => this.#view,
      binding: this.#binding,
      editable: () => this.#editable,
      messages: options.messages,
      notify: this.#notify,
      onPlace: () => this.#tellTable(),
      onCaret: () => this.#view.dispatch(this.#view.state.tr),
      onWrite: (row: string) => wroteIn(this.#view, row),
    };
    this.#cells = Lazily.of(() => import("./cells"), ({ Cells: Made }) => {
      this.#tables = new Made(around);
      if (!this.#view.isDestroyed) this.#tables.start(early());
      return this.#tables;
    });
    this.#view = this.#open();
    const early = earlyClick([this.#view.dom], ".provision-cell");
    this.#lookForTables();
    this.#binding.onChange((change) => this.#changed(change));
    this.commands = this.#commands();
    this.#tellOutline();
    this.#tellSelection();
  }

  destroy(): void {
    // What still waits goes into the document while the view can show it.
    this.#options.gate.release();
    clearTimeout(this.#outlineTimer);
    clearTimeout(this.#drawingTimer);
    clearTimeout(this.#foldsTimer);
    this.#hiding.destroy();
    this.#view.destroy();
    this.#binding.destroy();
  }

  focus(): void {
    this.#view.focus();
  }

  setEditable(editable: boolean): void {
    // Told with every key that is sent: the view must not draw the state before it over what is composed.
    if (editable === this.#editable) return;
    this.#editable = editable;
    this.#view.setProps({ editable: () => editable });
  }

  can(command: Parameters<DraftEditor["can"]>[0]): boolean {
    if (!this.#editable) return false;
    if (command === "undo") return this.#binding.canUndo;
    if (command === "redo") return this.#binding.canRedo;
    return { ...commands, ...structure }[command](this.#view.state);
  }

  selection(): SelectionState {
    const { state } = this.#view;
    const block = state.doc.maybeChild(state.selection.$head.index(0));
    const { id = "", kind = null } = block ? attrsOf(block) : {};
    return {
      provisionId: id === "" ? null : id,
      kind: id === "" ? null : kind,
      marks: activeMarks(state),
      canUndo: this.#binding.canUndo,
      canRedo: this.#binding.canRedo,
    };
  }

  outline(): OutlineItem[] {
    return outlineOf(this.#view.state.doc);
  }

  places(provisionId: string): string[] {
    return structure.placesOf(this.#view.state, provisionId);
  }

  selected(): SelectedPart[] {
    return selectedIn(this.#view.state);
  }

  read(provisionId: string): ReadProvision | null {
    const { doc } = this.#view.state;
    const block = doc.maybeChild(indexOfBlock(doc, provisionId));
    return block ? readBlock(block) : null;
  }

  get only(): string | null {
    return this.#hiding.only;
  }

  showOnly(provisionId: string | null): boolean {
    const { doc } = this.#view.state;
    if (provisionId !== null && indexOfBlock(doc, provisionId) < 0) return false;
    const changed = provisionId !== this.#hiding.only;
    this.#hiding.only = provisionId;
    this.#hide();
    if (changed) this.#options.onOnly?.(provisionId);
    return true;
  }

  get folded(): ReadonlySet<string> {
    return this.#hiding.folded;
  }

  fold(ids: ReadonlySet<string>): void {
    if (this.#view.composing) return;
    this.#hiding.folded = ids;
    this.#hiding.update(this.#view.state.doc);
    const { doc, selection, tr } = this.#view.state;
    const index = selection.$head.index(0);
    // The caret does not stay where nobody sees it: it goes to the end of what folded over it.
    const over = this.#hiding.folds.find((fold) => index > fold.index && index <= fold.index + fold.count);
    if (over) this.#view.dispatch(caretIn(tr, over.index, doc.child(over.index).content.size));
    this.#drawFolds();
  }

  reveal(provisionId: string): void {
    const { doc } = this.#view.state;
    const index = indexOfBlock(doc, provisionId);
    if (this.#hiding.isAround(index)) this.showOnly(null);
    if (this.#hiding.isBeneath(index)) this.fold(this.#hiding.without(doc, index));
  }

  #hide(): void {
    this.#hiding.update(this.#view.state.doc);
    this.#drawFolds();
  }

  #drawFolds(): void {
    clearTimeout(this.#foldsTimer);
    this.#foldsTimer = undefined;
    const told = JSON.stringify(this.#hiding.folds);
    if (told === this.#foldsDrawn) return;
    this.#foldsDrawn = told;
    this.#drawWhenQuiet("folds", (tr) => putFolds(tr, this.#hiding.folds));
    this.#options.onFolds?.();
  }

  typing(): Typing | null {
    const cell = this.#tables?.typing() ?? null;
    if (cell !== null) return cell;
    const { selection } = this.#view.state;
    if (!this.#editable || this.#composing || !selection.empty || selection.$head.depth === 0) return null;
    if (!this.#view.hasFocus()) return null;
    const block = selection.$head.parent;
    const { id, kind } = attrsOf(block);
    return kind === "row" ? null : { id, text: block.textContent, offset: selection.$head.parentOffset };
  }

  place(): { id: string; offset: number } | null {
    const { $to } = this.#view.state.selection;
    if (!this.#editable || $to.depth === 0 || attrsOf($to.parent).kind === "row" || attrsOf($to.parent).id === "") return null;
    return { id: attrsOf($to.parent).id, offset: $to.parentOffset };
  }

  caretBox(): { left: number; top: number; bottom: number } | null {
    return this.#tables?.caretBox() ?? this.#view.coordsAtPos(this.#view.state.selection.head);
  }

  all(): ReadProvision[] {
    return this.#view.state.doc.content.content.map(readBlock);
  }

  words(provisionId: string): string | null {
    return this.read(provisionId)?.text ?? null;
  }

  show(words: Words, focus = true): boolean {
    const lit = this.#lit(words);
    if (!lit) return false;
    this.reveal(words.id);
    const { tr, doc } = this.#view.state;
    this.#view.dispatch(lightUp(tr.setSelection(TextSelection.create(doc, lit.from, lit.to)), [lit]));
    if (focus) this.#view.focus();
    const block = this.#block(indexOfBlock(doc, words.id));
    const middle = (): void => (block?.querySelector(".spotlit") ?? block)?.scrollIntoView({ block: "center" });
    middle();
    // Blocks above are drawn only now and are taller than guessed: once more when they are.
    requestAnimationFrame(middle);
    return true;
  }

  ready(): boolean {
    if (!this.#editable || this.#view.composing) return false;
    this.#options.gate.release();
    return true;
  }

  rewrite(edits: readonly (Words & { readonly by: string })[]): Words[] {
    if (!this.#editable || edits.length === 0) return [];
    this.#binding.rewrite(edits);
    const written = placesAfter(edits);
    const lit = written.slice(0, MOST_LIT).map((words) => (words.cell === undefined ? this.#lit(words) : null));
    this.#view.dispatch(lightUp(this.#view.state.tr, lit.filter((place) => place !== null)));
    return written;
  }

  markChanges(lines: readonly ChangedLine[], layer: ChangeLayer): void {
    this.#drawWhenQuiet(layer, (tr) => markChanges(tr, lines, layer));
  }

  #drawWhenQuiet(name: string, drawing: (tr: Transaction) => Transaction): void {
    this.#drawings.set(name, drawing);
    this.#drawAll();
  }

  #drawAll(): void {
    clearTimeout(this.#drawingTimer);
    // Drawn between two words, never into one that is being composed.
    if (this.#composing) {
      this.#drawingTimer = setTimeout(() => this.#drawAll(), COMPOSING_MS);
      return;
    }
    redraw(this.#view, (tr) => {
      for (const drawing of this.#drawings.values()) drawing(tr);
      this.#drawings.clear();
      return tr;
    });
  }

  markComments(told: readonly ToldComment[], asked: number): boolean {
    this.#drawWhenQuiet("comments", (tr) => putComments(tr, told, asked));
    return !this.#composing && holds(this.#view.state, told, asked);
  }

  markUnsent(place: Omit<CommentPlace, "thread"> | null): void {
    this.#drawWhenQuiet("unsent", (tr) => putUnsent(tr, place && { ...place, thread: UNSENT }));
  }

  lightComments(active: string | null, others: readonly string[]): void {
    this.#drawWhenQuiet("lit", (tr) => lightComments(tr, active, others));
  }

  commentAt(thread = UNSENT): CommentPlace | null {
    return commentAt(this.#view.state, thread);
  }

  chosen(): Chosen | null {
    return this.#tables?.chosen() ?? chosenIn(this.#view);
  }

  chosenLines(): readonly DOMRect[] {
    return this.#tables?.chosen() ? this.#tables.chosenLines() : linesIn(this.#view);
  }

  get #composing(): boolean {
    return this.#view.composing || this.#options.gate.holding;
  }

  #lit({ id, from, to }: Words): Lit | null {
    const { doc } = this.#view.state;
    const [start, end] = [from, to].map((offset) => positionAt(doc, { id, offset }));
    return typeof start === "number" && typeof end === "number" ? { from: start, to: end } : null;
  }

  slot(slot: Slot | null): boolean {
    if (this.#view.composing) return false;
    if (slot !== null) this.reveal(slot.id);
    this.#view.dispatch(putSlot(this.#view.state.tr, slot));
    return true;
  }

  at(x: number, y: number): { readonly id: string; readonly offset: number } | null {
    const found = this.#view.posAtCoords({ left: x, top: y });
    if (found === null) return null;
    const $place = this.#view.state.doc.resolve(found.pos);
    const block = $place.depth > 0 ? $place.node(1) : this.#view.state.doc.maybeChild($place.index(0));
    if (!block) return null;
    return { id: attrsOf(block).id, offset: $place.depth > 0 ? $place.parentOffset : block.content.size };
  }

  /** The element of the block at `index`; not every child of the sheet is one. */
  #block(index: number): HTMLElement | null {
    const { doc } = this.#view.state;
    const element = index < 0 || index >= doc.childCount ? null : this.#view.nodeDOM(positionOf(doc, index));
    return element instanceof HTMLElement ? element : null;
  }

  removedColumns(): { table: string; id: string; words: string }[] {
    return removedColumns(this.#options.doc, this.#binding.heads);
  }

  restoreColumn(table: string, id: string): void {
    if (this.#editable) this.#cells.use((cells) => cells.restoreColumn(table, id));
  }

  differences(): string[] {
    return this.#binding.differences();
  }

  readonly #notify = (notice: Notice): void => this.#options.onNotice?.(notice);

  #plugins() {
    const { doc, gate, awareness, messages } = this.#options;
    return [
      caretRead(),
      composing(gate, this.#notify),
      keys(() => this.#binding),
      clipboard(this.#pasting),
      wholeTables(),
      spotlight(),
      ...(["beside", "since", "proposals", "references"] as const).map((name) => changes(name)),
      ...commented(),
      slots(),
      nearness(),
      folds({ messages, open: (id) => this.fold(new Set([...this.#hiding.folded].filter((one) => one !== id))) }),
      ...(awareness ? this.#presence({ doc, awareness, gate, messages }) : []),
    ];
  }

  #presence(options: CaretOptions) {
    const notice = (name: string): void => this.#notify({ key: "editor.writing_here", values: { name } });
    return [carets({ ...options, inCell: () => this.#tables?.caret() ?? null }), writing(options, notice)];
  }

  #open(): EditorView {
    return new EditorView(this.#options.mount, {
      state: this.#binding.state,
      editable: () => this.#editable,
      dispatchTransaction: (tr) => {
        // What is drawn may be dispatched while somebody may not write; words may not.
        if (this.#editable || !tr.docChanged) this.#binding.dispatch(tr);
      },
      nodeViews: { provision: (node, _view, _at, drawn) => new ProvisionView(node, drawn) },
      handleDOMEvents: { beforeinput: (_view, event) => this.#beforeInput(event) },
      attributes: {
        class: "sheet-text",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": this.#options.messages("editor.label"),
        lang: "vi",
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "off",
        translate: "no",
      },
    });
  }

  /** Undo and formats asked for by menus and mobile keyboards; typing is left alone. */
  #beforeInput(event: InputEvent): boolean {
    const acts: Readonly<Record<string, () => boolean>> = {
      historyUndo: () => this.commands.undo(),
      historyRedo: () => this.commands.redo(),
      formatBold: () => this.commands.toggleMark("bold"),
      formatItalic: () => this.commands.toggleMark("italic"),
      formatUnderline: () => this.commands.toggleMark("underline"),
    };
    const act = acts[event.inputType];
    const foreign = act === undefined && event.inputType.startsWith("format");
    if (!act && !foreign) return false;
    event.preventDefault();
    act?.();
    return true;
  }

  #run(command: Command, focus = true): boolean {
    if (!this.#editable) return false;
    const done = command(this.#view.state, this.#view.dispatch, this.#view);
    if (done && focus) this.#view.focus();
    return done;
  }

  #commands(): EditorCommands {
    const run = (command: Command) => () => this.#run(command);
    return {
      toggleMark: (kind) => this.#run(commands.toggleMark(kind)),
      setKind: (kind) => this.#run(commands.setKind(kind)),
      insertAfter: (kind) => this.#run(commands.insertAfter(kind)),
      indent: run(commands.indent),
      outdent: run(commands.outdent),
      moveUp: run(commands.moveUp),
      moveDown: run(commands.moveDown),
      moveBefore: (id, before) => this.#run(structure.moveBefore(id, before), false),
      splitArticle: run(structure.splitArticle),
      joinArticle: run(structure.joinArticle),
      pasteOther: () => this.#editable && this.#pasting.other(this.#view),
      insertTable: (rows, columns) => this.#insertTable(rows, columns),
      table: (act) => this.#tables?.act(act) === true,
      removeProvision: run(commands.removeProvision),
      insertReference: (target, address) => this.#insertReference(target, address),
      write: (words, by) =>
        words.cell === undefined
          ? this.#run((state, dispatch) => this.#write(words, by, state, dispatch))
          : this.#tables?.write(words.from, words.to, by) === true,
      undo: () => this.#editable && this.#binding.undo(),
      redo: () => this.#editable && this.#binding.redo(),
      scrollTo: (id) => this.#scrollTo(id),
    };
  }

  #write({ id, from, to }: Words, by: string, state: EditorState, dispatch?: (tr: Transaction) => void): boolean {
    const lit = this.#lit({ id, from, to });
    if (!lit || this.#composing) return false;
    const tr = state.tr.insertText(by, lit.from, lit.to);
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, lit.from + by.length)).setMeta(STEP, true).scrollIntoView());
    return true;
  }

  #insertReference(target: string, address: string): boolean {
    const place = this.place();
    return place !== null && this.ready() && insertReference(this.#view, this.#binding, place, target, address);
  }

  #insertTable(rows: number, columns: number): boolean {
    if (!this.#run(insertTable(emptyGrid(rows, columns), true))) return false;
    const { doc, selection } = this.#view.state;
    const { id } = attrsOf(doc.child(selection.$head.index(0)));
    if (rowsOfTable(doc, id).length === 0) return false;
    this.#cells.use((cells) => cells.enter(id, "above"));
    return true;
  }

  #scrollTo(id: string): boolean {
    const { state } = this.#view;
    const index = indexOfBlock(state.doc, id);
    if (index < 0) return false;
    this.reveal(id);
    this.#view.dispatch(caretIn(state.tr, index));
    const block = this.#block(index);
    block?.scrollIntoView({ block: "start" });
    // Blocks above are drawn only now and are taller than guessed: once more when they are.
    requestAnimationFrame(() => block?.scrollIntoView({ block: "start" }));
    this.#view.focus();
    return true;
  }

  #changed(change: Change): void {
    // Before it is drawn: a caret is put nowhere where nothing is shown.
    if (this.#hiding.follow(change.state, change.structural)) this.#foldsTimer ??= setTimeout(() => this.#drawFolds());
    this.#view.updateState(change.state);
    passOver(this.#view);
    // Its place may be another, and when it is gone everything is shown again.
    if (change.structural && this.only !== null && !this.showOnly(this.only)) this.showOnly(null);
    if (!change.settled) return;
    if (change.structural) this.#lookForTables();
    this.#tables?.redraw();
    if (change.docChanged) this.#pasting.changed(change.state.doc);
    if (change.docChanged) this.#outlineTimer ??= setTimeout(() => this.#tellOutline(), OUTLINE_MS);
    this.#tellSelection();
    if (change.structural && change.source === "local") this.#warnOfOthers();
  }

  #tellOutline(): void {
    this.#outlineTimer = undefined;
    const { doc } = this.#view.state;
    if (!this.#options.onOutline || doc === this.#outlineOf) return;
    this.#outlineOf = doc;
    this.#options.onOutline(outlineOf(doc));
  }

  #lookForTables(): void {
    if (this.#tables === null && kindsOf(this.#view.state.doc).includes("row")) this.#cells.use(() => this.#tellTable());
  }

  #tellTable(): void {
    const place = this.#tables?.place() ?? null;
    const table = place ? this.#view.state.doc.maybeChild(indexOfBlock(this.#view.state.doc, place.table)) : null;
    const told = place && table ? { inCell: place.row !== null, header: attrsOf(table).header } : null;
    if (JSON.stringify(told) === this.#place) return;
    this.#place = JSON.stringify(told);
    this.#options.onTable?.(told);
  }

  #tellSelection(): void {
    this.#tellTable();
    if (!this.#options.onSelection) return;
    const selection = this.selection();
    const told = JSON.stringify(selection);
    if (told === this.#selection) return;
    this.#selection = told;
    this.#options.onSelection(selection);
  }

  /** Somebody's caret stands in a provision just taken out: what they type goes out of sight. */
  #warnOfOthers(): void {
    const { awareness, doc } = this.#options;
    for (const { provision, user } of awareness ? caretsOf(awareness) : []) {
      const name = `${user.id} ${provision}`;
      const gone = provisionEntry(doc, provision)?.get("removed") === true;
      if (!gone) this.#warned.delete(name);
      else if (!this.#warned.has(name)) {
        this.#warned.add(name);
        this.#notify({ key: "editor.joined_with_others", values: { name: user.name } });
      }
    }
  }
}

export function createEditor(options: EditorOptions): DraftEditor {
  return new Editor(options);
}
