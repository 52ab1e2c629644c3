/**
 * Where the caret is now, which browsers tell up to a frame late, is read before anything is done with it.
 *
 * What is drawn before that, by a colleague's letter too, would put the caret back where it was; a key that
 * acts on a paragraph, or a comment, would be about the place it has just left.
 */

import { Plugin } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

/** What an input method's keys are told as (https://w3c.github.io/uievents/#determine-keydown-keyup-keyCode). */
const COMPOSED = 229;

/** To be called before any change that is not one's own. The view's observer reads; nothing else can be asked. */
export function readSelection(view: EditorView): void {
  (view as unknown as { readonly domObserver: { flush(): void } }).domObserver.flush();
}

/** Reads it before any key, on the sheet or beside it, and before what a screen's keyboard writes. */
export function caretRead(): Plugin {
  return new Plugin({
    view(view) {
      const read = (event: KeyboardEvent): void => {
        if (!view.composing && event.keyCode !== COMPOSED) readSelection(view);
      };
      document.addEventListener("keydown", read, { capture: true });
      return { destroy: () => document.removeEventListener("keydown", read, { capture: true }) };
    },
    props: {
      handleDOMEvents: {
        beforeinput: (view) => {
          if (!view.composing) readSelection(view);
          return false;
        },
      },
    },
  });
}
