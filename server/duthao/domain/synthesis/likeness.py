"""Which opinions ask for the same: suggested here, decided by a person.

Opinions are held against one another when they are about the same provision or propose the same
wording. Likeness is Dice's measure over weighed words (`wishes`), rare words weighing more; what
contradicts is never alike. All pairs of thousands of opinions are found without looking at them all:
two that are alike share one of their rarest words (prefix filtering, Bayardo, Ma and Srikant 2007).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from duthao.domain.synthesis.wishes import Wish, akin, contrary, swapped, wish

ALIKE: Final = 0.52
"""From this likeness on two opinions are suggested as one; found on the tuned set, told on the other."""

NEARLY: Final = 0.99
"""Of two that propose the same wording and say something else beside it: alike, not identical."""

MOST_PAIRS: Final = 200_000
"""So many pairs are weighed at most; what is left out is the least likely, no request runs away."""


@dataclass(frozen=True, slots=True)
class Given:
    """An opinion to be compared: `where` is the id of its provision, "" for the document as a whole, `path`
    that provision's path; `unit` names what it already belongs to (its group, or itself).
    """

    id: str
    unit: str
    where: str
    path: str
    text: str
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Units that ask for the same, two or more, in the order given.

    `likeness` is that of the least alike neighbours, 0 to 1; 1: the words are the same but for spelling,
    courtesies and who speaks.
    """

    units: tuple[str, ...]
    likeness: float

    @property
    def is_identical(self) -> bool:
        return self.likeness == 1


class _Weighed:
    """A wish with its words weighed by how rare they are, and those of the request itself."""

    __slots__ = ("asked", "size", "weights", "wish")

    def __init__(self, made: Wish, rare: Mapping[str, float]) -> None:
        self.wish = made
        self.weights = {word: worth * rare[word] for word, worth in made.weights}
        self.size = sum(self.weights.values())
        self.asked = frozenset(word for word, worth in made.weights if worth == 1 and " " not in word)


def _likeness(one: _Weighed, other: _Weighed, alike: float) -> float:
    """0 to 1; 0 for what contradicts, and for what is below `alike` however it is looked at."""
    if one.wish.wording and other.wish.wording:
        found = akin(one.wish.wording, other.wish.wording)
    elif one.wish.weights == other.wish.weights:
        found = 1.0
    else:
        few, many = (one, other) if len(one.weights) < len(other.weights) else (other, one)
        if 2 * min(one.size, other.size) < alike * (one.size + other.size):
            return 0.0
        theirs = many.weights
        shared = sum([min(worth, theirs[word]) for word, worth in few.weights.items() if word in theirs])
        found = 2 * shared / (one.size + other.size)
        if found >= alike:
            found *= 1 - _exchanged(one.asked, other.asked)
    if found < alike or contrary(one.wish, other.wish) or swapped(one.wish, other.wish):
        return 0.0
    return found


def _exchanged(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """How much of the shorter request the other has something else for, 0 to 1.

    Who says more asks for the same and more; who says "giơ tay" where the other says "phiếu kín" does not.
    """
    shared = len(mine & theirs)
    few = min(len(mine), len(theirs))
    return (few - shared) / max(few, 1)


def suggestions(
    opinions: Sequence[Given], declined: Iterable[Collection[str]] = (), alike: float = ALIKE
) -> tuple[Suggestion, ...]:
    """What could be grouped, in the order of the first of each; every unit in at most one suggestion.

    `declined` are the opinions a person said not to be one: a suggestion all of whose opinions stand in
    one of these is not made again. The answer is the same for the same opinions in the same order.
    """
    kinds = _kinds(opinions)
    pairs = _pairs(kinds, alike)
    clusters = _clusters(len(kinds), pairs)
    refused = [frozenset(one) for one in declined]
    found: list[tuple[int, Suggestion]] = []
    for members, least in clusters:
        here = [n for kind in members for n in kinds[kind].places]
        here.sort()
        units = tuple(dict.fromkeys(opinions[n].unit for n in here))
        ids = {opinions[n].id for n in here}
        if len(units) > 1 and not any(ids <= one for one in refused):
            for_other_reasons = any(kinds[kind].for_other_reasons for kind in members)
            found.append((here[0], Suggestion(units, min(least, NEARLY) if for_other_reasons else least)))
    return _once(found)


def _once(found: list[tuple[int, Suggestion]]) -> tuple[Suggestion, ...]:
    """A unit of several opinions may be like several: it is suggested with the likest, then the first."""
    taken: set[str] = set()
    kept: list[tuple[int, Suggestion]] = []
    for place, one in sorted(found, key=lambda pair: (-pair[1].likeness, pair[0])):
        if taken.isdisjoint(one.units):
            taken |= set(one.units)
            kept.append((place, one))
    return tuple(one for _, one in sorted(kept, key=lambda pair: pair[0]))


@dataclass(slots=True)
class _KindOf:
    """Opinions that are word for word one, or propose one wording, and where they stand in the list."""

    wish: Wish
    where: str
    places: list[int]
    for_other_reasons: bool = False


def _kinds(opinions: Sequence[Given]) -> list[_KindOf]:
    known: dict[tuple[object, ...], _KindOf] = {}
    for n, one in enumerate(opinions):
        made = wish(one.text, one.wording, one.path)
        # Two proposals of the same words are one whatever is said around them.
        key = (one.where, made.wording) if made.wording else (one.where, made)
        kind = known.setdefault(key, _KindOf(made, one.where, []))
        kind.places.append(n)
        kind.for_other_reasons |= kind.wish.weights != made.weights
    return list(known.values())


def _rarity(kinds: Sequence[_KindOf]) -> dict[str, float]:
    """The weight of each word by how few opinions have it: 1 for the rarest, .4 for what all have."""
    times = Counter(word for kind in kinds for word, _ in kind.wish.weights)
    most = math.log(len(kinds) + 1) or 1.0
    return {word: 0.4 + 0.6 * math.log((len(kinds) + 1) / n) / most for word, n in times.items()}


def _pairs(kinds: Sequence[_KindOf], alike: float) -> dict[tuple[int, int], float]:
    """Every pair that is alike, by the places of its kinds, the lower first."""
    rare = _rarity(kinds)
    times = Counter(word for kind in kinds for word, _ in kind.wish.weights)
    posted: dict[tuple[str, str], list[int]] = defaultdict(list)
    found: dict[tuple[int, int], float] = {}
    weighed = [_Weighed(kind.wish, rare) for kind in kinds]
    looked = 0
    for n, kind in enumerate(kinds):
        near: set[int] = set()
        for key in _keys(kind, rare, times, alike):
            near.update(posted[key])
            posted[key].append(n)
        for m in sorted(near):
            looked += 1
            if looked > MOST_PAIRS:
                return found
            how = _likeness(weighed[m], weighed[n], alike)
            if how:
                found[m, n] = how
    return found


def _keys(
    kind: _KindOf, rare: Mapping[str, float], times: Mapping[str, int], alike: float
) -> Iterable[tuple[str, str]]:
    """What this opinion is found by: its proposed wording, and its rarest words at its provision.

    Dice of at least t asks for a shared weight of t / (2 - t) of either: whatever is left of a wish without
    its rarest words may weigh less than that.
    """
    words = kind.wish.weights
    if kind.wish.wording:
        words = tuple((word, 1.0) for word in sorted(set(kind.wish.wording.split())))
    by_rarity = sorted(words, key=lambda pair: (times.get(pair[0], 0), pair[0]))
    whole = sum(worth * rare.get(word, 1.0) for word, worth in by_rarity)
    spare = whole * (1 - alike / (2 - alike))
    # A wording is the same words wherever it is proposed.
    where = "*" if kind.wish.wording else kind.where
    for word, worth in by_rarity:
        yield where, word
        spare -= worth * rare.get(word, 1.0)
        if spare < 0:
            return


def _clusters(count: int, pairs: Mapping[tuple[int, int], float]) -> list[tuple[tuple[int, ...], float]]:
    """Kinds that are one, each with the likeness of its least alike pair that joined it.

    The likest pairs are joined first; two heaps become one when at least half of the pairs between them
    are alike, so that no chain of small steps ties what is not the same.
    """
    heap = list(range(count))
    members: dict[int, list[int]] = {n: [n] for n in range(count)}
    least: dict[int, float] = dict.fromkeys(range(count), 1.0)
    for (m, n), how in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])):
        a, b = heap[m], heap[n]
        if a == b:
            continue
        between = [pairs.get((min(x, y), max(x, y)), 0.0) for x in members[a] for y in members[b]]
        if 2 * sum(one > 0 for one in between) < len(between):
            continue
        for x in members[b]:
            heap[x] = a
        members[a] += members.pop(b)
        least[a] = min(least[a], least.pop(b), how)
    return [(tuple(sorted(one)), least[key]) for key, one in members.items()]
