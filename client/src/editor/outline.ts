/** The outline: one item for each provision, computed from the blocks as shown. */

import type { Node as ProseNode } from "prosemirror-model";

import { attrsOf } from "../binding/schema";
import { levelsOf } from "../model";
import { kindsOf } from "./blocks";
import type { OutlineItem } from "./types";

const LENGTH = 200;

/** Blocks do not change, so what was read of one is kept: typing rereads one block of thousands. */
const known = new WeakMap<ProseNode, OutlineItem>();

function itemOf(block: ProseNode, level: number): OutlineItem {
  const found = known.get(block);
  if (found?.level === level) return found;
  const { id, kind, label } = attrsOf(block);
  const item = { id, kind, label, level, text: block.textBetween(0, block.content.size).slice(0, LENGTH) };
  known.set(block, item);
  return item;
}

/** All provisions in reading order except table rows and the stand-in of an empty draft. */
export function outlineOf(doc: ProseNode): OutlineItem[] {
  const levels = levelsOf(kindsOf(doc));
  return doc.content.content
    .map((block, index) => itemOf(block, levels[index] ?? 0))
    .filter(({ id, kind }) => id !== "" && kind !== "row");
}
