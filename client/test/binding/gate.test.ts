import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";

import { RemoteGate } from "../../src/binding";

describe("the gate", () => {
  let remote: Y.Doc;
  let doc: Y.Doc;
  let updates: Uint8Array[];

  beforeEach(() => {
    vi.useFakeTimers();
    remote = new Y.Doc();
    doc = new Y.Doc();
    updates = [];
    remote.on("update", (update: Uint8Array) => updates.push(update));
    for (const word of ["một", " hai", " ba"]) remote.getText("t").insert(remote.getText("t").length, word);
  });
  afterEach(() => vi.useRealTimers());

  const read = (): string => doc.getText("t").toString();

  it("lets updates through when nobody composes", () => {
    const gate = new RemoteGate(doc);
    for (const update of updates) gate.receive(update, "net");
    expect(read()).toBe("một hai ba");
  });

  it("holds them while somebody does, and lets them in together, as remote ones", () => {
    const gate = new RemoteGate(doc);
    const seen: unknown[] = [];
    doc.on("afterTransaction", (tr: Y.Transaction) => seen.push([tr.origin, tr.local]));
    gate.hold();
    for (const update of updates) gate.receive(update, "net");
    expect(read()).toBe("");
    gate.release();
    expect(read()).toBe("một hai ba");
    expect(seen).toEqual([["net", false]]);
    expect(gate.holding).toBe(false);
  });

  it("opens by itself when the composition shows no sign of life, ending it first", () => {
    const gate = new RemoteGate(doc, 2500);
    const forced = vi.fn(() => expect(read()).toBe(""));
    gate.onForced = forced;
    gate.hold();
    gate.receive(updates[0]!, "net");
    vi.advanceTimersByTime(2000);
    gate.hold();
    vi.advanceTimersByTime(2000);
    expect(read()).toBe("");
    vi.advanceTimersByTime(600);
    expect(read()).toBe("một");
    expect(forced).toHaveBeenCalledOnce();
    expect(gate.holding).toBe(false);
  });

  it("leaves a composition alone that nobody waits for, however long it pauses", () => {
    const gate = new RemoteGate(doc, 2500);
    let composing = true;
    gate.composing = () => composing;
    gate.onForced = vi.fn();
    gate.hold();
    vi.advanceTimersByTime(20_000);
    expect(gate.holding).toBe(true);
    gate.receive(updates[0]!, "net");
    vi.advanceTimersByTime(2400);
    gate.receive(updates[1]!, "net");
    expect(read()).toBe("");
    expect(gate.onForced).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(read()).toBe("một hai");
    expect(gate.onForced).toHaveBeenCalledOnce();
    gate.hold();
    composing = false;
    vi.advanceTimersByTime(2600);
    expect(gate.holding).toBe(false);
  });

  it("opens when too much waits", () => {
    const gate = new RemoteGate(doc);
    remote.getText("t").insert(0, "x".repeat(5 * 1024 * 1024));
    gate.hold();
    for (const update of updates) gate.receive(update, "net");
    expect(read().length).toBeGreaterThan(5 * 1024 * 1024);
  });

  it("does not let one malformed update keep the others out", () => {
    const gate = new RemoteGate(doc);
    gate.hold();
    gate.receive(updates[0]!, "net");
    gate.receive(Uint8Array.of(1, 2, 3, 255), "net");
    gate.receive(updates[1]!, "net");
    expect(() => gate.release()).toThrow();
    expect(read()).toBe("một hai");
  });
});
