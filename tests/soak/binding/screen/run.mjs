#!/usr/bin/env node
/**
 * Input methods in a real browser: composition and Unikey's Backspaces, with another person's
 * edit after every step; then the cost of a key in 2,858 provisions, printed.
 *
 *   node tests/soak/binding/screen/run.mjs        needs client/node_modules and Chromium
 *
 * Exit code 0 when every word came out right and view, draft and the other's copy are equal.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { openPage } from "./browser.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const client = fileURLToPath(new URL("../../../../client/", import.meta.url));
const { build } = await import(join(client, "node_modules/vite/dist/node/index.js"));
const out = mkdtempSync(join(tmpdir(), "sheet-page-"));
await build({
  configFile: false,
  root: here,
  base: "./",
  logLevel: "error",
  resolve: { alias: { client: join(client, "src"), yjs: join(client, "node_modules/yjs") } },
  build: { outDir: out, emptyOutDir: true },
});

const DRAFT = [
  { kind: "article", text: "Phạm vi" },
  { kind: "clause", text: "Trước sau" },
  { kind: "clause", text: "ba" },
];
const OTHERS = {
  nothing: null,
  "another provision": [2, 0, "y"],
  "before the caret": [1, 0, "y"],
  "right at the caret": [1, 6, "z"],
  "the end of the provision": [1, -1, "w"],
  "letters out before the caret": [1, 0, 1],
};
/** Deleting stops before it reaches the word being typed. */
const LIMIT = 4;

const page = await openPage(out);
const failures = [];

async function check(name, right) {
  await page.until(`sheet.state().differences.length === 0`).catch(() => undefined);
  const { texts, shown, others, differences } = await page.call("state");
  const same = JSON.stringify(texts) === JSON.stringify(shown) && JSON.stringify(texts) === JSON.stringify(others);
  const fine = same && differences.length === 0 && right(texts);
  if (!fine) failures.push(name);
  console.log(`${fine ? "right" : "WRONG"}  ${name}: ${JSON.stringify(fine ? texts[1] : { texts, shown, others })}`);
}

const word = (texts) => /^[^đ]*được[^đ]*$/.test((texts[1] ?? "").replace(/[yzw]/g, ""));

async function start(draft) {
  await page.until("sheet.resting()");
  return page.call("start", draft);
}

async function typed(name, strokes) {
  for (const [where, edit] of Object.entries(OTHERS)) {
    await start(DRAFT);
    await page.call("caret", 1, 6);
    let edits = 0;
    const other = async () => {
      if (edit && (typeof edit[2] === "string" || (edits += 1) <= LIMIT)) await page.call("other", ...edit);
    };
    await strokes(other);
    await page.until("sheet.state().texts.join() === sheet.state().others.join()");
    await check(`${name}, other's edit: ${where}`, word);
  }
}

await typed("composition", async (other) => {
  for (const step of ["d", "đ", "đu", "đư", "đươ", "đươc", "được"]) {
    await page.compose(step);
    await other();
  }
  await page.insert("được");
});

await typed("word upon word", async (other) => {
  for (const letters of ["v", "vi", "việt"]) {
    await page.compose(letters);
    await other();
  }
  await page.insert("việt ");
  for (const letters of ["đ", "đư", "được"]) {
    await page.compose(letters);
    await other();
  }
  await page.insert("được");
});

await typed("Backspaces", async (other) => {
  for (const [back, text] of [[0, "d"], [1, "đ"], [0, "u"], [0, "o"], [2, "ươ"], [0, "c"], [2, "ợc"]]) {
    for (let count = 0; count < back; count += 1) {
      await page.key("Backspace", 8);
      await other();
    }
    await page.insert(text);
    await other();
  }
});

await start(DRAFT);
await page.call("caret", 0, 3, 2, 1);
await page.compose("đ");
await page.insert("đ");
await check("composition over several provisions", (texts) => texts.length === 1 && texts[0] === "Phạđa");

await start([]);
await page.call("caret", 0, 0);
await page.compose("đ");
await page.compose("đu");
await page.insert("đu");
await check("composition in an empty draft", (texts) => texts.join() === "đu");

const kinds = ["article", "clause", "clause", "point", "point", "paragraph", "clause"];
const sentence = "Ban Thường vụ Thành ủy lãnh đạo, chỉ đạo việc tổ chức thực hiện nghị quyết của Đại hội; ";
const long = Array.from({ length: 2858 }, (_, index) => ({
  kind: index % 140 === 0 ? "chapter" : kinds[index % 7],
  text: sentence.repeat(1 + (index % 4)),
}));
console.log(`2,858 provisions: sheet made in ${(await start(long)).toFixed(0)} ms`);
await page.run("document.querySelectorAll('.provision')[1400].scrollIntoView({ block: 'center' })");
await page.call("caret", 1400, 20);
await page.call("watchKeys");
for (let count = 1; count <= 60; count += 1) {
  await page.key("a", 65, "a");
  await page.until(`keyTimes.length === ${count}`);
}
const told = (times) => {
  const sorted = times.toSorted((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1].toFixed(1)} ms, worst ${sorted.at(-1).toFixed(1)} ms`;
};
console.log(`key to paint: ${told(await page.run("keyTimes"))}`);
const remote = [];
for (let count = 0; count < 60; count += 1) remote.push(await page.call("other", 700, 5 + count, "x"));
console.log(`remote character, view included: ${told(remote)}`);
await check("2,858 provisions", () => true);

await page.close();
rmSync(out, { recursive: true, force: true });
console.log(failures.length === 0 ? "all right" : `wrong: ${failures.join("; ")}`);
process.exit(failures.length === 0 ? 0 : 1);
