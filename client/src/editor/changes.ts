/** What differs from the text in force, marked in the sheet; drawn, never written. */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin, PluginKey, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import { attrsOf } from "../binding/schema";
import { byPlace } from "./by-place";
import type { ChangedLine, ChangeLayer } from "./types";

/** What is marked for different reasons is marked apart: one comes and goes without the other. */
const KEYS: Readonly<Record<ChangeLayer, PluginKey<DecorationSet>>> = {
  beside: new PluginKey("changes-beside"),
  since: new PluginKey("changes-since"),
  proposals: new PluginKey("changes-proposals"),
  references: new PluginKey("changes-references"),
};

/** Marks these lines and no others; one whose words have gone on since keeps what it had. */
export function markChanges(tr: Transaction, lines: readonly ChangedLine[], layer: ChangeLayer): Transaction {
  return tr.setMeta(KEYS[layer], lines);
}

function drawn(node: ProseNode, at: number, line: ChangedLine): Decoration[] {
  const block = line.look === "" ? [] : [Decoration.node(at, at + node.nodeSize, { class: line.look })];
  return [
    ...block,
    ...line.marks.map(({ from, to, look }) => Decoration.inline(at + 1 + from, at + 1 + to, { class: look })),
  ];
}

function draw(doc: ProseNode, lines: readonly ChangedLine[], shown: DecorationSet): DecorationSet {
  const wanted = new Map(lines.map((line) => [line.id, line]));
  const decorations: Decoration[] = [];
  doc.forEach((node, at) => {
    const line = wanted.get(attrsOf(node).id);
    if (line === undefined) return;
    if (line.text === null || node.textContent === line.text) decorations.push(...drawn(node, at, line));
    // Words typed since the answer: what was marked stays until the next one knows them.
    else decorations.push(...shown.find(at, at + node.nodeSize));
  });
  return DecorationSet.create(doc, decorations);
}

export function changes(layer: ChangeLayer): Plugin {
  const key = KEYS[layer];
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, shown, _before, state) {
        const kept = tr.docChanged ? shown.map(tr.mapping, tr.doc) : shown;
        const lines = tr.getMeta(key) as readonly ChangedLine[] | undefined;
        return lines === undefined ? kept : draw(state.doc, lines, kept);
      },
    },
    props: { decorations: (state) => byPlace(key.getState(state)) },
  });
}
