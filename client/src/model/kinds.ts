/** The kinds of provisions, as `docs/protocol/document.md` names them, and their ranks. */

export const KINDS = [
  "part",
  "chapter",
  "section",
  "subsection",
  "heading",
  "article",
  "clause",
  "point",
  "indent",
  "paragraph",
  "table",
  "row",
  "appendix",
] as const;

export type Kind = (typeof KINDS)[number];

const KNOWN: ReadonlySet<string> = new Set(KINDS);

/** Rank of the kinds that can hold others; a lower rank holds a higher one. */
const RANKS: Readonly<Partial<Record<Kind, number>>> = {
  appendix: 0,
  part: 1,
  chapter: 2,
  section: 3,
  subsection: 4,
  heading: 5,
  article: 6,
  clause: 7,
  point: 8,
  indent: 9,
};

export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && KNOWN.has(value);
}

/** The rank of a kind that can hold others, `undefined` for paragraph, table and row. */
export function rankOf(kind: Kind): number | undefined {
  return RANKS[kind];
}

/** Whether the kind is a division above the article: printed as a title of its own. */
export function isUpper(kind: Kind): boolean {
  const rank = RANKS[kind];
  return rank !== undefined && rank < 6;
}

/**
 * The end (exclusive) of what belongs under the provision at `index`: what moves with it.
 * A paragraph holds nothing, a table its rows.
 */
export function subtreeEnd(kinds: readonly Kind[], index: number): number {
  const kind = kinds[index];
  let end = index + 1;
  if (kind === undefined) return index;
  const rank = RANKS[kind];
  while (end < kinds.length) {
    const next = kinds[end] as Kind;
    if (rank === undefined) {
      if (kind !== "table" || next !== "row") break;
    } else {
      const other = RANKS[next];
      if (other !== undefined && other <= rank) break;
    }
    end += 1;
  }
  return end;
}

/** What can be folded: everything that has a title of its own, from an article up. */
export function isFoldable(kind: Kind): boolean {
  return (RANKS[kind] ?? Infinity) <= 6;
}

/** The depth of every provision in the derived tree, 0 at the top. */
export function levelsOf(kinds: readonly Kind[]): number[] {
  const open: { rank: number; level: number }[] = [];
  let table: number | undefined;
  return kinds.map((kind) => {
    const rank = RANKS[kind];
    if (rank !== undefined) {
      while (open.length > 0 && (open.at(-1)?.rank ?? -1) >= rank) open.pop();
    }
    let level = (open.at(-1)?.level ?? -1) + 1;
    if (kind === "row" && table !== undefined) level = table + 1;
    if (rank !== undefined) open.push({ rank, level });
    if (kind !== "row") table = kind === "table" ? level : undefined;
    return level;
  });
}
