/** Two people's lists of lines that come from one. */

/** For each line of `before` the place of the same line in `after`, in order, as many as there are; -1 for none. */
function kept(before: readonly string[], after: readonly string[]): number[] {
  const longest = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  const at = (one: number, other: number): number => longest[one]![other]!;
  for (let one = before.length - 1; one >= 0; one--)
    for (let other = after.length - 1; other >= 0; other--)
      longest[one]![other] =
        before[one] === after[other] ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
  const places: number[] = [];
  for (let one = 0, other = 0; one < before.length; one++) {
    while (other < after.length && before[one] !== after[other] && at(one, other + 1) === at(one, other)) other++;
    places.push(before[one] === after[other] && at(one, other) === at(one + 1, other + 1) + 1 ? other++ : -1);
  }
  return places;
}

/**
 * What was done from `base` to `mine`, done to `now`.
 *
 * A line that I left as it was is theirs to change or to take away; of one that both rewrote, both wordings stay.
 */
export function mergedLines(base: readonly string[], mine: readonly string[], now: readonly string[]): string[] {
  const here = kept(base, mine);
  const there = kept(base, now);
  const gone = new Set(there.filter((place, at) => place >= 0 && here[at] === -1));
  // Lines of mine by the place of theirs after which they come; -1 for before all.
  const added = new Map<number, string[]>();
  const old = new Set(here);
  /** The place of a line of the base in theirs, or of the last that they put where it was. */
  const behind = (at: number): number =>
    there[at] === -1 ? (there.slice(at).find((one) => one >= 0) ?? now.length) - 1 : there[at]!;
  let after = -1;
  for (const [place, line] of mine.entries()) {
    if (!old.has(place)) {
      // What stood right before it in the list we both began with, though I took it away.
      const next = here.findIndex((one) => one > place);
      const end = next === -1 ? base.length : next;
      for (let at = 0; at < end; at++) after = Math.max(after, there[at]!);
      if (now.includes(line) && !base.includes(line)) continue;
      added.set(after, [...(added.get(after) ?? []), line]);
    } else after = Math.max(after, behind(here.indexOf(place)));
  }
  const merged = [...(added.get(-1) ?? [])];
  for (const [place, line] of now.entries()) {
    if (!gone.has(place)) merged.push(line);
    merged.push(...(added.get(place) ?? []));
  }
  return merged;
}
