/** Undo of one's own edits only; what others wrote at the same place stays. */

import * as Y from "yjs";

import { frontOf, provisionsOf, rationaleOf } from "../model";
import type { Place } from "./places";

/** Keystrokes closer together than this are undone together. */
const PAUSE_MS = 500;

/** Steps that can be taken back. Each holds a kilobyte; without a bound a day of writing fills the page. */
export const STEPS = 500;

const PLACE = "place";

export class EditHistory {
  readonly #manager: Y.UndoManager;
  /** The selection before the edit being stored; kept with the step it belongs to. */
  #before: Place | null = null;

  constructor(doc: Y.Doc, origin: object, pause: number = PAUSE_MS) {
    this.#manager = new Y.UndoManager([provisionsOf(doc), frontOf(doc)], {
      trackedOrigins: new Set([origin]),
      captureTimeout: pause,
    });
    this.#manager.on("stack-item-added", ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }) => {
      stackItem.meta.set(PLACE, this.#before);
    });
    bounded(this.#manager);
  }

  get canUndo(): boolean {
    return this.#manager.undoStack.length > 0;
  }

  get canRedo(): boolean {
    return this.#manager.redoStack.length > 0;
  }

  /** Tells where the caret was; the next step recorded remembers it. */
  remember(place: Place | null): void {
    this.#before = place;
  }

  /** The next edit starts a step of its own. */
  cut(): void {
    this.#manager.stopCapturing();
  }

  /** Answers where the caret was before the undone edit; `undefined` when there is none. */
  undo(): Place | null | undefined {
    return this.#placeOf(this.#manager.undo());
  }

  redo(): Place | null | undefined {
    return this.#placeOf(this.#manager.redo());
  }

  destroy(): void {
    this.#manager.destroy();
  }

  #placeOf(item: { meta: Map<unknown, unknown> } | null): Place | null | undefined {
    return item ? ((item.meta.get(PLACE) as Place | null | undefined) ?? null) : undefined;
  }
}

/** Undo for reasons and bases, apart from the text: edits made with that origin. */
export function rationaleHistory(doc: Y.Doc, origin: object): Y.UndoManager {
  return bounded(
    new Y.UndoManager(rationaleOf(doc), { trackedOrigins: new Set([origin]), captureTimeout: PAUSE_MS }),
  );
}

/** Forgets the oldest steps beyond `STEPS`. What they deleted stays as the document has it. */
function bounded(manager: Y.UndoManager): Y.UndoManager {
  manager.on("stack-item-added", () => {
    manager.undoStack.splice(0, Math.max(0, manager.undoStack.length - STEPS));
  });
  return manager;
}
