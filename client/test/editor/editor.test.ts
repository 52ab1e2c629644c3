// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";

import { provisionText, readProvisions, setRemoved, type Seed } from "../../src/model";
import { screen, settled, type Screen } from "./screen";

const DRAFT: readonly Seed[] = [
  { kind: "article", text: "Phạm vi" },
  { kind: "clause", text: "một" },
  { kind: "clause", text: "hai" },
  { kind: "article", text: "Đối tượng" },
];

const texts = ({ doc }: Screen): string[] => readProvisions(doc).map(({ kind, text }) => `${kind} ${text}`);

describe("the sheet", () => {
  let here: Screen;

  beforeEach(() => {
    vi.useFakeTimers();
    here = screen(DRAFT);
  });
  afterEach(() => {
    here.editor.destroy();
    vi.useRealTimers();
  });

  it("shows provisions, numbers as attributes", () => {
    expect(here.shown()).toEqual(["Điều 1. Phạm vi", "1. một", "2. hai", "Điều 2. Đối tượng"]);
    expect(here.sheet.getAttribute("role")).toBe("textbox");
  });

  it("tells the outline at once, and again after a change", async () => {
    expect(here.outlines.at(-1)?.map(({ label, level }) => [label, level])).toEqual([
      ["Điều 1.", 0],
      ["1.", 1],
      ["2.", 1],
      ["Điều 2.", 0],
    ]);
    provisionText(here.doc, here.ids[1]!)!.insert(0, "X");
    await settled();
    expect(here.outlines).toHaveLength(2);
    expect(here.outlines.at(-1)?.[1]?.text).toBe("Xmột");
  });

  it("redraws only the block that changed, and keeps all when numbers change", () => {
    const before = [...here.sheet.children];
    setRemoved(here.doc, here.ids[1]!);
    expect(here.shown()).toEqual(["Điều 1. Phạm vi", "1. hai", "Điều 2. Đối tượng"]);
    const kept = [...here.sheet.children].map((block) => before.indexOf(block));
    expect(kept).toEqual([0, 2, 3]);
  });

  it("tells what the caret is in", () => {
    here.caret(2, 1);
    expect(here.editor.selection()).toMatchObject({ provisionId: here.ids[2], kind: "clause", canUndo: false });
  });

  it("Enter splits, Shift-Enter starts a paragraph, Enter at a title starts a clause", () => {
    here.caret(1, 2);
    here.key("Enter");
    expect(texts(here).slice(1, 3)).toEqual(["clause mộ", "clause t"]);
    here.editor.commands.undo();
    here.caret(1, 3);
    here.key("Enter", { shiftKey: true });
    expect(texts(here)[2]).toBe("paragraph ");
    here.editor.commands.undo();
    here.caret(3, 9);
    here.key("Enter");
    expect(texts(here)).toEqual(["article Phạm vi", "clause một", "clause hai", "article Đối tượng", "clause "]);
    here.key("Enter");
    expect(texts(here).at(-1)).toBe("article ");
  });

  it("leaves a plain Backspace inside a text to the browser", () => {
    here.caret(1, 2);
    expect(here.key("Backspace")).toBe(false);
    expect(here.key("Delete")).toBe(false);
    here.caret(1, 0);
    expect(here.key("Delete")).toBe(false);
  });

  it("Backspace at the start joins, Delete at the end too", () => {
    here.caret(2, 0);
    expect(here.key("Backspace")).toBe(true);
    expect(texts(here)[1]).toBe("clause mộthai");
    here.editor.commands.undo();
    here.caret(1, 3);
    expect(here.key("Delete")).toBe(true);
    expect(texts(here)[1]).toBe("clause mộthai");
  });

  it("Tab and Shift-Tab change the level, Alt-arrows move with what belongs beneath", () => {
    here.caret(2, 0);
    here.key("Tab");
    expect(here.shown()[2]).toBe("a) hai");
    here.key("Tab", { shiftKey: true });
    here.key("ArrowUp", { altKey: true });
    expect(texts(here).slice(0, 3)).toEqual(["article Phạm vi", "clause hai", "clause một"]);
    here.caret(3, 0);
    here.key("ArrowUp", { altKey: true });
    expect(here.shown()).toEqual(["Điều 1. Đối tượng", "Điều 2. Phạm vi", "1. hai", "2. một"]);
  });

  it("toggles marks by key and by command, and says which are on", () => {
    here.caret(1, 0, 3);
    here.key("b", { ctrlKey: true });
    here.editor.commands.toggleMark("underline");
    expect(provisionText(here.doc, here.ids[1]!)!.toDelta()).toEqual([
      { insert: "một", attributes: { bold: true, underline: true } },
    ]);
    expect(here.editor.selection().marks).toEqual(["bold", "underline"]);
    expect(here.sheet.children[1]?.innerHTML).toBe("<b><u>một</u></b>");
  });

  it("undoes and redoes by key", () => {
    here.caret(1, 3);
    here.key("Enter");
    expect(here.editor.can("undo")).toBe(true);
    here.key("z", { ctrlKey: true });
    expect(texts(here)).toHaveLength(4);
    here.key("y", { ctrlKey: true });
    expect(texts(here)).toHaveLength(5);
  });

  it("removes an article with its clauses, inserts after it", () => {
    here.caret(0, 0);
    here.editor.commands.removeProvision();
    expect(here.shown()).toEqual(["Điều 1. Đối tượng"]);
    here.editor.commands.insertAfter("article");
    expect(here.shown()).toEqual(["Điều 1. Đối tượng", "Điều 2."]);
  });

  it("changes nothing when one may not write, but follows the others", () => {
    here.editor.setEditable(false);
    here.caret(1, 1);
    expect(here.editor.commands.setKind("point")).toBe(false);
    expect(here.editor.can("indent")).toBe(false);
    here.key("Enter");
    expect(texts(here)).toHaveLength(4);
    provisionText(here.doc, here.ids[1]!)!.insert(3, "!");
    expect(here.shown()[1]).toBe("1. một!");
  });

  it("holds others back while composing, and lets them in shortly after", async () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    other.on("update", (update: Uint8Array) => here.gate.receive(update, "net"));
    here.caret(1, 1);
    here.sheet.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    provisionText(other, here.ids[1]!)!.insert(0, "X");
    here.sheet.dispatchEvent(new CompositionEvent("compositionupdate", { bubbles: true, data: "đ" }));
    expect(here.shown()[1]).toBe("1. một");
    here.sheet.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "đ" }));
    expect(here.shown()[1]).toBe("1. một");
    await settled();
    expect(here.shown()[1]).toBe("1. Xmột");
  });

  it("lets them in at once on blur, and by itself when a composition never ends", async () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    other.on("update", (update: Uint8Array) => here.gate.receive(update, "net"));
    here.caret(1, 1);
    here.sheet.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    provisionText(other, here.ids[1]!)!.insert(0, "X");
    here.sheet.dispatchEvent(new FocusEvent("blur"));
    expect(here.shown()[1]).toBe("1. Xmột");
    here.sheet.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    provisionText(other, here.ids[1]!)!.insert(0, "Y");
    await vi.advanceTimersByTimeAsync(2600);
    expect(here.shown()[1]).toBe("1. YXmột");
    expect(here.notices).toEqual([{ key: "editor.composition_released" }]);
  });

  it("tells where one is, and shows where others are", async () => {
    here.caret(1, 2);
    await settled();
    const cursor = here.awareness.getLocalState()?.["cursor"] as { provision: string };
    expect(cursor.provision).toBe(here.ids[1]);
    const there = new Awareness(new Y.Doc());
    there.setLocalState({ user: { id: "u2", name: "Bình", color: "#1d4fae" }, cursor });
    applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(there, [there.clientID]), "net");
    expect(here.sheet.querySelectorAll(".caret")).toHaveLength(1);
    const flag = here.sheet.querySelector(".caret-name")!;
    expect(flag.textContent).toBe("Bình");
    expect(flag.closest("[role=img]")?.getAttribute("aria-label")).toBe((flag as HTMLElement).title);
    expect((flag as HTMLElement).title).not.toBe("");
    provisionText(here.doc, here.ids[1]!)!.insert(0, "X");
    expect(here.sheet.querySelector(".caret-name")).toBe(flag);
    here.key("ArrowDown", { altKey: true });
    expect(here.shown()).toEqual(["Điều 1. Phạm vi", "1. hai", expect.stringContaining("Xmộ"), "Điều 2. Đối tượng"]);
    await settled();
    expect(here.sheet.children[2]?.querySelectorAll(".caret")).toHaveLength(1);
    applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(there, [there.clientID], new Map()), "net");
    there.destroy();
  });

  it("leaves the caret where it was just put, of which the browser has not told yet, whatever others do", () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    other.on("update", (update: Uint8Array) => here.gate.receive(update, "net"));
    const there = new Awareness(other);
    const theirs: readonly (() => void)[] = [
      () => provisionText(other, here.ids[2]!)!.insert(0, "X"),
      () => {
        here.gate.hold();
        provisionText(other, here.ids[2]!)!.insert(0, "Y");
        here.gate.release();
      },
      () => {
        there.setLocalState({ user: { id: "u2", name: "Bình", color: "#1d4fae" }, writing: { provision: here.ids[2], at: Date.now() } });
        applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(there, [there.clientID]), "net");
      },
    ];
    for (const act of theirs) {
      here.caret(0, 1);
      here.untold(1, 1, 3);
      act();
      expect(String(getSelection())).toBe("ột");
      expect(here.editor.chosen()).toMatchObject({ id: here.ids[1], from: 1, to: 3 });
    }
    there.destroy();
  });

  it("does what a key asks where the caret was just put, and a comment too", () => {
    here.caret(0, 1);
    here.untold(1, 2);
    here.key("Enter");
    expect(texts(here)).toEqual(["article Phạm vi", "clause mộ", "clause t", "clause hai", "article Đối tượng"]);
    here.caret(0, 1);
    here.untold(3, 1, 3);
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "m", altKey: true, shiftKey: true, bubbles: true }));
    expect(here.editor.chosen()).toMatchObject({ text: "hai", from: 1, to: 3 });
    // What was selected before is not what an input method writes over.
    here.untold(0, 1, 1, 4);
    document.dispatchEvent(new Event("selectionchange"));
    expect(here.editor.selected()).toHaveLength(5);
    here.untold(3, 3);
    here.sheet.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    expect(texts(here)).toHaveLength(5);
    here.sheet.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  });

  it("takes nobody's caret along where the browser moves it while they are at something else", () => {
    here.editor.destroy();
    here = screen(DRAFT, false);
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
    other.on("update", (update: Uint8Array) => here.gate.receive(update, "net"));
    here.caret(1, 1, 2);
    const button = document.body.appendChild(document.createElement("button"));
    const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection()!;
    button.focus();
    getSelection()!.setBaseAndExtent(anchorNode!, anchorOffset, focusNode!, focusOffset);
    for (const letter of "abc") {
      provisionText(other, here.ids[1]!)!.insert(0, letter);
      document.dispatchEvent(new Event("selectionchange"));
    }
    expect(here.shown()[1]).toBe("1. cbamột");
    expect(here.editor.selected()).toMatchObject([{ id: here.ids[1], start: 4, end: 5 }]);
    button.remove();
  });

  it("doubts what other browsers say about themselves", () => {
    const there = new Awareness(new Y.Doc());
    const wrong = [{ cursor: 5 }, { cursor: { provision: 1, anchor: "x", head: {} } }, { user: 7, cursor: null }];
    for (const state of wrong) {
      there.setLocalState(state);
      applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(there, [there.clientID]), "net");
    }
    const anchor = { type: null, tname: "front", item: null, assoc: 0 };
    there.setLocalState({ user: {}, cursor: { provision: here.ids[0], anchor, head: anchor } });
    applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(there, [there.clientID]), "net");
    expect(here.sheet.querySelectorAll(".caret")).toHaveLength(0);
    there.destroy();
  });

  it("copies plain text with labels, and pastes its own with kinds", () => {
    here.caret(0, 0);
    const all = document.createRange();
    all.setStart(here.sheet.children[0]!.firstChild!, 0);
    all.setEnd(here.sheet.children[1]!.firstChild!, 3);
    document.getSelection()!.removeAllRanges();
    document.getSelection()!.addRange(all);
    document.dispatchEvent(new Event("selectionchange"));
    const data: Record<string, string> = {};
    const event = new Event("copy", { bubbles: true, cancelable: true });
    Object.assign(event, {
      clipboardData: { clearData: () => undefined, setData: (type: string, value: string) => (data[type] = value) },
    });
    here.sheet.dispatchEvent(event);
    expect(data["text/plain"]).toBe("Điều 1. Phạm vi\n1. một");
    expect(data["text/html"]).toContain("data-provision-label");
    here.caret(3, 9);
    here.paste(data);
    expect(texts(here).slice(3)).toEqual(["article Đối tượngPhạm vi", "clause một"]);
    const ids = readProvisions(here.doc).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("pastes plain text by the grammar of legal texts", () => {
    here.caret(3, 9);
    here.paste({ "text/plain": "Điều 5. Thẩm quyền\n1. Ban\u00a0thường vụ:\na) quye\u0302\u0301t định;\n- một là\nĐoạn thường" });
    expect(here.shown().slice(3)).toEqual([
      "Điều 2. Đối tượng",
      "Điều 3. Thẩm quyền",
      "1. Ban thường vụ:",
      "a) quyết định;",
      "- một là",
      "Đoạn thường",
    ]);
  });

  it("brings decomposed letters into NFC when the sheet loses the focus, not before", () => {
    here.caret(1, 3);
    const text = here.sheet.children[1]!.firstChild!;
    text.nodeValue = "mo\u0302\u0323t";
    return settled().then(() => {
      here.sheet.dispatchEvent(new FocusEvent("blur"));
      expect(texts(here)[1]).toBe("clause một");
      expect(here.editor.differences()).toEqual([]);
    });
  });

  it("warns when words are joined away under somebody's caret", async () => {
    here.caret(2, 1);
    await settled();
    const there = new Awareness(new Y.Doc());
    const cursor: unknown = here.awareness.getLocalState()?.["cursor"];
    there.setLocalState({ user: { id: "u2", name: "Bình", color: "#1d4fae" }, cursor });
    applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(there, [there.clientID]), "net");
    here.caret(2, 0);
    here.key("Backspace");
    expect(here.notices).toEqual([{ key: "editor.joined_with_others", values: { name: "Bình" } }]);
    there.destroy();
  });
});

describe("a table on the sheet", () => {
  it("shows its cells, lets nothing be typed into them and can be taken out", () => {
    vi.useFakeTimers();
    const here = screen([
      { kind: "clause", text: "trước" },
      { kind: "table", text: "Biểu 1" },
      { kind: "row", text: "" },
      { kind: "clause", text: "sau" },
    ]);
    const row = here.doc.getMap("provisions").get(here.ids[2]!) as Y.Map<unknown>;
    row.set("cells", Y.Array.from([new Y.Text("Số"), new Y.Text("Tên")]));
    expect([...here.sheet.querySelectorAll(".provision-cell")].map(({ textContent }) => textContent)).toEqual(["Số", "Tên"]);
    here.caret(3, 0);
    here.key("Backspace");
    expect(readProvisions(here.doc).map(({ text }) => text)).toEqual(["trước", "Biểu 1", "", "sau"]);
    here.caret(0, 2, 2);
    here.editor.commands.moveDown();
    expect(readProvisions(here.doc).map(({ text }) => text)).toEqual(["sau", "trước", "Biểu 1", ""]);
    here.caret(0, 3);
    expect(here.editor.commands.setKind("table")).toBe(false);
    const all = document.createRange();
    all.setStart(here.sheet.children[1]!.firstChild!, 1);
    all.setEnd(here.sheet.children[3]!, 2);
    document.getSelection()!.removeAllRanges();
    document.getSelection()!.addRange(all);
    document.dispatchEvent(new Event("selectionchange"));
    here.editor.commands.removeProvision();
    expect(readProvisions(here.doc).map(({ text }) => text)).toEqual(["sau"]);
    expect(here.editor.differences()).toEqual([]);
    here.editor.destroy();
    vi.useRealTimers();
  });
});

it("tells what is selected, provision by provision", async () => {
  const sheet = screen([
    { kind: "article", text: "Phạm vi" },
    { kind: "clause", text: "Ban 😀 họp." },
  ]);
  await settled();
  sheet.caret(1, 4);
  expect(sheet.editor.selected()).toEqual([{ id: sheet.ids[1], text: "Ban 😀 họp.", start: 0, end: 11 }]);
  sheet.caret(1, 4, 10);
  expect(sheet.editor.selected()).toEqual([{ id: sheet.ids[1], text: "Ban 😀 họp.", start: 4, end: 10 }]);
  sheet.editor.destroy();
});
