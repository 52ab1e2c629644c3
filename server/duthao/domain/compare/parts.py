"""One provision against several: split off by its own word, or found by the words (step 5)."""

from __future__ import annotations

from collections.abc import Sequence

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.similarity import Bag
from duthao.domain.compare.tree import Tree

_SPLIT_PAIRS = 40_000
RIVAL = 400
"""Likeness from which another provision has a better claim to a part."""

RUN = 8
"""Provisions in one merge or split at the most."""


def origins(aligner: Aligner) -> None:
    """A provision that was split off says from where; believed when its words were there.

    A copy is none: what it was copied from still has all its words.
    """
    back = {j: i for i, j in aligner.same_id.items()}
    for one, other, same in (
        (aligner.before, aligner.after, aligner.same_id),
        (aligner.after, aligner.before, back),
    ):
        for whole, rest in _said_origins(aligner, one, other).items():
            first = same.get(whole)
            if first is None or whole in one.members or not aligner.free(other, (first,)):
                continue
            if is_apart(aligner, one, whole, first):
                continue
            held, kept = aligner.bag(one, whole), aligner.bag(other, first)
            run = tuple(sorted({first, *(k for k in rest if _came_from(aligner, other, k, one, whole))}))
            gained = _covered(aligner, one, whole, other, run) - aligner.weights.coverage(held, kept)
            if len(run) > 1 and gained >= 100:
                covered = _covered(aligner, one, whole, other, run)
                if one is aligner.before:
                    aligner.group((whole,), run, covered)
                else:
                    aligner.group(run, (whole,), covered)


def _said_origins(aligner: Aligner, one: Tree, other: Tree) -> dict[int, list[int]]:
    """Free provisions of `one`, and the free ones of `other` that say they came from them."""
    found: dict[int, list[int]] = {}
    for k in other.split_off:
        sources = one.places.get(other.entries[k].provision.origin or "", ())
        if len(sources) == 1 and aligner.free(other, (k,)) and aligner.free(one, sources):
            found.setdefault(sources[0], []).append(k)
    return found


def _came_from(aligner: Aligner, other: Tree, part: int, one: Tree, whole: int) -> bool:
    return not is_apart(aligner, one, whole, part) and _covered(aligner, other, part, one, (whole,)) >= 500


def splits(aligner: Aligner) -> None:
    """One free leaf against a run of 2..8 free neighbours that hold its words, both ways.

    Not looked for where hundreds were rewritten inside one article: work stays bounded.
    """
    for left, right in aligner.families():
        ours, theirs = aligner.free(aligner.before, left), aligner.free(aligner.after, right)
        if len(ours) * len(theirs) > _SPLIT_PAIRS:
            continue
        for i in ours:
            run = _run(aligner, aligner.before, i, aligner.after, right)
            if run and _are_its_own(aligner, aligner.before, i, ours, run):
                aligner.group((i,), run, _covered(aligner, aligner.before, i, aligner.after, run))
        for j in aligner.free(aligner.after, right):
            run = _run(aligner, aligner.after, j, aligner.before, left)
            if run and _are_its_own(aligner, aligner.after, j, theirs, run):
                aligner.group(run, (j,), _covered(aligner, aligner.after, j, aligner.before, run))


def _covered(aligner: Aligner, tree: Tree, one: int, other: Tree, run: Sequence[int]) -> int:
    parts = aligner.weights.joined(other.words[k] for k in run)
    return aligner.weights.coverage(aligner.bag(tree, one), parts)


def _run(aligner: Aligner, tree: Tree, one: int, other: Tree, places: Sequence[int]) -> tuple[int, ...]:
    """The shortest run of neighbours that together are `one`; empty when there is none."""
    whole = aligner.bag(tree, one)
    if whole.size < 8:
        return ()
    free = set(aligner.free(other, places))
    parts = {k for k in places if k in free and _belongs(aligner, other, k, whole)}
    best: tuple[int, ...] = ()
    for start in range(len(places)):
        run: list[int] = []
        for k in places[start : start + RUN]:
            if k not in parts or is_apart(aligner, tree, one, k):
                break
            run.append(k)
            if len(run) >= 2 and _covers(aligner, whole, other, run):
                if not best or len(run) < len(best):
                    best = tuple(run)
                break
    return best


def _are_its_own(aligner: Aligner, tree: Tree, one: int, others: Sequence[int], run: Sequence[int]) -> bool:
    """Whether no part is more like another of `others` than like `one`: its neighbour amended is no part."""
    there = aligner.after if tree is aligner.before else aligner.before
    rivals = [aligner.bag(tree, k) for k in aligner.free(tree, others) if k != one]
    whole = aligner.bag(tree, one)
    for k in run:
        part = aligner.bag(there, k)
        least = max(RIVAL, aligner.weights.likeness(whole, part) + 1)
        if any(aligner.weights.likeness(rival, part) >= least for rival in rivals):
            return False
    return True


def is_apart(aligner: Aligner, tree: Tree, one: int, part: int) -> bool:
    """Whether `one`, of `tree`, and `part`, of the other text, are parted by hand."""
    return aligner.is_apart(one, part) if tree is aligner.before else aligner.is_apart(part, one)


def _belongs(aligner: Aligner, tree: Tree, index: int, whole: Bag) -> bool:
    """Most of a part comes from the whole; a lead-in ("sau đây:") brings words of its own."""
    least = 400 if tree.texts[index].endswith(":") else 660
    return aligner.weights.coverage(aligner.bag(tree, index), whole) >= least


def _covers(aligner: Aligner, whole: Bag, tree: Tree, run: Sequence[int]) -> bool:
    """The run holds the words, and no single part does so alone: that would be an addition."""
    covered = aligner.weights.coverage(whole, aligner.weights.joined(tree.words[k] for k in run))
    alone = max(aligner.weights.coverage(whole, aligner.bag(tree, k)) for k in run)
    return covered >= 900 and covered - alone >= 60
