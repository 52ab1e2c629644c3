import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { farFrom, reach, rulesForFar } from "../../src/editor/nearness";

const stretches = fc.array(
  fc.tuple(fc.nat(500), fc.nat(80)).map(([start, length]) => ({ start, end: start + length })),
  { maxLength: 3 },
);

describe("what is far", () => {
  it("is every block that is not near, once and in order", () => {
    fc.assert(
      fc.property(fc.nat(400), stretches, (count, near) => {
        const far = farFrom(count, near);
        const named = far.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at));
        const wanted = Array.from({ length: count }, (_, at) => at).filter(
          (at) => !near.some(({ start, end }) => at >= start && at < end),
        );
        expect(named).toEqual(wanted);
      }),
    );
  });

  it("has a rule for the screen alone, by places counted from one", () => {
    expect(rulesForFar([{ start: 0, end: 10 }, { start: 90, end: 400 }])).toBe(
      "@media screen { .sheet-text > .provision:nth-child(n + 1):nth-child(-n + 10), " +
        ".sheet-text > .provision:nth-child(n + 91):nth-child(-n + 400) { content-visibility: hidden } }",
    );
    expect(rulesForFar([])).toBe("");
  });
});

describe("how far some pixels reach", () => {
  it("passes blocks that take no room, as beneath a fold", () => {
    const heights = [50, 50, 0, 0, 0, 50, 50, 50];
    const at = (index: number): number => heights[index] ?? 0;
    expect(reach(at, heights.length, 1, 1, 100)).toBe(6);
    expect(reach(at, heights.length, 6, -1, 60)).toBe(1);
    expect(reach(at, heights.length, 1, -1, 5000)).toBe(0);
    expect(reach(at, heights.length, 6, 1, 5000)).toBe(7);
  });
});
