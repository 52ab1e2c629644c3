// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { Awareness } from "y-protocols/awareness";

import { piecesOf, type CellLook } from "../../src/editor/cell-looks";
import { cellText, provisionEntry } from "../../src/model";
import { randomFrom } from "../binding/replicas";
import { screen, settled, type Screen } from "./screen";

// jsdom lacks both; ids here are letters and digits.
Object.assign(globalThis, { CSS: { escape: (id: string) => id } });
Object.assign(document, { caretPositionFromPoint: () => null });

describe("the pieces of a cell", () => {
  it("are all of its words in order, each under all that covers it", () => {
    const chance = randomFrom(5);
    const upTo = (most: number): number => Math.floor(chance() * (most + 1));
    for (let run = 0; run < 200; run += 1) {
      const length = upTo(12);
      const looks: CellLook[] = Array.from({ length: upTo(4) }, (_, at) => {
        const [from, to] = [upTo(14), upTo(14)].toSorted((a, b) => a - b) as [number, number];
        const caret = { client: at, user: "", name: "", title: "", attention: "here" };
        return { column: "0", from, to, look: String(at), ...(chance() < 0.3 ? { from: to, caret } : {}) };
      });
      const pieces = piecesOf(length, looks);
      expect(pieces.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at))).toEqual([...Array(length).keys()]);
      for (const look of looks) {
        const covered = pieces.flatMap(({ from, to, looks: over }) => (over.some((one) => one.look === look.look) ? [[from, to]] : [])).flat();
        const carets = pieces.filter(({ carets: here }) => here.some((one) => one.look === look.look)).map(({ from }) => from);
        const end = Math.min(look.to, length);
        if (look.caret) expect([covered, carets]).toEqual([[], [end]]);
        else if (look.from < end) expect([Math.min(...covered), Math.max(...covered), carets]).toEqual([look.from, end, []]);
        else expect([covered, carets]).toEqual([[], []]);
      }
    }
  });
});

describe("in a cell", () => {
  let here: Screen;
  let row: string;
  const words = (column = "1"): HTMLElement => here.sheet.querySelector(`[data-id="${row}"] > [data-column="${column}"] > .cell-words`)!;
  const text = (column = "1"): Y.Text => cellText(provisionEntry(here.doc, row)!, column)!;
  const marked = (): (string | null)[] => [...here.sheet.querySelectorAll(".comment-of-t")].map((one) => one.textContent);

  beforeEach(() => {
    here = screen([{ kind: "clause", text: "Họp" }, { kind: "table", text: "Bảng" }, { kind: "row", text: "" }]);
    row = here.ids[2]!;
    provisionEntry(here.doc, row)!.set("cells", Y.Array.from(["Số", "🙂 Phó Bí thư", "2"].map((one) => new Y.Text(one))));
  });
  afterEach(() => here.editor.destroy());

  it("words are marked that a comment is about, and follow what is typed around them", () => {
    expect(here.editor.markComments([{ thread: "t", id: row, cell: 1, start: 2, end: 5, whole: false }], Date.now() + 5000)).toBe(true);
    expect(marked()).toEqual(["Phó"]);
    text().insert(0, "Các ");
    expect(marked()).toEqual(["Phó"]);
    expect(here.editor.commentAt("t")).toMatchObject({ id: row, cell: 1, from: 7, to: 10, whole: false });
    here.editor.lightComments("t", []);
    expect(here.sheet.querySelector(".comment-of-t")?.className).toBe("commented comment-of-t is-active");
    text().delete(6, 3);
    expect(marked()).toEqual(["ó"]);
    expect(words().textContent).toBe("Các 🙂ó Bí thư");
    // What was typed in since is to be asked anew.
    expect(here.editor.markComments([{ thread: "t", id: row, cell: 1, start: 0, end: 3, whole: false }], Date.now())).toBe(false);
    provisionEntry(here.doc, here.ids[1]!)!.set("column.0", "-1");
    expect([marked(), here.editor.commentAt("t")?.cell]).toEqual([["ó"], 0]);
  });

  it("others stand with their names, also where nobody has written yet", () => {
    const other = new Awareness(new Y.Doc());
    const show = (cursor: object): void => {
      other.setLocalState({ user: { id: "d", name: "Dũng", color: "#123456" }, cursor });
      here.awareness.states.set(other.clientID, other.getLocalState()!);
      here.awareness.emit("change", [{ added: [other.clientID], updated: [], removed: [] }, "local"]);
    };
    const at = (type: Y.Text, offset: number): unknown => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(type, offset, -1));
    show({ provision: row, cell: "1", anchor: at(text(), 3), head: at(text(), 6) });
    const caret = (): HTMLElement => here.sheet.querySelector(".caret")!;
    expect([caret().dataset["name"], caret().previousSibling?.textContent]).toEqual(["Dũng", "Phó"]);
    expect([caret().role, caret().ariaLabel]).toEqual(["img", caret().title]);
    expect(here.sheet.querySelector(".selected-by")?.textContent).toBe("Phó");
    text().insert(0, "Các ");
    expect([caret().previousSibling?.textContent, words().textContent]).toEqual(["Phó", "Các 🙂 Phó Bí thư"]);
    provisionEntry(here.doc, here.ids[1]!)!.set("column.neu", "zz");
    const own = provisionEntry(here.doc, row)!.get("text") as Y.Text;
    show({ provision: row, cell: "neu", anchor: at(own, 0), head: at(own, 0) });
    expect(caret().parentElement).toBe(words("neu"));
    for (const nonsense of [7, "", "nowhere"]) show({ provision: row, cell: nonsense, anchor: at(own, 0), head: at(own, 0) });
    expect(here.sheet.querySelectorAll(".provision-cell .caret")).toHaveLength(0);
  });

  it("one's own place is told, words are completed, and what is selected may be commented on", async () => {
    const cell = words().parentElement!;
    cell.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await expect.poll(() => here.sheet.querySelector(".cell-field")).not.toBeNull();
    const field = here.sheet.querySelector<HTMLTextAreaElement>(".cell-field")!;
    expect(words().getAttribute("aria-hidden")).toBe("true");
    field.setSelectionRange(3, 6);
    expect(here.editor.chosen()).toEqual({ id: row, cell: 1, text: "🙂 Phó Bí thư", from: 3, to: 6 });
    expect(here.editor.typing()).toBeNull();
    field.setSelectionRange(6, 6);
    document.dispatchEvent(new Event("selectionchange"));
    expect(here.editor.typing()).toEqual({ id: row, cell: 1, text: "🙂 Phó Bí thư", offset: 6 });
    await settled();
    const told = here.awareness.getLocalState()?.["cursor"] as { cell: string; head: unknown };
    const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(told.head), here.doc);
    expect([told.cell, found?.type, found?.index]).toEqual(["1", text(), 6]);
    expect(here.editor.commands.write({ id: row, cell: 1, from: 3, to: 6 }, "Ủy viên")).toBe(true);
    expect([text().toString(), field.value, field.selectionStart]).toEqual(["🙂 Ủy viên Bí thư", "🙂 Ủy viên Bí thư", 10]);
    here.editor.commands.undo();
    expect(text().toString()).toBe("🙂 Phó Bí thư");
    const writing = (): unknown => here.awareness.getLocalState()?.["writing"] ?? null;
    expect(writing()).toBeNull();
    field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    expect(here.editor.typing()).toBeNull();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    expect(writing()).toBe(row);
  });
});
