/** How one sequence of blocks becomes another with the fewest blocks touched. */

export interface Plan {
  /** Before this index, and from the ends on, both sequences are the same. */
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
  /** Ids within the stretch that stay where they are; all others go, come or move. */
  readonly kept: ReadonlySet<string>;
}

export function planBlocks(before: readonly string[], after: readonly string[]): Plan {
  let start = 0;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (start < oldEnd && start < newEnd && before[start] === after[start]) start += 1;
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  return { start, oldEnd, newEnd, kept: stay(before.slice(start, oldEnd), after.slice(start, newEnd)) };
}

/** The most ids that stand in one order in both: a longest increasing subsequence. */
function stay(before: readonly string[], after: readonly string[]): Set<string> {
  const places = new Map(before.map((id, index) => [id, index]));
  const common = after.filter((id) => places.has(id));
  const tops: number[] = [];
  const previous: number[] = [];
  common.forEach((id, index) => {
    const place = places.get(id) ?? 0;
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places.get(common[tops[middle] ?? 0] ?? "") ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tops[low - 1] ?? -1) : -1;
    tops[low] = index;
  });
  const kept = new Set<string>();
  for (let index = tops.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    kept.add(common[index] ?? "");
  }
  return kept;
}
