/** Tables are shown and not edited here: no words may slip into a row where nobody sees them. */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin } from "prosemirror-state";

import { SHOWN } from "../binding/binding";
import { attrsOf } from "../binding/schema";
import { isTabular } from "./blocks";

function tabularWords(doc: ProseNode): Map<string, ProseNode> {
  const found = new Map<string, ProseNode>();
  doc.forEach((block) => {
    const { id, kind } = attrsOf(block);
    if (isTabular(kind)) found.set(id, block);
  });
  return found;
}

/** Refuses a local change of the words or the kind of a row or table; taking it out is allowed. */
export function readOnlyTables(): Plugin {
  return new Plugin({
    filterTransaction(tr, { doc }) {
      if (!tr.docChanged || tr.getMeta(SHOWN)) return true;
      const before = tabularWords(doc);
      if (before.size === 0) return true;
      return tr.doc.content.content.every((block) => {
        const { id, kind } = attrsOf(block);
        const old = before.get(id);
        return !old || old === block || (attrsOf(old).kind === kind && old.content.eq(block.content));
      });
    },
  });
}
