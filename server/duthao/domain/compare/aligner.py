"""One alignment under way: what is paired so far, and what every step asks of two provisions.

The steps are those of docs/decisions/0005-content-first.md, content first and numbers never:
`containers` and `leaves` have them, `parts`, `lift` and `moves`; `align` says their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from duthao.domain.compare.corrections import sameness
from duthao.domain.compare.groups import Block, Group, Overrides, Way
from duthao.domain.compare.similarity import FULL, Bag, Weights
from duthao.domain.compare.tree import ROOT, Tree

MOVE_FLOOR = 550
MOVE_SYLLABLES = 5
ID_BONUS = 200
_ALL_PAIRS = 2500
_BEST = 6
_POSTINGS = 32
RARE = 8
_SAMPLE = 100
LOW = 300


def _most(seen: Mapping[int, int], i: int) -> list[int]:
    """The few seen most; of equals the nearest to `i`."""
    # Only those that can be among them are put in order.
    least = min(sorted(seen.values(), reverse=True)[:_BEST], default=0)
    found = [j for j, weight in seen.items() if weight >= least]
    return sorted(found, key=lambda j: (-seen[j], abs(i - j), j))[:_BEST]


class Aligner:
    """`pair` and `back` hold one-to-one pairs, `groups` splits and merges."""

    def __init__(self, before: Tree, after: Tree, overrides: Overrides) -> None:
        self.before, self.after = before, after
        self.pair: dict[int, int] = {ROOT: ROOT}
        self.back: dict[int, int] = {ROOT: ROOT}
        self.confidence: dict[int, int] = {}
        self.way: dict[int, Way] = {}
        self.groups: list[Group] = []
        self.blocks: list[Block] = []
        self.parts: dict[int, int] = {}
        """After-heads that a before-head was split into, besides the one it is paired with."""
        self.sources: dict[int, int] = {}
        """Before-heads merged into an after-head, besides the one it is paired with."""
        self.used_before: set[int] = set()
        self.used_after: set[int] = set()
        self.bodies: dict[tuple[str, int], tuple[Bag, Counter[str], int]] = {}
        self.refused: set[tuple[int, int]] = set()
        self.apart = frozenset(overrides.apart)
        self.same_id = self._by_id()
        self._weights: Weights | None = None
        self._free: list[Sequence[int] | None] = [None, None]
        self._fix(overrides)

    # --- small doors --------------------------------------------------------------------------

    def _by_id(self) -> dict[int, int]:
        """Provisions of one id. Of several with one id only the one most like its counterpart has it."""
        ours, theirs = self.before.places, self.after.places
        found: dict[int, int] = {}
        for id_, left in ours.items():
            right = theirs.get(id_, [])
            if len(left) == len(right) == 1:
                found[left[0]] = right[0]
            elif right:
                alike, i, j = min(
                    (-sameness(self.before, i, self.after, j), i, j) for i in left for j in right
                )
                if alike:
                    found[i] = j
        return found

    def _fix(self, overrides: Overrides) -> None:
        """Corrections by hand: a pair, or one with several: a split or a merge."""
        ours, theirs = self.before.places, self.after.places
        pairs = sorted(
            {
                (ours[left][0], theirs[right][0])
                for left, right in overrides.together
                if left in ours and right in theirs and (left, right) not in self.apart
            }
        )
        afters: dict[int, list[int]] = {}
        befores: dict[int, list[int]] = {}
        for i, j in pairs:
            afters.setdefault(i, []).append(j)
            befores.setdefault(j, []).append(i)
        for i, j in pairs:
            if not (self.free_before(i) and self.free_after(j)):
                continue
            left, right = self.free(self.before, befores[j]), self.free(self.after, afters[i])
            heads = {k in self.before.members for k in left} | {k in self.after.members for k in right}
            if len(left) == len(right) == 1 or len(heads) > 1:  # an article is no part of a clause
                self.link(i, j, FULL, "hand")
            else:
                # One with several; what is tied to more than that is cut where it was tied last.
                group = ((i,), tuple(right)) if len(right) > 1 else (tuple(left), (j,))
                self._group_by_hand(*group, head=heads == {True})

    def _group_by_hand(self, before: tuple[int, ...], after: tuple[int, ...], *, head: bool) -> None:
        self.groups.append(Group(before, after, FULL, lifted=head))
        if not head:
            self.used_before.update(before)
            self.used_after.update(after)
            return
        # Heads keep a partner each, so that what stands under them is looked for there.
        self.link(before[0], after[0], FULL, "hand")
        self.parts.update(dict.fromkeys(after[1:], before[0]))
        self.sources.update(dict.fromkeys(before[1:], after[0]))
        self.used_after.update(after[1:])
        self.used_before.update(before[1:])

    @property
    def weights(self) -> Weights:
        """Made when first needed: two equal texts never ask for it."""
        if self._weights is None:
            texts = [text for i, text in enumerate(self.before.words) if i not in self.pair]
            step = max(1, (len(self.before.words) - len(texts)) // _SAMPLE)
            # Chosen by their words: the same ones from either side, and after a change elsewhere.
            sample = [
                self.before.words[i]
                for i, check in enumerate(self.before.checks)
                if check % step == 0 and i in self.pair
            ]
            free = [text for j, text in enumerate(self.after.words) if j not in self.back]
            self._weights = Weights([*texts, *sample, *free])
        return self._weights

    def bag(self, tree: Tree, index: int) -> Bag:
        return self.weights.bag(tree.words[index])

    def is_free(self, i: int, j: int) -> bool:
        return self.free_before(i) and self.free_after(j) and not self.is_apart(i, j)

    def free_before(self, i: int) -> bool:
        return i not in self.pair and i not in self.used_before

    def free_after(self, j: int) -> bool:
        return j not in self.back and j not in self.used_after

    def is_apart(self, i: int, j: int) -> bool:
        if not self.apart:
            return False
        return (self.before.entries[i].provision.id, self.after.entries[j].provision.id) in self.apart

    def link(self, i: int, j: int, confidence: int, way: Way) -> None:
        self.pair[i], self.back[j] = j, i
        self.confidence[i], self.way[i] = max(0, min(confidence, FULL)), way

    def free(self, tree: Tree, indices: Iterable[int]) -> list[int]:
        paired = self.pair if tree is self.before else self.back
        used = self.used_before if tree is self.before else self.used_after
        return [index for index in indices if index not in paired and index not in used]

    def all_free(self, tree: Tree) -> Sequence[int]:
        """All free provisions of a text. What was taken is never free again, so few are asked."""
        own = tree is self.before
        known = self._free[own]
        if known is None:
            paired = self.pair if own else self.back
            known = sorted(set(range(len(tree.texts))).difference(paired))
        found = self._free[own] = self.free(tree, known)
        return found

    def by_evidence(
        self, left: Sequence[int], right: Sequence[int], evidence: Callable[[Tree, int], list[str]]
    ) -> list[tuple[int, int]]:
        """Pairs worth a closer look: for each before, the few afters it shares most evidence with."""
        places: dict[str, list[int]] = {}
        for j in right:
            for word in evidence(self.after, j):
                places.setdefault(word, []).append(j)
        allowed = set(right)
        found: list[tuple[int, int]] = []
        for i in left:
            seen: dict[int, int] = {}
            for word in evidence(self.before, i):
                holders = places.get(word, ())
                # What many hold tells little, and says least about which of them it is.
                if 0 < len(holders) <= _POSTINGS:
                    share = FULL // len(holders)
                    for j in holders:
                        seen[j] = seen.get(j, 0) + share
            best = _most(seen, i)
            same = self.same_id.get(i)
            if same is not None and same in allowed and same not in best:
                best.append(same)
            found.extend((i, j) for j in best)
        return found

    def fits(self, i: int, j: int) -> bool:
        return self.before.kind(i) is self.after.kind(j) and self.is_free(i, j)

    def paired_containers(self) -> list[tuple[int, int]]:
        """Container with container; an article paired with a clause by hand holds nothing there."""
        return [(i, self.pair[i]) for i in self.before.members if self.pair.get(i) in self.after.members]

    def open_containers(self, tree: Tree) -> set[int]:
        """Containers with a leaf that is still free."""
        return {tree.container[k] for k in self.all_free(tree)}

    def families(self) -> list[tuple[list[int], list[int]]]:
        """The leaves of each pair of containers, those of the parts it was split into or merged from too."""
        parts: dict[int, list[int]] = {}
        for d, c in self.parts.items():
            parts.setdefault(c, []).append(d)
        sources: dict[int, list[int]] = {}
        for c, d in self.sources.items():
            sources.setdefault(d, []).append(c)
        found = []
        ours, theirs = self.open_containers(self.before), self.open_containers(self.after)
        for c, d in self.paired_containers():
            befores, afters = (c, *sources.get(d, ())), (d, *parts.get(c, ()))
            if ours.isdisjoint(befores) or theirs.isdisjoint(afters):
                continue
            left = [i for head in sorted(befores) for i in self.before.members[head]]
            right = [j for head in sorted(afters) for j in self.after.members[head]]
            found.append((left, right))
        return found

    # --- several for one ------------------------------------------------------------------------

    def group(self, before: tuple[int, ...], after: tuple[int, ...], covered: int) -> None:
        self.groups.append(Group(before, after, covered))
        self.used_before.update(before)
        self.used_after.update(after)

    def regroup(self, i: int, j: int, before: tuple[int, ...], after: tuple[int, ...]) -> None:
        """A pair that turned out to be part of a split or merge."""
        del self.pair[i], self.back[j], self.way[i]
        confidence = self.confidence.pop(i)
        self.group(before, after, max(confidence, 500))

    def candidates(self, left: Sequence[int], right: Sequence[int]) -> list[tuple[int, int]]:
        if len(left) * len(right) <= _ALL_PAIRS:
            return [(i, j) for i in left for j in right if self.is_free(i, j)]
        found = self.by_evidence(left, right, self._rare_words)
        return [(i, j) for i, j in found if self.is_free(i, j)]

    def _rare_words(self, tree: Tree, index: int) -> list[str]:
        return self.weights.rarest(self.bag(tree, index), RARE)

    def likeness(self, i: int, j: int, part: int, least: int) -> int:
        """J, or `part` percent of containment borne out by whole phrases.

        Below `least` it is enough to know that it is below: phrases are not looked at for that.
        """
        left, right = self.bag(self.before, i), self.bag(self.after, j)
        score, held = self.weights.likeness_and_containment(left, right)
        if min(len(left.words), len(right.words)) < 3 or part * held // 100 <= score:
            return score
        if part * (held + self.weights.phrases_at_most(left, right)) // 200 < least > score:
            return score
        phrases = self.weights.phrases(self.before.words[i], self.after.words[j])
        return max(score, part * (held + phrases) // 200)

    def move_score(self, i: int, j: int) -> int:
        left, right = self.bag(self.before, i), self.bag(self.after, j)
        if min(left.size, right.size) < MOVE_SYLLABLES:
            return 0
        bonus = ID_BONUS if self.same_id.get(i) == j else 0
        score = self.likeness(i, j, 95, MOVE_FLOOR - bonus)
        return score + bonus if score >= 200 else score
