"""Order and assignment: the small algorithms the alignment stands on, all deterministic."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence

_MAX_MATCHES = 200_000
"""Equal places looked at in one common subsequence; beyond it only elements found once count."""

_MAX_COMPONENT = 60
"""Candidates' component solved exactly; larger ones are paired best score first."""


def longest_increasing(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Indices of the heaviest strictly increasing run of non-negative values."""
    size = max(values, default=-1) + 2
    best: list[tuple[int, int]] = [(0, -1)] * (size + 1)  # Fenwick tree of (weight, index) maxima
    previous = [-1] * len(values)
    top = (0, -1)
    for index, value in enumerate(values):
        at, found = value, (0, -1)
        while at > 0:
            if best[at][0] > found[0]:
                found = best[at]
            at -= at & -at
        previous[index] = found[1]
        here = (found[0] + max(weights[index], 1), index)
        if here[0] > top[0]:
            top = here
        at = value + 1
        while at <= size:
            if here[0] > best[at][0]:
                best[at] = here
            at += at & -at
    chain: list[int] = []
    at = top[1]
    while at >= 0:
        chain.append(at)
        at = previous[at]
    return chain[::-1]


def common_subsequence(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Index pairs of a longest common subsequence, in order."""
    places: dict[Hashable, list[int]] = {}
    for index, item in enumerate(right):
        places.setdefault(item, []).append(index)
    matches = [(i, places[item]) for i, item in enumerate(left) if item in places]
    if sum(len(found) for _, found in matches) > _MAX_MATCHES:
        matches = [(i, found) for i, found in matches if len(found) == 1]
    tails: list[int] = []
    ends: list[tuple[int, int, int]] = []  # (i, j, link), ends of the chains found so far
    at_length: list[int] = []
    for i, found in matches:
        for j in reversed(found):
            length = bisect_left(tails, j)
            ends.append((i, j, at_length[length - 1] if length else -1))
            if length == len(tails):
                tails.append(j)
                at_length.append(len(ends) - 1)
            else:
                tails[length] = j
                at_length[length] = len(ends) - 1
    pairs: list[tuple[int, int]] = []
    link = at_length[-1] if at_length else -1
    while link >= 0:
        i, j, link = ends[link]
        pairs.append((i, j))
    return pairs[::-1]


Candidate = tuple[int, int, int]
"""(score > 0, before, after)."""


def _greedy(candidates: Sequence[Candidate]) -> list[Candidate]:
    lefts: set[int] = set()
    rights: set[int] = set()
    chosen: list[Candidate] = []
    for score, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if i not in lefts and j not in rights:
            lefts.add(i)
            rights.add(j)
            chosen.append((score, i, j))
    return chosen


def _hungarian(cost: Sequence[Sequence[int]]) -> list[int]:
    """For a square cost matrix: the column of each row, at the least cost in all."""
    size = len(cost)
    u, v = [0] * (size + 1), [0] * (size + 1)
    row_of = [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0], column = row, 0
        least: list[float] = [float("inf")] * (size + 1)
        came = [0] * (size + 1)
        used = [False] * (size + 1)
        while row_of[column]:
            used[column] = True
            at, delta, following = row_of[column], float("inf"), 0
            for other in range(1, size + 1):
                if used[other]:
                    continue
                reduced = cost[at - 1][other - 1] - u[at] - v[other]
                if reduced < least[other]:
                    least[other], came[other] = reduced, column
                if least[other] < delta:
                    delta, following = least[other], other
            step = int(delta)
            for other in range(size + 1):
                if used[other]:
                    u[row_of[other]] += step
                    v[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            row_of[column] = row_of[came[column]]
            column = came[column]
    columns = [0] * size
    for column in range(1, size + 1):
        columns[row_of[column] - 1] = column - 1
    return columns


def _components(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Candidates grouped so that no two groups share a side."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(item: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(item, item) != item:
            parent[item] = item = parent[parent[item]]
        return item

    for _, i, j in candidates:
        parent[root(("b", i))] = root(("a", j))
    groups: dict[tuple[str, int], list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(root(("b", candidate[1])), []).append(candidate)
    return list(groups.values())


def assign(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One-to-one choice of candidates with the highest sum of scores, sorted by (before, after)."""
    chosen: list[Candidate] = []
    for group in _components(sorted(candidates, key=lambda c: (c[1], c[2]))):
        if len(group) == 1:
            chosen.extend(group)
            continue
        lefts = sorted({i for _, i, _ in group})
        rights = sorted({j for _, _, j in group})
        size = max(len(lefts), len(rights))
        if size > _MAX_COMPONENT:
            chosen.extend(_greedy(group))
            continue
        scores = {(i, j): score for score, i, j in group}
        cost = [[0] * size for _ in range(size)]
        for row, i in enumerate(lefts):
            for column, j in enumerate(rights):
                cost[row][column] = -scores.get((i, j), 0)
        columns = _hungarian(cost)
        for row, i in enumerate(lefts):
            if columns[row] < len(rights) and (i, rights[columns[row]]) in scores:
                j = rights[columns[row]]
                chosen.append((scores[i, j], i, j))
    return sorted(chosen, key=lambda c: (c[1], c[2]))
