/** Fields of the front matter and single lines of them by one name: "date", "bases" (line by line), "bases.2". */

import type * as Y from "yjs";

import { FRONT_LISTS, FRONT_TEXTS, getFront, setFront, type Front, type FrontList, type FrontText } from "./provisions";

/** What stands before the name of a part where a provision's id is expected; no id has a colon. */
export const FRONT_PART = "front:";

const isText = (name: string): name is FrontText => (FRONT_TEXTS as readonly string[]).includes(name);
const isList = (name: string): name is FrontList => (FRONT_LISTS as readonly string[]).includes(name);

function read(front: Front, part: string): string | null {
  const [name = "", line] = part.split(".");
  if (line === undefined) return isText(name) ? front[name] : isList(name) ? front[name].join("\n") : null;
  return isList(name) ? (front[name][Number(line)] ?? null) : null;
}

/** The words of a part; `null` for what is no part, or a line that is not there. */
export const frontPart = (doc: Y.Doc, part: string): string | null => read(getFront(doc), part);

/** Writes these words into their parts, as one transaction of `origin`; a line left empty goes. */
export function setFrontParts(doc: Y.Doc, words: ReadonlyMap<string, string>, origin: unknown): void {
  const front = getFront(doc);
  const changed: { [key: string]: string | string[] } = {};
  for (const [part, text] of words) {
    const [name = "", line] = part.split(".");
    if (read(front, part) === null) continue;
    if (isText(name)) changed[name] = text;
    else if (isList(name) && line === undefined) changed[name] = text.split("\n");
    else if (isList(name)) {
      const lines = (changed[name] ??= [...front[name]]) as string[];
      lines[Number(line)] = text;
    }
  }
  for (const [name, value] of Object.entries(changed)) if (Array.isArray(value)) changed[name] = value.filter((line) => line.trim() !== "");
  setFront(doc, changed as Partial<Front>, origin);
}
