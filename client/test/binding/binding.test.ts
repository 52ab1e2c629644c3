import { TextSelection } from "prosemirror-state";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";

import { Binding, rationaleHistory } from "../../src/binding";
import { enter, indent, joinBackward, moveDown, moveUp, removeProvision, toggleMark } from "../../src/editor/commands";
import {
  appendProvisions,
  listRemoved,
  provisionsOf,
  provisionText,
  rationaleText,
  readProvisions,
  setNumberingPolicy,
} from "../../src/model";
import { Meeting, together, type Replica } from "./replicas";

/** Two people at clauses of these texts, everybody up to date. */
function two(...texts: string[]): { meeting: Meeting; a: Replica; b: Replica } {
  const meeting = together(2, ...texts);
  const [a, b] = meeting.replicas;
  return { meeting, a: a!, b: b! };
}

function type(replica: Replica, text: string): void {
  const { state } = replica.binding;
  replica.binding.dispatch(state.tr.insertText(text));
}

function caret(replica: Replica): string {
  const { $head } = replica.binding.state.selection;
  const text = $head.parent.textContent;
  return `${text.slice(0, $head.parentOffset)}|${text.slice($head.parentOffset)}`;
}

function texts(replica: Replica): string[] {
  return readProvisions(replica.doc).map(({ text }) => text);
}

describe("what two do at once", () => {
  it("typing into a clause that is being moved stays in that clause", () => {
    const { meeting, a, b } = two("một", "hai", "ba");
    a.select(0, 0);
    a.command(moveDown);
    b.select(0, 3);
    type(b, " và");
    expect(meeting.meet()).toEqual([]);
    expect(texts(a)).toEqual(["hai", "một và", "ba"]);
  });

  it("typing into a clause that changes its level is kept", () => {
    const { meeting, a, b } = two("một", "hai");
    a.select(1, 0);
    a.command(indent);
    b.select(1, 3);
    type(b, "!");
    expect(meeting.meet()).toEqual([]);
    expect(readProvisions(a.doc)[1]).toMatchObject({ kind: "point", text: "hai!" });
  });

  it("words typed into a clause while it is joined away can be brought back", () => {
    const { meeting, a, b } = two("một", "hai");
    a.select(1, 0);
    a.command(joinBackward);
    b.select(1, 3);
    type(b, " ba");
    expect(meeting.meet()).toEqual([]);
    expect(texts(a)).toEqual(["mộthai"]);
    expect(listRemoved(a.doc).map(({ text }) => text)).toEqual(["hai ba"]);
  });

  it("a caret goes along with its clause when somebody else moves it", () => {
    const { meeting, a, b } = two("một", "hai", "ba");
    b.select(0, 2);
    a.select(0, 0);
    a.command(moveDown);
    meeting.meet();
    expect(caret(b)).toBe("mộ|t");
  });

  it("also when they write before it and move the clause at once", () => {
    const { meeting, a, b } = two("một", "hai", "ba");
    b.select(0, 2);
    a.select(0, 0);
    type(a, "XY");
    a.command(moveDown);
    a.command(moveDown);
    Y.applyUpdate(b.doc, Y.mergeUpdates(a.outbox), "net");
    expect(meeting.meet()).toEqual([]);
    expect(texts(b)).toEqual(["hai", "ba", "XYmột"]);
    expect(caret(b)).toBe("XYmộ|t");
  });

  it("a caret stays before what another person inserts right at it", () => {
    const { meeting, a, b } = two("aa");
    a.select(0, 1);
    b.select(0, 1);
    type(b, "a");
    meeting.meet();
    expect(caret(a)).toBe("a|aa");
  });

  it("a caret after a repeated letter is not misled by the same letter in front of it", () => {
    const { meeting, a, b } = two("aa");
    a.select(0, 2);
    b.select(0, 0);
    type(b, "a");
    meeting.meet();
    expect(caret(a)).toBe("aaa|");
  });

  it("a format chosen for the next letter outlives other people's typing", () => {
    const { meeting, a, b } = two("một");
    a.select(0, 3);
    a.command(toggleMark("bold"));
    b.select(0, 0);
    type(b, "x");
    meeting.meet();
    type(a, "!");
    expect(provisionText(a.doc, "c0")?.toDelta()).toEqual([
      { insert: "xmột" },
      { insert: "!", attributes: { bold: true } },
    ]);
  });

  it("a caret in a clause somebody takes out lands next to it", () => {
    const { meeting, a, b } = two("một", "hai", "ba");
    b.select(1, 2);
    a.select(1, 0);
    a.command(removeProvision);
    expect(meeting.meet()).toEqual([]);
    expect(caret(b)).toBe("một|");
  });
});

describe("a word typed through Backspaces", () => {
  it("comes out right while another person types at the very place", () => {
    const { meeting, a, b } = two("Điều kiện ");
    a.select(0, 10);
    const strokes: [number, string][] = [[0, "d"], [1, "đ"], [0, "u"], [1, "ư"], [0, "o"], [1, "ơ"], [0, "c"], [2, "ợc"]];
    for (const [back, text] of strokes) {
      for (let count = 0; count < back; count += 1) {
        const { state } = a.binding;
        a.binding.dispatch(state.tr.delete(state.selection.from - 1, state.selection.from));
        b.select(0, 0);
        type(b, "x");
        meeting.deliver(true);
      }
      type(a, text);
      b.select(0, b.binding.state.doc.child(0).content.size);
      type(b, "y");
      meeting.deliver(true);
    }
    expect(meeting.meet()).toEqual([]);
    expect(texts(a)[0]?.replaceAll(/[xy]/g, "")).toBe("Điều kiện được");
    expect(caret(a)).toContain("được|");
  });
});

describe("identity", () => {
  it("a split keeps the first half's id and says where the second comes from", () => {
    const { a } = two("một hai");
    a.select(0, 4);
    a.command(enter);
    const [first, second] = readProvisions(a.doc);
    expect(first).toMatchObject({ id: "c0", text: "một " });
    expect(second).toMatchObject({ text: "hai", from: "c0" });
    expect(second?.id).not.toBe("c0");
  });

  it("a pasted copy gets an id of its own and `from`", () => {
    const { a } = two("một", "hai");
    const { state } = a.binding;
    const copy = state.doc.slice(0, state.doc.child(0).nodeSize);
    a.binding.dispatch(state.tr.replace(state.doc.content.size, state.doc.content.size, copy));
    const read = readProvisions(a.doc);
    expect(read.map(({ text }) => text)).toEqual(["một", "hai", "một"]);
    expect(read[2]).toMatchObject({ from: "c0" });
    expect(new Set(read.map(({ id }) => id)).size).toBe(3);
  });

  it("a move writes one field of one provision", () => {
    const { a } = two("một", "hai", "ba");
    const seen: string[][] = [];
    provisionsOf(a.doc).observeDeep((events) => {
      for (const event of events) seen.push([...event.path.map(String), ...event.keys.keys()]);
    });
    a.select(2, 0);
    a.command(moveUp);
    expect(seen).toEqual([["c2", "order"]]);
    expect(texts(a)).toEqual(["một", "ba", "hai"]);
  });

  it("typing writes nothing but the letter", () => {
    const { a } = two("aaaa");
    const deltas: unknown[] = [];
    provisionText(a.doc, "c0")?.observe((event) => deltas.push(event.delta));
    a.select(0, 1);
    type(a, "a");
    expect(deltas).toEqual([[{ retain: 1 }, { insert: "a" }]]);
  });
});

describe("equal order keys", () => {
  function equal(): Replica {
    const { meeting, a } = two("một", "hai", "ba", "bốn");
    for (const id of ["c1", "c2", "c3"]) (provisionsOf(a.doc).get(id) as Y.Map<unknown>).set("order", "V");
    (provisionsOf(a.doc).get("c0") as Y.Map<unknown>).set("order", "B");
    meeting.meet();
    return a;
  }

  it("show in the order of ids, in the view as in the map", () => {
    const a = equal();
    expect(texts(a)).toEqual(["một", "hai", "ba", "bốn"]);
    expect(a.binding.differences()).toEqual([]);
  });

  it("still let a clause in between", () => {
    const a = equal();
    a.select(1, 3);
    a.command(enter);
    type(a, "mới");
    expect(texts(a)).toEqual(["một", "hai", "mới", "ba", "bốn"]);
    expect(a.binding.differences()).toEqual([]);
  });

  it("still let a clause move in between", () => {
    const a = equal();
    a.select(3, 0);
    a.command(moveUp);
    expect(texts(a)).toEqual(["một", "hai", "bốn", "ba"]);
    expect(a.binding.differences()).toEqual([]);
  });
});

describe("undo", () => {
  it("takes back one's own words and leaves the other's at the same place", () => {
    const { meeting, a, b } = two("một");
    a.select(0, 3);
    type(a, " hai");
    meeting.meet();
    b.select(0, 5);
    type(b, "X");
    meeting.meet();
    a.binding.undo();
    meeting.meet();
    expect(texts(b)).toEqual(["mộtX"]);
  });

  it("of a new clause keeps what another person typed into it, to be brought back", () => {
    const { meeting, a, b } = two("một");
    a.select(0, 3);
    a.command(enter);
    meeting.meet();
    b.select(1, 0);
    type(b, "của B");
    meeting.meet();
    a.binding.undo();
    expect(meeting.meet()).toEqual([]);
    expect(texts(b)).toEqual(["một"]);
    expect(listRemoved(b.doc).map(({ text }) => text)).toEqual(["của B"]);
    a.binding.redo();
    expect(meeting.meet()).toEqual([]);
    expect(texts(b)).toEqual(["một", "của B"]);
  });

  it("of a split, a join and a move brings everything back, caret included", () => {
    const { a } = two("một hai", "ba");
    a.select(0, 4);
    a.command(enter);
    a.select(2, 0);
    a.command(joinBackward);
    a.select(0, 2);
    a.command(moveDown);
    expect(texts(a)).toEqual(["haiba", "một "]);
    for (let count = 0; count < 3; count += 1) expect(a.binding.undo()).toBe(true);
    expect(texts(a)).toEqual(["một hai", "ba"]);
    expect(caret(a)).toBe("một |hai");
    expect(a.binding.undo()).toBe(false);
    for (let count = 0; count < 3; count += 1) expect(a.binding.redo()).toBe(true);
    expect(texts(a)).toEqual(["haiba", "một "]);
    expect(a.binding.differences()).toEqual([]);
  });

  it("takes keystrokes together, but an Enter apart", () => {
    const doc = new Y.Doc();
    appendProvisions(doc, [{ kind: "clause", text: "" }]);
    const binding = new Binding(doc, { undoPause: 60_000 });
    for (const letter of "một") binding.dispatch(binding.state.tr.insertText(letter));
    enter(binding.state, (tr) => binding.dispatch(tr));
    for (const letter of "hai") binding.dispatch(binding.state.tr.insertText(letter));
    const read = (): string[] => readProvisions(doc).map(({ text }) => text);
    binding.undo();
    expect(read()).toEqual(["một", ""]);
    binding.undo();
    expect(read()).toEqual(["một"]);
    binding.undo();
    expect(read()).toEqual([""]);
  });

  it("of reasons is apart from undo of the text", () => {
    const doc = new Y.Doc();
    const [id = ""] = appendProvisions(doc, [{ kind: "clause", text: "một" }]);
    const origin = {};
    const reason = rationaleText(doc, id);
    const history = rationaleHistory(doc, origin);
    doc.transact(() => reason.insert(0, "Vì"), origin);
    const binding = new Binding(doc);
    expect(binding.undo()).toBe(false);
    history.undo();
    expect(reason.toString()).toBe("");
  });
});

describe("the sheet", () => {
  it("of an empty draft is one stand-in that becomes a provision when something is typed", () => {
    const doc = new Y.Doc();
    const binding = new Binding(doc);
    expect(binding.state.doc.childCount).toBe(1);
    expect(readProvisions(doc)).toEqual([]);
    binding.dispatch(binding.state.tr.insertText("Đầu"));
    expect(readProvisions(doc)).toMatchObject([{ kind: "paragraph", text: "Đầu", from: null }]);
    expect(binding.differences()).toEqual([]);
  });

  it("of an empty draft gives way to what somebody else begins, and back", () => {
    const doc = new Y.Doc();
    const binding = new Binding(doc);
    const [id = ""] = appendProvisions(doc, [{ kind: "article", text: "Phạm vi" }]);
    expect(binding.differences()).toEqual([]);
    (provisionsOf(doc).get(id) as Y.Map<unknown>).set("removed", true);
    expect(binding.differences()).toEqual([]);
    expect(binding.state.doc.childCount).toBe(1);
  });

  it("renumbers with every structural change and with the policy", () => {
    const doc = new Y.Doc();
    appendProvisions(doc, [
      { kind: "article", label: "5", text: "một" },
      { kind: "article", text: "hai" },
      { kind: "article", label: "6", text: "ba" },
    ]);
    const binding = new Binding(doc);
    const labels = (): unknown[] => binding.state.doc.content.content.map(({ attrs }) => attrs["label"]);
    expect(labels()).toEqual(["Điều 1.", "Điều 2.", "Điều 3."]);
    setNumberingPolicy(doc, "keep");
    expect(labels()).toEqual(["Điều 5.", "Điều 5a.", "Điều 6."]);
    const { state } = binding;
    binding.dispatch(state.tr.setSelection(TextSelection.create(state.doc, 1)));
    removeProvision(binding.state, (tr) => binding.dispatch(tr));
    expect(labels()).toEqual(["Điều 6a.", "Điều 6."]);
  });

  it("keeps what it does not know: formats, embedded things, kinds", () => {
    const doc = new Y.Doc();
    const [id = ""] = appendProvisions(doc, [{ kind: "clause", text: "một hai" }]);
    const text = provisionText(doc, id)!;
    text.format(0, 3, { comment: "c1", bold: true });
    text.insertEmbed(3, { image: "x" });
    (provisionsOf(doc).get(id) as Y.Map<unknown>).set("kind", "stanza");
    const binding = new Binding(doc);
    binding.dispatch(binding.state.tr.insertText("!", 9));
    expect(text.toDelta()).toEqual([
      { insert: "một", attributes: { comment: "c1", bold: true } },
      { insert: { image: "x" } },
      { insert: " hai!" },
    ]);
    expect((provisionsOf(doc).get(id) as Y.Map<unknown>).get("kind")).toBe("stanza");
    expect(binding.differences()).toEqual([]);
  });

  it("survives entries that are nonsense", () => {
    const doc = new Y.Doc();
    const binding = new Binding(doc);
    provisionsOf(doc).set("x", 1);
    provisionsOf(doc).set("y", new Y.Map());
    (provisionsOf(doc).get("y") as Y.Map<unknown>).set("text", "plain");
    expect(binding.differences()).toEqual([]);
    (provisionsOf(doc).get("y") as Y.Map<unknown>).set("text", new Y.Text("chữ"));
    expect(binding.differences()).toEqual([]);
    expect(binding.state.doc.textContent).toBe("chữ");
  });
});
