/**
 * The sheet as a view of the shared map, and back.
 *
 * Invariant: the document's blocks are the live provisions in reading order, one for one, by
 * id; a single stand-in block with the id "" shows an empty draft. Local transactions become
 * the smallest changes of the map (`store`), changes of the map the smallest steps (`show`).
 */

import { Fragment, Slice, type Node as ProseNode } from "prosemirror-model";
import type { Transaction } from "prosemirror-state";
import { ReplaceStep } from "prosemirror-transform";
import * as Y from "yjs";

import {
  assignKeys,
  compareOrder,
  newId,
  numberingPolicy,
  numberProvisions,
  printedLabel,
  provisionEntry,
  provisionsOf,
  provisionText,
  readCells,
  readHead,
  withTables,
  writeProvision,
  type Chance,
  type ProvisionHead,
} from "../model";
import { AttributesStep } from "./attributes-step";
import { planBlocks } from "./plan";
import { makeCells, type NewCell } from "./table-edits";
import { TextsStep, type TextChange } from "./texts-step";
import {
  bitsOfAttributes,
  deltaOf,
  difference,
  differentStretch,
  fragmentOf,
  insertedText,
  marksOfBits,
  sameStyled,
  styledOfNode,
  styledOfText,
  type DeltaOp,
} from "./runs";
import { attrsOf, blockType, MARKS, positionOf, schema, type BlockAttrs } from "./schema";

/** More blocks than this coming, going or changing their words at once are shown in one step. */
export const MANY = 64;

/** Origins of the projection's own transactions: `edit` is undone by undo, `prepare` is not. */
export interface Origins {
  readonly prepare: object;
  readonly edit: object;
}

/** What changed in the map, as told by Yjs. */
export interface MapChanges {
  /** Ids whose entry came, went or changed a field. */
  readonly entries: ReadonlySet<string>;
  /** Ids whose words changed, with Yjs' own account of it where there is one. */
  readonly texts: ReadonlyMap<string, readonly DeltaOp[]>;
  /** Ids of rows of which the words of some cell changed, and nothing else. */
  readonly cells: ReadonlySet<string>;
  /** Whether the numbering policy may have changed. */
  readonly policy: boolean;
}

export interface Shown {
  /** New attributes, labels among them: applied after the blocks are in their places. */
  readonly attributes: AttributesStep | null;
  /** Whether blocks came, went, moved or changed an attribute. */
  readonly structural: boolean;
  /** Ids of blocks taken out and put in elsewhere: the caret must be carried along. */
  readonly displaced: ReadonlySet<string>;
  /** So many first steps put blocks in their places, with the words they had before. */
  readonly moves: number;
}

export interface ProjectionOptions {
  readonly newId?: () => string;
  readonly chance?: Chance;
}

function shape(node: ProseNode): string {
  const { id, kind, written } = attrsOf(node);
  return `${id}\n${kind}\n${written ?? ""}`;
}

function idsOf(nodes: readonly ProseNode[]): string[] {
  return nodes.map((node) => attrsOf(node).id);
}

/** The stretch of blocks in which two documents differ; unchanged blocks are the same objects. */
function changedStretch(before: ProseNode, after: ProseNode): { start: number; oldEnd: number; newEnd: number } {
  let start = 0;
  let oldEnd = before.childCount;
  let newEnd = after.childCount;
  while (start < oldEnd && start < newEnd && before.child(start) === after.child(start)) start += 1;
  while (oldEnd > start && newEnd > start && before.child(oldEnd - 1) === after.child(newEnd - 1)) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  return { start, oldEnd, newEnd };
}

export class Projection {
  readonly #doc: Y.Doc;
  readonly #newId: () => string;
  readonly #chance: Chance;
  #heads: ProvisionHead[] = [];
  #byId = new Map<string, ProvisionHead>();

  constructor(doc: Y.Doc, options: ProjectionOptions = {}) {
    this.#doc = doc;
    this.#newId = options.newId ?? newId;
    this.#chance = options.chance ?? Math.random;
  }

  /** The live provisions in reading order, without their words. */
  get heads(): readonly ProvisionHead[] {
    return this.#heads;
  }

  head(id: string): ProvisionHead | undefined {
    return this.#byId.get(id);
  }

  /** Reads the whole map anew and answers the document it is shown as. */
  load(): ProseNode {
    const found: ProvisionHead[] = [];
    for (const id of provisionsOf(this.#doc).keys()) {
      const head = this.#readLive(id);
      if (head) found.push(head);
    }
    this.#setHeads(this.#tables(found.sort(compareOrder)));
    const labels = this.#labels(this.#heads.map(({ kind, label }) => ({ kind, written: label })));
    const blocks = this.#heads.map((head, index) => this.#block(head, labels[index] ?? ""));
    return schema.node("doc", null, blocks.length > 0 ? blocks : [blockType.create()]);
  }

  /** One line for each difference between the document and the map; none is the promise. */
  differences(doc: ProseNode): string[] {
    const expected = new Projection(this.#doc).load();
    const found: string[] = [];
    for (let index = 0; index < Math.max(doc.childCount, expected.childCount); index += 1) {
      const seen = doc.maybeChild(index);
      const wanted = expected.maybeChild(index);
      if (seen && wanted && seen.eq(wanted)) continue;
      const told = (node: ProseNode | null | undefined): string => JSON.stringify(node?.toJSON() ?? null);
      found.push(`${index}: ${told(seen)} should be ${told(wanted)}`);
    }
    return found;
  }

  // --- local: from the document to the map ---------------------------------------------------

  /**
   * What a local change needs before it is stored: an id of its own for every new block (a
   * copied id becomes `from`) and the labels that follow. `null` when nothing does.
   */
  repair(before: ProseNode, after: ProseNode): AttributesStep | null {
    const { start, oldEnd, newEnd } = changedStretch(before, after);
    const old = before.content.content.slice(start, oldEnd);
    const now = after.content.content.slice(start, newEnd);
    const unsaved = this.#heads.length === 0;
    if (!unsaved && old.length === now.length && old.every((node, i) => shape(node) === shape(now[i]!))) {
      return null;
    }
    const changes = new Map<number, Partial<BlockAttrs>>();
    if (unsaved) this.#identify(new Set(), after.content.content, 0, changes);
    else this.#identify(new Set(idsOf(old)), now, start, changes);
    this.#relabel(after, changes);
    return changes.size > 0 ? new AttributesStep(changes) : null;
  }

  #identify(
    own: Set<string>,
    blocks: readonly ProseNode[],
    offset: number,
    changes: Map<number, Partial<BlockAttrs>>,
  ): void {
    blocks.forEach((block, index) => {
      const { id } = attrsOf(block);
      if (id !== "" && own.delete(id)) return;
      const known = id !== "" && provisionsOf(this.#doc).has(id);
      changes.set(offset + index, { id: this.#newId(), from: known ? id : null, written: null });
    });
  }

  /** Adds to `changes` every label of `doc` that is not what it should be. */
  #relabel(doc: ProseNode, changes: Map<number, Partial<BlockAttrs>>): void {
    const blocks = doc.content.content;
    const attrs = blocks.map((block, index): BlockAttrs => {
      const change = changes.get(index);
      return change ? { ...attrsOf(block), ...change } : attrsOf(block);
    });
    const labels = this.#labels(attrs);
    attrs.forEach(({ id, label }, index) => {
      const wanted = id === "" ? "" : (labels[index] ?? "");
      if (label !== wanted) changes.set(index, { ...changes.get(index), label: wanted });
    });
  }

  #labels(items: readonly Pick<BlockAttrs, "kind" | "written">[]): string[] {
    const numbered = items.map(({ kind, written }) => ({ kind, label: written }));
    const numbers = numberProvisions(numbered, numberingPolicy(this.#doc));
    return items.map(({ kind }, index) => printedLabel(kind, numbers[index] ?? ""));
  }

  /**
   * Writes the difference of two documents into the map, `after` having been repaired.
   *
   * New entries are made in a transaction of their own, as removed ones, and brought in by
   * the edit: undoing it takes them out again as removed, so that words which a colleague
   * typed into them can still be found. `hint` is where in its block a typed change began.
   */
  store(before: ProseNode, after: ProseNode, origins: Origins, hint = Infinity): void {
    const { start, oldEnd, newEnd } = changedStretch(before, after);
    const old = new Map(
      before.content.content.slice(start, oldEnd).map((node) => [attrsOf(node).id, node] as const),
    );
    const now = after.content.content.slice(start, newEnd);
    const ids = idsOf(now);
    const plan = planBlocks([...old.keys()], ids);
    const still = new Set(ids);
    const gone = [...old.keys()].filter((id) => id !== "" && !still.has(id));
    const placed = this.#place(now, start, oldEnd, (id, index) => {
      const fixed = index < plan.start || index >= plan.newEnd || plan.kept.has(id);
      return fixed && old.has(id) ? (this.#byId.get(id) ?? null) : null;
    });
    const created = now.filter((node) => !old.has(attrsOf(node).id));
    let cells: NewCell[] = [];
    if (created.length > 0 || placed.rekeyed.length > 0) {
      this.#doc.transact(() => {
        this.#prepare(created, placed);
        if (created.some(isTabular)) cells = makeCells(this.#doc, placed.heads, new Set(idsOf(created)));
      }, origins.prepare);
    }
    this.#doc.transact(() => {
      for (const { text, words } of cells) text.insert(0, words);
      for (const id of gone) provisionEntry(this.#doc, id)?.set("removed", true);
      for (const node of now) this.#storeBlock(old.get(attrsOf(node).id), node, placed.orders, hint);
    }, origins.edit);
    this.#setHeads(placed.heads);
  }

  /** After a local change of structure: the columns and cells of rows as they are shared now. */
  fitTables(doc: ProseNode): AttributesStep | null {
    if (!doc.content.content.some(isTabular)) return null;
    this.#setHeads(this.#tables(this.#heads));
    const changes = new Map<number, Partial<BlockAttrs>>();
    this.#heads.forEach(({ kind, cells, columns, header }, index) => {
      const attrs = doc.maybeChild(index)?.attrs as BlockAttrs | undefined;
      if (kind !== "table" && kind !== "row") return;
      if (!attrs || sameCells(attrs, { cells, columns, header })) return;
      changes.set(index, { cells, columns, header });
    });
    return changes.size > 0 ? new AttributesStep(changes) : null;
  }

  #tables(heads: readonly ProvisionHead[]): ProvisionHead[] {
    return withTables(heads, (id) => provisionEntry(this.#doc, id)!);
  }

  /** The list as it will be, with keys for every block that has come or moved. */
  #place(
    now: readonly ProseNode[],
    start: number,
    oldEnd: number,
    fixed: (id: string, index: number) => ProvisionHead | null,
  ): { heads: ProvisionHead[]; orders: Map<string, string>; rekeyed: ProvisionHead[] } {
    const loose: number[] = [];
    const middle = now.map((node, index): ProvisionHead => {
      const { id, kind, written, from, cells, columns, header } = attrsOf(node);
      const head = fixed(id, index);
      if (!head) loose.push(start + index);
      const order = head?.order ?? "";
      return { id, kind, order, label: written, from, cells, columns, header, removed: false };
    });
    const heads = [...this.#heads.slice(0, start), ...middle, ...this.#heads.slice(oldEnd)];
    const orders = new Map<string, string>();
    const rekeyed = new Set<ProvisionHead>();
    for (let at = 0; at < loose.length; ) {
      const from = loose[at]!;
      let to = from;
      while (loose[at] === to) {
        at += 1;
        to += 1;
      }
      const wanted = assignKeys(heads.map(({ order }) => order), from, to, this.#chance);
      for (const [index, order] of wanted) {
        const head = { ...heads[index]!, order };
        rekeyed.delete(heads[index]!);
        heads[index] = head;
        if (orders.has(head.id) || (index >= from && index < to)) orders.set(head.id, order);
        else rekeyed.add(head);
      }
    }
    return { heads, orders, rekeyed: [...rekeyed] };
  }

  #prepare(
    created: readonly ProseNode[],
    { orders, rekeyed }: { orders: ReadonlyMap<string, string>; rekeyed: readonly ProvisionHead[] },
  ): void {
    for (const { id, order } of rekeyed) provisionEntry(this.#doc, id)?.set("order", order);
    for (const node of created) {
      const { id, kind, from, written, header } = attrsOf(node);
      writeProvision(this.#doc, id, orders.get(id) ?? "", { kind, from, label: written });
      if (header) provisionEntry(this.#doc, id)?.set("header", true);
      provisionEntry(this.#doc, id)?.set("removed", true);
    }
  }

  #storeBlock(
    old: ProseNode | undefined,
    node: ProseNode,
    orders: ReadonlyMap<string, string>,
    hint: number,
  ): void {
    const { id, kind, written } = attrsOf(node);
    const order = orders.get(id);
    // A moved block is the same object as before: only its place is new.
    if (old === node && order === undefined) return;
    const entry = provisionEntry(this.#doc, id);
    const text = provisionText(this.#doc, id);
    if (!entry || !text) return;
    if (!old) {
      entry.delete("removed");
    } else {
      if (attrsOf(old).kind !== kind) entry.set("kind", kind);
      if (attrsOf(old).written !== written && written === null) entry.delete("label");
      if (order !== undefined) entry.set("order", order);
      if (old.content.eq(node.content)) return;
    }
    const change = difference(styledOfNode(old ?? blockType.create()), styledOfNode(node), hint);
    if (change) text.applyDelta(deltaOf(change));
  }

  // --- remote: from the map to the document --------------------------------------------------

  /** Adds to `tr` the steps that show what changed in the map. */
  show(changes: MapChanges, tr: Transaction): Shown {
    const old = this.#heads;
    const attributes = this.#takeIn(changes.entries);
    const typed = new Map<number, Partial<BlockAttrs>>();
    for (const id of changes.cells) this.#takeInCells(id, typed);
    const before = old.length > 0 ? old.map(({ id }) => id) : idsOf(tr.doc.content.content);
    const after = this.#heads.length > 0 ? this.#heads.map(({ id }) => id) : [""];
    const moved = this.#showBlocks(before, after, tr);
    const moves = tr.steps.length;
    const structural = moved.come || moved.gone || attributes.size > 0;
    const touched = [...new Set([...changes.texts.keys(), ...changes.entries])];
    const staying = touched.filter((id) => !moved.unseen.has(id) && this.#byId.has(id));
    if (staying.length > MANY) this.#showTexts(new Set(staying), tr);
    else for (const id of staying) this.#showText(id, changes.texts.get(id) ?? [], tr);
    const relabelled = structural || changes.policy;
    return {
      attributes: this.#showAttributes(attributes, typed, relabelled ? tr.doc : null),
      structural: relabelled,
      displaced: moved.displaced,
      moves,
    };
  }

  /** Reads the touched entries; answers those that stay and look different, as they are now. */
  #takeIn(touched: ReadonlySet<string>): Map<string, ProvisionHead> {
    const changed = new Map<string, ProvisionHead>();
    const reading = new Map<string, ProvisionHead>();
    let resort = false;
    for (const id of touched) {
      const old = this.#byId.get(id);
      const head = this.#readLive(id);
      if (head) reading.set(id, head);
      resort ||= old?.order !== head?.order || !old !== !head;
      if (!old || !head) continue;
      if (old.kind !== head.kind || old.label !== head.label || old.from !== head.from) {
        changed.set(id, head);
      }
    }
    if (touched.size === 0) return changed;
    const before = this.#byId;
    const tables = resort || [...touched].some((id) => isRowOrTable(before.get(id)) || isRowOrTable(reading.get(id)));
    const kept = this.#heads.filter(({ id }) => !touched.has(id) || (!resort && reading.has(id)));
    if (resort) this.#setHeads(merge(kept, [...reading.values()].sort(compareOrder)));
    else this.#setHeads(kept.map((head) => reading.get(head.id) ?? head));
    if (!tables || !this.#heads.some(isRowOrTable)) return changed;
    this.#setHeads(this.#tables(this.#heads));
    for (const head of this.#heads) {
      const old = before.get(head.id);
      if (old && isRowOrTable(head) && (changed.has(head.id) || !sameCells(old, head))) changed.set(head.id, head);
    }
    return changed;
  }

  /** Reads the words of one row's cells, whose columns are known. */
  #takeInCells(id: string, changed: Map<number, Partial<BlockAttrs>>): void {
    const index = this.#heads.findIndex((head) => head.id === id);
    const head = this.#heads[index];
    const entry = provisionEntry(this.#doc, id);
    if (!head?.columns || !entry) return;
    const now = { ...head, cells: readCells(entry, head.columns) };
    this.#heads[index] = now;
    this.#byId.set(id, now);
    changed.set(index, { cells: now.cells });
  }

  #showBlocks(
    before: readonly string[],
    after: readonly string[],
    tr: Transaction,
  ): { come: boolean; gone: boolean; unseen: Set<string>; displaced: Set<string> } {
    const { start, oldEnd, newEnd, kept } = planBlocks(before, after);
    const leaving = before.slice(start, oldEnd).filter((id) => !kept.has(id));
    const coming = after.slice(start, newEnd).filter((id) => !kept.has(id));
    const [come, gone] = [coming.length > 0, leaving.length > 0];
    const left = new Set(leaving);
    const unseen = new Set(coming.filter((id) => !left.has(id)));
    if (!come && !gone) return { come, gone, unseen, displaced: unseen };
    const blocks = new Map(tr.doc.content.content.slice(start, oldEnd).map((node) => [attrsOf(node).id, node]));
    if (leaving.length + coming.length <= MANY) {
      this.#showSome(before, after, blocks, tr);
      return { come, gone, unseen, displaced: new Set(coming.filter((id) => left.has(id))) };
    }
    const nodes = after.slice(start, newEnd).map((id) => {
      return kept.has(id) ? blocks.get(id)! : this.#blockOf(id, blocks.get(id));
    });
    const from = positionOf(tr.doc, start);
    const to = positionOf(tr.doc, oldEnd);
    tr.step(new ReplaceStep(from, to, new Slice(Fragment.fromArray(nodes), 0, 0)));
    return { come, gone, unseen, displaced: new Set(after.slice(start, newEnd)) };
  }

  /** Takes blocks out and puts them in one by one, so that positions elsewhere are kept. */
  #showSome(
    before: readonly string[],
    after: readonly string[],
    blocks: ReadonlyMap<string, ProseNode>,
    tr: Transaction,
  ): void {
    const { start, oldEnd, newEnd, kept } = planBlocks(before, after);
    let position = positionOf(tr.doc, start);
    let index = start;
    let left = start;
    for (let at = start; at < newEnd || left < oldEnd; ) {
      const coming = at < newEnd ? after[at] : undefined;
      const leaving = left < oldEnd ? before[left] : undefined;
      // Inserting comes first: the document must not be empty in between.
      if (coming !== undefined && !kept.has(coming)) {
        const block = this.#blockOf(coming, blocks.get(coming));
        tr.step(new ReplaceStep(position, position, new Slice(Fragment.from(block), 0, 0)));
        position += block.nodeSize;
        index += 1;
        at += 1;
      } else if (leaving !== undefined && !kept.has(leaving)) {
        tr.step(new ReplaceStep(position, position + tr.doc.child(index).nodeSize, Slice.empty));
        left += 1;
      } else {
        position += tr.doc.child(index).nodeSize;
        index += 1;
        at += 1;
        left += 1;
      }
    }
  }

  /** Plays Yjs' account of a text's change; whatever then still differs is set right. */
  #showText(id: string, delta: readonly DeltaOp[], tr: Transaction): void {
    const text = provisionText(this.#doc, id);
    const index = this.#heads.findIndex((head) => head.id === id);
    if (!text || index < 0) return;
    const base = positionOf(tr.doc, index) + 1;
    const wanted = styledOfText(text);
    playDelta(delta, base, tr.doc.child(index).content.size, tr);
    const seen = styledOfNode(tr.doc.child(index));
    if (sameStyled(seen, wanted)) return;
    const change = difference(seen, wanted);
    if (change) playDelta(deltaOf(change), base, seen.text.length, tr);
  }

  /** The same for many at once: one step, each text's smallest difference. */
  #showTexts(ids: ReadonlySet<string>, tr: Transaction): void {
    const { doc } = tr;
    const changes = this.#heads.flatMap(({ id }, index): TextChange[] => {
      const text = ids.has(id) ? provisionText(this.#doc, id) : null;
      const seen = text ? styledOfNode(doc.child(index)) : null;
      const change = text && seen ? differentStretch(seen, styledOfText(text)) : null;
      return change ? [{ index, from: change.from, to: change.to, by: fragmentOf(change.by) }] : [];
    });
    if (changes.length > 0) tr.step(new TextsStep(doc, changes));
  }

  /** `doc` is given when numbers may have changed. */
  #showAttributes(
    changed: ReadonlyMap<string, ProvisionHead>,
    typed: ReadonlyMap<number, Partial<BlockAttrs>>,
    doc: ProseNode | null,
  ): AttributesStep | null {
    const changes = new Map(typed);
    if (changed.size > 0) {
      this.#heads.forEach(({ id }, index) => {
        const head = changed.get(id);
        if (!head) return;
        const { kind, label: written, from, cells, columns, header } = head;
        changes.set(index, { kind, written, from, cells, columns, header });
      });
    }
    if (doc) this.#relabel(doc, changes);
    return changes.size > 0 ? new AttributesStep(changes) : null;
  }

  /** One that stood elsewhere comes with the words it had: what they have become is played after it. */
  #blockOf(id: string, was?: ProseNode): ProseNode {
    const head = this.#byId.get(id);
    return head ? this.#block(head, "", was?.content) : blockType.create();
  }

  #block({ id, kind, label: written, from, cells, columns, header }: ProvisionHead, label: string, words?: Fragment): ProseNode {
    const text = words === undefined ? provisionText(this.#doc, id) : null;
    const content = words ?? (text ? fragmentOf(styledOfText(text)) : Fragment.empty);
    return blockType.create({ id, kind, label, written, from, cells, columns, header }, content);
  }

  #readLive(id: string): ProvisionHead | null {
    const entry = provisionEntry(this.#doc, id);
    const head = entry ? readHead(id, entry) : null;
    return head && !head.removed ? head : null;
  }

  #setHeads(heads: ProvisionHead[]): void {
    this.#heads = heads;
    this.#byId = new Map(heads.map((head) => [head.id, head]));
  }
}

const isRowOrTable = (head: { readonly kind: string } | undefined): boolean =>
  head?.kind === "row" || head?.kind === "table";

const isTabular = (node: ProseNode): boolean => isRowOrTable(attrsOf(node));

type Cells = Pick<BlockAttrs, "cells" | "columns" | "header">;

function sameCells(a: Cells, b: Cells): boolean {
  const same = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
    one === other || (one?.length === other?.length && (one ?? []).every((cell, at) => cell === other?.[at]));
  return a.header === b.header && same(a.cells, b.cells) && same(a.columns, b.columns);
}

/** Two sorted lists as one. */
function merge(a: readonly ProvisionHead[], b: readonly ProvisionHead[]): ProvisionHead[] {
  const merged: ProvisionHead[] = [];
  let at = 0;
  for (const head of a) {
    while (at < b.length && compareOrder(b[at]!, head) < 0) merged.push(b[at++]!);
    merged.push(head);
  }
  return [...merged, ...b.slice(at)];
}

/** Steps for a delta over a text of `length` units starting at `base`; none if it does not fit. */
function playDelta(delta: readonly DeltaOp[], base: number, length: number, tr: Transaction): void {
  if (delta.reduce((sum, op) => sum + (op.retain ?? op.delete ?? 0), 0) > length) return;
  let at = base;
  for (const op of delta) {
    if (op.insert !== undefined) {
      const text = insertedText(op.insert);
      if (text === "") continue;
      const node = schema.text(text, marksOfBits(bitsOfAttributes(op.attributes)));
      tr.step(new ReplaceStep(at, at, new Slice(Fragment.from(node), 0, 0)));
      at += text.length;
    } else if (op.delete !== undefined) {
      tr.step(new ReplaceStep(at, at + op.delete, Slice.empty));
    } else if (op.retain !== undefined) {
      playFormat(op, at, tr);
      at += op.retain;
    }
  }
}

function playFormat({ retain = 0, attributes = {} }: DeltaOp, at: number, tr: Transaction): void {
  for (const name of MARKS) {
    if (!(name in attributes)) continue;
    if (attributes[name]) tr.addMark(at, at + retain, schema.mark(name));
    else tr.removeMark(at, at + retain, schema.marks[name]!);
  }
}
