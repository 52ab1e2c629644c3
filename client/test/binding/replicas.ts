/**
 * Several people at one draft, with the network in the test's hand.
 *
 * Everything follows from one seed: operations, ids, order keys, when updates arrive and who
 * is offline. `play` runs a number of operations and checks after every meeting of all that
 * what is shown equals what is shared equals what the others have.
 */

import { TextSelection, type Command } from "prosemirror-state";
import * as Y from "yjs";

import { attrsOf, Binding, positionOf } from "../../src/binding";
import { offsetAt, offsetOf, placeOf } from "../../src/binding/places";
import { indexOfBlock } from "../../src/binding/schema";
import {
  deleteSelection,
  enter,
  indent,
  insertAfter,
  joinBackward,
  joinForward,
  moveDown,
  moveUp,
  outdent,
  removeProvision,
  setKind,
  startParagraph,
  toggleMark,
} from "../../src/editor/commands";
import { joinArticle, moveBefore, placesOf, splitArticle } from "../../src/editor/structure";
import {
  appendProvisions,
  KINDS,
  listRemoved,
  provisionsOf,
  readProvisions,
  restoreRemoved,
  setNumberingPolicy,
  type Kind,
  type Seed,
} from "../../src/model";

export type Random = () => number;

/** mulberry32: small, quick, good enough to try things out. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = ["được", "Đảng", "ủy", "ề", "a", "aa", "quy chế ", " ", "🙂", "Điều 5", "ệ"];
const KIND_CHOICES: readonly Kind[] = KINDS.filter((kind) => kind !== "row" && kind !== "table");

export class Replica {
  readonly doc = new Y.Doc();
  readonly binding: Binding;
  readonly outbox: Uint8Array[] = [];
  readonly inbox: Uint8Array[] = [];
  offline = false;

  constructor(index: number, random: Random) {
    this.doc.clientID = index + 1;
    let count = 0;
    this.binding = new Binding(this.doc, {
      newId: () => `p${index}-${(count += 1)}-${Math.floor(random() * 1e6)}`,
      // Little chance: equal order keys shall be common, not rare.
      chance: () => Math.floor(random() * 2) / 2,
      undoPause: 0,
      // Few, so that what older steps deleted is let go of all the time.
      undoSteps: 4,
    });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "net") this.outbox.push(update);
    });
  }

  command(command: Command): boolean {
    return command(this.binding.state, (tr) => this.binding.dispatch(tr));
  }

  select(block: number, from: number, to = from): void {
    const { doc, tr } = this.binding.state;
    const base = positionOf(doc, block) + 1;
    this.binding.dispatch(tr.setSelection(TextSelection.create(doc, base + from, base + to)));
  }

  /** What others did; one's caret stays at its letter, wherever that goes. */
  receive(update: Uint8Array): void {
    const before = this.binding.state;
    const place = before.selection.empty ? placeOf(this.doc, before) : null;
    Y.applyUpdate(this.doc, update, "net");
    const { doc, selection } = this.binding.state;
    const { id, at } = place?.head ?? {};
    const index = id === undefined ? -1 : indexOfBlock(doc, id);
    if (id === undefined || at === undefined || index < 0) return;
    const wanted = { id, offset: offsetOf(this.doc, id, at) };
    const found = offsetAt(doc, selection.head);
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      throw new Error(`the caret is at ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    }
  }
}

type Act = (replica: Replica, random: Random, pick: (below: number) => number) => boolean;

/** Offsets that cut no surrogate pair. */
function whole(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}

function somewhere(replica: Replica, pick: (below: number) => number): void {
  const { doc } = replica.binding.state;
  const block = pick(doc.childCount);
  const text = doc.child(block).textContent;
  replica.select(block, whole(text, pick(text.length + 1)));
}

function aRange(replica: Replica, pick: (below: number) => number): void {
  const { doc } = replica.binding.state;
  const block = pick(doc.childCount);
  const text = doc.child(block).textContent;
  const ends = [whole(text, pick(text.length + 1)), whole(text, pick(text.length + 1))];
  replica.select(block, Math.min(...ends), Math.max(...ends));
}

function acrossBlocks(replica: Replica, pick: (below: number) => number): void {
  const { doc, tr } = replica.binding.state;
  const first = pick(doc.childCount);
  const last = Math.min(first + pick(3), doc.childCount - 1);
  const at = (block: number): number => {
    const text = doc.child(block).textContent;
    return positionOf(doc, block) + 1 + whole(text, pick(text.length + 1));
  };
  const [a, b] = [at(first), at(last)];
  replica.binding.dispatch(tr.setSelection(TextSelection.create(doc, Math.min(a, b), Math.max(a, b))));
}

const at =
  (place: typeof somewhere, command: Command): Act =>
  (replica, _random, pick) => {
    place(replica, pick);
    return replica.command(command);
  };

/** Every kind of operation; the weight is how often it comes. */
export const ACTS: Readonly<Record<string, { weight: number; act: Act }>> = {
  type: {
    weight: 30,
    act: (replica, _random, pick) => {
      somewhere(replica, pick);
      const { state } = replica.binding;
      if (["row", "table"].includes(attrsOf(state.selection.$from.parent).kind)) return false;
      replica.binding.dispatch(state.tr.insertText(WORDS[pick(WORDS.length)] ?? "a"));
      return true;
    },
  },
  delete: { weight: 10, act: at(aRange, deleteSelection) },
  deleteAcross: { weight: 1, act: at(acrossBlocks, deleteSelection) },
  split: { weight: 8, act: at(somewhere, enter) },
  paragraph: { weight: 2, act: at(somewhere, startParagraph) },
  joinBackward: {
    weight: 4,
    act: (replica, _random, pick) => {
      replica.select(pick(replica.binding.state.doc.childCount), 0);
      return replica.command(joinBackward);
    },
  },
  joinForward: {
    weight: 2,
    act: (replica, _random, pick) => {
      const block = pick(replica.binding.state.doc.childCount);
      replica.select(block, replica.binding.state.doc.child(block).content.size);
      return replica.command(joinForward);
    },
  },
  moveUp: { weight: 4, act: at(somewhere, moveUp) },
  moveDown: { weight: 4, act: at(somewhere, moveDown) },
  moveSeveral: { weight: 1, act: at(acrossBlocks, moveDown) },
  dragged: {
    weight: 2,
    act: (replica, _random, pick) => {
      const { state } = replica.binding;
      const { id } = attrsOf(state.doc.child(pick(state.doc.childCount)));
      const places = placesOf(state, id);
      return places.length > 0 && replica.command(moveBefore(id, places[pick(places.length)] ?? ""));
    },
  },
  splitArticle: { weight: 1, act: at(somewhere, splitArticle) },
  joinArticle: { weight: 2, act: at(somewhere, joinArticle) },
  indent: { weight: 2, act: at(somewhere, indent) },
  indentSeveral: { weight: 1, act: at(acrossBlocks, indent) },
  outdent: { weight: 2, act: at(somewhere, outdent) },
  kind: {
    weight: 2,
    act: (replica, random, pick) =>
      at(somewhere, setKind(KIND_CHOICES[pick(KIND_CHOICES.length)] ?? "clause"))(replica, random, pick),
  },
  insertAfter: { weight: 2, act: at(somewhere, insertAfter("clause")) },
  remove: { weight: 1, act: at(somewhere, removeProvision) },
  bold: { weight: 3, act: at(aRange, toggleMark("bold")) },
  italic: { weight: 2, act: at(aRange, toggleMark("italic")) },
  underline: { weight: 2, act: at(acrossBlocks, toggleMark("underline")) },
  undo: { weight: 5, act: (replica) => replica.binding.undo() },
  redo: {
    weight: 4,
    act: (replica) => {
      if (!replica.binding.canRedo) replica.binding.undo();
      return replica.binding.redo();
    },
  },
  paste: {
    weight: 1,
    act: (replica, random, pick) => {
      acrossBlocks(replica, pick);
      const slice = replica.binding.state.selection.content();
      somewhere(replica, pick);
      replica.binding.dispatch(replica.binding.state.tr.replaceSelection(slice));
      return random() < 2 && slice.size > 0;
    },
  },
  restore: {
    weight: 1,
    act: (replica, _random, pick) => {
      const removed = listRemoved(replica.doc);
      const chosen = removed[pick(removed.length)];
      if (chosen) restoreRemoved(replica.doc, chosen.id);
      return chosen !== undefined;
    },
  },
  policy: {
    weight: 0.3,
    act: (replica, random) => {
      setNumberingPolicy(replica.doc, random() < 0.5 ? "keep" : "renumber");
      return true;
    },
  },
  equalKeys: {
    weight: 1,
    act: (replica, _random, pick) => {
      const read = readProvisions(replica.doc);
      const [a, b] = [read[pick(read.length)], read[pick(read.length)]];
      if (!a || !b || a.id === b.id) return false;
      (provisionsOf(replica.doc).get(b.id) as Y.Map<unknown>).set("order", a.order);
      return true;
    },
  },
  burst: {
    // Letters replaced through Backspaces, as Unikey does: one letter out, one in, at once.
    weight: 3,
    act: (replica, _random, pick) => {
      somewhere(replica, pick);
      const { state } = replica.binding;
      const { from, $from } = state.selection;
      const text = $from.parent.textContent;
      const before = whole(text, Math.max($from.parentOffset - 1, 0));
      if (before === $from.parentOffset) return false;
      replica.binding.dispatch(state.tr.delete(from - $from.parentOffset + before, from));
      replica.binding.dispatch(replica.binding.state.tr.insertText("ư"));
      return true;
    },
  },
};

/** How often each operation did something. */
export type Tally = Map<string, number>;

function choose(random: Random): string {
  const total = Object.values(ACTS).reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  for (const [name, { weight }] of Object.entries(ACTS)) {
    left -= weight;
    if (left < 0) return name;
  }
  return "type";
}

export class Meeting {
  readonly random: Random;
  readonly replicas: readonly Replica[];
  readonly tally: Tally;

  constructor(random: Random, people: number, seeds: readonly Seed[], tally: Tally = new Map()) {
    this.random = random;
    this.tally = tally;
    this.replicas = Array.from({ length: people }, (_, index) => new Replica(index, random));
    const [first] = this.replicas;
    appendProvisions(first!.doc, seeds, null, random);
    this.meet();
  }

  pick = (below: number): number => Math.floor(this.random() * below);

  /** One operation by one person, now and then followed by some of the traffic. */
  step(): void {
    const replica = this.replicas[this.pick(this.replicas.length)]!;
    const name = choose(this.random);
    if (ACTS[name]!.act(replica, this.random, this.pick)) {
      this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
    }
    if (this.random() < 0.01) this.#count("offline", (replica.offline = !replica.offline));
    if (this.random() < 0.5) this.deliver();
  }

  /** Sends everything and lets each receive some of what waits, in one batch or singly. */
  deliver(all = false): void {
    for (const sender of this.replicas) {
      if (sender.offline && !all) continue;
      for (const update of sender.outbox.splice(0)) {
        for (const other of this.replicas) if (other !== sender) other.inbox.push(update);
      }
    }
    for (const receiver of this.replicas) {
      if (receiver.offline && !all) continue;
      const waiting = receiver.inbox.splice(0, all ? Infinity : this.pick(receiver.inbox.length + 1));
      if (this.random() < 0.3 && waiting.length > 1) receiver.receive(Y.mergeUpdates(waiting));
      else for (const update of waiting) receiver.receive(update);
    }
  }

  /** Everybody is online and has everything; answers what is wrong, nothing being the promise. */
  meet(): string[] {
    for (const replica of this.replicas) replica.offline = false;
    for (let round = 0; round < 10 && this.#busy(); round += 1) this.deliver(true);
    const wrong: string[] = [];
    const [first] = this.replicas;
    const shared = JSON.stringify(contents(first!.doc));
    this.replicas.forEach((replica, index) => {
      for (const line of replica.binding.differences()) wrong.push(`replica ${index} shows ${line}`);
      if (JSON.stringify(contents(replica.doc)) !== shared) wrong.push(`replica ${index} has another draft`);
      if (!replica.binding.state.doc.eq(first!.binding.state.doc)) wrong.push(`replica ${index} shows another draft`);
      replica.binding.state.doc.check();
      const { anchor, head } = replica.binding.state.selection;
      if (Math.max(anchor, head) > replica.binding.state.doc.content.size) wrong.push(`replica ${index}: caret outside`);
    });
    return wrong;
  }

  #busy(): boolean {
    return this.replicas.some(({ inbox, outbox }) => inbox.length + outbox.length > 0);
  }

  #count(name: string, counts: boolean): void {
    if (counts) this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
  }
}

/** The draft as others read it, formats included. */
export function contents(doc: Y.Doc): unknown[] {
  return readProvisions(doc).map((provision) => {
    const text = (provisionsOf(doc).get(provision.id) as Y.Map<unknown>).get("text") as Y.Text;
    return [provision, text.toDelta()];
  });
}

const FIRST_KINDS: readonly Kind[] = ["article", "clause", "point", "clause", "article", "paragraph"];

/** Plays `ops` operations from a seed; throws, naming seed and step, at the first broken promise. */
export function play(seed: number, ops: number, tally: Tally = new Map()): Meeting {
  const kinds: readonly Kind[] = seed % 5 === 0 ? [] : FIRST_KINDS;
  const seeds = kinds.map((kind, index) => ({
    id: `s${index}`,
    kind,
    text: `đoạn ${index}`,
    label: index > 0 ? null : "5a",
  }));
  const meeting = new Meeting(randomFrom(seed), 2 + (seed % 3), seeds, tally);
  for (let step = 1; step <= ops; step += 1) {
    try {
      meeting.step();
      const often = step % 50 === 0 || step === ops;
      for (const [index, replica] of meeting.replicas.entries()) {
        const wrong = often ? replica.binding.differences() : [];
        if (wrong.length > 0) throw new Error(`replica ${index} shows ${wrong.join("; ")}`);
      }
      const wrong = often ? meeting.meet() : [];
      if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join("\n"));
    } catch (error) {
      throw new Error(`seed ${seed}, step ${step}: ${String(error).slice(0, 800)}`, { cause: error });
    }
  }
  return meeting;
}

/** That many people at clauses of these texts, with the ids c0, c1 …, everybody up to date. */
export function together(people: number, ...texts: readonly string[]): Meeting {
  const seeds = texts.map((text, index) => ({ id: `c${index}`, kind: "clause" as const, text }));
  return new Meeting(randomFrom(1), people, seeds);
}
