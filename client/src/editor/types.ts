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
    | "editor.composition_released";
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
}

/** Each answers whether it did something. */
export interface EditorCommands {
  toggleMark(kind: MarkKind): boolean;
  /** Makes the selected provisions of that kind. */
  setKind(kind: Kind): boolean;
  /** One level down: article › clause › point › indent. */
  indent(): boolean;
  outdent(): boolean;
  /** Moves the provision, with all that belongs under it, past its sibling. */
  moveUp(): boolean;
  moveDown(): boolean;
  insertAfter(kind: Kind): boolean;
  /** Takes out the provision the caret is in; it can be brought back. */
  removeProvision(): boolean;
  undo(): boolean;
  redo(): boolean;
  scrollTo(provisionId: string): boolean;
}

/** Words of a provision, in UTF-16 units. */
export interface Words {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** Why words are marked: against the text in force, since somebody last looked, because somebody proposes. */
export type ChangeLayer = "beside" | "since" | "proposals";

/** How a provision differs from the text in force: a class for all of it, classes for its words. */
export interface ChangedLine {
  readonly id: string;
  /** The words the marks were made for. */
  readonly text: string;
  readonly look: string;
  readonly marks: readonly { readonly from: number; readonly to: number; readonly look: string }[];
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

export interface DraftEditor {
  destroy(): void;
  focus(): void;
  setEditable(editable: boolean): void;
  /** A provision as it is shown; `null` when it is not there. */
  read(provisionId: string): ReadProvision | null;
  /** The words of a provision as they are shown; `null` when it is not there. */
  words(provisionId: string): string | null;
  /**
   * Selects words in the middle of the screen and lights them up; answers whether they are there.
   * `focus` false leaves the keys where they are: on a telephone the keyboard would cover the words.
   */
  show(words: Words, focus?: boolean): boolean;
  /** Lets in what waits for an input method; answers whether words may be rewritten now. */
  ready(): boolean;
  /** Writes over words, all as one step that is undone at once; whoever calls has seen to what stands there. */
  rewrite(edits: readonly (Words & { readonly by: string })[]): void;
  /** Marks what changed, and nothing else in this layer; false, and nothing drawn, while an input method composes. */
  markChanges(lines: readonly ChangedLine[], layer: ChangeLayer): boolean;
  /** Shows this one thing in the sheet, `null` takes it out; false while an input method composes. */
  slot(slot: Slot | null): boolean;
  /** The provision drawn here, and the place in its words in UTF-16 units; `null` beside all of them. */
  at(x: number, y: number): { readonly id: string; readonly offset: number } | null;
  readonly commands: EditorCommands;
  /** Whether a command would do something now. */
  can(command: Exclude<keyof EditorCommands, "toggleMark" | "setKind" | "insertAfter" | "scrollTo">): boolean;
  selection(): SelectionState;
  outline(): OutlineItem[];
  /** What is selected, provision by provision, in UTF-16 units; the whole provision of a bare caret. */
  selected(): SelectedPart[];
  /** What is shown otherwise than it is shared; empty is the promise, for tests and support. */
  differences(): string[];
}
