#!/usr/bin/env node
/**
 * The long run of the binding's property test: people at one draft, RUNS × OPS operations.
 *
 *   node tests/soak/binding/run.mjs          200 runs of 1,500 operations, from seed 1
 *   RUNS=20 OPS=500 SEED=77 node tests/soak/binding/run.mjs
 *
 * Needs the client's packages (client/node_modules). Exit code 0 when every promise held; a
 * broken one is named with its seed and step. Prints how often each operation happened.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const client = fileURLToPath(new URL("../../../client/", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "test/binding/replicas.test.ts", "test/binding/speed.test.ts"],
  { cwd: client, stdio: "inherit", env: { RUNS: "200", OPS: "1500", SEED: "1", SPEED: "1", ...process.env } },
);
process.exit(status ?? 1);
