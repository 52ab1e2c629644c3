// @vitest-environment jsdom
import fc from "fast-check";
import { Schema, type Node as ProseNode } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { describe, expect, it } from "vitest";

import { byPlace } from "../../src/editor/by-place";

const schema = new Schema({
  nodes: { doc: { content: "line+" }, line: { content: "text*" }, text: {} },
});

const pages = fc.array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 12 });
const mark = fc.record({
  look: fc.constantFrom("words", "line", "sign"),
  from: fc.nat(100),
  length: fc.nat(12),
});

const docOf = (lines: readonly string[]): ProseNode =>
  schema.node("doc", null, lines.map((line) => schema.node("line", null, line === "" ? [] : [schema.text(line)])));

function decorated(doc: ProseNode, marks: readonly { look: string; from: number; length: number }[]): DecorationSet {
  const made = marks.map(({ look, from, length }) => {
    const start = Math.min(from, doc.content.size);
    if (look === "words") return Decoration.inline(start, Math.min(start + length, doc.content.size), { class: look });
    const at = doc.childBefore(start).offset;
    const line = doc.nodeAt(at);
    if (look === "line" && line !== null) return Decoration.node(at, at + line.nodeSize, { class: look });
    return Decoration.widget(start, document.createElement("i"));
  });
  return DecorationSet.create(doc, made);
}

/** What stands in each line, as the drawing asks for it. */
function inEach(doc: ProseNode, shown: DecorationSet | undefined): unknown[] {
  const found: unknown[] = [];
  doc.forEach((child, at) => {
    const inside = shown?.forChild(at, child);
    const told = inside instanceof DecorationSet ? inside.find() : [];
    found.push(told.map(({ from, to }) => [from, to]));
  });
  return found;
}

describe("decorations by place", () => {
  it("are those the library finds by searching, also after the text has changed", () => {
    fc.assert(
      fc.property(pages, fc.array(mark, { maxLength: 10 }), fc.nat(60), (lines, marks, place) => {
        const doc = docOf(lines);
        const searched = decorated(doc, marks);
        const wanted = inEach(doc, searched);
        expect(inEach(doc, byPlace(decorated(doc, marks)))).toEqual(wanted);

        const at = doc.childBefore(Math.min(place, doc.content.size)).offset + 1;
        const tr = EditorState.create({ doc }).tr.insertText("chữ", at);
        const later = inEach(tr.doc, searched.map(tr.mapping, tr.doc));
        const known = byPlace(decorated(doc, marks));
        expect(inEach(tr.doc, byPlace(known?.map(tr.mapping, tr.doc)))).toEqual(later);
      }),
    );
  });

  it("are answered without a search where no mark goes over two lines", () => {
    const doc = docOf(["một", "hai", "ba"]);
    const set = DecorationSet.create(doc, [Decoration.inline(6, 8, { class: "words" }), Decoration.node(0, 5, {})]);
    const found = byPlace(set);
    expect(found).toBe(set);
    expect(Object.hasOwn(set, "forChild")).toBe(true);
    expect(inEach(doc, set)).toEqual([[], [[0, 2]], []]);
  });
});
