/** Undo of one's own edits only; what others wrote at the same place stays. */

import * as Y from "yjs";

import { frontOf, provisionsOf, rationaleOf } from "../model";
import type { Place } from "./places";

/** Keystrokes closer together than this are undone together. */
const PAUSE_MS = 500;

/** Steps that can be taken back. Each holds a kilobyte; without a bound a day of writing fills the page. */
export const STEPS = 500;

const PLACE = "place";

type Deletions = Y.UndoManager["undoStack"][number]["deletions"];

export class EditHistory {
  readonly #manager: Y.UndoManager;
  /** The selection before the edit being stored; kept with the step it belongs to. */
  #before: Place | null = null;

  constructor(doc: Y.Doc, origin: object, pause: number = PAUSE_MS, steps: number = STEPS) {
    this.#manager = new Y.UndoManager([provisionsOf(doc), frontOf(doc)], {
      trackedOrigins: new Set([origin]),
      captureTimeout: pause,
    });
    this.#manager.on("stack-item-added", ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }) => {
      stackItem.meta.set(PLACE, this.#before);
    });
    bounded(this.#manager, steps);
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

/** Forgets the oldest steps beyond so many, and lets go of what they deleted. */
function bounded(manager: Y.UndoManager, steps: number = STEPS): Y.UndoManager {
  manager.on("stack-item-added", () => {
    const over = Math.max(0, manager.undoStack.length - steps);
    for (const { deletions } of manager.undoStack.splice(0, over)) letGo(manager.doc, deletions);
  });
  return manager;
}

/**
 * What was deleted there is collected like all that others delete: the manager had it kept. What it stood
 * in stays kept, for a newer step may want it back.
 */
function letGo(doc: Y.Doc, deleted: Deletions): void {
  for (const [client, ranges] of deleted.clients) {
    const structs = doc.store.clients.get(client) ?? [];
    for (const { clock, len } of ranges) {
      for (let at = Y.findIndexSS(structs, clock); structs[at] !== undefined; at += 1) {
        const struct = structs[at]!;
        if (struct.id.clock + struct.length > clock + len) break;
        if (struct instanceof Y.Item && struct.deleted && struct.id.clock >= clock) struct.keep = false;
      }
    }
  }
  if (doc.gc) Y.tryGc(deleted, doc.store, doc.gcFilter);
}
