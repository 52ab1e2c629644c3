import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { assignKeys, keyBetween, keysBetween } from "../../src/model";

const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });
const key = fc.stringMatching(/^[0-9A-Za-z]{0,6}[1-9A-Za-z]$/);

describe("keys between keys", () => {
  it("stand strictly between any two different keys, and never end in 0", () => {
    fc.assert(
      fc.property(key, key, chance, (a, b, c) => {
        fc.pre(a !== b);
        const [low, high] = a < b ? [a, b] : [b, a];
        const found = keyBetween(low, high, () => c);
        expect(found !== null && found > low && found < high && !found.endsWith("0")).toBe(true);
      }),
    );
  });

  it("have no room between equal keys", () => {
    expect(keyBetween("V", "V")).toBeNull();
    expect(keysBetween("V", "V", 3)).toBeNull();
  });

  it("stay short when clauses are added at one place again and again", () => {
    let low = keyBetween(null, null) ?? "";
    const high = keyBetween(low, null) ?? "";
    for (let count = 0; count < 500; count += 1) low = keyBetween(low, high) ?? "";
    expect(low.length).toBeLessThan(130);
    let end = "V";
    for (let count = 0; count < 500; count += 1) end = keyBetween(end, null) ?? "";
    expect(end.length).toBeLessThan(100);
  });
});

describe("assigning keys", () => {
  const anything = fc.oneof(key, fc.constantFrom("", "0", "V", "V", "V0", "~", "é", "zz"));

  it("makes any list strictly ordered around the new places, touching as little as it must", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), fc.nat(12), fc.nat(4), (orders, at, count) => {
        const sorted = orders.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        const from = Math.min(at, sorted.length);
        const list = [...sorted.slice(0, from), ...Array.from({ length: count }, () => ""), ...sorted.slice(from)];
        for (const [index, value] of assignKeys(list, from, from + count)) list[index] = value;
        for (let index = Math.max(from, 1); index < from + count; index += 1) {
          expect((list[index - 1] ?? "") < (list[index] ?? "")).toBe(true);
        }
        expect(list.every((value, index) => index === 0 || (list[index - 1] ?? "") <= value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("re-keys the smaller of two runs of equal keys", () => {
    expect([...assignKeys(["V", "", "V", "V"], 1, 2).keys()]).toEqual([0, 1]);
    expect([...assignKeys(["V", "V", "", "V"], 2, 3).keys()]).toEqual([2, 3]);
  });
});
