/**
 * Typing into cells, choosing cells, and what is done to tables: one field in the cell where one types.
 *
 * Cells are plain words, so a text field does: input methods compose in it as anywhere, and nothing
 * that others write is drawn over it.
 */

import { TextSelection, type Command } from "prosemirror-state";

import { attrsOf, indexOfBlock, positionOf } from "../binding/schema";
import { keepColumn, moveColumn, prepareColumn, rowsOf } from "../binding/table-edits";
import { breaksLine, pressed } from "../keys/pressed";
import type { Act } from "../keys/table";
import { MAX_COLUMNS } from "../model";
import { clickedOn } from "../ui/early";
import { bindText } from "../ui/textbind";
import { caretIn, kindAt } from "./blocks";
import { boxAt, boxesOf, CELL, CellGrid, cellOf, offsetIn, placeOfCell, same, type Cell, type Chosen, type GridSurroundings } from "./cell-grid";
import { gridOf, htmlOfGrid, textOfGrid, type PastedTable } from "./table-paste";
import { insertRow, removeRows, removeTable, rowsOfTable, tableOf, type Grid } from "./tables";
import type { CellPlace, Chosen as ChosenWords, Notice, TableAct, Typing } from "./types";

interface Surroundings extends GridSurroundings {
  readonly editable: () => boolean;
  readonly notify: (notice: Notice) => void;
  readonly onPlace: () => void;
  /** The caret moved within a cell. */
  readonly onCaret: () => void;
  /** Something was typed in a cell of this row. */
  readonly onWrite: (row: string) => void;
}

export class Cells {
  readonly #around: Surroundings;
  readonly #grid: CellGrid;
  readonly #field = document.createElement("textarea");
  #typing: Cell | null = null;
  #chosen: Chosen | null = null;
  #unbind: (() => void) | null = null;
  #pressedAt: Cell | null = null;
  #composing = false;
  readonly #moved = (): void => {
    if (this.#typing !== null && document.activeElement === this.#field) this.#around.onCaret();
  };

  constructor(around: Surroundings) {
    this.#around = around;
    this.#grid = new CellGrid(around);
    this.#field.className = "cell-field";
    this.#field.rows = 1;
    this.#field.spellcheck = false;
    this.#field.addEventListener("keydown", (event) => this.#typed(event));
    this.#field.addEventListener("blur", () => this.#left());
    this.#field.addEventListener("compositionstart", () => (this.#composing = true));
    this.#field.addEventListener("compositionend", () => (this.#composing = false));
    this.#field.addEventListener("input", () => {
      if (this.#typing !== null) this.#around.onWrite(this.#typing.row);
    });
    this.#field.addEventListener("beforeinput", (event) => {
      if (/^insert(LineBreak|Paragraph)$/.test(event.inputType)) event.preventDefault();
    });
  }

  /** Listens on the sheet, and answers a click from before. */
  start(early: MouseEvent | null): void {
    const { dom } = this.#around.view();
    dom.addEventListener("mousedown", (event) => this.#down(event));
    dom.addEventListener("mouseover", (event) => this.#over(event));
    dom.addEventListener("click", (event) => this.#clicked(event));
    dom.addEventListener("keydown", (event) => this.#cameBy(event), true);
    dom.addEventListener("keydown", (event) => this.#keyOnChosen(event));
    dom.addEventListener("copy", (event) => this.#copied(event));
    dom.addEventListener("paste", (event) => this.#pasted(event), true);
    dom.addEventListener("focusout", (event) => {
      if (this.#chosen && cellOf(event.relatedTarget) === null) this.#choose(null);
    });
    document.addEventListener("selectionchange", this.#moved);
    if (early) this.#clicked(early);
  }

  destroy(): void {
    document.removeEventListener("selectionchange", this.#moved);
    this.#unbind?.();
  }

  /** Where one types, or the cell that is chosen, as the others are told. */
  caret(): CellPlace | null {
    if (this.#typing) {
      const { selectionStart, selectionEnd, selectionDirection } = this.#field;
      const ends = [selectionStart, selectionEnd];
      const [anchor = 0, head = 0] = selectionDirection === "backward" ? ends.toReversed() : ends;
      return { ...this.#typing, anchor, head };
    }
    const cell = this.#chosen?.head;
    return cell ? { ...cell, anchor: 0, head: this.#grid.text(cell)?.length ?? 0 } : null;
  }

  /** The words one types in, and where; `null` while an input method composes or something is selected. */
  typing(): Typing | null {
    const { value, selectionStart, selectionEnd } = this.#field;
    if (this.#typing === null || this.#composing || selectionStart !== selectionEnd || !this.#around.editable()) return null;
    if (document.activeElement !== this.#field) return null;
    return { id: this.#typing.row, cell: this.#index(this.#typing), text: value, offset: selectionStart };
  }

  /** What of the cell is selected, for a comment on it. */
  chosen(): ChosenWords | null {
    if (this.#typing === null || document.activeElement !== this.#field) return null;
    const { value, selectionStart, selectionEnd } = this.#field;
    return { id: this.#typing.row, cell: this.#index(this.#typing), text: value, from: selectionStart, to: selectionEnd };
  }

  caretBox(): DOMRect | null {
    const cell = this.#field.parentElement;
    return this.#typing === null || cell === null ? null : boxAt(cell, this.#field.selectionStart);
  }

  chosenLines(): readonly DOMRect[] {
    const cell = this.#field.parentElement;
    return this.#typing === null || cell === null ? [] : boxesOf(cell, this.#field.selectionStart, this.#field.selectionEnd);
  }

  /** Writes over words of the cell one types in, and puts the caret behind the new ones; undone at once. */
  write(from: number, to: number, by: string): boolean {
    const cell = this.#typing;
    if (cell === null || this.#composing || !this.#around.editable()) return false;
    this.#around.binding.edit(() => {
      const text = this.#grid.made(cell);
      text.delete(from, to - from);
      text.insert(from, by);
    });
    this.#field.setSelectionRange(from + by.length, from + by.length);
    return true;
  }

  #index({ row, column }: Cell): number {
    return this.#grid.columns(tableOf(this.#around.view().state.doc, row) ?? "").indexOf(column);
  }

  /** The table one is in, with the cell if one is in a cell. */
  place(): { table: string; row: string | null; column: string | null } | null {
    const { state } = this.#around.view();
    const cell = this.#typing ?? this.#chosen?.head ?? null;
    const block = state.doc.maybeChild(state.selection.$head.index(0));
    const id = cell?.row ?? (block && attrsOf(block).kind === "table" ? attrsOf(block).id : "");
    const table = tableOf(state.doc, id);
    return table === null ? null : { table, row: cell?.row ?? null, column: cell?.column ?? null };
  }

  /** Puts the field into a cell; answers whether the cell is there. */
  open(cell: Cell, caret: number | "start" | "end" | "all" = "end"): boolean {
    const element = this.#grid.element(cell);
    if (!element || !this.#around.editable()) return false;
    const { binding } = this.#around;
    this.#choose(null);
    this.#unbind?.();
    this.#typing = cell;
    binding.cutHistory();
    this.#unbind = bindText(this.#field, binding.doc, () => this.#grid.text(cell), () => this.#grid.made(cell), binding.origins.edit);
    this.#field.setAttribute("aria-label", this.#grid.nameOf(cell));
    this.#putIn(element);
    this.#field.focus();
    const { length } = this.#field.value;
    const at = caret === "start" ? 0 : typeof caret === "number" ? Math.min(caret, length) : length;
    this.#field.setSelectionRange(caret === "all" ? 0 : at, at);
    this.#select(cell.row);
    this.#around.onPlace();
    return true;
  }

  /** After the sheet was drawn anew: the field is where its cell is, with the focus it had. */
  redraw(): void {
    if (this.#typing === null) return;
    const element = this.#grid.element(this.#typing);
    if (!element) this.#close();
    else if (this.#field.parentElement !== element) {
      const { selectionStart, selectionEnd } = this.#field;
      this.#putIn(element);
      this.#field.focus();
      this.#field.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  /** Each answers whether it did something; all are undone at once. */
  act(name: TableAct): boolean {
    const place = this.place();
    if (!place || !this.#around.editable()) return false;
    const { binding } = this.#around;
    const { doc } = this.#around.view().state;
    const rows = rowsOfTable(doc, place.table);
    const columns = this.#grid.columns(place.table);
    const row = place.row ?? rows.at(-1) ?? "";
    const at = columns.indexOf(place.column ?? "");
    const cell: Cell | null = place.column === null ? null : { row, column: place.column };
    const found = rowsOf(binding.doc, binding.heads, place.table);
    if (!found) return false;
    const acts: Readonly<Record<TableAct, () => boolean>> = {
      rowAbove: () => this.#addRow(row, 0, place.column),
      rowBelow: () => this.#addRow(row, 1, place.column),
      rowUp: () => this.#moveRow(rows, row, -1, cell),
      rowDown: () => this.#moveRow(rows, row, 1, cell),
      removeRow: () => {
        const gone = this.#chosen ? this.#grid.rectangle(this.#chosen).rows : [row];
        const next = rows.filter((id) => !gone.includes(id))[Math.min(rows.indexOf(gone[0] ?? ""), rows.length - gone.length - 1)];
        return this.#run(removeRows(gone)) && this.#back(next && place.column !== null ? { row: next, column: place.column } : null);
      },
      columnLeft: () => this.#addColumn(place.table, Math.max(at, 0), row),
      columnRight: () => this.#addColumn(place.table, at < 0 ? columns.length : at + 1, row),
      columnBack: () => at > 0 && this.#edit(() => moveColumn(found, columns[at]!, at - 1), cell),
      columnOn: () => at >= 0 && at < columns.length - 1 && this.#edit(() => moveColumn(found, columns[at]!, at + 1), cell),
      removeColumn: () => {
        if (at < 0 || columns.length < 2) return false;
        const next = columns[at + 1] ?? columns[at - 1]!;
        this.#close();
        return this.#edit(() => keepColumn(found, columns[at]!, true), { row, column: next });
      },
      header: () => this.#edit(() => {
        if (found.table.get("header") === true) found.table.delete("header");
        else found.table.set("header", true);
      }, cell),
      removeTable: () => this.#run(removeTable(place.table)) && this.#back(null),
    };
    return acts[name]();
  }

  restoreColumn(table: string, id: string): void {
    const { binding } = this.#around;
    const found = rowsOf(binding.doc, binding.heads, table);
    if (found) binding.edit(() => keepColumn(found, id, false));
  }

  /** The first cell of a table, for whoever comes from above it; the last for who comes from below. */
  enter(tableId: string, from: "above" | "below"): boolean {
    const { doc } = this.#around.view().state;
    const row = rowsOfTable(doc, tableId).at(from === "above" ? 0 : -1);
    const column = this.#grid.columns(tableId)[0];
    return row !== undefined && column !== undefined && this.open({ row, column }, "end");
  }

  /** Writes words into cells from this one on; rows and columns that lack are added. */
  fill(from: Cell, pasted: PastedTable): void {
    const { binding } = this.#around;
    const table = tableOf(this.#around.view().state.doc, from.row);
    if (table === null) return;
    const wide = pasted.grid[0]?.length ?? 0;
    const start = this.#grid.columns(table).indexOf(from.column);
    const lacking = Math.min(start + wide, MAX_COLUMNS) - this.#grid.columns(table).length;
    for (let more = 0; more < lacking; more += 1) this.#newColumn(table, this.#grid.columns(table).length);
    const columns = this.#grid.columns(table).slice(start, start + wide);
    const rows = rowsOfTable(this.#around.view().state.doc, table);
    const below = rows.slice(rows.indexOf(from.row));
    const more: Grid = pasted.grid.slice(below.length).map((words) => [...Array.from({ length: start }, () => ""), ...words]);
    if (more.length > 0) this.#run(insertRow(below.at(-1)!, 1, more));
    binding.edit(() => {
      for (const [at, words] of pasted.grid.slice(0, below.length).entries()) {
        columns.forEach((column, beside) => this.#write({ row: below[at]!, column }, words[beside] ?? ""));
      }
    });
    this.tell(pasted);
    this.#back(from);
  }

  /** Says what of a pasted table is not as it was. */
  tell({ spread, cut, grid }: PastedTable): void {
    if (cut) this.#around.notify({ key: "editor.table_cut", values: { rows: grid.length } });
    else if (spread) this.#around.notify({ key: "editor.table_spread" });
  }

  #write(cell: Cell, words: string): void {
    const text = this.#grid.made(cell);
    text.delete(0, text.length);
    text.insert(0, words);
  }

  /** The caret of the sheet goes along: reasons and the outline follow it. */
  #select(row: string): void {
    const view = this.#around.view();
    const index = indexOfBlock(view.state.doc, row);
    if (index < 0) return;
    const at = positionOf(view.state.doc, index) + 1;
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)));
  }

  #run(command: Command): boolean {
    const view = this.#around.view();
    return command(view.state, view.dispatch, view);
  }

  #edit(change: () => void, back: Cell | null): boolean {
    this.#around.binding.edit(change);
    return this.#back(back);
  }

  /** Where one was is where one is again. */
  #back(cell: Cell | null): boolean {
    if (cell === null || !this.open(cell)) {
      this.#close();
      this.#around.view().focus();
    }
    this.#around.onPlace();
    return true;
  }

  #addRow(row: string, side: 0 | 1, column: string | null): boolean {
    if (!this.#run(insertRow(row, side))) return false;
    const { doc } = this.#around.view().state;
    const made = doc.maybeChild(indexOfBlock(doc, row) + (side === 1 ? 1 : -1));
    const first = this.#grid.columns(tableOf(doc, row) ?? "")[0];
    return this.#back(made && (column ?? first) !== undefined ? { row: attrsOf(made).id, column: column ?? first! } : null);
  }

  #moveRow(rows: readonly string[], row: string, step: 1 | -1, cell: Cell | null): boolean {
    const at = rows.indexOf(row) + step;
    if (at < 0 || at >= rows.length) return false;
    const view = this.#around.view();
    const index = indexOfBlock(view.state.doc, row);
    const [first, second] = step < 0 ? [index - 1, index] : [index, index + 1];
    const blocks = [view.state.doc.child(second), view.state.doc.child(first)];
    this.#run((state, dispatch) => {
      const tr = state.tr.replaceWith(positionOf(state.doc, first), positionOf(state.doc, second + 1), blocks);
      dispatch?.(tr.setMeta("duthao.step", true));
      return true;
    });
    return this.#back(cell);
  }

  #newColumn(table: string, at: number): string | null {
    const { binding } = this.#around;
    const found = rowsOf(binding.doc, binding.heads, table);
    if (!found || this.#grid.columns(table).length >= MAX_COLUMNS) return null;
    let made = "";
    binding.edit(
      (column) => {
        made = column.id;
        keepColumn(found, column.id, false);
      },
      () => prepareColumn(binding.doc, found, at),
    );
    return made;
  }

  #addColumn(table: string, at: number, row: string): boolean {
    const column = this.#newColumn(table, at);
    return column !== null && this.#back({ row, column });
  }

  #close(): void {
    this.#unbind?.();
    this.#unbind = null;
    this.#typing = null;
    this.#putIn(null);
    this.#choose(null);
  }

  /** The field stands over the words of its cell, which show what others do and are heard once. */
  #putIn(element: HTMLElement | null): void {
    for (const other of this.#around.view().dom.querySelectorAll(".is-typed")) {
      other.classList.remove("is-typed");
      other.querySelector(".cell-words")?.removeAttribute("aria-hidden");
    }
    if (element === null) this.#field.remove();
    else {
      element.append(this.#field);
      element.classList.add("is-typed");
      element.querySelector(".cell-words")?.setAttribute("aria-hidden", "true");
    }
  }

  #left(): void {
    // Drawn anew in another place the field is without focus for a moment only.
    setTimeout(() => {
      if (this.#typing === null || document.activeElement === this.#field || !document.hasFocus()) return;
      this.#close();
      this.#around.onPlace();
    });
  }

  /** Out of the table, above its title or below its last row. */
  #leave(cell: Cell, side: "above" | "below"): void {
    const view = this.#around.view();
    const { doc } = view.state;
    const table = tableOf(doc, cell.row) ?? cell.row;
    const start = indexOfBlock(doc, table);
    const end = start + 1 + rowsOfTable(doc, table).length;
    this.#close();
    if (side === "above") view.dispatch(caretIn(view.state.tr, start, Infinity));
    else if (end < doc.childCount) view.dispatch(caretIn(view.state.tr, end));
    else this.#run(appendParagraph(end));
    view.focus();
    this.#around.onPlace();
  }

  #typed(event: KeyboardEvent): void {
    const cell = this.#typing;
    if (!cell) return;
    const { value, selectionStart, selectionEnd } = this.#field;
    const bare = selectionStart === selectionEnd;
    const first = bare && (selectionStart === 0 || this.#oneLine());
    const last = bare && (selectionEnd === value.length || this.#oneLine());
    const go = (next: Cell | null, caret: "start" | "end" | "all", out?: "above" | "below"): void => {
      if (next) this.open(next, caret);
      else if (out) this.#leave(cell, out);
    };
    const acts: Readonly<Record<Act<"cell">, () => boolean | void>> = {
      nextCell: () => {
        const next = this.#grid.wrapped(cell, 1);
        if (next) go(next, "all");
        else this.#addRow(cell.row, 1, this.#grid.columns(tableOf(this.#around.view().state.doc, cell.row) ?? "")[0] ?? null);
      },
      previousCell: () => go(this.#grid.wrapped(cell, -1), "all", "above"),
      cellBelow: () => go(this.#grid.beside(cell, 0, 1), "end", "below"),
      cellUp: () => first && (go(this.#grid.beside(cell, 0, -1), "end", "above"), true),
      cellDown: () => last && (go(this.#grid.beside(cell, 0, 1), "end", "below"), true),
      cellLeft: () => bare && selectionStart === 0 && (go(this.#grid.wrapped(cell, -1), "end", "above"), true),
      cellRight: () => bare && selectionEnd === value.length && (go(this.#grid.wrapped(cell, 1), "start", "below"), true),
      chooseCell: () => this.#choose({ anchor: cell, head: cell }),
    };
    if (this.#history(event)) {
      this.#field.focus();
      return;
    }
    const name = (Object.keys(acts) as Act<"cell">[]).find((act) => pressed(event, act));
    const done = name === undefined ? false : acts[name]() !== false;
    if (done || breaksLine(event)) event.preventDefault();
  }

  /** Undo and redo are those of the sheet. */
  #history(event: KeyboardEvent): boolean {
    const { binding } = this.#around;
    const undo = pressed(event, "undo");
    if (!undo && !pressed(event, "redo")) return false;
    event.preventDefault();
    if (undo) binding.undo();
    else binding.redo();
    return true;
  }

  /** Down from the title of a table, up from what stands below it: into its cells. */
  #cameBy(event: KeyboardEvent): void {
    const view = this.#around.view();
    if (event.target !== view.dom || view.composing || !view.state.selection.empty) return;
    const index = view.state.selection.$head.index(0);
    const { doc } = view.state;
    const down = pressed(event, "cellDown") && kindAt(doc, index) === "table" && view.endOfTextblock("down");
    const up = pressed(event, "cellUp") && kindAt(doc, index - 1) === "row" && view.endOfTextblock("up");
    const table = down || up ? tableOf(doc, attrsOf(doc.child(down ? index : index - 1)).id) : null;
    if (table === null || !this.enter(table, down ? "above" : "below")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #oneLine(): boolean {
    return this.#field.clientHeight < 2 * Number.parseFloat(getComputedStyle(this.#field).lineHeight || "0");
  }

  // --- cells chosen ---------------------------------------------------------------------------

  #choose(chosen: Chosen | null): void {
    const { dom } = this.#around.view();
    if (chosen === null && this.#chosen === null) return;
    for (const old of dom.querySelectorAll(".provision-cell.is-chosen-cell")) {
      old.classList.remove("is-chosen-cell");
      for (const name of ["tabindex", "role", "aria-label"]) old.removeAttribute(name);
    }
    this.#chosen = null;
    if (!chosen) return;
    this.#close();
    this.#chosen = chosen;
    const { rows, columns } = this.#grid.rectangle(chosen);
    for (const row of rows) for (const column of columns) this.#grid.element({ row, column })?.classList.add("is-chosen-cell");
    const head = this.#grid.element(chosen.head);
    const count = rows.length * columns.length;
    const name = this.#grid.nameOf(chosen.head);
    head?.setAttribute("tabindex", "-1");
    head?.setAttribute("role", "group");
    head?.setAttribute("aria-label", count > 1 ? this.#around.messages("editor.cells_chosen", { count, name }) : name);
    head?.focus();
    this.#around.onPlace();
  }

  #keyOnChosen(event: KeyboardEvent): void {
    const chosen = this.#chosen;
    if (!chosen || event.target === this.#field) return;
    if (this.#history(event)) {
      this.#choose(chosen);
      return;
    }
    const { head, anchor } = chosen;
    const go = (across: number, down: number, extend: boolean): void => {
      const next = this.#grid.beside(head, across, down);
      if (next) this.#choose({ anchor: extend ? anchor : next, head: next });
    };
    const acts: Readonly<Record<Act<"cells">, () => void>> = {
      chosenUp: () => go(0, -1, false),
      chosenDown: () => go(0, 1, false),
      chosenLeft: () => go(-1, 0, false),
      chosenRight: () => go(1, 0, false),
      moreUp: () => go(0, -1, true),
      moreDown: () => go(0, 1, true),
      moreLeft: () => go(-1, 0, true),
      moreRight: () => go(1, 0, true),
      clearCells: () => this.#clear(chosen),
      typeInCell: () => void this.open(head),
      leaveCells: () => this.#leave(head, "below"),
    };
    const name = (Object.keys(acts) as Act<"cells">[]).find((act) => pressed(event, act));
    if (name === undefined) return;
    event.preventDefault();
    acts[name]();
  }

  #clear(chosen: Chosen): void {
    if (!this.#around.editable()) return;
    const { rows, columns } = this.#grid.rectangle(chosen);
    this.#around.binding.edit(() => {
      for (const row of rows) {
        for (const column of columns) {
          const text = this.#grid.text({ row, column });
          text?.delete(0, text.length);
        }
      }
    });
    this.#choose(chosen);
  }

  #copied(event: ClipboardEvent): void {
    if (!this.#chosen) return;
    const { rows, columns } = this.#grid.rectangle(this.#chosen);
    const grid = rows.map((row) => columns.map((column) => this.#grid.text({ row, column })?.toString() ?? ""));
    event.clipboardData?.setData("text/plain", textOfGrid(grid));
    event.clipboardData?.setData("text/html", htmlOfGrid(grid));
    event.preventDefault();
    event.stopPropagation();
  }

  #pasted(event: ClipboardEvent): void {
    const cell = this.#typing ?? this.#chosen?.head ?? null;
    if (!cell || !this.#around.editable()) return;
    const html = event.clipboardData?.getData("text/html") ?? "";
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const pasted = gridOf(html, text);
    const single = pasted.grid.length === 1 && pasted.grid[0]?.length === 1;
    event.stopPropagation();
    // One piece of words goes in where the caret is, as in any field.
    if (single && this.#typing) return;
    event.preventDefault();
    this.fill(cell, pasted);
  }

  // --- pointer --------------------------------------------------------------------------------

  #down(event: MouseEvent): void {
    const element = cellOf(event.target);
    const cell = placeOfCell(element);
    if (!cell || event.button !== 0 || event.target === this.#field) return;
    event.preventDefault();
    const from = this.#typing ?? this.#chosen?.anchor;
    if (event.shiftKey && from) this.#choose({ anchor: from, head: cell });
    else this.#pressedAt = cell;
    document.addEventListener("mouseup", () => (this.#pressedAt = null), { once: true });
  }

  #over(event: MouseEvent): void {
    const cell = placeOfCell(cellOf(event.target));
    const from = this.#pressedAt;
    if (!from || !cell || event.buttons !== 1 || (same(from, cell) && !this.#chosen)) return;
    if (tableOf(this.#around.view().state.doc, from.row) !== tableOf(this.#around.view().state.doc, cell.row)) return;
    this.#choose({ anchor: from, head: cell });
  }

  #clicked(event: MouseEvent): void {
    // A colleague's caret in the cell may draw it anew while the button is down.
    const element = clickedOn(event, CELL);
    const cell = placeOfCell(element);
    if (!cell || !element || event.shiftKey || event.target === this.#field) return;
    if (this.#chosen && !same(this.#chosen.anchor, this.#chosen.head)) return;
    const point = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const inside = point && element.contains(point.offsetNode) && point.offsetNode.nodeType === 3;
    this.open(cell, inside ? offsetIn(element, point.offsetNode, point.offset) : "end");
  }
}

/** A paragraph behind a table that nothing follows: there must be a way on. */
function appendParagraph(at: number): Command {
  return (state, dispatch) => {
    const tr = state.tr.insert(positionOf(state.doc, at), state.schema.nodes["provision"]!.create());
    dispatch?.(caretIn(tr, at).setMeta("duthao.step", true));
    return true;
  };
}
