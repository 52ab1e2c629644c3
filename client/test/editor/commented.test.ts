// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";

import type { ToldComment } from "../../src/editor/types";
import { provisionText, readProvisions, setRemoved, type Seed } from "../../src/model";
import { screen, type Screen } from "./screen";

const DRAFT: readonly Seed[] = [
  { kind: "article", text: "Chế độ họp" },
  { kind: "clause", text: "Họp mỗi 🙂 tháng một lần." },
  { kind: "clause", text: "Thường trực họp hằng tuần." },
];

describe("the words of comments", () => {
  let here: Screen;
  let clause: string;

  const marked = (name = "t1"): string => [...here.sheet.querySelectorAll(`.comment-of-${name}`)].map((mark) => mark.textContent).join("");
  const at = (name = "t1"): string | null => {
    const place = here.editor.commentAt(name);
    return place && (here.editor.words(place.id)?.slice(place.from, place.to) ?? null);
  };
  const told = (quote: string, id = clause, thread = "t1"): ToldComment => {
    const text = here.editor.words(id) ?? "";
    const start = Array.from(text.slice(0, text.indexOf(quote))).length;
    return { thread, id, start, end: start + [...quote].length, whole: false };
  };
  const text = (id = clause): Y.Text => provisionText(here.doc, id)!;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(1_700_000_000_000);
    here = screen(DRAFT);
    clause = here.ids[1]!;
  });
  afterEach(() => {
    here.editor.destroy();
    vi.useRealTimers();
  });

  it("are marked where the server counts them, in code points", () => {
    expect(here.editor.markComments([told("tháng")], Date.now())).toBe(true);
    expect([marked(), at()]).toEqual(["tháng", "tháng"]);
    expect(here.editor.markComments([], Date.now())).toBe(true);
    expect(marked()).toBe("");
  });

  it("follow what is typed before, inside and behind them", () => {
    here.editor.markComments([told("tháng một")], Date.now());
    text().insert(0, "Ban ");
    expect(marked()).toBe("tháng một");
    text().insert(text().toString().indexOf(" một"), " rưỡi");
    expect(marked()).toBe("tháng rưỡi một");
    text().insert(text().toString().indexOf(" lần"), " hai");
    expect([marked(), at()]).toEqual(["tháng rưỡi một", "tháng rưỡi một"]);
  });

  it("go with their provision when it moves, here or elsewhere", () => {
    here.editor.markComments([told("tháng")], Date.now());
    here.caret(1, 0);
    here.editor.commands.moveDown();
    expect(here.shown()[2]).toContain("tháng");
    expect([marked(), at()]).toEqual(["tháng", "tháng"]);
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    const order = readProvisions(other)[0]!.order;
    (other.getMap("provisions").get(clause) as Y.Map<unknown>).set("order", `${order}V`);
    here.gate.receive(Y.encodeStateAsUpdate(other), "other");
    expect(here.shown()[1]).toContain("tháng");
    expect(marked()).toBe("tháng");
  });

  it("stay marked on both sides of a split, and on what is left of a deletion", () => {
    here.editor.markComments([told("tháng một lần")], Date.now());
    here.caret(1, here.shown()[1]!.indexOf("một") - 3);
    here.key("Enter");
    expect(here.shown()).toHaveLength(4);
    expect(marked().startsWith("tháng")).toBe(true);
    here.editor.commands.undo();
    here.editor.markComments([told("tháng một lần")], Date.now() + 5000);
    text().delete(text().toString().indexOf(" một"), 4);
    expect(marked()).toBe("tháng lần");
  });

  it("go when they are deleted, or their provision is", () => {
    here.editor.markComments([told("tháng"), told("hằng tuần", here.ids[2], "t2")], Date.now());
    text().delete(text().toString().indexOf("tháng"), 5);
    setRemoved(here.doc, here.ids[2]!);
    expect([at(), at("t2")]).toEqual([null, null]);
  });

  it("keep their place in a provision typed in since the question, and say that it is to be asked anew", () => {
    const before = told("tháng");
    here.editor.markComments([before], Date.now());
    text().insert(0, "Ban ");
    expect(here.editor.markComments([before], Date.now())).toBe(false);
    expect(marked()).toBe("tháng");
    vi.setSystemTime(Date.now() + 5000);
    expect(here.editor.markComments([told("tháng")], Date.now())).toBe(true);
    expect(marked()).toBe("tháng");
  });

  it("are not drawn while an input method composes", () => {
    here.sheet.dispatchEvent(new CompositionEvent("compositionstart"));
    expect(here.editor.markComments([told("tháng")], Date.now())).toBe(false);
    here.editor.lightComments("t1", []);
    expect(marked()).toBe("");
    here.sheet.dispatchEvent(new CompositionEvent("compositionend"));
    vi.advanceTimersByTime(100);
    expect(here.editor.markComments([told("tháng")], Date.now())).toBe(true);
    expect(marked()).toBe("tháng");
  });

  it("leave the caret where it has just been put, though the browser has not told of it", () => {
    here.caret(0, 2);
    here.editor.markComments([told("tháng")], Date.now());
    const words = here.sheet.children[2]!.firstChild!;
    document.getSelection()!.collapse(words, 3);
    here.editor.lightComments("t1", []);
    expect(here.editor.selection().provisionId).toBe(here.ids[2]);
    expect([document.getSelection()!.anchorNode?.nodeValue, document.getSelection()!.anchorOffset]).toEqual([words.nodeValue, 3]);
  });

  it("stand out when their comment is looked at, and those of a comment being written too", () => {
    here.editor.markComments([told("tháng"), { ...told("x"), thread: "t2", whole: true }], Date.now());
    here.editor.lightComments("t1", ["t2"]);
    expect(here.sheet.querySelector(".is-active")?.textContent).toBe("tháng");
    expect(here.sheet.querySelector(".provision.is-lit")?.textContent).toContain("Họp mỗi");
    here.editor.markUnsent({ id: here.ids[2]!, from: 0, to: 11, whole: false });
    here.editor.lightComments("unsent", []);
    text(here.ids[2]).insert(0, "Ban ");
    expect([marked("unsent"), at("unsent")]).toEqual(["Thường trực", "Thường trực"]);
    here.editor.markComments([told("tháng")], Date.now());
    expect(marked("unsent")).toBe("Thường trực");
    here.editor.markUnsent(null);
    expect(marked("unsent")).toBe("");
  });
});

describe("what is chosen for a comment", () => {
  const chosen = (editable: boolean): { here: Screen; words: () => string | null } => {
    const here = screen(DRAFT, editable);
    const words = (): string | null => {
      const found = here.editor.chosen();
      return found && found.text.slice(found.from, found.to);
    };
    return { here, words };
  };

  beforeEach(() => {
    document.getSelection()?.removeAllRanges();
  });

  it.each([true, false])("is the selected words, the caret's provision, or nothing (may write: %s)", (editable) => {
    const { here, words } = chosen(editable);
    expect(words()).toBeNull();
    here.caret(2, 0, 11);
    expect(words()).toBe("Thường trực");
    here.caret(2, 3);
    expect([words(), here.editor.chosen()?.id]).toEqual(["", here.ids[2]]);
    here.editor.destroy();
  });

  it("is of several provisions what stands in the first", () => {
    const { here, words } = chosen(true);
    const [first, second] = [here.sheet.children[1]!.firstChild!, here.sheet.children[2]!.firstChild!];
    here.sheet.focus();
    document.getSelection()!.setBaseAndExtent(first, 4, second, 6);
    document.dispatchEvent(new Event("selectionchange"));
    expect(words()).toBe("mỗi 🙂 tháng một lần.");
    document.getSelection()!.setBaseAndExtent(first, first.nodeValue!.length, second, 6);
    document.dispatchEvent(new Event("selectionchange"));
    expect(words()).toBe("Thường");
    here.editor.destroy();
  });

  it("is of a row what stands in one cell", () => {
    const here = screen([{ kind: "table", text: "Bảng" }, { kind: "row", text: "" }], false);
    const row = here.doc.getMap("provisions").get(here.ids[1]!) as Y.Map<unknown>;
    row.set("cells", Y.Array.from([new Y.Text("Họp thường kỳ"), new Y.Text("100.000 đồng")]));
    const cell = here.sheet.querySelectorAll(".cell-words")[1]!.firstChild!;
    document.getSelection()!.setBaseAndExtent(cell, 8, cell, 12);
    expect(here.editor.chosen()).toEqual({ id: here.ids[1], text: "100.000 đồng", cell: 1, from: 8, to: 12 });
    here.editor.destroy();
  });
});
