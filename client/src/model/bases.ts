/** The source documents (căn cứ) of a revision: one list beside the draft, every field by itself. */

import * as Y from "yjs";

import { newId } from "./ids";
import { compareOrder, keyBetween, keysBetween } from "./order";

export const BASIS_FIELDS = ["kind", "number", "date", "body", "title"] as const;
export type BasisField = (typeof BASIS_FIELDS)[number];

/** What a source document is called; "" where it has none of it. */
export type BasisWords = Readonly<Record<BasisField, string>>;

export interface Basis extends BasisWords {
  readonly id: string;
  readonly order: string;
}

/** So many are read, and so long may each field be. */
export const MAX_BASES = 500;
export const MAX_BASIS_TEXT = 500;

export function basesOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap("bases");
}

/** The list in its order. An id without a place is none: that is how one is taken out. */
export function readBases(doc: Y.Doc): Basis[] {
  const map = basesOf(doc);
  const found: Basis[] = [];
  for (const [key, order] of map.entries()) {
    const id = key.slice(0, key.lastIndexOf("."));
    if (!key.endsWith(".order") || id === "" || typeof order !== "string") continue;
    const field = (name: BasisField): string => {
      const value = map.get(`${id}.${name}`);
      return typeof value === "string" ? value.slice(0, MAX_BASIS_TEXT) : "";
    };
    found.push({ id, order, kind: field("kind"), number: field("number"), date: field("date"), body: field("body"), title: field("title") });
  }
  return found.toSorted(compareOrder).slice(0, MAX_BASES);
}

/** Writes the fields that differ, so that two who edit other fields of one keep both. */
export function setBasis(doc: Y.Doc, id: string, words: BasisWords): void {
  const map = basesOf(doc);
  doc.transact(() => {
    for (const name of BASIS_FIELDS) {
      const wanted = words[name].slice(0, MAX_BASIS_TEXT);
      if ((map.get(`${id}.${name}`) ?? "") !== wanted) map.set(`${id}.${name}`, wanted);
    }
  });
}

/** Puts one at the end of the list; answers its id, `null` when the list is full. */
export function addBasis(doc: Y.Doc, words: BasisWords): string | null {
  const all = readBases(doc);
  if (all.length >= MAX_BASES) return null;
  const id = newId();
  doc.transact(() => {
    setBasis(doc, id, words);
    basesOf(doc).set(`${id}.order`, keyBetween(all.at(-1)?.order ?? null, null) ?? `z${id}`);
  });
  return id;
}

export function removeBasis(doc: Y.Doc, id: string): void {
  doc.transact(() => {
    for (const name of ["order", ...BASIS_FIELDS]) basesOf(doc).delete(`${id}.${name}`);
  });
}

/** One place up or down; false at the end of the list. */
export function moveBasis(doc: Y.Doc, id: string, by: 1 | -1): boolean {
  const ids = readBases(doc).map((one) => one.id);
  const at = ids.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= ids.length) return false;
  const all = readBases(doc);
  const [before, after] = by === 1 ? [all[to], all[to + 1]] : [all[to - 1], all[to]];
  const key = keyBetween(before?.order ?? null, after?.order ?? null);
  doc.transact(() => {
    if (key !== null) {
      basesOf(doc).set(`${id}.order`, key);
      return;
    }
    // Two were put at one place at once: all get new ones.
    const keys = keysBetween(null, null, ids.length);
    ids.splice(to, 0, ...ids.splice(at, 1));
    for (const [index, one] of ids.entries()) basesOf(doc).set(`${one}.order`, keys?.[index] ?? "");
  });
  return true;
}
