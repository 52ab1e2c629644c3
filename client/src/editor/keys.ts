/** The keys of the sheet. Backspace inside a text is never touched: input methods type with it. */

import { chainCommands } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import type { Command, Plugin } from "prosemirror-state";

import type { Binding } from "../binding/binding";
import { keysOf, type Act } from "../keys/table";
import {
  deleteAcross,
  enter,
  indent,
  joinBackward,
  joinForward,
  moveDown,
  moveUp,
  outdent,
  startParagraph,
  toggleMark,
} from "./commands";
import { joinArticle, splitArticle } from "./structure";

/** Does its work or not, but the key never leaves the sheet: Tab stays a drafting key here. */
const always =
  (command: Command): Command =>
  (state, dispatch, view) => {
    command(state, dispatch, view);
    return true;
  };

/** The same keys with something held: the browser would pull blocks together by itself. */
const HELD = [
  ["Shift-Backspace", "joinBackward"],
  ["Mod-Backspace", "joinBackward"],
  ["Mod-Delete", "joinForward"],
] as const;

export function keys(binding: () => Binding): Plugin {
  const undo: Command = (_state, dispatch) => {
    if (dispatch) binding().undo();
    return true;
  };
  const redo: Command = (_state, dispatch) => {
    if (dispatch) binding().redo();
    return true;
  };
  const acts: Readonly<Record<Act<"sheet">, Command>> = {
    enter,
    startParagraph,
    joinBackward: chainCommands(deleteAcross, joinBackward),
    joinForward: chainCommands(deleteAcross, joinForward),
    indent: always(indent),
    outdent: always(outdent),
    moveUp: always(moveUp),
    moveDown: always(moveDown),
    splitArticle: always(splitArticle),
    joinArticle: always(joinArticle),
    bold: toggleMark("bold"),
    italic: toggleMark("italic"),
    underline: toggleMark("underline"),
    undo,
    redo,
    // The way out for those who use no mouse: Escape, then Tab goes on to the next control.
    leave: (_state, _dispatch, view) => {
      view?.dom.blur();
      return true;
    },
  };
  const bound = (Object.keys(acts) as Act<"sheet">[]).flatMap((act) => keysOf(act).map((key) => [key, acts[act]]));
  return keymap(Object.fromEntries([...bound, ...HELD.map(([key, act]) => [key, acts[act]])]));
}
