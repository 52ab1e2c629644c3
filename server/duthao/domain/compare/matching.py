"""Which tokens of two texts stand for each other: the heaviest common run, in few pieces.

Every kept token is worth its weight, and each piece kept between two changes costs a little, so
that of two answers of one weight the more readable wins. Only pairs of equal tokens are looked
at (Hunt and Szymanski's idea), which makes the work that of the pairs, not of the table. Where
common words make too many pairs, rare ones are matched first and the rest between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Sequence
from itertools import pairwise

PIECE_COST = 15
"""What another kept piece costs: less than a syllable (20), more than a sign (9) or a stop word (10)."""

MAX_PAIRS = 60_000
"""Pairs of equal tokens looked at in one step."""

MAX_WORK = 1_500_000
"""Pairs looked at for one pair of texts; what is not reached by then is replaced."""

Pair = tuple[int, int]


def matches(left: Sequence[str], right: Sequence[str], weights: Sequence[int]) -> list[Pair]:
    """Pairs (i, j) of equal tokens, both rising; `weights` are of the left tokens.

    Deterministic; time grows with the lengths and at most `MAX_WORK`, memory with the lengths
    and `MAX_PAIRS`, however alike or unlike the texts are.
    """
    return _Matcher(left, right, weights).between(0, len(left), 0, len(right))


class _Matcher:
    def __init__(self, left: Sequence[str], right: Sequence[str], weights: Sequence[int]) -> None:
        self.left, self.right, self.weights = left, right, weights
        self.work = MAX_WORK

    def between(self, a: int, b: int, c: int, d: int) -> list[Pair]:
        """The matches of left[a:b] and right[c:d]: equal ends first, then what lies between."""
        left, right = self.left, self.right
        head = tail = 0
        most = min(b - a, d - c)
        while head < most and left[a + head] == right[c + head]:
            head += 1
        most -= head
        while tail < most and left[b - 1 - tail] == right[d - 1 - tail]:
            tail += 1
        found = [(a + step, c + step) for step in range(head)]
        found += self._inside(a + head, b - tail, c + head, d - tail)
        found += [(b - step, d - step) for step in range(tail, 0, -1)]
        return found

    def _inside(self, a: int, b: int, c: int, d: int) -> list[Pair]:
        if a == b or c == d:
            return []
        ours, theirs = Counter(self.left[a:b]), Counter(self.right[c:d])
        pairs = {token: count * theirs[token] for token, count in ours.items() if token in theirs}
        total = sum(pairs.values())
        if total <= min(MAX_PAIRS, self.work):
            self.work -= total
            return self._heaviest(a, b, c, d, pairs)
        rare = self._rare(pairs)
        anchors = self._heaviest(a, b, c, d, rare) if rare else []
        if not anchors:
            return []
        found: list[Pair] = []
        for (i, j), (k, m) in pairwise([(a - 1, c - 1), *anchors, (b, d)]):
            found += self.between(i + 1, k, j + 1, m)
            found.append((k, m))
        return found[:-1]

    def _rare(self, pairs: dict[str, int]) -> set[str]:
        """The rarest tokens, as many as one step may look at."""
        chosen: set[str] = set()
        left = min(MAX_PAIRS, self.work)
        for count, token in sorted((count, token) for token, count in pairs.items()):
            if count > left:
                break
            left -= count
            self.work -= count
            chosen.add(token)
        return chosen

    def _heaviest(self, a: int, b: int, c: int, d: int, wanted: Container[str]) -> list[Pair]:
        """The heaviest run of pairs of wanted tokens.

        `best[k]` is the worth of the best run that ends before right[c + k] in the rows above,
        `ends[k]` its last pair; a run goes on at once behind the pair to its upper left, or
        after a gap and at a cost behind the best before it.
        """
        places: dict[str, list[int]] = {}
        for k, token in enumerate(self.right[c:d]):
            if token in wanted:
                places.setdefault(token, []).append(k)
        best, ends = [0] * (d - c + 1), [-1] * (d - c + 1)
        pairs: list[tuple[int, int, int]] = []  # left index, right index, the pair before
        above: dict[int, tuple[int, int]] = {}
        for i in range(a, b):
            row: dict[int, tuple[int, int]] = {}
            weight = self.weights[i]
            for k in places.get(self.left[i], ()):
                worth, before = best[k] - PIECE_COST, ends[k]
                straight = above.get(k - 1)
                if straight is not None and straight[0] >= worth:
                    worth, before = straight
                row[k] = worth + weight, len(pairs)
                pairs.append((i, c + k, before))
            for k, (worth, number) in row.items():
                if worth > best[k + 1]:
                    end = bisect_left(best, worth, k + 1)
                    best[k + 1 : end] = [worth] * (end - k - 1)
                    ends[k + 1 : end] = [number] * (end - k - 1)
            above = row
        found: list[Pair] = []
        number = ends[-1]
        while number >= 0:
            i, j, number = pairs[number]
            found.append((i, j))
        return found[::-1]
