import { describe, expect, it } from "vitest";
import * as Y from "yjs";

import { EditHistory, STEPS } from "../../src/binding/undo";
import { provisionsOf, provisionText, rationaleText, writeProvision } from "../../src/model";
import { rationaleHistory } from "../../src/binding";

const HERE = {};

function draft(): { doc: Y.Doc; text: Y.Text } {
  const doc = new Y.Doc();
  writeProvision(doc, "p", "a", { kind: "clause", text: "" });
  return { doc, text: provisionText(doc, "p")! };
}

describe("steps that can be taken back", () => {
  it("are the newest ones, each with where the caret was; older ones are forgotten", () => {
    const { doc, text } = draft();
    const history = new EditHistory(doc, HERE, 0);
    for (let n = 0; n < STEPS + 40; n++) {
      history.remember({ id: "p", offset: n } as never);
      doc.transact(() => text.insert(text.length, "a"), HERE);
    }
    expect(text.length).toBe(STEPS + 40);
    const places: unknown[] = [];
    while (history.canUndo) places.push(history.undo());
    expect(places).toHaveLength(STEPS);
    expect(places.at(-1)).toEqual({ id: "p", offset: 40 });
    expect(text.toString()).toBe("a".repeat(40));
    while (history.canRedo) history.redo();
    expect(text.length).toBe(STEPS + 40);
    history.undo();
    expect(text.length).toBe(STEPS + 39);
  });

  it("bring back what was deleted while older deletions are forgotten", () => {
    const { doc, text } = draft();
    text.insert(0, "b".repeat(STEPS + 10));
    const history = new EditHistory(doc, HERE, 0);
    for (let n = 0; n < STEPS + 10; n++) doc.transact(() => text.delete(text.length - 1, 1), HERE);
    expect(text.length).toBe(0);
    while (history.canUndo) history.undo();
    expect(text.toString()).toBe("b".repeat(STEPS));
  });

  it("let go of what older ones took out, and keep what newer ones did", () => {
    const { doc, text } = draft();
    const other = new Y.Doc();
    const history = new EditHistory(doc, HERE, 0);
    const provisions = provisionsOf(doc);
    const rounds = STEPS;
    for (let n = 0; n < rounds; n++) {
      // A provision split off and joined again, and a word that comes and goes.
      doc.transact(() => {
        writeProvision(doc, `q${n}`, "b", { kind: "clause", text: "tách ra" });
        text.insert(0, "x");
      }, HERE);
      doc.transact(() => {
        provisions.delete(`q${n}`);
        text.delete(0, 1);
      }, HERE);
    }
    const kept = [...doc.store.clients.values()].flat().filter((one) => one instanceof Y.Item && one.content instanceof Y.ContentType);
    // Half of the rounds' provisions can still come back; the others' maps and texts are gone.
    expect(kept.length).toBeLessThan(2 * (STEPS / 2 + 10));
    expect(history.undo()).not.toBeUndefined();
    expect(provisions.has(`q${rounds - 1}`)).toBe(true);
    expect(provisionText(doc, `q${rounds - 1}`)?.toString()).toBe("tách ra");
    history.redo();
    while (history.canUndo) history.undo();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    expect(other.getMap("provisions").toJSON()).toEqual(provisions.toJSON());
    expect(text.toString()).toBe("");
  });

  it("are bounded for reasons too", () => {
    const { doc } = draft();
    const text = rationaleText(doc, "p");
    const history = rationaleHistory(doc, HERE);
    for (let n = 0; n < STEPS + 5; n++) {
      doc.transact(() => text.insert(0, "a"), HERE);
      history.stopCapturing();
    }
    expect(history.undoStack).toHaveLength(STEPS);
  });
});
