// @vitest-environment jsdom
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";

import { rewriteText } from "../../src/binding/rewrite";
import { styledOfText } from "../../src/binding/runs";
import { SPOTLIGHT_MS } from "../../src/editor/spotlight";
import { provisionText, readProvisions, type Seed } from "../../src/model";
import { screen, settled, type Screen } from "./screen";

const DRAFT: readonly Seed[] = [
  { kind: "article", text: "Họp" },
  { kind: "clause", text: "theo Điều 31, trừ Điều 32 và điểm a" },
  { kind: "clause", text: "hoà giải theo Điều 31" },
];

const texts = ({ doc }: Screen): string[] => readProvisions(doc).map(({ text }) => text);

describe("rewriting stretches of a text", () => {
  const stretches = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(4), fc.string({ maxLength: 4 })), { maxLength: 5 });

  it("writes each and leaves the rest as it was", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 35, maxLength: 40 }), stretches, (text, made) => {
        const shared = new Y.Doc().getText("t");
        shared.insert(0, text);
        let at = 0;
        let wanted = "";
        const edits = made.map(([skip, length, by]) => {
          const from = at + skip;
          const to = from + length;
          wanted += text.slice(at, from) + by;
          at = to;
          return { id: "p", from, to, by };
        });
        rewriteText(shared, edits);
        expect(shared.toString()).toBe(wanted + text.slice(at));
      }),
    );
  });

  it("keeps the format of the first word it replaces", () => {
    const shared = new Y.Doc().getText("t");
    shared.insert(0, "theo ", {});
    shared.insert(5, "Điều 31", { bold: true });
    rewriteText(shared, [{ id: "p", from: 5, to: 12, by: "khoản 2 Điều 7" }]);
    const { text, bits } = styledOfText(shared);
    expect(text).toBe("theo khoản 2 Điều 7");
    expect([...bits]).toEqual([0, 0, 0, 0, 0, ...Array.from({ length: 14 }, () => 1)]);
  });
});

describe("a repair in the sheet", () => {
  let here: Screen;

  beforeEach(() => {
    vi.useFakeTimers();
    here = screen(DRAFT);
  });
  afterEach(() => {
    here.editor.destroy();
    vi.useRealTimers();
  });

  const edits = () => [
    { id: here.ids[1]!, from: 5, to: 12, by: "Điều 32" },
    { id: here.ids[1]!, from: 18, to: 25, by: "Điều 33" },
    { id: here.ids[2]!, from: 14, to: 21, by: "Điều 32" },
  ];

  it("is one step with all its places, apart from the typing before and after", () => {
    const typed = provisionText(here.doc, here.ids[0]!)!;
    here.caret(0, 3);
    here.paste({ "text/plain": "-kín" });
    expect(here.editor.ready()).toBe(true);
    here.editor.rewrite(edits());
    expect(texts(here).slice(1)).toEqual(["theo Điều 32, trừ Điều 33 và điểm a", "hoà giải theo Điều 32"]);
    expect(here.shown().slice(1)).toEqual(["1. theo Điều 32, trừ Điều 33 và điểm a", "2. hoà giải theo Điều 32"]);
    expect(here.editor.differences()).toEqual([]);
    expect(here.editor.selection().canUndo).toBe(true);
    here.editor.commands.undo();
    expect(texts(here)).toEqual(["Họp-kín", DRAFT[1]!.text, DRAFT[2]!.text]);
    here.editor.commands.redo();
    expect(texts(here)[2]).toBe("hoà giải theo Điều 32");
    here.editor.commands.undo();
    here.editor.commands.undo();
    expect(typed.toString()).toBe("Họp");
  });

  it("touches its own letters only: what a colleague writes between two places stays", () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    provisionText(other, here.ids[1]!)!.insert(13, " nhưng");
    here.editor.rewrite(edits());
    here.gate.receive(Y.encodeStateAsUpdate(other), "remote");
    expect(texts(here)[1]).toBe("theo Điều 32, nhưng trừ Điều 33 và điểm a");
    here.editor.commands.undo();
    expect(texts(here)[1]).toBe("theo Điều 31, nhưng trừ Điều 32 và điểm a");
  });

  it("lights up what it wrote for a moment, and so does a jump", async () => {
    here.editor.rewrite(edits());
    const lit = (): string[] => [...here.sheet.querySelectorAll(".spotlit")].map((part) => part.textContent ?? "");
    expect(lit()).toEqual(["Điều 32", "Điều 33", "Điều 32"]);
    expect(here.editor.show({ id: here.ids[1]!, from: 0, to: 4 })).toBe(true);
    expect(lit()).toEqual(["theo"]);
    expect(here.editor.selection().provisionId).toBe(here.ids[1]);
    await vi.advanceTimersByTimeAsync(SPOTLIGHT_MS + 10);
    expect(lit()).toEqual([]);
    await settled();
    expect(here.editor.show({ id: "nobody", from: 0, to: 1 })).toBe(false);
  });

  it("is not for those who only read", () => {
    here.editor.setEditable(false);
    expect(here.editor.ready()).toBe(false);
    here.editor.rewrite(edits());
    expect(texts(here)).toEqual(DRAFT.map(({ text }) => text));
    expect(here.editor.show({ id: here.ids[1]!, from: 0, to: 4 })).toBe(true);
    expect(here.editor.words(here.ids[1]!)).toBe(DRAFT[1]!.text);
    expect(here.editor.words("nobody")).toBeNull();
  });
});
