"""Which corrections by hand two texts leave room for, and which of them rested.

A correction is kept by provision ids and was said of two certain texts, say the one in force and
the draft. Between two others, two drafts perhaps, an id it names may stand for the very same words
on both sides. What stands word for word in both texts is itself, and a text compared with itself
has no changes: a correction that would tear it away rests. Everywhere else what was said holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from duthao.domain.compare.groups import Overrides
from duthao.domain.compare.keys import distinct_words
from duthao.domain.compare.result import Resting, Row
from duthao.domain.compare.similarity import FULL
from duthao.domain.compare.tree import Line, Tree


def in_force(overrides: Overrides, before: Tree, after: Tree) -> Overrides:
    """The corrections that hold between these texts, in their order.

    An id is itself where it stands for the same words on both sides, with all that stands under
    it. "Apart" of an id from itself rests there; "together" of two ids rests where one of them is
    itself and is not said to stay so too (as a part of a split or merge), or where both are.
    """
    if overrides == Overrides():
        return overrides
    said = set(overrides.together)

    @cache
    def is_itself(id_: str) -> bool:
        return _stands_for(before, id_) == _stands_for(after, id_) != []

    def holds(a: str, b: str) -> bool:
        torn = any(is_itself(id_) and (id_, id_) not in said for id_ in (a, b))
        return a == b or not (torn or (is_itself(a) and is_itself(b)))

    return Overrides(
        together=tuple((a, b) for a, b in overrides.together if holds(a, b)),
        apart=tuple((a, b) for a, b in overrides.apart if a != b or not is_itself(a)),
    )


def _stands_for(tree: Tree, id_: str) -> list[list[Line]]:
    """Kinds and words of each provision of this id and of what stands under it."""
    return [
        [(tree.kind(k), tree.texts[k]) for k in tree.outline.subtree(index)]
        for index in tree.places.get(id_, ())
    ]


def rested(said: Overrides, holding: Overrides, rows: Iterable[Row]) -> tuple[Resting, ...]:
    """The corrections that `rows` do not show, though both provisions are there, in their order.

    Told from the rows: whatever the reason, no correction goes unheeded in silence. `holding` are
    those of `said` that are in force.
    """
    if said == Overrides():
        return ()
    befores, afters = set[str](), set[str]()
    paired = set[tuple[str, str]]()
    for row in rows:
        ours, theirs = [unit.id for unit in row.before], [unit.id for unit in row.after]
        befores.update(ours)
        afters.update(theirs)
        paired.update((a, b) for a in ours for b in theirs)
    together = [
        Resting("together", a, b, "contradicted" if (a, b) in holding.together else "unchanged")
        for a, b in said.together
        if a in befores and b in afters and (a, b) not in paired
    ]
    apart = [
        Resting("apart", a, b, "contradicted" if (a, b) in holding.apart else "unchanged")
        for a, b in said.apart
        if (a, b) in paired
    ]
    return (*together, *apart)


def sameness(before: Tree, i: int, after: Tree, j: int) -> int:
    """0..1000: the words two provisions share, each counted alike; 1000 only for equal texts."""
    if before.texts[i] == after.texts[j]:
        return FULL
    left, right = distinct_words(before.words[i]), distinct_words(after.words[j])
    return (FULL - 1) * len(left & right) // max(len(left | right), 1)
