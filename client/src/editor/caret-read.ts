/**
 * Where the caret is now, which browsers tell up to a frame late, is read before anything is done with it.
 *
 * What is drawn before that, by a colleague's letter too, would put the caret back where it was; a key that
 * acts on a paragraph, or a comment, would be about the place it has just left.
 */

import { Plugin, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

interface Observer {
  flush(): void;
  setCurSelection(): void;
}

/** The view's own observer reads; there is nothing else that could be asked. */
const observerOf = (view: EditorView): Observer => (view as unknown as { readonly domObserver: Observer }).domObserver;

/** To be called before any change that is not one's own. */
export function readSelection(view: EditorView): void {
  observerOf(view).flush();
}

/** The same, but in the middle of a word that is being composed nothing is asked. */
function readBetweenWords(view: EditorView): void {
  if (!view.composing) readSelection(view);
}

/** Draws what is none of one's own doing, once the caret is read. */
export function redraw(view: EditorView, drawing: (tr: Transaction) => Transaction): void {
  readBetweenWords(view);
  view.dispatch(drawing(view.state.tr));
}

/**
 * To be called after drawing. The sheet's own selection is put where it belongs; one whose person is at
 * something beside it the browser moves by itself, and that is no caret anybody put.
 */
export function passOver(view: EditorView): void {
  const own = view.editable ? view.hasFocus() : document.activeElement?.contains(view.dom) === true;
  if (!own) observerOf(view).setCurSelection();
}

/** Reads it before any key, on the sheet or beside it, and before what a screen's keyboard writes. */
export function caretRead(): Plugin {
  return new Plugin({
    view(view) {
      const read = (): void => readBetweenWords(view);
      document.addEventListener("keydown", read, { capture: true });
      return { destroy: () => document.removeEventListener("keydown", read, { capture: true }) };
    },
    props: {
      handleDOMEvents: {
        beforeinput: (view) => {
          readBetweenWords(view);
          return false;
        },
      },
    },
  });
}
