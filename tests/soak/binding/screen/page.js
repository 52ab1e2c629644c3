/** A sheet and, behind its gate, another person's copy of the draft; driven from run.mjs. */

import * as Y from "yjs";

import { RemoteGate } from "client/binding";
import { createEditor } from "client/editor";
import { appendProvisions, provisionText, readProvisions } from "client/model";
import "client/styles/tokens.css";
import "client/styles/editor.css";

const texts = (doc) => readProvisions(doc).map(({ text }) => text);
let editor = null;
let here = null;
let there = null;
let gate = null;

window.sheet = {
  start(seeds) {
    editor?.destroy();
    document.getElementById("mount").replaceChildren();
    [here, there] = [new Y.Doc(), new Y.Doc()];
    appendProvisions(there, seeds);
    Y.applyUpdate(here, Y.encodeStateAsUpdate(there));
    gate = new RemoteGate(here);
    there.on("update", (update, origin) => origin !== "back" && gate.receive(update, "net"));
    here.on("update", (update, origin) => origin !== "net" && Y.applyUpdate(there, update, "back"));
    const mount = document.getElementById("mount");
    const began = performance.now();
    editor = createEditor({ mount, doc: here, gate, editable: true, messages: (key) => key });
    return performance.now() - began;
  },
  /** Whether no input method is at work; a sheet replaced under one would start with its letters. */
  resting: () => gate === null || !gate.holding,
  caret(block, offset, lastBlock = block, lastOffset = offset) {
    document.querySelector(".sheet-text").focus();
    const at = (index, place) => {
      const text = document.querySelectorAll(".provision")[index].firstChild;
      return text?.nodeType === Node.TEXT_NODE ? [text, place] : [document.querySelectorAll(".provision")[index], 0];
    };
    document.getSelection().setBaseAndExtent(...at(block, offset), ...at(lastBlock, lastOffset));
  },
  /** The other person's edit in a provision: text to insert, or a number of letters to delete. */
  other(block, offset, edit) {
    const text = provisionText(there, readProvisions(there)[block].id);
    const at = offset < 0 ? text.length : Math.min(offset, text.length);
    const began = performance.now();
    if (typeof edit === "string") text.insert(at, edit);
    else text.delete(at, Math.min(edit, text.length - at));
    return performance.now() - began;
  },
  state() {
    const shown = [...document.querySelectorAll(".provision")].map(({ textContent }) => textContent);
    return { texts: texts(here), shown, others: texts(there), differences: editor.differences() };
  },
  watchKeys() {
    window.keyTimes = [];
    document.addEventListener(
      "keydown",
      () => {
        const began = performance.now();
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => window.keyTimes.push(performance.now() - began);
          channel.port2.postMessage(0);
        });
      },
      true,
    );
  },
};
