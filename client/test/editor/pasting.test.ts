// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { plainLines, rawLinesOfHtml, rawLinesOfText, readLines } from "../../src/editor/paste";
import { readProvisions } from "../../src/model";
import { screen, type Screen } from "./screen";

const TEXT = "Điều 9. Mới\n1. Khoản mới";
const texts = ({ doc }: Screen): string[] => readProvisions(doc).map(({ kind, text }) => `${kind} ${text}`);

describe("lines as nothing but words", () => {
  it("leave what looks like a label in them, and no format", () => {
    const lines = rawLinesOfHtml("<p>Chương I</p><p><b>QUY ĐỊNH</b></p><p>1. một</p>");
    expect(plainLines(lines).map(({ kind, words }) => [kind, words.text, [...words.bits].some(Boolean)])).toEqual([
      [null, "Chương I", false],
      [null, "QUY ĐỊNH", false],
      [null, "1. một", false],
    ]);
    expect(readLines(lines).map(({ kind, words }) => [kind, words.text])).toEqual([["chapter", "QUY ĐỊNH"], ["clause", "một"]]);
  });

  it("are the words that came, whichever way they are read", () => {
    const signs = (lines: readonly { words: { text: string } }[]): string => lines.map(({ words }) => words.text).join("\n");
    for (const text of ["a\n\nb", "Điều 1.\nTên\n1. x", "“1. trích”\n- y", "\t x \u0000z"]) {
      const raw = rawLinesOfText(text);
      expect(signs(plainLines(raw))).toBe(raw.map((line) => line.text).filter(Boolean).join("\n"));
    }
  });
});

describe("special paste", () => {
  let here: Screen;
  beforeEach(() => {
    here = screen([{ kind: "clause", text: "trước" }, { kind: "clause", text: "sau" }]);
    here.caret(0, 5);
  });
  afterEach(() => here.editor.destroy());

  it("recognises provisions; the other way and back again, and one undo takes it all away", () => {
    here.paste({ "text/plain": TEXT });
    expect(texts(here)).toEqual(["clause trước", "article Mới", "clause Khoản mới", "clause sau"]);
    expect(here.pasted).toEqual(["provisions"]);
    expect(here.editor.commands.pasteOther()).toBe(true);
    expect(texts(here)).toEqual(["clause trướcĐiều 9. Mới", "paragraph 1. Khoản mới", "clause sau"]);
    expect(here.editor.commands.pasteOther()).toBe(true);
    expect(texts(here)[1]).toBe("article Mới");
    here.editor.commands.undo();
    expect(texts(here)).toEqual(["clause trước", "clause sau"]);
    expect(here.editor.differences()).toEqual([]);
  });

  it("pastes words alone after Ctrl+Shift+V, once", () => {
    here.key("V", { ctrlKey: true, shiftKey: true });
    here.paste({ "text/plain": TEXT, "text/html": "<table><tr><td><b>x</b></td></tr></table>" });
    expect(texts(here)[1]).toBe("paragraph 1. Khoản mới");
    expect(here.pasted).toEqual(["words"]);
    here.caret(2, 3);
    here.paste({ "text/plain": TEXT });
    expect(texts(here).at(-1)).toBe("clause Khoản mới");
  });

  it("offers nothing where there is nothing to choose, and no longer once the draft was changed", () => {
    here.paste({ "text/plain": "chữ" });
    expect(here.pasted).toEqual([null]);
    here.paste({ "text/plain": TEXT });
    here.editor.commands.indent();
    expect(here.pasted.at(-1)).toBe(null);
    expect(here.editor.commands.pasteOther()).toBe(false);
  });
});
