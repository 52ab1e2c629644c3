/** A provision's marks put together from its stretches of words, in their order. */

import type { ChangedLine } from "./types";

/** `look` is the class for all of it; of each stretch its own, "" for none. */
export function markedLine(
  id: string,
  look: string,
  stretches: readonly (readonly [words: string, look: string])[],
): ChangedLine {
  const marks: ChangedLine["marks"][number][] = [];
  let at = 0;
  for (const [words, own] of stretches) {
    if (own !== "") marks.push({ from: at, to: at + words.length, look: own });
    at += words.length;
  }
  return { id, text: stretches.map(([words]) => words).join(""), look, marks };
}
