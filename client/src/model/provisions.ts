/** Reading and changing the shared document: the contract of docs/protocol/document.md. */

import * as Y from "yjs";

import { clientOf, MAX_ID, newId } from "./ids";
import { isKind, type Kind } from "./kinds";
import type { NumberingPolicy } from "./numbering";
import { assignKeys, compareOrder, type Chance } from "./order";
import { withTables } from "./tables";

export const SCHEMA_VERSION = 1;

/** One provision as read; total: what is malformed reads as the contract says. */
export interface Provision {
  readonly id: string;
  readonly kind: Kind;
  readonly order: string;
  /** The provision's own words, without its number. */
  readonly text: string;
  /** The number as written in the source ("5a"), `null` for a new one. */
  readonly label: string | null;
  readonly from: string | null;
  /** The words of a row's cells, those it lacks at the end left out. */
  readonly cells: readonly string[] | null;
  /** The ids of the columns of a table, on it and on each of its rows. */
  readonly columns: readonly string[] | null;
  /** Whether the first row of a table is its head. */
  readonly header: boolean;
  readonly removed: boolean;
}

export const FRONT_TEXTS = [
  "upper_body",
  "body",
  "number",
  "place",
  "date",
  "type",
  "title",
  "authority",
  "position",
  "signatory",
] as const;
export const FRONT_LISTS = ["bases", "preamble", "closing", "recipients"] as const;

export type FrontText = (typeof FRONT_TEXTS)[number];
export type FrontList = (typeof FRONT_LISTS)[number];

/** Front matter as read: every key is there, empty when not given. */
export type Front = Readonly<Record<FrontText, string> & Record<FrontList, readonly string[]>>;

export type ProvisionMap = Y.Map<unknown>;

export function provisionsOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap("provisions");
}

export function rationaleOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap("rationale");
}

export function frontOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap("front");
}

/** The entry under `id` when it is a provision by the contract, else `null`. */
export function provisionEntry(doc: Y.Doc, id: string): ProvisionMap | null {
  const entry = provisionsOf(doc).get(id);
  if (id.length === 0 || id.length > MAX_ID) return null;
  return entry instanceof Y.Map && entry.get("text") instanceof Y.Text ? entry : null;
}

/** The Y.Text of a provision, `null` when there is no such provision. */
export function provisionText(doc: Y.Doc, id: string): Y.Text | null {
  const text = provisionEntry(doc, id)?.get("text");
  return text instanceof Y.Text ? text : null;
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Everything of a provision but its text, which costs more to read; the cells are told by `withTables`. */
export type ProvisionHead = Omit<Provision, "text">;

export function readHead(id: string, entry: ProvisionMap): ProvisionHead {
  const kind = entry.get("kind");
  return {
    id,
    kind: isKind(kind) ? kind : "paragraph",
    order: stringOrNull(entry.get("order")) ?? "",
    label: stringOrNull(entry.get("label")),
    from: stringOrNull(entry.get("from")),
    cells: null,
    columns: null,
    header: entry.get("header") === true,
    removed: entry.get("removed") === true,
  };
}

function readAll(doc: Y.Doc, removed: boolean): Provision[] {
  const found: Provision[] = [];
  for (const id of provisionsOf(doc).keys()) {
    const entry = provisionEntry(doc, id);
    if (!entry) continue;
    const head = readHead(id, entry);
    if (head.removed === removed) found.push({ ...head, text: String(entry.get("text")) });
  }
  return withTables(found.sort(compareOrder), (id) => provisionsOf(doc).get(id) as ProvisionMap);
}

/** The live provisions in reading order. */
export function readProvisions(doc: Y.Doc): Provision[] {
  return readAll(doc, false);
}

/** What was taken out and still holds words, in reading order: it can be brought back. */
export function listRemoved(doc: Y.Doc): Provision[] {
  return readAll(doc, true).filter(({ text, cells }) => text.trim() !== "" || cells !== null);
}

/**
 * Of these what a person misses: not what was split off and joined again, whose words all stand where they
 * came from (Enter and Backspace, say).
 */
export function listMissed(doc: Y.Doc): Provision[] {
  return listRemoved(doc).filter(({ from, text, cells }) => {
    const source = from === null || cells !== null ? null : provisionEntry(doc, from);
    if (source === null || source.get("removed") === true) return true;
    return !String(source.get("text")).includes(text.trim());
  });
}

/** Takes a provision out; what colleagues type into it meanwhile stays in it. */
export function setRemoved(doc: Y.Doc, id: string, origin: unknown = null): void {
  const entry = provisionEntry(doc, id);
  if (entry && entry.get("removed") !== true) doc.transact(() => entry.set("removed", true), origin);
}

/** Brings a removed provision back to its old place. */
export function restoreRemoved(doc: Y.Doc, id: string, origin: unknown = null): void {
  const entry = provisionEntry(doc, id);
  if (entry?.has("removed")) doc.transact(() => entry.delete("removed"), origin);
}

/** What a new provision is made of. */
export interface Seed {
  readonly id?: string;
  readonly kind: Kind;
  readonly text?: string;
  readonly label?: string | null;
  readonly from?: string | null;
}

/** Writes one provision under `order`; for callers inside a transaction. */
export function writeProvision(doc: Y.Doc, id: string, order: string, seed: Seed): Y.Text {
  const entry = new Y.Map<unknown>();
  const text = new Y.Text(seed.text ?? "");
  entry.set("kind", seed.kind);
  entry.set("order", order);
  entry.set("text", text);
  if (seed.label !== undefined && seed.label !== null) entry.set("label", seed.label);
  if (seed.from !== undefined && seed.from !== null) entry.set("from", seed.from);
  provisionsOf(doc).set(id, entry);
  return text;
}

/** Adds provisions at the end of the text, in one transaction; answers their ids. */
export function appendProvisions(
  doc: Y.Doc,
  seeds: readonly Seed[],
  origin: unknown = null,
  chance: Chance = Math.random,
): string[] {
  const orders = readProvisions(doc).map(({ order }) => order);
  const ids = seeds.map(({ id }) => id ?? newId());
  const start = orders.length;
  const keys = assignKeys([...orders, ...seeds.map(() => "")], start, start + seeds.length, chance);
  doc.transact(() => {
    seeds.forEach((seed, index) => {
      writeProvision(doc, ids[index] ?? newId(), keys.get(start + index) ?? "V", seed);
    });
  }, origin);
  return ids;
}

/**
 * The making of an empty reason, the very same bytes whoever makes it. Two people who give a
 * reason for one provision at once, or offline, thereby write into one text; with a text made
 * by each, the map would keep only one of the two.
 */
function emptyReason(id: string): Uint8Array {
  const maker = new Y.Doc();
  maker.clientID = clientOf(id);
  rationaleOf(maker).set(id, new Y.Text());
  return Y.encodeStateAsUpdate(maker);
}

/** Reason and basis of the change to a provision; an empty text is made when there is none. */
export function rationaleText(doc: Y.Doc, id: string): Y.Text {
  const map = rationaleOf(doc);
  const found = map.get(id);
  if (found instanceof Y.Text) return found;
  doc.transact((transaction) => {
    Y.applyUpdate(doc, emptyReason(id));
    // Reading an update marks the transaction as somebody else's; this one is ours to send.
    transaction.local = true;
  }, "rationale");
  const made = map.get(id);
  if (made instanceof Y.Text) return made;
  // It had been made once and taken out since: the same bytes cannot make it again.
  const text = new Y.Text();
  doc.transact(() => map.set(id, text), "rationale");
  return text;
}

/** The reason as read, "" when none was given; makes nothing. */
export function readRationale(doc: Y.Doc, id: string): string {
  const text = rationaleOf(doc).get(id);
  return text instanceof Y.Text ? text.toString() : "";
}

export function getFront(doc: Y.Doc): Front {
  const map = frontOf(doc);
  const texts = FRONT_TEXTS.map((key) => [key, stringOrNull(map.get(key)) ?? ""] as const);
  const lists = FRONT_LISTS.map((key) => {
    const value = map.get(key);
    const lines: readonly unknown[] = Array.isArray(value) ? value : [];
    return [key, lines.filter((line): line is string => typeof line === "string")] as const;
  });
  return Object.fromEntries<unknown>([...texts, ...lists]) as Front;
}

/** Sets the given keys of the front matter, leaving what is unchanged untouched. */
export function setFront(doc: Y.Doc, values: Partial<Front>, origin: unknown = null): void {
  const now = getFront(doc) as Readonly<Record<string, unknown>>;
  doc.transact(() => {
    for (const [key, value] of Object.entries(values)) {
      if (JSON.stringify(now[key]) !== JSON.stringify(value)) {
        frontOf(doc).set(key, typeof value === "string" ? value : [...value]);
      }
    }
  }, origin);
}

export function numberingPolicy(doc: Y.Doc): NumberingPolicy {
  return frontOf(doc).get("numbering") === "keep" ? "keep" : "renumber";
}

export function setNumberingPolicy(doc: Y.Doc, policy: NumberingPolicy, origin: unknown = null): void {
  if (numberingPolicy(doc) !== policy) {
    doc.transact(() => frontOf(doc).set("numbering", policy), origin);
  }
}
