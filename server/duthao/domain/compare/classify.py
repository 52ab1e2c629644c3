"""What happened to each pair, which pairs moved, and the order of the rows."""

from __future__ import annotations

from itertools import pairwise

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.keys import reference_key, spelling_key
from duthao.domain.compare.result import RowClass, Span
from duthao.domain.compare.sequences import longest_increasing
from duthao.domain.compare.tree import ROOT, Tree
from duthao.domain.compare.words import is_replaced
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
    same_home = aligner.pair.get(aligner.before.container[i], -2) == aligner.after.container[j]
    if same_home and (ours not in aligner.pair or theirs not in aligner.back):
        return "home", aligner.before.container[i]
    return None


def _weight(tree: Tree, index: int) -> int:
    return sum(len(tree.texts[k]) + 1 for k in tree.outline.subtree(index))


def pair_class(aligner: Aligner, i: int, j: int, has_moved: bool, spans: tuple[Span, ...]) -> RowClass:
    """The class of a one-to-one pair."""
    before, after = aligner.before.texts[i], aligner.after.texts[j]
    if before == after:
        return _class_of_equal(aligner, i, j, has_moved)
    if has_moved:
        return RowClass.MOVED_AMENDED
    if spelling_key(before) == spelling_key(after):
        return RowClass.SPELLING_ONLY
    if reference_key(before) == reference_key(after):
        return RowClass.REFERENCE_ONLY
    return RowClass.REPLACED if is_replaced(spans) and before and after else RowClass.AMENDED


def _class_of_equal(aligner: Aligner, i: int, j: int, has_moved: bool) -> RowClass:
    ours, theirs = aligner.before.entries[i], aligner.after.entries[j]
    if has_moved:
        return RowClass.MOVED
    if ours.label != theirs.label or ours.provision.kind is not theirs.provision.kind:
        return RowClass.RENUMBERED
    if ours.provision.marks != theirs.provision.marks:
        return RowClass.FORMAT_ONLY
    if ours.provision.cells != theirs.provision.cells:
        return RowClass.FORMAT_ONLY
    return RowClass.UNCHANGED
