import fc from "fast-check";
import { Fragment } from "prosemirror-model";
import { Transform } from "prosemirror-transform";
import { expect, it } from "vitest";

import { positionOf, schema } from "../../src/binding";
import { TextsStep } from "../../src/binding/texts-step";

const words = fc.stringMatching(/^[a-cđ]{0,6}$/);
const block = (text: string) => schema.node("provision", { id: text }, text === "" ? [] : [schema.text(text)]);

it("changes many texts as many steps would: the words, the places between, and the way back", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(words, fc.nat(6), fc.nat(6), words, fc.boolean()), { minLength: 1, maxLength: 8 }), (lines) => {
      const doc = schema.node("doc", null, lines.map(([text]) => block(text)));
      const changes = lines.flatMap(([text, a, b, by, changed], index) => {
        const [from = 0, to = 0] = [Math.min(a, text.length), Math.min(b, text.length)].toSorted((x, y) => x - y);
        return changed ? [{ index, from, to, by: by === "" ? Fragment.empty : Fragment.from(schema.text(by)) }] : [];
      });
      const step = new TextsStep(doc, changes);
      const wanted = new Transform(doc);
      for (const { index, from, to, by } of changes.toReversed()) {
        const at = positionOf(doc, index) + 1;
        wanted.replaceWith(at + from, at + to, by);
      }
      const after = step.apply(doc).doc!;
      expect(after.toJSON()).toEqual(wanted.doc.toJSON());
      for (let at = 0; at <= doc.content.size; at += 1)
        for (const side of [-1, 1]) expect(step.getMap().map(at, side)).toBe(wanted.mapping.map(at, side));
      expect(step.invert(doc).apply(after).doc!.toJSON()).toEqual(doc.toJSON());
    }),
  );
});
