"""Which pairs left their place: what is outside the heaviest run that keeps its order."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import pairwise

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.compare.tree import ROOT, Tree
from duthao.domain.document import Kind
from duthao.domain.outline import LEVELS, UPPER

_ANCHORED = 1000
"""How much more a head in its own division weighs than one whose division is new or gone."""

_HEADS = (*sorted(UPPER, key=lambda kind: (LEVELS[kind], kind)), Kind.ARTICLE)
"""Kinds of heads, the highest first."""


def moved(aligner: Aligner) -> set[int]:
    """Before-indices of pairs that left their place.

    Among brothers under paired parents, among divisions, and among all articles, the heaviest run
    that keeps its order stays; what is outside it moved. Children follow their parent silently,
    articles their division: a chapter that moved is told once.
    """
    found: set[int] = set()
    brothers: dict[tuple[str, int | Kind], list[int]] = {}
    pair, ours, theirs = aligner.pair, aligner.before.parents, aligner.after.parents
    containers = aligner.before.members
    inside = {ROOT}.union(*(range(block.before + 1, block.before + block.size) for block in aligner.blocks))
    for i in sorted(pair.keys() - inside):  # what stands in equal articles keeps its order there
        # Most stand under paired parents: told without asking further.
        parent = ours[i]
        usual = i not in containers and pair.get(parent, -2) == theirs[pair[i]]
        family = ("child", parent) if usual else _family(aligner, i)
        if family is None:
            found.add(i)
        else:
            brothers.setdefault(family, []).append(i)
    heads = {kind: brothers.pop(("head", kind), []) for kind in _HEADS}
    for group in brothers.values():
        found.update(_out_of_order(aligner, group))
    for kind in _HEADS:
        found.update(_moved_heads(aligner, heads[kind], found))
    return found


def _out_of_order(aligner: Aligner, group: Sequence[int], anchored: Container[int] = ()) -> list[int]:
    targets = [aligner.pair[i] for i in group]
    if all(a < b for a, b in pairwise(targets)):
        return []
    weights = [_weight(aligner.before, i) * (_ANCHORED if i in anchored else 1) for i in group]
    kept = {group[index] for index in longest_increasing(targets, weights)}
    return [i for i in group if i not in kept]


def _moved_heads(aligner: Aligner, heads: Sequence[int], above: Container[int]) -> list[int]:
    """Of the heads of one kind: those out of order in their own division, and those that left it.

    One whose division is new or gone is judged by its place among all heads of its kind, save
    those that a division of `above` took along.
    """
    own: dict[int, list[int]] = {}
    loose: list[int] = []
    for i in heads:
        home = _own_division(aligner, i)
        if home == ROOT:
            loose.append(i)
        else:
            own.setdefault(home, []).append(i)
    found = [i for group in own.values() for i in _out_of_order(aligner, group)]
    if not loose:
        return found
    found += [i for i in loose if _left_division(aligner, i)]
    gone, anchored = frozenset(found), frozenset(heads) - frozenset(loose)
    ordered = [i for i in heads if i not in gone and not _goes_along(aligner, i, above)]
    return found + [i for i in _out_of_order(aligner, ordered, anchored) if i not in anchored]


def _own_division(aligner: Aligner, i: int) -> int:
    """The division that a head stands directly under in both texts; ROOT when there is none."""
    ours, theirs = aligner.before.parent(i), aligner.after.parent(aligner.pair[i])
    return ours if aligner.pair.get(ours, -2) == theirs else ROOT


def _left_division(aligner: Aligner, i: int) -> bool:
    """Whether it stands under another division, and both divisions are there in both texts."""
    ours, theirs = aligner.before.parent(i), aligner.after.parent(aligner.pair[i])
    if ROOT in (ours, theirs) or ours not in aligner.pair or theirs not in aligner.back:
        return False
    if aligner.before.kind(ours) is not aligner.after.kind(theirs):
        return False  # a Mục put around it, or taken away
    split = aligner.parts.get(theirs, -2) == ours or aligner.sources.get(ours, -2) == theirs
    return not split


def _goes_along(aligner: Aligner, i: int, divisions: Container[int]) -> bool:
    """Whether a division above it moved and took it along."""
    above = aligner.before.parent(i)
    while above != ROOT:
        if above in divisions:
            return True
        above = aligner.before.parent(above)
    return False


def _family(aligner: Aligner, i: int) -> tuple[str, int | Kind] | None:
    """What a pair is ordered among; None when its parents belong to others: it moved."""
    kind = aligner.before.kind(i)
    if (i in aligner.before.members) is not (aligner.pair[i] in aligner.after.members):
        return None  # a clause that became an article
    if kind in _HEADS:
        return "head", kind
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
