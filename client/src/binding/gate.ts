import * as Y from "yjs";

/** Nobody's update waits longer on a composition without a sign of life; then held updates go in. */
const WATCHDOG_MS = 2500;
/** Updates waiting beyond this many bytes are let in, composition or not. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;

interface Held {
  readonly update: Uint8Array;
  readonly origin: unknown;
}

/**
 * The door through which other people's updates reach the document.
 *
 * While an input method composes, a change earlier in the same paragraph would break the
 * composition (libraries.md §3), so updates wait here and go in together on `release`, in
 * order and in one transaction. Nothing is ever dropped: when the wait grows too long or too
 * large the door opens by itself, after `onForced` had the chance to end the composition.
 * Somebody who pauses in the middle of a word and whom nobody waits for is left alone: on a
 * phone a word is composed until its space, and ending it takes the keyboard away.
 */
export class RemoteGate {
  /** Called before the gate opens by itself, so that the composition can be ended first. */
  onForced: (() => void) | null = null;
  /** Called before updates go in, so that what stands on the screen and has not been told yet is read first. */
  onOpening: (() => void) | null = null;
  /** Whether the input method is still at a word: one whose end was missed is not waited for. */
  composing: (() => boolean) | null = null;

  #queue: Held[] = [];
  #bytes = 0;
  #holding = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #doc: Y.Doc;
  readonly #watchdog: number;

  constructor(doc: Y.Doc, watchdog: number = WATCHDOG_MS) {
    this.#doc = doc;
    this.#watchdog = watchdog;
  }

  get holding(): boolean {
    return this.#holding;
  }

  /** How many updates wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Applies a remote update now, or after the composition. A malformed one throws. */
  receive(update: Uint8Array, origin: unknown): void {
    if (!this.#holding) {
      this.onOpening?.();
      Y.applyUpdate(this.#doc, update, origin);
      return;
    }
    this.#queue.push({ update, origin });
    this.#bytes += update.byteLength;
    if (this.#bytes > MAX_HELD_BYTES) this.#force();
    else if (this.#queue.length === 1) this.#watch();
  }

  /** Starts to hold, or, while holding, tells the watchdog that the composition lives. */
  hold(): void {
    this.#holding = true;
    this.#watch();
  }

  /**
   * Lets everything in. Harmless when not holding. One malformed update does not keep the
   * others out; the first failure is thrown once all the rest is in.
   */
  release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#holding = false;
    const queue = this.#queue;
    this.#queue = [];
    this.#bytes = 0;
    if (queue.length === 0) return;
    this.onOpening?.();
    const failures: unknown[] = [];
    const apply = (): void => {
      for (const { update, origin } of queue) {
        try {
          Y.applyUpdate(this.#doc, update, origin);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    Y.transact(this.#doc, apply, queue[0]?.origin, false);
    if (failures.length > 0) throw failures[0];
  }

  /** Asks and tells the editor nothing any more. */
  forget(): void {
    this.onForced = this.onOpening = this.composing = null;
  }

  /** Releases and forgets the watchdog; for the end of the room. */
  destroy(): void {
    this.forget();
    this.release();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#queue.length === 0 && this.composing?.()) this.#watch();
      else this.#force();
    }, this.#watchdog);
  }

  #force(): void {
    this.onForced?.();
    this.release();
  }
}
