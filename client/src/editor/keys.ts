/** The keys of the sheet. Backspace inside a text is never touched: input methods type with it. */

import { chainCommands } from "prosemirror-commands";
import { keymap } from "prosemirror-keymap";
import type { Command, Plugin } from "prosemirror-state";

import type { Binding } from "../binding/binding";
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

/** Does its work or not, but the key never leaves the sheet: Tab stays a drafting key here. */
const always =
  (command: Command): Command =>
  (state, dispatch, view) => {
    command(state, dispatch, view);
    return true;
  };

export function keys(binding: () => Binding): Plugin {
  const undo: Command = (_state, dispatch) => {
    if (dispatch) binding().undo();
    return true;
  };
  const redo: Command = (_state, dispatch) => {
    if (dispatch) binding().redo();
    return true;
  };
  const back = chainCommands(deleteAcross, joinBackward);
  const forward = chainCommands(deleteAcross, joinForward);
  return keymap({
    Enter: enter,
    "Shift-Enter": startParagraph,
    Backspace: back,
    "Shift-Backspace": back,
    "Mod-Backspace": back,
    Delete: forward,
    "Mod-Delete": forward,
    Tab: always(indent),
    "Shift-Tab": always(outdent),
    "Alt-ArrowUp": always(moveUp),
    "Alt-ArrowDown": always(moveDown),
    "Mod-b": toggleMark("bold"),
    "Mod-i": toggleMark("italic"),
    "Mod-u": toggleMark("underline"),
    "Mod-z": undo,
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    // The way out for those who use no mouse: Escape, then Tab goes on to the next control.
    Escape: (_state, _dispatch, view) => {
      view?.dom.blur();
      return true;
    },
  });
}
