/** A headless Chromium on one page, spoken to by the DevTools protocol. */

import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const require = createRequire(new URL("../../../../client/package.json", import.meta.url));
const WebSocket = require("ws");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

function serve(folder) {
  return new Promise((resolve) => {
    const server = createServer((request, response) => {
      const file = join(folder, request.url === "/" ? "index.html" : request.url.split("?")[0]);
      if (!existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      return createReadStream(file).pipe(response);
    }).listen(0, "127.0.0.1", () => resolve(server));
  });
}

export async function openPage(folder) {
  const server = await serve(folder);
  const profile = mkdtempSync(join(tmpdir(), "sheet-"));
  const chromium = spawn(
    process.env.CHROMIUM ?? "chromium",
    ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", `--user-data-dir=${profile}`],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const address = await new Promise((resolve, reject) => {
    let said = "";
    chromium.on("error", reject);
    chromium.stderr.on("data", (chunk) => {
      said += chunk;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
  });
  const targets = await (await fetch(`http://${new URL(address).host}/json/list`)).json();
  const socket = new WebSocket(targets.find(({ type }) => type === "page").webSocketDebuggerUrl);
  await new Promise((resolve) => socket.on("open", resolve));
  let count = 0;
  const waiting = new Map();
  socket.on("message", (message) => {
    const { id, result, error } = JSON.parse(message);
    if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, { resolve, reject });
      socket.send(JSON.stringify({ id: count, method, params }));
    });
  const run = async (expression) => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
    return result.value;
  };
  const until = async (expression) => {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await run(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`never came true: ${expression}`);
  };
  await send("Page.enable");
  await send("Page.navigate", { url: `http://127.0.0.1:${server.address().port}/` });
  await until("window.sheet !== undefined");
  await send("Page.bringToFront");
  return {
    run,
    until,
    call: (name, ...values) => run(`sheet.${name}(${values.map((value) => JSON.stringify(value)).join(", ")})`),
    compose: (text) =>
      send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length }),
    insert: (text) => send("Input.insertText", { text }),
    async key(key, windowsVirtualKeyCode, text) {
      const event = { key, code: key, windowsVirtualKeyCode, text };
      await send("Input.dispatchKeyEvent", { ...event, type: text ? "keyDown" : "rawKeyDown" });
      await send("Input.dispatchKeyEvent", { ...event, type: "keyUp" });
    },
    async close() {
      socket.close();
      const ended = new Promise((resolve) => chromium.on("exit", resolve));
      chromium.kill();
      await ended;
      server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
