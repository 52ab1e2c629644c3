/**
 * What one keystroke costs in a document of 218 pages, 2,858 provisions.
 *
 * Asserted is the work: steps made, blocks touched, operations sent. SPEED=1 prints times.
 */

import { TextSelection } from "prosemirror-state";
import { beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";

import { Binding, positionOf } from "../../src/binding";
import { enter, indent, moveDown } from "../../src/editor/commands";
import { appendProvisions, provisionText, type Kind, type Seed } from "../../src/model";

const COUNT = 2858;
const WORDS = "Ban Thường vụ Thành ủy lãnh đạo, chỉ đạo việc tổ chức thực hiện nghị quyết của Đại hội; ";

function longDraft(): Seed[] {
  const kinds: readonly Kind[] = ["article", "clause", "clause", "point", "point", "paragraph", "clause"];
  return Array.from({ length: COUNT }, (_, index) => ({
    id: `p${index}`,
    kind: index % 140 === 0 ? "chapter" : kinds[index % kinds.length]!,
    text: WORDS.repeat(1 + (index % 4)),
  }));
}

function median(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [middle = 0, worst = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
  return `median ${middle.toFixed(2)} ms, worst ${worst.toFixed(2)} ms`;
}

describe("a draft of 218 pages", () => {
  let remote: Y.Doc;
  let doc: Y.Doc;
  let binding: Binding;
  const told: string[] = [];

  const timed = (name: string, times: number, act: (index: number) => void): void => {
    const taken: number[] = [];
    for (let index = 0; index < times; index += 1) {
      const start = performance.now();
      act(index);
      taken.push(performance.now() - start);
    }
    told.push(`${name}: ${median(taken)}`);
  };
  /** How many blocks are other objects than before. */
  const touched = (act: () => void): number => {
    const before = new Set(binding.state.doc.content.content);
    act();
    return binding.state.doc.content.content.filter((block) => !before.has(block)).length;
  };
  const caret = (index: number, offset: number): void => {
    const { tr, doc: shown } = binding.state;
    binding.dispatch(tr.setSelection(TextSelection.create(shown, positionOf(shown, index) + 1 + offset)));
  };

  beforeAll(() => {
    remote = new Y.Doc();
    appendProvisions(remote, longDraft());
    doc = new Y.Doc();
    const update = Y.encodeStateAsUpdate(remote);
    timed("apply the whole draft", 1, () => Y.applyUpdate(doc, update));
    timed("open (read, number, make blocks)", 1, () => {
      binding = new Binding(doc);
    });
    remote.on("update", (change: Uint8Array) => Y.applyUpdate(doc, change, "net"));
  });

  it("a remote character is one step in one block", () => {
    const changes: number[] = [];
    const stop = binding.onChange(({ settled }) => changes.push(settled ? 1 : 0));
    const text = provisionText(remote, "p1500")!;
    expect(touched(() => text.insert(5, "x"))).toBe(1);
    expect(changes).toEqual([1]);
    stop();
    timed("remote character", 200, (index) => text.insert(5 + index, "x"));
    expect(binding.state.doc.child(1500).textContent).toBe(text.toString());
  });

  it("a local key touches one block and sends some bytes", () => {
    const sent: number[] = [];
    const watch = (update: Uint8Array): number => sent.push(update.byteLength);
    caret(1400, 10);
    doc.on("update", watch);
    expect(touched(() => binding.dispatch(binding.state.tr.insertText("ă")))).toBe(1);
    doc.off("update", watch);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeLessThan(60);
    timed("local key", 200, () => binding.dispatch(binding.state.tr.insertText("ă")));
  });

  it("a structural edit renumbers what follows and nothing else", () => {
    caret(10, 5);
    const before = binding.state.doc.content.content;
    enter(binding.state, (tr) => binding.dispatch(tr));
    const after = binding.state.doc.content.content;
    expect(after.length).toBe(before.length + 1);
    const same = after.filter((block) => before.includes(block)).length;
    expect(same).toBeGreaterThan(COUNT / 2);
    timed("local split", 30, (index) => {
      caret(20 + index * 80, 5);
      enter(binding.state, (tr) => binding.dispatch(tr));
    });
    timed("change of level", 30, (index) => {
      caret(3 + index * 70, 0);
      indent(binding.state, (tr) => binding.dispatch(tr));
    });
    timed("move of an article", 30, (index) => {
      caret(7 * index + 1, 0);
      moveDown(binding.state, (tr) => binding.dispatch(tr));
    });
    timed("undo", 30, () => binding.undo());
    expect(binding.differences()).toEqual([]);
  });

  it("a remote move, a removal and a burst are followed", () => {
    const entry = (id: string): Y.Map<unknown> => remote.getMap("provisions").get(id) as Y.Map<unknown>;
    timed("remote removal", 30, (index) => entry(`p${100 + index}`).set("removed", true));
    timed("remote change of level", 30, (index) => entry(`p${200 + index * 7}`).set("kind", "article"));
    timed("200 remote changes in one", 1, () => {
      remote.transact(() => {
        for (let index = 0; index < 200; index += 1) provisionText(remote, `p${500 + index * 10}`)!.insert(0, "y");
      });
    });
    timed("1,000 removals in one", 1, () => {
      remote.transact(() => {
        for (let index = 0; index < 1000; index += 1) entry(`p${1800 + index}`).set("removed", true);
      });
    });
    expect(binding.differences()).toEqual([]);
  });

  it("words replaced in all provisions are one step, here and at a colleague's, and carets stay with their words", () => {
    const [words, by] = ["lãnh đạo", "chỉ huy"];
    const here = new Y.Doc();
    appendProvisions(here, longDraft());
    const there = new Y.Doc();
    const sent: Uint8Array[] = [];
    Y.applyUpdate(there, Y.encodeStateAsUpdate(here));
    here.on("update", (change: Uint8Array) => sent.push(change));
    const [mine, theirs] = [new Binding(here), new Binding(there)];
    const behind = (shown: Binding, index: number): string => {
      const { $head } = shown.state.selection;
      expect($head.index(0)).toBe(index);
      return $head.parent.textBetween($head.parentOffset, $head.parentOffset + 12);
    };
    for (const shown of [mine, theirs]) {
      const { tr, doc: text } = shown.state;
      const at = text.child(2000).textContent.indexOf("tổ chức");
      shown.dispatch(tr.setSelection(TextSelection.create(text, positionOf(text, 2000) + 1 + at)));
    }
    const edits = mine.state.doc.content.content.flatMap((block) => {
      const from = block.textContent.indexOf(words);
      return { id: String(block.attrs["id"]), from, to: from + words.length, by };
    });
    timed("2,858 words replaced", 1, () => mine.rewrite(edits));
    timed("the same from a colleague", 1, () => sent.forEach((change) => Y.applyUpdate(there, change, "net")));
    for (const shown of [mine, theirs]) {
      expect(behind(shown, 2000)).toBe("tổ chức thực");
      expect(shown.state.doc.content.content.every((block) => block.textContent.includes(by))).toBe(true);
      expect(shown.differences()).toEqual([]);
    }
    timed("undone", 1, () => mine.undo());
    expect(mine.state.doc.textContent).not.toContain(by);
    expect(behind(mine, 2000)).toBe("tổ chức thực");
    expect(mine.differences()).toEqual([]);
    if (process.env["SPEED"]) console.log(told.join("\n"));
  }, 30_000);
});
