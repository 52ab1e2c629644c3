/** The sheet: an editor of one shared draft. */

import { TextSelection, type Command, type EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

import { Binding, type Change } from "../binding/binding";
import { positionAt } from "../binding/places";
import { attrsOf, indexOfBlock, MARKS, positionOf } from "../binding/schema";
import { provisionEntry } from "../model";
import { caretIn } from "./blocks";
import { carets, caretsOf } from "./carets";
import { changes, markChanges } from "./changes";
import { clipboard } from "./clipboard";
import * as commands from "./commands";
import { composing } from "./composing";
import { keys } from "./keys";
import { ProvisionView } from "./node-view";
import { outlineOf } from "./outline";
import { selectedIn } from "./selected";
import { putSlot, slots } from "./slot";
import { lightUp, spotlight, type Lit } from "./spotlight";
import { readOnlyTables } from "./tables";
import type {
  ChangedLine,
  ChangeLayer,
  DraftEditor,
  EditorCommands,
  EditorOptions,
  MarkKind,
  Notice,
  OutlineItem,
  ReadProvision,
  SelectedPart,
  SelectionState,
  Slot,
  Words,
} from "./types";

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

function activeMarks({ selection, storedMarks, doc }: EditorState): MarkKind[] {
  if (selection.empty) {
    const marks = storedMarks ?? selection.$from.marks();
    return MARKS.filter((name) => marks.some(({ type }) => type.name === name));
  }
  return MARKS.filter((name) => {
    const type = doc.type.schema.marks[name];
    return type !== undefined && doc.rangeHasMark(selection.from, selection.to, type);
  });
}

class Editor implements DraftEditor {
  readonly commands: EditorCommands;
  readonly #options: EditorOptions;
  readonly #binding: Binding;
  readonly #view: EditorView;
  #editable: boolean;
  #outlineTimer: ReturnType<typeof setTimeout> | undefined;
  #outlineOf: unknown = null;
  #selection = "";
  readonly #warned = new Set<string>();

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#editable = options.editable;
    this.#binding = new Binding(options.doc, { plugins: this.#plugins() });
    this.#view = this.#open();
    this.#binding.onChange((change) => this.#changed(change));
    this.commands = this.#commands();
    this.#tellOutline();
    this.#tellSelection();
  }

  destroy(): void {
    // What still waits goes into the document while the view can show it.
    this.#options.gate.release();
    clearTimeout(this.#outlineTimer);
    this.#view.destroy();
    this.#binding.destroy();
  }

  focus(): void {
    this.#view.focus();
  }

  setEditable(editable: boolean): void {
    this.#editable = editable;
    this.#view.setProps({ editable: () => editable });
  }

  can(command: Parameters<DraftEditor["can"]>[0]): boolean {
    if (!this.#editable) return false;
    if (command === "undo") return this.#binding.canUndo;
    if (command === "redo") return this.#binding.canRedo;
    return commands[command](this.#view.state);
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

  selected(): SelectedPart[] {
    return selectedIn(this.#view.state);
  }

  read(provisionId: string): ReadProvision | null {
    const { doc } = this.#view.state;
    const block = doc.maybeChild(indexOfBlock(doc, provisionId));
    if (!block) return null;
    const { id, kind, label, cells } = attrsOf(block);
    return { id, kind, label, text: block.textContent, cells: cells ?? [] };
  }

  words(provisionId: string): string | null {
    const { doc } = this.#view.state;
    const index = indexOfBlock(doc, provisionId);
    return index < 0 ? null : doc.child(index).textContent;
  }

  show(words: Words, focus = true): boolean {
    const lit = this.#lit(words);
    if (!lit) return false;
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

  rewrite(edits: readonly (Words & { readonly by: string })[]): void {
    if (!this.#editable || edits.length === 0) return;
    this.#binding.rewrite(edits);
    const grown = new Map<string, number>();
    const lit: Lit[] = [];
    for (const { id, from, to, by } of edits.toSorted((a, b) => a.from - b.from)) {
      const shift = grown.get(id) ?? 0;
      const place = this.#lit({ id, from: from + shift, to: from + shift + by.length });
      if (place) lit.push(place);
      grown.set(id, shift + by.length - (to - from));
    }
    this.#view.dispatch(lightUp(this.#view.state.tr, lit));
  }

  markChanges(lines: readonly ChangedLine[], layer: ChangeLayer): boolean {
    if (this.#view.composing || this.#options.gate.holding) return false;
    this.#view.dispatch(markChanges(this.#view.state.tr, lines, layer));
    return true;
  }

  #lit({ id, from, to }: Words): Lit | null {
    const { doc } = this.#view.state;
    const [start, end] = [from, to].map((offset) => positionAt(doc, { id, offset }));
    return typeof start === "number" && typeof end === "number" ? { from: start, to: end } : null;
  }

  slot(slot: Slot | null): boolean {
    if (this.#view.composing) return false;
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

  differences(): string[] {
    return this.#binding.differences();
  }

  readonly #notify = (notice: Notice): void => this.#options.onNotice?.(notice);

  #plugins() {
    const { doc, gate, awareness, messages } = this.#options;
    return [
      composing(gate, this.#notify),
      keys(() => this.#binding),
      clipboard(this.#notify),
      readOnlyTables(),
      spotlight(),
      changes("beside"),
      changes("since"),
      changes("proposals"),
      slots(),
      ...(awareness ? [carets({ doc, awareness, gate, messages })] : []),
    ];
  }

  #open(): EditorView {
    return new EditorView(this.#options.mount, {
      state: this.#binding.state,
      editable: () => this.#editable,
      dispatchTransaction: (tr) => {
        // What is drawn may be dispatched while somebody may not write; words may not.
        if (this.#editable || !tr.docChanged) this.#binding.dispatch(tr);
      },
      nodeViews: { provision: (node) => new ProvisionView(node) },
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

  #run(command: Command): boolean {
    if (!this.#editable) return false;
    const done = command(this.#view.state, this.#view.dispatch, this.#view);
    if (done) this.#view.focus();
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
      removeProvision: run(commands.removeProvision),
      undo: () => this.#editable && this.#binding.undo(),
      redo: () => this.#editable && this.#binding.redo(),
      scrollTo: (id) => this.#scrollTo(id),
    };
  }

  #scrollTo(id: string): boolean {
    const { state } = this.#view;
    const index = indexOfBlock(state.doc, id);
    if (index < 0) return false;
    this.#view.dispatch(caretIn(state.tr, index));
    const block = this.#block(index);
    block?.scrollIntoView({ block: "start" });
    // Blocks above are drawn only now and are taller than guessed: once more when they are.
    requestAnimationFrame(() => block?.scrollIntoView({ block: "start" }));
    this.#view.focus();
    return true;
  }

  #changed(change: Change): void {
    this.#view.updateState(change.state);
    if (!change.settled) return;
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

  #tellSelection(): void {
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
