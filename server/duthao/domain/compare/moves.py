"""Which pairs left their place: what is outside the heaviest run that keeps its order."""

from __future__ import annotations

from itertools import pairwise

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.compare.tree import ROOT, Tree
from duthao.domain.document import Kind
from duthao.domain.outline import UPPER


def moved(aligner: Aligner) -> set[int]:
    """Before-indices of pairs that left their place.

    Among brothers under paired parents, and among all articles, the heaviest run that keeps
    its order stays; what is outside it moved. Children follow their parent silently.
    """
    found: set[int] = set()
    brothers: dict[tuple[str, int], list[int]] = {}
    for i in sorted(aligner.pair):
        if i == ROOT:
            continue
        family = _family(aligner, i)
        if family is None:
            found.add(i)
        else:
            brothers.setdefault(family, []).append(i)
    for group in brothers.values():
        targets = [aligner.pair[i] for i in group]
        if all(a < b for a, b in pairwise(targets)):
            continue
        weights = [_weight(aligner.before, i) for i in group]
        kept = {group[index] for index in longest_increasing(targets, weights)}
        found.update(i for i in group if i not in kept)
    return found


def _family(aligner: Aligner, i: int) -> tuple[str, int] | None:
    """What a pair is ordered among; None when its parents belong to others: it moved."""
    kind = aligner.before.kind(i)
    if kind is Kind.ARTICLE or kind in UPPER:
        return kind.value, ROOT
    j = aligner.pair[i]
    ours, theirs = aligner.before.parent(i), aligner.after.parent(j)
    if aligner.pair.get(ours, -2) == theirs or aligner.parts.get(theirs, -2) == ours:
        return "child", ours
    if aligner.sources.get(ours, -2) == theirs:
        # In one family with the children of the article it was merged into.
        return "child", aligner.back[theirs]
    if _follows(aligner.after, aligner.pair, ours, j):
        return "child", ours  # it follows what it stood under, which changed its level
    if _follows(aligner.before, aligner.back, theirs, i):
        return "child", aligner.back[theirs]
    same_home = aligner.pair.get(aligner.before.container[i], -2) == aligner.after.container[j]
    if same_home and (ours not in aligner.pair or theirs not in aligner.back):
        return "home", aligner.before.container[i]
    return None


def _follows(there: Tree, partner: dict[int, int], parent: int, index: int) -> bool:
    """Whether the parent's partner stands in the same container there."""
    found = partner.get(parent) if parent != ROOT else None
    return found is not None and there.container[found] == there.container[index]


def _weight(tree: Tree, index: int) -> int:
    return sum(len(tree.texts[k]) + 1 for k in tree.outline.subtree(index))
