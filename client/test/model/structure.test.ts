import { describe, expect, it } from "vitest";

import { levelsOf, rankOf, type Kind } from "../../src/model";
import {
  articleOf,
  joinedHeading,
  mayStand,
  movedStretch,
  nextPlace,
  shiftedKinds,
} from "../../src/model/structure";
import { randomFrom } from "../binding/replicas";

const RUNS = 1000;
const UNITS: readonly Kind[] = [
  "part",
  "chapter",
  "section",
  "subsection",
  "heading",
  "article",
  "article",
  "clause",
  "clause",
  "point",
  "indent",
  "paragraph",
  "appendix",
];

/** A text of any kinds, rows only behind a table. */
function someKinds(pick: (below: number) => number): Kind[] {
  const kinds: Kind[] = [];
  while (kinds.length < 2 + pick(14)) {
    if (pick(8) > 0) kinds.push(UNITS[pick(UNITS.length)]!);
    else kinds.push("table", ...Array.from({ length: pick(4) }, () => "row" as const));
  }
  return kinds;
}

/** The index of the provision each belongs under, -1 at the top. */
function parents(kinds: readonly Kind[]): number[] {
  const levels = levelsOf(kinds);
  return kinds.map((_, index) => {
    for (let at = index - 1; at >= 0; at -= 1) if (levels[at]! < levels[index]!) return at;
    return -1;
  });
}

function moved<T>(all: readonly T[], { start, end }: { start: number; end: number }, target: number): T[] {
  const rest = [...all.slice(0, start), ...all.slice(end)];
  const at = target > start ? target - (end - start) : target;
  return [...rest.slice(0, at), ...all.slice(start, end), ...rest.slice(at)];
}

function eachCase(visit: (kinds: Kind[], start: number, end: number, seed: number) => void): void {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const random = randomFrom(seed);
    const pick = (below: number): number => Math.floor(random() * below);
    const kinds = someKinds(pick);
    const start = pick(kinds.length);
    visit(kinds, start, Math.min(start + 1 + pick(3), kinds.length), seed);
  }
}

describe("what moves with what", () => {
  it("takes along all that belongs beneath, and nothing in between stays", () => {
    eachCase((kinds, start, end, seed) => {
      const range = movedStretch(kinds, { start, end });
      expect(range.start, `seed ${seed}`).toBeLessThanOrEqual(start);
      expect(range.end).toBeGreaterThanOrEqual(end);
      parents(kinds).forEach((parent, index) => {
        const along = index >= range.start && index < range.end;
        if (parent >= start && parent < end) expect(along, `seed ${seed}: ${index}`).toBe(true);
      });
      expect(movedStretch(kinds, range)).toEqual(range);
    });
  });

  it("leaves everybody else where they belong, wherever it may stand", () => {
    let places = 0;
    eachCase((kinds, start, end, seed) => {
      const range = movedStretch(kinds, { start, end });
      const before = parents(kinds);
      for (let target = 0; target <= kinds.length; target += 1) {
        if (!mayStand(kinds, range, target)) continue;
        places += 1;
        const order = moved([...kinds.keys()], range, target);
        const after = parents(order.map((index) => kinds[index]!));
        order.forEach((index, at) => {
          const along = index >= range.start && index < range.end;
          const parent = after[at] === -1 ? -1 : order[after[at]!]!;
          const within = before[index]! >= range.start;
          const told = `seed ${seed}: ${kinds.join(" ")}, ${range.start}-${range.end} before ${target}, ${index}`;
          if (!along || within) expect(parent, told).toBe(before[index]);
          if (kinds[index] === "row") expect(parent, told).toBe(before[index]);
        });
      }
    });
    expect(places).toBeGreaterThan(RUNS);
  });

  it("goes to the nearest such place, and back by the opposite key when it stood at one", () => {
    let back = 0;
    eachCase((kinds, start, end, seed) => {
      const range = movedStretch(kinds, { start, end });
      const target = nextPlace(kinds, range, 1);
      if (target === null) return;
      for (let at = range.end + 1; at < target; at += 1) expect(mayStand(kinds, range, at)).toBe(false);
      const size = range.end - range.start;
      const now = moved(kinds, range, target);
      const there = { start: target - size, end: target };
      if (!mayStand(now, there, range.start)) return;
      back += 1;
      const above = nextPlace(now, there, -1);
      expect(above, `seed ${seed}`).toBeGreaterThanOrEqual(range.start);
    });
    expect(back).toBeGreaterThan(RUNS / 10);
  });

  it.each([
    ["a chapter with its articles", ["chapter", "article", "clause", "chapter", "article"], [0, 1], [0, 3]],
    ["two clauses and the points of the last", ["article", "clause", "clause", "point", "clause"], [1, 3], [1, 4]],
    ["a row alone", ["table", "row", "row"], [1, 2], [1, 2]],
    ["the whole table with what a selection takes of it", ["table", "row", "row", "clause", "point"], [2, 4], [0, 5]],
  ] as const)("%s", (_name, kinds, [start, end], [from, to]) => {
    expect(movedStretch(kinds, { start, end })).toEqual({ start: from, end: to });
  });

  it("puts no chapter among the articles of another, no paragraph's unit between it and its words", () => {
    const kinds: Kind[] = ["chapter", "article", "paragraph", "article", "chapter", "article"];
    const places = (start: number, end: number): number[] =>
      [...kinds.keys(), kinds.length].filter((target) => mayStand(kinds, { start, end }, target));
    expect(places(4, 6)).toEqual([0]);
    expect(places(1, 3)).toEqual([0, 4, 5, 6]);
    expect(places(5, 6)).toEqual([0, 1, 3, 4]);
  });
});

describe("levels of several", () => {
  it("change together or not at all, and what is nested stays nested", () => {
    let changed = 0;
    eachCase((kinds, start, end, seed) => {
      for (const step of [1, -1] as const) {
        const shifted = shiftedKinds(kinds, { start, end }, step);
        if (shifted.size === 0) continue;
        changed += 1;
        const ranks = [...shifted].map(([index, kind]) => rankOf(kind)! - (rankOf(kinds[index]!) ?? NaN));
        if (!Number.isNaN(ranks[0])) expect(new Set(ranks), `seed ${seed}`).toEqual(new Set([step]));
        for (const index of shifted.keys()) expect(index >= start && index < end).toBe(true);
      }
    });
    expect(changed).toBeGreaterThan(RUNS / 2);
  });

  it.each<[string, Kind[], 1 | -1, Kind[]]>([
    ["a clause with its points", ["clause", "point", "paragraph"], 1, ["point", "indent", "paragraph"]],
    ["no further down than an indent", ["point", "indent"], 1, []],
    ["a chapter keeps its articles", ["chapter", "section", "article"], 1, ["section", "subsection", "article"]],
    ["paragraphs alone", ["paragraph", "paragraph"], 1, ["clause", "clause"]],
  ])("%s", (_name, kinds, step, wanted) => {
    const shifted = shiftedKinds(kinds, { start: 0, end: kinds.length }, step);
    const now = kinds.map((kind, index) => shifted.get(index) ?? kind);
    expect(now).toEqual(wanted.length > 0 ? wanted : kinds);
  });
});

describe("articles joined", () => {
  it("the heading becomes a clause among clauses, else a paragraph; the first of all joins nothing", () => {
    expect(joinedHeading(["article", "clause", "article"], 2)).toBe("clause");
    expect(joinedHeading(["article", "paragraph", "article", "paragraph"], 2)).toBe("paragraph");
    expect(joinedHeading(["chapter", "article", "clause"], 1)).toBe(null);
    expect(joinedHeading(["article", "chapter", "article"], 2)).toBe(null);
  });

  it("finds the article one stands in", () => {
    expect(articleOf(["article", "clause", "point"], 2)).toBe(0);
    expect(articleOf(["article", "chapter"], 1)).toBe(-1);
  });
});
