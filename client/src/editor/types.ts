/** What the room page and the editor say to each other. */

import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";

import type { RemoteGate } from "../binding/gate";
import type { Kind } from "../model";

export type MarkKind = "bold" | "italic" | "underline";

export interface OutlineItem {
  readonly id: string;
  readonly kind: Kind;
  /** The printed label: "Điều 5a.", "đ1)"; "" for none. */
  readonly label: string;
  /** The first 200 characters of the provision's own words. */
  readonly text: string;
  /** Depth in the derived tree, 0 at the top. */
  readonly level: number;
}

export interface SelectionState {
  /** The provision the caret is in, `null` in an empty draft. */
  readonly provisionId: string | null;
  readonly kind: Kind | null;
  readonly marks: readonly MarkKind[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface SelectedPart {
  readonly id: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Something the person should know; `key` names the sentence, said by the room page. */
export interface Notice {
  readonly key:
    | "editor.pasted_limited"
    | "editor.joined_with_others"
    | "editor.composition_released"
    | "editor.table_cut"
    | "editor.table_spread"
    | "editor.writing_here";
  readonly values?: Readonly<Record<string, string | number>>;
}

export type Messages = (key: string, values?: Record<string, string | number>) => string;

export interface EditorOptions {
  readonly mount: HTMLElement;
  readonly doc: Y.Doc;
  readonly gate: RemoteGate;
  /** Whose carets are shown and where one's own is told; none for a reader's plain view. */
  readonly awareness?: Awareness;
  readonly editable: boolean;
  /** Needs `editor.label` (accessible name of the sheet) and `editor.caret_of` ({name}). */
  readonly messages: Messages;
  /** Called soon after the outline changed, at most about ten times a second. */
  readonly onOutline?: (items: OutlineItem[]) => void;
  readonly onSelection?: (state: SelectionState) => void;
  readonly onNotice?: (notice: Notice) => void;
  /** Called when another unit, or none, stands alone on the sheet. */
  readonly onOnly?: (provisionId: string | null) => void;
  /** Called when other units are folded. */
  readonly onFolds?: () => void;
  /** Told how something came in that could be pasted otherwise, `null` when that is past. */
  readonly onPasted?: (mode: "provisions" | "words" | null) => void;
  /** Told when one comes into a table, moves in it or leaves it (`null`). */
  readonly onTable?: (place: TablePlace | null) => void;
}

export const TABLE_ACTS = [
  "rowAbove",
  "rowBelow",
  "rowUp",
  "rowDown",
  "removeRow",
  "columnLeft",
  "columnRight",
  "columnBack",
  "columnOn",
  "removeColumn",
  "header",
  "removeTable",
] as const;

/** What can be done to the table one is in. */
export type TableAct = (typeof TABLE_ACTS)[number];

/** Where one is in a table: what is there to be done, and whether its first row is its head. */
export interface TablePlace {
  readonly inCell: boolean;
  readonly header: boolean;
}

/** Each answers whether it did something. */
export interface EditorCommands {
  toggleMark(kind: MarkKind): boolean;
  /** Makes the selected provisions of that kind. */
  setKind(kind: Kind): boolean;
  /** One level down: article › clause › point › indent. */
  indent(): boolean;
  outdent(): boolean;
  /** Moves what is selected, with all that belongs under it, past its sibling. */
  moveUp(): boolean;
  moveDown(): boolean;
  /** Moves a provision, with all that belongs under it, before another one; "" for the very end. */
  moveBefore(provisionId: string, before: string): boolean;
  /** The words behind the caret head a new article, and what follows them is beneath it. */
  splitArticle(): boolean;
  /** Joins the article at the caret with the one before. */
  joinArticle(): boolean;
  /** What was pasted last is pasted the other way: as provisions told by their labels, or as nothing but words. */
  pasteOther(): boolean;
  /** An empty table behind the provision at the caret; its first cell is where one types. */
  insertTable(rows: number, columns: number): boolean;
  /** Does something to the table one is in. */
  table(act: TableAct): boolean;
  /** Writes over words of one provision, or of the cell one types in, and puts the caret behind the new ones; undone at once. */
  write(words: Words, by: string): boolean;
  /** Writes the address of a provision at the caret, as a reference that follows it; its own step. */
  insertReference(target: string, address: string): boolean;
  insertAfter(kind: Kind): boolean;
  /** Takes out the provision the caret is in; it can be brought back. */
  removeProvision(): boolean;
  undo(): boolean;
  redo(): boolean;
  scrollTo(provisionId: string): boolean;
}

/** Words of a provision, or of one cell of a row, in UTF-16 units. */
export interface Words {
  readonly id: string;
  readonly cell?: number | undefined;
  readonly from: number;
  readonly to: number;
}

/** Why words are marked: against the text in force, since somebody last looked, because somebody proposes, because they cite. */
export type ChangeLayer = "beside" | "since" | "proposals" | "references";

/** How a provision differs from the text in force: a class for all of it, classes for its words. */
export interface ChangedLine {
  readonly id: string;
  /** The words the marks were made for; `null`: whatever stands there, as one without marks may say. */
  readonly text: string | null;
  readonly look: string;
  readonly marks: readonly { readonly from: number; readonly to: number; readonly look: string }[];
}

/** Where a comment stands: words of a provision in UTF-16 units, or all of it. */
export interface CommentPlace {
  /** The thread's id, or the name of the one being written. */
  readonly thread: string;
  readonly id: string;
  /** Of a row the cell the words stand in. */
  readonly cell?: number | null | undefined;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

/** The same as the server tells it: in code points. */
export interface ToldComment {
  readonly thread: string;
  readonly id: string;
  readonly cell?: number | null | undefined;
  readonly start: number;
  readonly end: number;
  readonly whole: boolean;
}

/** What somebody selected to comment on: words, of a row those of one cell; or the provision the caret is in. */
export interface Chosen {
  readonly id: string;
  /** The whole text of the provision, or of the cell. */
  readonly text: string;
  readonly cell: number | null;
  readonly from: number;
  readonly to: number;
  /** The frozen text they stand in; absent: the live draft. */
  readonly version?: string;
}

/** A provision as the sheet shows it; `cells` are those of a row. */
export interface ReadProvision {
  readonly id: string;
  readonly kind: Kind;
  readonly label: string;
  readonly text: string;
  readonly cells: readonly string[];
}

/** Something that is no part of the draft, shown behind a provision, or instead of its words. */
export interface Slot {
  readonly id: string;
  readonly element: HTMLElement;
  readonly instead: boolean;
}

/** Where one is in a table: a stretch of a cell's words in UTF-16 units. */
export interface CellPlace {
  readonly row: string;
  readonly column: string;
  readonly anchor: number;
  readonly head: number;
}

/** Where one types: the words of the provision, or of a cell, and the caret in them in UTF-16 units. */
export interface Typing {
  readonly id: string;
  readonly cell?: number;
  readonly text: string;
  readonly offset: number;
}

export interface DraftEditor {
  destroy(): void;
  focus(): void;
  setEditable(editable: boolean): void;
  /** A provision as it is shown; `null` when it is not there. */
  read(provisionId: string): ReadProvision | null;
  /** The unit that alone is shown with what is beneath it, `null` when all are. */
  readonly only: string | null;
  /** Shows this unit alone, `null` shows all; answers whether it is there. */
  showOnly(provisionId: string | null): boolean;
  /** The units whose provisions beneath are not shown. */
  readonly folded: ReadonlySet<string>;
  /** Folds these units and no others, in this window alone. */
  fold(ids: ReadonlySet<string>): void;
  /** Makes a provision one that is shown. */
  reveal(provisionId: string): void;
  /** Where one types; `null` while an input method composes, something is selected, or nothing may be written. */
  typing(): Typing | null;
  /** Where the caret stands, or what is selected ends, in a provision that may be written in. */
  place(): { readonly id: string; readonly offset: number } | null;
  /** Where the caret is on the screen. */
  caretBox(): { readonly left: number; readonly top: number; readonly bottom: number } | null;
  /** Where the words chosen for a comment are on the screen, line by line. */
  chosenLines(): readonly DOMRect[];
  /** All of them in reading order; one in which nothing changed is the very same object. */
  all(): ReadProvision[];
  /** The words of a provision as they are shown; `null` when it is not there. */
  words(provisionId: string): string | null;
  /**
   * Selects words in the middle of the screen and lights them up; answers whether they are there.
   * `focus` false leaves the keys where they are: on a telephone the keyboard would cover the words.
   */
  show(words: Words, focus?: boolean): boolean;
  /** Lets in what waits for an input method; answers whether words may be rewritten now. */
  ready(): boolean;
  /**
   * Writes over words, all as one step that is undone at once, and answers where the new ones are.
   * Whoever calls has seen to what stands there.
   */
  rewrite(edits: readonly (Words & { readonly by: string })[]): Words[];
  /** Marks what changed, and nothing else in this layer: at once, or when the input method has done composing. */
  markChanges(lines: readonly ChangedLine[], layer: ChangeLayer): void;
  /**
   * Marks the words of these comments and no others, as told by the server when asked at that time. False
   * when something of it was typed in since, or an input method composes: then it is to be asked anew.
   */
  markComments(told: readonly ToldComment[], asked: number): boolean;
  /** Marks what the comment being written is about; `null` takes it out. */
  markUnsent(place: Omit<CommentPlace, "thread"> | null): void;
  /** One comment stands out, others a little. */
  lightComments(active: string | null, others: readonly string[]): void;
  /** Where the words of a comment, or without a name of the one being written, are shown now. */
  commentAt(thread?: string): CommentPlace | null;
  /** What is selected, for a comment; a bare caret's provision; `null` when the sheet has neither. */
  chosen(): Chosen | null;
  /** Shows this one thing in the sheet, `null` takes it out; false while an input method composes. */
  slot(slot: Slot | null): boolean;
  /** The provision drawn here, and the place in its words in UTF-16 units; `null` beside all of them. */
  at(x: number, y: number): { readonly id: string; readonly offset: number } | null;
  readonly commands: EditorCommands;
  /** Whether a command would do something now. */
  can(command: Exclude<keyof EditorCommands, "toggleMark" | "setKind" | "insertAfter" | "moveBefore" | "write" | "insertReference" | "pasteOther" | "insertTable" | "table" | "scrollTo">): boolean;
  selection(): SelectionState;
  outline(): OutlineItem[];
  /** The ids of the provisions before which this one may be moved, in reading order; "" for the very end. */
  places(provisionId: string): string[];
  /** What is selected, provision by provision, in UTF-16 units; the whole provision of a bare caret. */
  selected(): SelectedPart[];
  /** Columns that were taken out and hold words, with those words. */
  removedColumns(): { readonly table: string; readonly id: string; readonly words: string }[];
  restoreColumn(table: string, id: string): void;
  /** What is shown otherwise than it is shared; empty is the promise, for tests and support. */
  differences(): string[];
}
