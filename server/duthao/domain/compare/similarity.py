"""How much of one text stands in another, rare words counting more.

Whole numbers throughout (thousandths), so that no order of summing can change a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from duthao.domain.compare.keys import distinct_words, similar_words

FULL = 1000
"""The score of equal texts."""


@dataclass(frozen=True, slots=True)
class Bag:
    """Words with their counts, and their weight in all."""

    words: Counter[str]
    weight: int


class Weights:
    """Weights of words over the leaves of both texts, and the measures built on them."""

    def __init__(self, texts: Iterable[str]) -> None:
        frequency: Counter[str] = Counter()
        number = 0
        for text in texts:
            frequency.update(distinct_words(text))
            number += 1
        self.frequency = frequency
        self._number = number
        self._weights: dict[str, int] = {}
        self._bags: dict[str, Bag] = {}
        self._phrases: dict[str, Counter[tuple[str, ...]]] = {}

    def weight(self, word: str) -> int:
        """idf(w) = ln((n+1)/(df+0.5)) + 0.2, in thousandths."""
        known = self._weights.get(word)
        if known is None:
            share = (self._number + 1) / (self.frequency[word] + 0.5)
            known = self._weights[word] = round(1000 * (max(log(share), 0.0) + 0.2))
        return known

    def bag(self, text: str) -> Bag:
        known = self._bags.get(text)
        if known is None:
            words = Counter(similar_words(text))
            total = sum(count * self.weight(word) for word, count in words.items())
            known = self._bags[text] = Bag(words, total)
        return known

    def joined(self, bags: Sequence[Bag]) -> Bag:
        words: Counter[str] = Counter()
        for bag in bags:
            words.update(bag.words)
        return Bag(words, sum(bag.weight for bag in bags))

    def shared(self, left: Bag, right: Bag) -> int:
        """Σ min·idf."""
        ours, theirs, weight = left.words, right.words, self.weight
        common = ours.keys() & theirs.keys()
        return sum(min(ours[word], theirs[word]) * weight(word) for word in common)

    def likeness(self, left: Bag, right: Bag) -> int:
        """J: shared weight against the weight of both, 0..1000; two empty texts are not alike."""
        shared = self.shared(left, right)
        union = left.weight + right.weight - shared
        return FULL * shared // union if union else 0

    def coverage(self, part: Bag, within: Bag) -> int:
        """How much of `part` stands in `within`, 0..1000."""
        return FULL * self.shared(part, within) // part.weight if part.weight else 0

    def containment(self, left: Bag, right: Bag) -> int:
        """Coverage of the lighter text by the heavier one, less when it is a mere fragment.

        Below a third of the heavier text the score falls with the size: a few common words
        stand in any long provision.
        """
        lighter, heavier = (left, right) if left.weight <= right.weight else (right, left)
        covered = self.coverage(lighter, heavier)
        if 3 * lighter.weight >= heavier.weight:
            return covered
        return covered * 3 * lighter.weight // heavier.weight

    def phrases(self, left: str, right: str) -> int:
        """Runs of three words both texts have, against the shorter one's runs, 0..1000.

        Shared words alone say little where every provision speaks of the same few things;
        three in a row cross the bounds of a compound.
        """
        ours, theirs = self._runs(left), self._runs(right)
        fewer = min(ours.total(), theirs.total())
        return FULL * (ours & theirs).total() // fewer if fewer else 0

    def _runs(self, text: str) -> Counter[tuple[str, ...]]:
        known = self._phrases.get(text)
        if known is None:
            words = similar_words(text)
            known = self._phrases[text] = Counter(zip(words, words[1:], words[2:], strict=False))
        return known

    def rarest(self, bag: Bag, count: int) -> list[str]:
        """The rarest words first; equal ones by spelling."""
        return sorted(bag.words, key=lambda word: (self.frequency[word], word))[:count]
