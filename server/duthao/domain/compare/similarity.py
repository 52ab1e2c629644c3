"""How much of one text stands in another, rare words counting more.

Whole numbers throughout (thousandths), so that no order of summing can change a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log
from typing import TypeVar

from duthao.domain.compare.keys import distinct_words, similar_words

FULL = 1000
"""The score of equal texts."""


_Item = TypeVar("_Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text, each once, and how often more those come that come again.

    So what two bags share is told by sets, which costs a fraction of a count word by word.
    `size` counts the words, repeated ones too, `weight` is what they weigh together; `number` names the
    bag of a text, none that of several joined.
    """

    words: frozenset[str]
    again: Mapping[str, int]
    size: int
    weight: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of three words, as a bag."""

    runs: frozenset[tuple[str, ...]]
    again: Mapping[tuple[str, ...], int]
    number: int


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[tuple[str, ...], frozenset[str], Mapping[str, int]]:
    """What a bag of this text holds, whatever its words weigh."""
    words, distinct = similar_words(text), distinct_words(text)
    return words, distinct, _again(words, len(distinct))


@lru_cache(maxsize=2048)
def words_of_all(texts: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str], Mapping[str, int]]:
    words = tuple(chain.from_iterable(map(similar_words, texts)))
    distinct = frozenset(words)
    return words, distinct, _again(words, len(distinct))


def _again(items: Sequence[_Item], distinct: int) -> dict[_Item, int]:
    """How often more those come that come again."""
    if len(items) == distinct:
        return {}
    return {item: count - 1 for item, count in Counter(items).items() if count > 1}


class _WordWeights(dict[str, int]):
    """idf(w) = ln((n+1)/(df+0.5)) + 0.2, in thousandths, worked out when first asked for."""

    def __init__(self, frequency: Mapping[str, int], number: int) -> None:
        self._frequency, self._number = frequency, number

    def __missing__(self, word: str) -> int:
        share = (self._number + 1) / (self._frequency.get(word, 0) + 0.5)
        weight = self[word] = round(1000 * (max(log(share), 0.0) + 0.2))
        return weight


class Weights:
    """Weights of words over the leaves of both texts, and the measures built on them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.frequency = Counter(chain.from_iterable(map(distinct_words, texts)))
        self._weights = _WordWeights(self.frequency, len(texts))
        self._bags: dict[str, Bag] = {}
        self._runs: dict[str, _Runs] = {}
        self._ranks: dict[str, int] = {}
        self._shared: dict[tuple[int, int], int] = {}

    def weight(self, word: str) -> int:
        return self._weights[word]

    def bag(self, text: str) -> Bag:
        known = self._bags.get(text)
        if known is None:
            words, distinct, again = words_of(text)
            weight = sum(map(self._weights.__getitem__, words))
            known = self._bags[text] = Bag(distinct, again, len(words), weight, len(self._bags))
        return known

    def joined(self, texts: Iterable[str]) -> Bag:
        """The bag of several texts."""
        words, distinct, again = words_of_all(tuple(texts))
        return Bag(distinct, again, len(words), sum(map(self._weights.__getitem__, words)))

    def shared(self, left: Bag, right: Bag) -> int:
        """Σ min·idf."""
        if left.number is None or right.number is None:
            return self._shared_anew(left, right)
        # Steps that look at a pair from either side, and again with another floor, ask once.
        key = (left.number, right.number) if left.number < right.number else (right.number, left.number)
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = self._shared_anew(left, right)
        return known

    def _shared_anew(self, left: Bag, right: Bag) -> int:
        weights = self._weights
        total = sum(map(weights.__getitem__, left.words & right.words))
        if left.again and right.again:
            for word in left.again.keys() & right.again.keys():
                total += min(left.again[word], right.again[word]) * weights[word]
        return total

    def likeness(self, left: Bag, right: Bag) -> int:
        """J: shared weight against the weight of both, 0..1000; two empty texts are not alike."""
        return _likeness(self.shared(left, right), left, right)

    def coverage(self, part: Bag, within: Bag) -> int:
        """How much of `part` stands in `within`, 0..1000."""
        return FULL * self.shared(part, within) // part.weight if part.weight else 0

    def likeness_and_containment(self, left: Bag, right: Bag) -> tuple[int, int]:
        """J; and coverage of the lighter text by the heavier one, less when it is a mere fragment.

        Below a third of the heavier text the latter falls with the size: a few common words
        stand in any long provision.
        """
        shared = self.shared(left, right)
        lighter, heavier = sorted((left.weight, right.weight))
        covered = FULL * shared // lighter if lighter else 0
        if 3 * lighter < heavier:
            covered = covered * 3 * lighter // heavier
        return _likeness(shared, left, right), covered

    def phrases(self, left: str, right: str) -> int:
        """Runs of three words both texts have, against the shorter one's runs, 0..1000.

        Shared words alone say little where every provision speaks of the same few things;
        three in a row cross the bounds of a compound.
        """
        ours, theirs = self._runs_of(left), self._runs_of(right)
        fewer = min(ours.number, theirs.number)
        shared = len(ours.runs & theirs.runs)
        if ours.again and theirs.again:
            both = ours.again.keys() & theirs.again.keys()
            shared += sum(min(ours.again[run], theirs.again[run]) for run in both)
        return FULL * shared // fewer if fewer else 0

    def phrases_at_most(self, left: Bag, right: Bag) -> int:
        """What `phrases` cannot exceed, told by the words shared: a run is of three of them."""
        repeated = min(left.size - len(left.words), right.size - len(right.words))
        runs = len(left.words & right.words) + repeated - 2
        fewer = min(left.size, right.size) - 2
        return FULL * max(min(runs, fewer), 0) // fewer if fewer > 0 else 0

    def _runs_of(self, text: str) -> _Runs:
        known = self._runs.get(text)
        if known is None:
            words = similar_words(text)
            runs = list(zip(words, words[1:], words[2:], strict=False))
            distinct = frozenset(runs)
            known = self._runs[text] = _Runs(distinct, _again(runs, len(distinct)), len(runs))
        return known

    def rarest(self, bag: Bag, count: int) -> list[str]:
        """The rarest words first; equal ones by spelling."""
        if not self._ranks:
            by_rank = sorted(self.frequency, key=lambda word: (self.frequency[word], word))
            self._ranks = {word: rank for rank, word in enumerate(by_rank)}
        ranks = self._ranks
        unknown = bag.words.difference(ranks)
        known = sorted(bag.words - unknown, key=ranks.__getitem__)
        return [*sorted(unknown), *known][:count]


def _likeness(shared: int, left: Bag, right: Bag) -> int:
    union = left.weight + right.weight - shared
    return FULL * shared // union if union else 0
