import { describe, expect, it } from "vitest";
import * as Y from "yjs";

import {
  appendProvisions,
  cleanInline,
  cleanText,
  getFront,
  levelsOf,
  listMissed,
  listRemoved,
  numberingPolicy,
  provisionEntry,
  provisionsOf,
  provisionText,
  rationaleText,
  readProvisions,
  readRationale,
  restoreRemoved,
  setFront,
  setNumberingPolicy,
  setRemoved,
  subtreeEnd,
} from "../../src/model";

function draft(): { doc: Y.Doc; ids: string[] } {
  const doc = new Y.Doc();
  const ids = appendProvisions(doc, [
    { kind: "article", text: "Phạm vi" },
    { kind: "clause", text: "Quy chế này", label: "1" },
    { kind: "point", text: "điểm" },
  ]);
  return { doc, ids };
}

describe("the shared document", () => {
  it("reads back what was appended, in order", () => {
    const { doc, ids } = draft();
    const more = appendProvisions(doc, [{ kind: "clause", text: "cuối" }]);
    const read = readProvisions(doc);
    expect(read.map(({ id }) => id)).toEqual([...ids, ...more]);
    expect(read[1]).toMatchObject({ kind: "clause", text: "Quy chế này", label: "1", from: null });
  });

  it("lists what was removed and brings it back to its place", () => {
    const { doc, ids } = draft();
    const [, clause = ""] = ids;
    setRemoved(doc, clause);
    expect(readProvisions(doc).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(listRemoved(doc).map(({ id }) => id)).toEqual([clause]);
    restoreRemoved(doc, clause);
    expect(readProvisions(doc).map(({ id }) => id)).toEqual(ids);
  });

  it("does not miss what was split off and joined again, until its words are gone where they went", () => {
    const { doc, ids } = draft();
    const [, clause = ""] = ids;
    const [tail = ""] = appendProvisions(doc, [{ kind: "clause", text: "chế này" }]);
    provisionEntry(doc, tail)!.set("from", clause);
    setRemoved(doc, tail);
    expect(listRemoved(doc).map(({ id }) => id)).toEqual([tail]);
    expect(listMissed(doc)).toEqual([]);
    provisionText(doc, tail)!.insert(0, "lời của đồng nghiệp ");
    expect(listMissed(doc).map(({ id }) => id)).toEqual([tail]);
    provisionText(doc, tail)!.delete(0, 20);
    expect(listMissed(doc)).toEqual([]);
    provisionText(doc, clause)!.delete(0, 5);
    expect(listMissed(doc).map(({ id }) => id)).toEqual([tail]);
  });

  it("reads malformed entries as the contract says, never failing", () => {
    const { doc, ids } = draft();
    const map = provisionsOf(doc);
    map.set("not a map", 7);
    map.set("no text", new Y.Map());
    map.set("x".repeat(41), new Y.Map([["text", new Y.Text("long id")]]));
    map.set("odd", new Y.Map<unknown>([["text", new Y.Text("lạ")], ["kind", "stanza"], ["order", 3]]));
    const read = readProvisions(doc);
    expect(read.map(({ id }) => id)).toEqual(["odd", ...ids]);
    expect(read[0]).toMatchObject({ kind: "paragraph", order: "" });
  });

  it("keeps front matter and policy", () => {
    const { doc } = draft();
    setFront(doc, { title: "Quy chế", bases: ["Căn cứ 1", "Căn cứ 2"] });
    expect(getFront(doc)).toMatchObject({ title: "Quy chế", bases: ["Căn cứ 1", "Căn cứ 2"], body: "" });
    expect(numberingPolicy(doc)).toBe("renumber");
    setNumberingPolicy(doc, "keep");
    expect(numberingPolicy(doc)).toBe("keep");
  });

  it("makes a rationale on demand and only then", () => {
    const { doc, ids } = draft();
    const [first = ""] = ids;
    expect(readRationale(doc, first)).toBe("");
    rationaleText(doc, first).insert(0, "Vì");
    expect(readRationale(doc, first)).toBe("Vì");
    expect(rationaleText(doc, first)).toBe(rationaleText(doc, first));
  });
});

describe("a reason given by two at once", () => {
  it("keeps both people's words", () => {
    const { doc: a, ids } = draft();
    const [id = ""] = ids;
    const b = new Y.Doc();
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
    rationaleText(a, id).insert(0, "vì A ");
    rationaleText(b, id).insert(0, "vì B ");
    Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
    expect(readRationale(a, id)).toBe(readRationale(b, id));
    expect(readRationale(a, id)).toContain("vì A ");
    expect(readRationale(a, id)).toContain("vì B ");
  });

  it("is sent like any other change, and can be made again when it was taken out", () => {
    const { doc, ids } = draft();
    const [id = ""] = ids;
    const sent: boolean[] = [];
    doc.on("update", (_update: Uint8Array, _origin: unknown, _doc: Y.Doc, tr: Y.Transaction) => sent.push(tr.local));
    rationaleText(doc, id).insert(0, "một");
    expect(sent).toEqual([true, true]);
    doc.getMap("rationale").delete(id);
    rationaleText(doc, id).insert(0, "hai");
    expect(readRationale(doc, id)).toBe("hai");
  });
});

describe("the derived tree", () => {
  it("knows what belongs under a provision", () => {
    const kinds = ["chapter", "article", "clause", "paragraph", "point", "clause", "table", "row", "article"] as const;
    expect(subtreeEnd(kinds, 0)).toBe(9);
    expect(subtreeEnd(kinds, 1)).toBe(8);
    expect(subtreeEnd(kinds, 2)).toBe(5);
    expect(subtreeEnd(kinds, 3)).toBe(4);
    expect(subtreeEnd(kinds, 6)).toBe(8);
    expect(levelsOf(kinds)).toEqual([0, 1, 2, 3, 3, 2, 3, 4, 1]);
  });
});

describe("cleaning", () => {
  it("composes, straightens spaces and removes what nobody sees", () => {
    expect(cleanText("Ti\u00ea\u0301ng\u00a0Vi\u1ec7t\u200b\ud800!\r\nx")).toBe("Tiếng Việt!\nx");
    expect(cleanInline("a\nb")).toBe("a b");
    expect(cleanText("\u{1F600}")).toBe("\u{1F600}");
  });
});
