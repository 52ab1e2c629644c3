import { TextSelection, type Command } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";

import { attrsOf, Binding, indexOfBlock, positionOf } from "../../src/binding";
import { indent, moveDown, moveUp } from "../../src/editor/commands";
import { joinArticle, moveBefore, placesOf, splitArticle } from "../../src/editor/structure";
import { appendProvisions, listRemoved, provisionEntry, readProvisions, setNumberingPolicy, type Seed } from "../../src/model";

const DRAFT: readonly Seed[] = [
  { id: "c1", kind: "chapter", text: "CHUNG" },
  { id: "a1", kind: "article", text: "Phạm vi", label: "1" },
  { id: "k1", kind: "clause", text: "một" },
  { id: "a2", kind: "article", text: "Nguyên tắc", label: "2" },
  { id: "k2", kind: "clause", text: "hai ba" },
  { id: "k3", kind: "clause", text: "bốn" },
  { id: "c2", kind: "chapter", text: "RIÊNG" },
  { id: "a3", kind: "article", text: "Họp", label: "3" },
];

interface Person {
  readonly doc: Y.Doc;
  readonly binding: Binding;
  at(id: string, offset: number, upto?: string): void;
  run(command: Command): boolean;
  lines(): string[];
}

function person(from?: Y.Doc): Person {
  const doc = new Y.Doc();
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  else appendProvisions(doc, DRAFT);
  const binding = new Binding(doc, { undoPause: 0 });
  const place = (id: string, offset: number): number =>
    positionOf(binding.state.doc, indexOfBlock(binding.state.doc, id)) + 1 + offset;
  return {
    doc,
    binding,
    at(id, offset, upto = id) {
      const { doc: sheet, tr } = binding.state;
      binding.dispatch(tr.setSelection(TextSelection.create(sheet, place(id, offset), place(upto, offset))));
    },
    run: (command) => command(binding.state, (tr) => binding.dispatch(tr)),
    lines: () => readProvisions(doc).map(({ kind, text }) => `${kind} ${text}`),
  };
}

function meet(...people: readonly Person[]): void {
  for (const a of people) for (const b of people) Y.applyUpdate(b.doc, Y.encodeStateAsUpdate(a.doc));
  for (const one of people) expect(one.binding.differences()).toEqual([]);
}

const ids = ({ doc }: Person): string[] => readProvisions(doc).map(({ id }) => id);

describe("structure", () => {
  it("a chapter moves with all beneath it while somebody types in it; undo puts it back with the words", () => {
    const a = person();
    const b = person(a.doc);
    const before = ids(a);
    a.at("c2", 0);
    expect(a.run(moveUp)).toBe(true);
    b.at("a3", 3);
    b.binding.dispatch(b.binding.state.tr.insertText(" định kỳ"));
    meet(a, b);
    expect(ids(b)).toEqual(["c2", "a3", "c1", "a1", "k1", "a2", "k2", "k3"]);
    expect(a.lines()[1]).toBe("article Họp định kỳ");
    a.binding.undo();
    meet(a, b);
    expect(ids(b)).toEqual(before);
    expect(b.lines().at(-1)).toBe("article Họp định kỳ");
  });

  it("both move the same chapter: it stands once, at one of the places", () => {
    const a = person();
    const b = person(a.doc);
    expect(a.run(moveBefore("a2", "a1"))).toBe(true);
    expect(b.run(moveBefore("a2", ""))).toBe(true);
    meet(a, b);
    expect(ids(a)).toEqual(ids(b));
    expect(ids(a).filter((id) => ["a2", "k2", "k3"].includes(id))).toEqual(["a2", "k2", "k3"]);
  });

  it("several clauses move and change level together, as one step each", () => {
    const a = person();
    a.at("k2", 1, "k3");
    expect(a.run(moveUp)).toBe(true);
    expect(ids(a).slice(2, 6)).toEqual(["k1", "k2", "k3", "a2"]);
    expect(a.run(indent)).toBe(true);
    expect(a.lines().slice(3, 5)).toEqual(["point hai ba", "point bốn"]);
    expect(a.run(moveDown)).toBe(true);
    for (let steps = 0; steps < 3; steps += 1) a.binding.undo();
    expect(a.lines()).toEqual(DRAFT.map(({ kind, text }) => `${kind} ${text}`));
    expect(a.binding.canUndo).toBe(false);
  });

  it("splits an article at the caret; who types in the old words keeps on in them", () => {
    const a = person();
    const b = person(a.doc);
    a.at("k2", 4);
    expect(a.run(splitArticle)).toBe(true);
    b.at("k2", 0);
    b.binding.dispatch(b.binding.state.tr.insertText("X"));
    meet(a, b);
    expect(a.lines().slice(3, 7)).toEqual(["article Nguyên tắc", "clause Xhai ", "article ba", "clause bốn"]);
    expect(readProvisions(a.doc)[5]?.from).toBe("k2");
    a.binding.undo();
    expect(a.lines()[4]).toBe("clause Xhai ba");
  });

  it.each<[string, string, number, string[]]>([
    ["before the first letter of a clause", "k2", 0, ["article Nguyên tắc", "article ", "clause hai ba", "clause bốn"]],
    ["behind the last", "k2", 6, ["article Nguyên tắc", "clause hai ba", "article ", "clause bốn"]],
    ["in the heading", "a2", 7, ["article Nguyên ", "article tắc", "clause hai ba", "clause bốn"]],
  ])("splits %s", (_name, id, offset, wanted) => {
    const a = person();
    a.at(id, offset);
    expect(a.run(splitArticle)).toBe(true);
    expect(a.lines().slice(3, 7)).toEqual(wanted);
    expect(attrsOf(a.binding.state.selection.$from.parent).kind).toBe("article");
    a.binding.undo();
    expect(a.lines()).toEqual(DRAFT.map(({ kind, text }) => `${kind} ${text}`));
  });

  it("splits nothing before a heading, nor above the articles", () => {
    const a = person();
    a.at("a1", 0);
    expect(a.run(splitArticle)).toBe(false);
    a.at("c1", 2);
    expect(a.run(splitArticle)).toBe(false);
  });

  it("joins an article with the one before: every word and id stays, its number goes", () => {
    const a = person();
    setNumberingPolicy(a.doc, "keep");
    a.at("k3", 1);
    expect(a.run(joinArticle)).toBe(true);
    expect(a.lines().slice(1, 6)).toEqual([
      "article Phạm vi", "clause một", "clause Nguyên tắc", "clause hai ba", "clause bốn",
    ]);
    expect(ids(a)).toEqual(DRAFT.map(({ id }) => id));
    expect(provisionEntry(a.doc, "a2")?.has("label")).toBe(false);
    expect(attrsOf(a.binding.state.doc.child(3)).label).toBe("2.");
    expect(a.run(joinArticle)).toBe(false);
    a.binding.undo();
    expect(a.lines()[3]).toBe("article Nguyên tắc");
    expect(provisionEntry(a.doc, "a2")?.get("label")).toBe("2");
    expect(a.binding.differences()).toEqual([]);
  });

  it("joins an empty heading away, and never across a chapter", () => {
    const a = person();
    a.at("k2", 0);
    a.run(splitArticle);
    expect(a.run(joinArticle)).toBe(true);
    expect(a.lines()).toEqual(DRAFT.map(({ kind, text }) => `${kind} ${text}`));
    expect(listRemoved(a.doc)).toEqual([]);
    a.at("a3", 0);
    expect(a.run(joinArticle)).toBe(false);
  });

  it("moves only where a unit may stand, though the draft has changed meanwhile", () => {
    const a = person();
    expect(placesOf(a.binding.state, "a2")).toEqual(["c1", "a1", "a3", ""]);
    expect(placesOf(a.binding.state, "gone")).toEqual([]);
    expect(a.run(moveBefore("a2", "k1"))).toBe(false);
    expect(a.run(moveBefore("a2", "gone"))).toBe(false);
    expect(a.run(moveBefore("gone", "c1"))).toBe(false);
    expect(a.run(moveBefore("c1", ""))).toBe(true);
    expect(ids(a)).toEqual(["c2", "a3", "c1", "a1", "k1", "a2", "k2", "k3"]);
  });
});
