import { describe, expect, it } from "vitest";

import { ACTS, play, type Tally } from "./replicas";

/** RUNS=200 OPS=1500 is the long run of tests/soak/binding. */
const RUNS = Number(process.env["RUNS"] ?? 12);
const OPS = Number(process.env["OPS"] ?? 250);
const FIRST = Number(process.env["SEED"] ?? 1);

describe("several people at one draft", () => {
  it(`see what is shared, and the same as the others: ${RUNS} runs of ${OPS} operations`, { timeout: 3_600_000 }, () => {
    const tally: Tally = new Map();
    const broken: string[] = [];
    for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
      try {
        play(seed, OPS, tally);
      } catch (error) {
        broken.push(String(error));
      }
    }
    if (process.env["RUNS"]) console.log(JSON.stringify(Object.fromEntries([...tally].sort())));
    expect(broken).toEqual([]);
    const missing = [...Object.keys(ACTS), "offline"].filter((name) => !tally.get(name));
    expect(missing).toEqual([]);
  });
});
