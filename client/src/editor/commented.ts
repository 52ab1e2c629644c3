/**
 * The words that comments are about, marked in the sheet; drawn, never written.
 *
 * The server says where they stand; until its next answer they follow every change here. What an edit
 * takes out and puts in elsewhere, as moving a provision does, is found again by the provision's id.
 */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import { AttributesStep } from "../binding/attributes-step";
import { offsetAt } from "../binding/places";
import { attrsOf } from "../binding/schema";
import { unitsAt } from "../model";
import { byPlace } from "./by-place";
import { columnsIn, type CellLook } from "./cell-looks";
import type { CommentPlace, ToldComment } from "./types";

/** The comment being written, which has no name yet. */
export const UNSENT = "unsent";

/** An answer need not know what was typed so shortly before it was asked for: it was on its way. */
const ON_ITS_WAY_MS = 1500;
/** No answer is older than this. */
const REMEMBERED_MS = 20_000;

interface Shown {
  readonly places: DecorationSet;
  /** When each provision was last typed in. */
  readonly touched: ReadonlyMap<string, number>;
}

interface Lit {
  readonly active: string | null;
  readonly others: readonly string[];
  readonly looks: DecorationSet;
}

interface Told {
  readonly comments: readonly ToldComment[];
  readonly asked: number;
}

const PLACES = new PluginKey<Shown>("comment-places");
const LIT = new PluginKey<Lit>("comment-lit");

/** These comments stand here and no others; `asked` is when the server was asked. */
export const putComments = (tr: Transaction, comments: readonly ToldComment[], asked: number): Transaction =>
  tr.setMeta(PLACES, { comments, asked } satisfies Told);

/** The place of the comment being written; `null` takes it out. */
export const putUnsent = (tr: Transaction, place: CommentPlace | null): Transaction => tr.setMeta(UNSENT, { place });

export const lightComments = (tr: Transaction, active: string | null, others: readonly string[]): Transaction =>
  tr.setMeta(LIT, { active, others });

/** Whether every place holds for the words as they are, none of them typed in since. */
export function holds(state: EditorState, comments: readonly ToldComment[], asked: number): boolean {
  const touched = PLACES.getState(state)?.touched;
  return comments.every(({ id }) => (touched?.get(id) ?? 0) < asked - ON_ITS_WAY_MS);
}

/** Where the words of a comment stand in the sheet now; `null` when they are not shown. */
export function commentAt(state: EditorState, thread: string): CommentPlace | null {
  const [found] = PLACES.getState(state)?.places.find(undefined, undefined, (spec) => spec.thread === thread) ?? [];
  return found === undefined ? null : placeOf(state.doc, found);
}

/** What a mark is of; of words in a cell also where they stand in it. */
interface Spec {
  readonly thread: string;
  readonly whole: boolean;
  readonly cell?: CellLook;
}

function placeOf(doc: ProseNode, { from, to, spec }: Decoration): CommentPlace | null {
  const { thread, whole, cell: look } = spec as Spec;
  if (look !== undefined) {
    const row = doc.nodeAt(from);
    const cell = row === null ? -1 : columnsIn(attrsOf(row)).indexOf(look.column);
    return row === null || cell < 0 ? null : { thread, id: attrsOf(row).id, cell, from: look.from, to: look.to, whole: false };
  }
  const start = offsetAt(doc, whole ? from + 1 : from);
  if (start === null) return null;
  const $from = doc.resolve(whole ? from + 1 : from);
  const end = Math.min($from.end(), whole ? $from.end() : to) - $from.start();
  return { thread, id: start.id, from: whole ? 0 : start.offset, to: end, whole };
}

interface Block {
  readonly node: ProseNode;
  readonly at: number;
}

function blocksOf(doc: ProseNode): Map<string, Block> {
  const blocks = new Map<string, Block>();
  doc.forEach((node, at) => blocks.set(attrsOf(node).id, { node, at }));
  return blocks;
}

/** The words a place is in: those of its cell, or of its provision. */
const wordsOf = (node: ProseNode, cell: number | null | undefined): string =>
  typeof cell === "number" ? (attrsOf(node).cells?.[cell] ?? "") : node.textContent;

function mark({ thread, cell, from, to, whole }: CommentPlace, { node, at }: Block): Decoration[] {
  const spec = { thread, whole };
  if (!whole && typeof cell === "number") {
    const column = columnsIn(attrsOf(node))[cell];
    const look = { column, from, to, look: `commented comment-of-${thread}` };
    return column === undefined || from >= to ? [] : [Decoration.node(at, at + node.nodeSize, {}, { ...spec, cell: look })];
  }
  if (whole) return [Decoration.node(at, at + node.nodeSize, { class: `has-comment comment-of-${thread}` }, spec)];
  const [start, end] = [from, to].map((place) => at + 1 + Math.min(place, node.content.size)) as [number, number];
  return start < end ? [Decoration.inline(start, end, { class: `commented comment-of-${thread}` }, spec)] : [];
}

function draw(doc: ProseNode, { comments, asked }: Told, { places: shown, touched }: Shown): DecorationSet {
  const blocks = blocksOf(doc);
  // Where something was typed since, the marks that have followed the typing know better.
  const typedIn = new Set(comments.filter(({ id }) => (touched.get(id) ?? 0) >= asked - ON_ITS_WAY_MS).map(({ thread }) => thread));
  const kept = shown.find(undefined, undefined, (spec) => spec.thread === UNSENT || typedIn.has(spec.thread as string));
  const known = new Set(kept.map(({ spec }) => (spec as { thread: string }).thread));
  const marks = comments.flatMap(({ thread, id, cell, start, end, whole }) => {
    const block = blocks.get(id);
    if (block === undefined || known.has(thread)) return [];
    const words = wordsOf(block.node, cell);
    const [from, to] = [start, end].map((place) => unitsAt(words, place)) as [number, number];
    return mark({ thread, id, cell, from, to, whole }, block);
  });
  return DecorationSet.create(doc, [...marks, ...kept]);
}

/** Carries the marks along; those whose block was taken out and put in elsewhere follow it there. */
function follow(tr: Transaction, before: EditorState, shown: DecorationSet): DecorationSet {
  const lost = new Set<string>();
  const kept = shown.map(tr.mapping, tr.doc, { onRemove: (spec) => lost.add((spec as { thread: string }).thread) });
  // Words of cells are attributes: no position tells that they changed.
  const cells = tr.steps.some((step) => step instanceof AttributesStep) ? kept.find(undefined, undefined, (spec) => spec.cell !== undefined) : [];
  if (lost.size === 0 && cells.length === 0) return kept;
  const blocks = blocksOf(tr.doc);
  const old = blocksOf(before.doc);
  const found = shown.find(undefined, undefined, (spec) => lost.has(spec.thread) || (cells.length > 0 && spec.cell !== undefined)).flatMap((one) => {
    const place = placeOf(before.doc, one);
    const [was, now] = [old.get(place?.id ?? ""), blocks.get(place?.id ?? "")];
    if (place === null || was === undefined || now === undefined) return [];
    const cell = cellNow(was.node, now.node, place.cell);
    const carry = carried(wordsOf(was.node, place.cell), wordsOf(now.node, cell));
    return mark({ ...place, cell, from: carry(place.from, 1), to: carry(place.to, -1) }, now);
  });
  return kept.remove(cells).add(tr.doc, found);
}

/** Where the column of a cell stands now; columns come, go and move. */
function cellNow(was: ProseNode, now: ProseNode, cell: number | null | undefined): number | null {
  return typeof cell === "number" ? columnsIn(attrsOf(now)).indexOf(columnsIn(attrsOf(was))[cell] ?? "") : null;
}

/** Where places of one wording stand in another, the stretch between what both begin and end with being new. */
function carried(was: string, now: string): (place: number, side: 1 | -1) => number {
  const least = Math.min(was.length, now.length);
  let lead = 0;
  while (lead < least && was[lead] === now[lead]) lead += 1;
  let trail = 0;
  while (trail < least - lead && was[was.length - 1 - trail] === now[now.length - 1 - trail]) trail += 1;
  return (place, side) => {
    // What was typed right at an end is outside; what stands in the place of words at it belongs to it.
    if (place < lead || (place === lead && (side === -1 || lead < was.length - trail))) return place;
    if (place >= was.length - trail) return place + now.length - was.length;
    return side === 1 ? now.length - trail : lead;
  };
}

function touchedIn(tr: Transaction): Set<string> {
  const ids = new Set<string>();
  const { maps } = tr.mapping;
  for (const step of tr.steps) {
    if (!(step instanceof AttributesStep)) continue;
    for (const [at, change] of step.changes) if ("cells" in change) ids.add(attrsOf(tr.doc.child(at)).id);
  }
  maps.forEach((map, index) => {
    const rest = tr.mapping.slice(index + 1);
    map.forEach((_from, _to, from, to) => {
      const first = tr.doc.resolve(rest.map(from, -1)).index(0);
      const last = Math.min(tr.doc.resolve(rest.map(to, 1)).index(0), tr.doc.childCount - 1);
      for (let at = first; at <= last; at += 1) ids.add(attrsOf(tr.doc.child(at)).id);
    });
  });
  return ids;
}

function touch(tr: Transaction, touched: Shown["touched"]): Shown["touched"] {
  const now = [...touchedIn(tr)].map((id) => [id, tr.time] as const);
  return new Map([...[...touched].filter(([, at]) => at > tr.time - REMEMBERED_MS), ...now]);
}

function places(): Plugin<Shown> {
  return new Plugin<Shown>({
    key: PLACES,
    state: {
      init: () => ({ places: DecorationSet.empty, touched: new Map() }),
      apply(tr, shown, before, state) {
        const told = tr.getMeta(PLACES) as Told | undefined;
        const unsent = tr.getMeta(UNSENT) as { place: CommentPlace | null } | undefined;
        let next = shown;
        if (tr.docChanged) next = { places: follow(tr, before, shown.places), touched: touch(tr, shown.touched) };
        if (told !== undefined) next = { ...next, places: draw(state.doc, told, next) };
        if (unsent !== undefined) next = { ...next, places: withUnsent(state.doc, next.places, unsent.place) };
        return next;
      },
    },
    props: { decorations: (state) => byPlace(PLACES.getState(state)?.places) },
  });
}

function withUnsent(doc: ProseNode, shown: DecorationSet, place: CommentPlace | null): DecorationSet {
  const rest = shown.remove(shown.find(undefined, undefined, (spec) => spec.thread === UNSENT));
  const block = place === null ? undefined : blocksOf(doc).get(place.id);
  return place === null || block === undefined ? rest : rest.add(doc, mark(place, block));
}

function looks(state: EditorState, active: string | null, others: readonly string[]): DecorationSet {
  if (active === null && others.length === 0) return DecorationSet.empty;
  const wanted = new Map([...others.map((thread) => [thread, "is-lit"] as const), [active ?? "", "is-active"]]);
  const found = PLACES.getState(state)?.places.find(undefined, undefined, (spec) => wanted.has(spec.thread)) ?? [];
  return DecorationSet.create(
    state.doc,
    found.map(({ from, to, spec }) => {
      const { thread, whole, cell } = spec as Spec;
      const attrs = { class: wanted.get(thread) ?? "" };
      if (cell !== undefined) return Decoration.node(from, to, {}, { cell: { ...cell, look: attrs.class } });
      return whole ? Decoration.node(from, to, attrs) : Decoration.inline(from, to, attrs);
    }),
  );
}

function lit(): Plugin<Lit> {
  return new Plugin<Lit>({
    key: LIT,
    state: {
      init: () => ({ active: null, others: [], looks: DecorationSet.empty }),
      apply(tr, shown, before, state) {
        const { active, others } = { ...shown, ...(tr.getMeta(LIT) as Partial<Lit> | undefined) };
        if (!tr.getMeta(LIT) && PLACES.getState(before)?.places === PLACES.getState(state)?.places) return shown;
        return { active, others, looks: looks(state, active, others) };
      },
    },
    props: { decorations: (state) => LIT.getState(state)?.looks },
  });
}

/** The places first: what is lit is read from them. */
export const commented = (): Plugin[] => [places(), lit()];
