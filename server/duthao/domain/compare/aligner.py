"""Which provisions of two texts belong together: content first, numbers never.

The steps, as docs/decisions/0005-content-first.md has them: equal articles, articles and divisions
by content, leaves inside each pair, exact moves, splits and merges, alike leaves, moves with changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from duthao.domain.compare.corrections import sameness
from duthao.domain.compare.groups import Group, Overrides, Way
from duthao.domain.compare.keys import match_key, similar_words
from duthao.domain.compare.sequences import Candidate, assign, common_subsequence
from duthao.domain.compare.similarity import FULL, Bag, Weights
from duthao.domain.compare.tree import ROOT, Line, Tree
from duthao.domain.compare.words import is_replaced, word_spans
from duthao.domain.document import Kind

CONTAINER_FLOOR = 300
LEAF_FLOOR = 300
MOVE_FLOOR = 550
MOVE_SYLLABLES = 5
_ID_BONUS = 200
_ALL_PAIRS = 2500
_FEW_PAIRS = 100
_BEST = 6
_POSTINGS = 32
_RARE = 8
_SAMPLE = 100
_NEAR = 9
_LOW = 300
_SURE = 650


class Aligner:
    """One alignment under way. `pair` and `back` hold one-to-one pairs, `groups` splits and merges."""

    def __init__(self, before: Tree, after: Tree, overrides: Overrides) -> None:
        self.before, self.after = before, after
        self.pair: dict[int, int] = {ROOT: ROOT}
        self.back: dict[int, int] = {ROOT: ROOT}
        self.confidence: dict[int, int] = {}
        self.way: dict[int, Way] = {}
        self.groups: list[Group] = []
        self.parts: dict[int, int] = {}
        """After-heads that a before-head was split into, besides the one it is paired with."""
        self.sources: dict[int, int] = {}
        """Before-heads merged into an after-head, besides the one it is paired with."""
        self.used_before: set[int] = set()
        self.used_after: set[int] = set()
        self._bodies: dict[tuple[str, int], tuple[Bag, Counter[str], int]] = {}
        self._refused: set[tuple[int, int]] = set()
        self._apart = frozenset(overrides.apart)
        self._same_id = self._by_id()
        self._weights: Weights | None = None
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
                if left in ours and right in theirs and (left, right) not in self._apart
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
        if not self._apart:
            return False
        return (self.before.entries[i].provision.id, self.after.entries[j].provision.id) in self._apart

    def link(self, i: int, j: int, confidence: int, way: Way) -> None:
        self.pair[i], self.back[j] = j, i
        self.confidence[i], self.way[i] = max(0, min(confidence, FULL)), way

    def free(self, tree: Tree, indices: Iterable[int]) -> list[int]:
        test = self.free_before if tree is self.before else self.free_after
        return [index for index in indices if test(index)]

    # --- whole containers that are equal -------------------------------------------------------

    def equal_containers(self) -> None:
        """Articles equal from heading to last point, each content paired in its order."""
        left, right = self._contents(self.before), self._contents(self.after)
        # Nothing is paired yet unless by hand: then whole articles are taken without asking.
        untouched = len(self.pair) == 1 and not self.groups and not self._apart
        for content, places in left.items():
            others = right.get(content, [])
            if len(others) != len(places) or (len(places) > 1 and len(content) < 2):
                continue
            for i, j in zip(places, others, strict=True):
                ours, theirs = (i, *self.before.members[i]), (j, *self.after.members[j])
                if untouched or all(self.is_free(a, b) for a, b in zip(ours, theirs, strict=True)):
                    self._link_all(ours, theirs)

    def _link_all(self, ours: tuple[int, ...], theirs: tuple[int, ...]) -> None:
        self.pair.update(zip(ours, theirs, strict=True))
        self.back.update(zip(theirs, ours, strict=True))
        self.confidence.update(dict.fromkeys(ours, FULL))
        self.way.update(dict.fromkeys(ours, "exact"))

    def _contents(self, tree: Tree) -> dict[tuple[Line, ...], list[int]]:
        found: dict[tuple[Line, ...], list[int]] = {}
        for head, content in tree.contents.items():
            found.setdefault(content, []).append(head)
        return found

    def evident_containers(self) -> None:
        """Articles of one heading, which no other has, and of half the same leaves: told at once.

        Content would pair them too; so what a small edit touched is not weighed against the rest.
        """
        left, right = self._by_heading(self.before), self._by_heading(self.after)
        for heading, i in left.items():
            j = right.get(heading)
            if j is None or not self._fits(i, j):
                continue
            ours = Counter(self.before.texts[k] for k in self.before.members[i])
            theirs = Counter(self.after.texts[k] for k in self.after.members[j])
            if 2 * (ours & theirs).total() >= max(ours.total(), theirs.total(), 1):
                self.link(i, j, self._container_score(i, j, upper=False), "content")

    def _by_heading(self, tree: Tree) -> dict[str, int]:
        found: dict[str, list[int]] = {}
        for head in self.free(tree, tree.heads(upper=False)):
            found.setdefault(match_key(tree.texts[head]), []).append(head)
        return {key: heads[0] for key, heads in found.items() if key and len(heads) == 1}

    # --- containers by content -----------------------------------------------------------------

    def containers(self, upper: bool) -> None:
        """Pair articles (or divisions) by heading and body, then what stands alone in one slot."""
        left = self.free(self.before, self.before.heads(upper))
        right = self.free(self.after, self.after.heads(upper))
        scored: list[Candidate] = []
        for i, j in self._container_candidates(left, right):
            if not self._fits(i, j):
                continue
            score = self._container_score(i, j, upper)
            if score >= CONTAINER_FLOOR:
                scored.append((score, i, j))
        for score, i, j in assign(scored):
            self.link(i, j, score, "content")
        self._repeal_notes(left, right)

    def _contents_of(self, tree: Tree, head: int) -> tuple[Bag, Counter[str], int]:
        """The body of a container: its words, the keys of its leaves, and how many leaves."""
        side = "before" if tree is self.before else "after"
        known = self._bodies.get((side, head))
        if known is None:
            texts = [tree.words[i] for i in tree.members[head]]
            bag = self.weights.joined([self.weights.bag(text) for text in texts])
            known = self._bodies[side, head] = (bag, Counter(map(match_key, texts)), len(texts))
        return known

    def _container_candidates(self, left: Sequence[int], right: Sequence[int]) -> list[tuple[int, int]]:
        if len(left) * len(right) <= _FEW_PAIRS:
            return [(i, j) for i in left for j in right]
        return self._by_evidence(left, right, self._evidence)

    def _by_evidence(
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
            seen: Counter[int] = Counter()
            for word in evidence(self.before, i):
                holders = places.get(word, [])
                # What many hold tells little, and says least about which of them it is.
                for j in holders if len(holders) <= _POSTINGS else ():
                    seen[j] += FULL // len(holders)
            best = sorted(seen, key=lambda j: (-seen[j], abs(i - j), j))[:_BEST]
            same = self._same_id.get(i)
            if same is not None and same in allowed and same not in best:
                best.append(same)
            found.extend((i, j) for j in best)
        return found

    def _evidence(self, tree: Tree, head: int) -> list[str]:
        """What a container is found by: exact leaves, and the rare words of its heading and body."""
        words = self.weights.rarest(self.bag(tree, head), _RARE)
        body, keys, _ = self._contents_of(tree, head)
        leaves = [f"\0{key}" for key in keys if len(key) > 20]
        return [*words, *self.weights.rarest(body, _RARE), *leaves]

    def _fits(self, i: int, j: int) -> bool:
        return self.before.kind(i) is self.after.kind(j) and self.is_free(i, j)

    def _container_score(self, i: int, j: int, upper: bool) -> int:
        heading = self._heading_likeness(i, j)
        body = self._body_likeness(i, j, upper)
        score = heading * 95 // 100 if body is None else (45 * heading + 50 * body) // 100
        if self.before.entries[i].number == self.after.entries[j].number:
            score += 50
        apart = abs(i * len(self.after.entries) - j * len(self.before.entries))
        score -= 30 * apart // max(len(self.before.entries) * len(self.after.entries), 1)
        if self._same_id.get(i) == j and score >= 200:
            score += _ID_BONUS
        return score

    def _heading_likeness(self, i: int, j: int) -> int:
        left, right = self.bag(self.before, i), self.bag(self.after, j)
        return FULL if not left.weight and not right.weight else self.weights.likeness(left, right)

    def _body_likeness(self, i: int, j: int, upper: bool) -> int | None:
        """None when neither has a body."""
        left, our_keys, ours_number = self._contents_of(self.before, i)
        right, their_keys, theirs_number = self._contents_of(self.after, j)
        shares: list[int] = []
        if upper:
            ours, theirs = self._articles_under(self.before, i), self._articles_under(self.after, j)
            if ours or theirs:
                inside = set(theirs)
                shared = sum(self.pair.get(a, ROOT) in inside for a in ours)
                shares.append(FULL * shared // max(len(ours), len(theirs)))
        if ours_number or theirs_number:
            same = sum(min(times, their_keys[key]) for key, times in our_keys.items() if key in their_keys)
            exact = FULL * same // max(ours_number, theirs_number)
            shares.append(max(exact, self.weights.likeness(left, right)))
        return max(shares) if shares else None

    def _articles_under(self, tree: Tree, head: int) -> list[int]:
        return [k for k in tree.outline.subtree(head) if tree.kind(k) is Kind.ARTICLE]

    def _repeal_notes(self, left: Sequence[int], right: Sequence[int]) -> None:
        """A note "(được bãi bỏ)" stands where the provision stood, under its number; or stood before it."""
        ours, theirs = self._by_number(self.before, left), self._by_number(self.after, right)
        for place, i in ours.items():
            j = theirs.get(place)
            noted = j is not None and self.before.is_note(i) is not self.after.is_note(j)
            if j is not None and noted and self.is_free(i, j):
                self.link(i, j, FULL, "exact")

    def _by_number(self, tree: Tree, indices: Iterable[int]) -> dict[tuple[int | None, Kind, str], int]:
        """Free provisions by home, kind and number; a number that stands twice says nothing."""
        found: dict[tuple[int | None, Kind, str], list[int]] = {}
        for k in self.free(tree, indices):
            found.setdefault((self._home(tree, k), tree.kind(k), tree.entries[k].number), []).append(k)
        return {place: ks[0] for place, ks in found.items() if len(ks) == 1 and place[2]}

    def _home(self, tree: Tree, index: int) -> int | None:
        """What a provision's number is counted in, as a before-index; articles run through the text."""
        if index in tree.members:
            return None
        parent = tree.parent(index)
        return parent if tree is self.before else self.back.get(parent, -2)

    def slots(self, upper: bool) -> None:
        """Heads: exactly one left over on each side between the same neighbours is replaced.

        Not one that looks like a part of another article: that one's place was made for it.
        """
        left, right = self.before.heads(upper), self.after.heads(upper)
        gaps_before, gaps_after = self._gaps(left, self.pair), self._gaps(right, self.back)
        for (start, end), ours in gaps_before.items():
            theirs = gaps_after.get((self.pair.get(start, -2), self.pair.get(end, -2)), [])
            single = len(ours) == len(theirs) == 1 and self._fits(ours[0], theirs[0])
            if single and ours[0] not in self.sources and theirs[0] not in self.parts:
                self.link(ours[0], theirs[0], _LOW, "place")

    def _gaps(self, places: Sequence[int], paired: dict[int, int]) -> dict[tuple[int, int], list[int]]:
        """Runs of free places by the paired ones around them; ROOT stands for both ends."""
        found: dict[tuple[int, int], list[int]] = {}
        start, run = ROOT, list[int]()
        for place in [*places, ROOT]:
            if place in paired:
                if run:
                    found[start, place] = run
                start, run = place, []
            else:
                run.append(place)
        return found

    # --- leaves --------------------------------------------------------------------------------

    def container_pairs(self) -> list[tuple[int, int]]:
        """The containers paired so far that have free leaves on both sides, ROOT first."""
        ours, theirs = self._open(self.before), self._open(self.after)
        return [(i, j) for i, j in self._paired() if i in ours and j in theirs]

    def _paired(self) -> list[tuple[int, int]]:
        """Container with container; an article paired with a clause by hand holds nothing there."""
        return [(i, self.pair[i]) for i in self.before.members if self.pair.get(i) in self.after.members]

    def _open(self, tree: Tree) -> set[int]:
        """Containers with a leaf that is still free."""
        paired = self.pair if tree is self.before else self.back
        used = self.used_before if tree is self.before else self.used_after
        return {home for k, home in enumerate(tree.container) if k not in paired and k not in used}

    def same_ids(self) -> None:
        """The same id with the same words: the provision itself, wherever it stands."""
        for i, j in self._same_id.items():
            same = self.before.kind(i) is self.after.kind(j) and self.before.texts[i] == self.after.texts[j]
            if same and i not in self.before.members and self._homes_agree(i, j) and self.is_free(i, j):
                self.link(i, j, FULL, "exact")

    def _homes_agree(self, i: int, j: int) -> bool:
        return self.pair.get(self.before.container[i]) == self.after.container[j]

    def families(self) -> list[tuple[list[int], list[int]]]:
        """The leaves of each pair of containers, those of the parts it was split into or merged from too."""
        parts: dict[int, list[int]] = {}
        for d, c in self.parts.items():
            parts.setdefault(c, []).append(d)
        sources: dict[int, list[int]] = {}
        for c, d in self.sources.items():
            sources.setdefault(d, []).append(c)
        found = []
        ours, theirs = self._open(self.before), self._open(self.after)
        for c, d in self._paired():
            befores, afters = sorted((c, *sources.get(d, ()))), sorted((d, *parts.get(c, ())))
            if ours.isdisjoint(befores) or theirs.isdisjoint(afters):
                continue
            left = [i for head in befores for i in self.before.members[head]]
            right = [j for head in afters for j in self.after.members[head]]
            found.append((left, right))
        return found

    def exact_leaves(self) -> None:
        """Inside each pair of containers: equal keys in order, then out of order."""
        for c, d in self.container_pairs():
            left = self.free(self.before, self.before.members[c])
            right = self.free(self.after, self.after.members[d])
            if not left or not right:
                continue
            for by in (self._exact_key, self._loose_key):
                self._link_in_order(left, right, by)
            self._link_out_of_order(left, right)

    def _exact_key(self, tree: Tree, index: int) -> str:
        return f"{tree.kind(index).value}\0{tree.texts[index]}"

    def _loose_key(self, tree: Tree, index: int) -> str:
        return f"{tree.kind(index).value}\0{match_key(tree.words[index])}"

    def _link_in_order(
        self, left: Sequence[int], right: Sequence[int], by: Callable[[Tree, int], str]
    ) -> None:
        ours, theirs = self.free(self.before, left), self.free(self.after, right)
        pairs = common_subsequence([by(self.before, i) for i in ours], [by(self.after, j) for j in theirs])
        for a, b in pairs:
            if self.is_free(ours[a], theirs[b]):
                self.link(ours[a], theirs[b], FULL, "exact")

    def _link_out_of_order(self, left: Sequence[int], right: Sequence[int]) -> None:
        places: dict[str, list[int]] = {}
        for j in self.free(self.after, right):
            places.setdefault(match_key(self.after.words[j]), []).append(j)
        for i in self.free(self.before, left):
            key = match_key(self.before.words[i])
            waiting = places.get(key, [])
            if key and waiting and self.is_free(i, waiting[0]):
                self.link(i, waiting.pop(0), FULL, "exact")

    def exact_moves(self) -> None:
        """Leaves of other containers whose words stand once in each text: moved as they are."""
        ours, theirs = self._once(self.before), self._once(self.after)
        for key, i in ours.items():
            j = theirs.get(key)
            if j is not None and len(similar_words(self.before.words[i])) >= 3 and self.is_free(i, j):
                self.link(i, j, FULL, "exact")

    def _once(self, tree: Tree) -> dict[str, int]:
        counts = Counter(tree.texts)
        places: dict[str, list[int]] = {}
        for index in self.free(tree, range(len(tree.texts))):
            if index not in tree.members and counts[tree.texts[index]] == 1:
                places.setdefault(match_key(tree.words[index]), []).append(index)
        return {key: found[0] for key, found in places.items() if len(found) == 1}

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

    # --- alike leaves --------------------------------------------------------------------------

    def alike_leaves(self) -> None:
        """Inside each pair of containers: the best assignment of what is left, then equal slots."""
        for members, others in self.families():
            left, right = self.free(self.before, members), self.free(self.after, others)
            if not left or not right:
                continue
            self._repeal_notes(left, right)
            # The sure ones first: points once paired speak for the clause above them; once
            # more at the end for those whose best partner was taken or refused.
            for floor in (_SURE, LEAF_FLOOR, LEAF_FLOOR):
                scored = [
                    (score, i, j)
                    for i, j in self.candidates(left, right)
                    if (i, j) not in self._refused and (score := self._leaf_score(i, j)) >= floor
                ]
                for score, i, j in assign(scored):
                    if self._is_readable(i, j, score):
                        self.link(i, j, score, "content")
                    else:
                        self._refused.add((i, j))
            self._equal_slots(members, others)

    def candidates(self, left: Sequence[int], right: Sequence[int]) -> list[tuple[int, int]]:
        if len(left) * len(right) <= _ALL_PAIRS:
            return [(i, j) for i in left for j in right if self.is_free(i, j)]
        found = self._by_evidence(left, right, self._rare_words)
        return [(i, j) for i, j in found if self.is_free(i, j)]

    def _rare_words(self, tree: Tree, index: int) -> list[str]:
        return self.weights.rarest(self.bag(tree, index), _RARE)

    def _leaf_score(self, i: int, j: int) -> int:
        left, right = self.bag(self.before, i), self.bag(self.after, j)
        score = self._likeness(i, j, left, right, 90)
        if self.before.kind(i) is not self.after.kind(j):
            score -= 100
        score += self._child_share(i, j)
        if self._same_id.get(i) == j and score >= 200:
            score += _ID_BONUS
        if score < LEAF_FLOOR:
            return score
        if self.pair.get(self.before.parent(i)) == self.after.parent(j):
            score += 60
        if self.before.entries[i].number == self.after.entries[j].number:
            score += 20
        return score + (30 if self._keeps_order(i, j) else 0)

    def _keeps_order(self, i: int, j: int) -> bool:
        """Whether the pair would not cross the nearest pairs around it."""
        for step in (-1, 1):
            near = range(i + step, i + step * _NEAR, step)
            paired = next((self.pair[k] for k in near if k in self.pair), None)
            if paired is not None and (paired - j) * step < 0:
                return False
        return True

    def _likeness(self, i: int, j: int, left: Bag, right: Bag, part: int) -> int:
        """J, or `part` percent of containment borne out by whole phrases."""
        score = self.weights.likeness(left, right)
        if min(len(left.words), len(right.words)) < 3:
            return score
        held = self.weights.containment(left, right)
        if part * held // 100 <= score:
            return score
        phrases = self.weights.phrases(self.before.words[i], self.after.words[j])
        return max(score, part * (held + phrases) // 200)

    def _child_share(self, i: int, j: int) -> int:
        """Up to 400 more when what stands under the two belongs together already."""
        ours, theirs = self.before.entries[i].children, self.after.entries[j].children
        if not ours or not theirs:
            return 0
        inside = set(theirs)
        shared = sum(self.pair.get(child, ROOT) in inside for child in ours)
        return 400 * shared // max(len(ours), len(theirs))

    def _is_readable(self, i: int, j: int, score: int) -> bool:
        """A weak pair of which not one word is kept in its place would only puzzle the reader."""
        if score >= _SURE or self._same_id.get(i) == j or self._child_share(i, j):
            return True
        return not is_replaced(word_spans(self.before.texts[i], self.after.texts[j]))

    def _equal_slots(self, members: Sequence[int], others: Sequence[int]) -> None:
        """Under paired parents, as many left over on each side with the same labels: replaced."""
        ours = self._children_left(self.before, members)
        theirs = self._children_left(self.after, others)
        for parent, left in ours.items():
            right = theirs.get(self.pair.get(parent, -2), [])
            if len(left) != len(right):
                continue
            for i, j in zip(left, right, strict=True):
                same = self.before.entries[i].number == self.after.entries[j].number
                if same and self._fits(i, j):
                    self.link(i, j, _LOW, "place")

    def _children_left(self, tree: Tree, members: Sequence[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for index in self.free(tree, members):
            found.setdefault(tree.parent(index), []).append(index)
        return found

    # --- moves with changes --------------------------------------------------------------------

    def alike_moves(self) -> None:
        """What is left anywhere, when most of its words are: moved and amended."""
        left, right = self._free_leaves(self.before), self._free_leaves(self.after)
        scored = [
            (score, i, j)
            for i, j in self.candidates(left, right)
            if (score := self.move_score(i, j)) >= MOVE_FLOOR
        ]
        for score, i, j in assign(scored):
            if not is_replaced(word_spans(self.before.texts[i], self.after.texts[j])):
                self.link(i, j, score, "move")

    def _free_leaves(self, tree: Tree) -> list[int]:
        return [k for k in self.free(tree, range(len(tree.texts))) if k not in tree.members]

    def move_score(self, i: int, j: int) -> int:
        left, right = self.bag(self.before, i), self.bag(self.after, j)
        if min(left.words.total(), right.words.total()) < MOVE_SYLLABLES:
            return 0
        score = self._likeness(i, j, left, right, 95)
        if self._same_id.get(i) == j and score >= 200:
            score += _ID_BONUS
        return score
