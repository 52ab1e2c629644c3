"""Which corrections by hand two texts leave room for.

A correction is kept by provision ids and was said of two certain texts, say the one in force and
the draft. Between two drafts the same ids may stand on both sides as themselves: there the
correction would part a provision from itself, or tie it to its neighbour. So it rests where the
words say that each is still what it was.
"""

from __future__ import annotations

from duthao.domain.compare.groups import Overrides
from duthao.domain.compare.keys import distinct_words
from duthao.domain.compare.similarity import FULL
from duthao.domain.compare.tree import Tree

_STILL_ITSELF = 500
"""Of a thousand: two provisions that both kept their id and this share of words are not each other."""
_NOT_PARTED = 800
"""One that kept its id and this share of its words is not parted from itself."""


def in_force(overrides: Overrides, before: Tree, after: Tree) -> Overrides:
    """The corrections that hold between these texts, in their order.

    "Apart" of one id rests where the id has nearly the same words on both sides; "together" of two
    ids rests where both ids are on both sides and each is like itself. All others hold.
    """

    def kept(id_: str) -> int:
        ours, theirs = before.places.get(id_, []), after.places.get(id_, [])
        return sameness(before, ours[0], after, theirs[0]) if len(ours) == len(theirs) == 1 else 0

    return Overrides(
        together=tuple(
            (a, b) for a, b in overrides.together if a == b or min(kept(a), kept(b)) < _STILL_ITSELF
        ),
        apart=tuple((a, b) for a, b in overrides.apart if a != b or kept(a) < _NOT_PARTED),
    )


def sameness(before: Tree, i: int, after: Tree, j: int) -> int:
    """0..1000: the words two provisions share, each counted alike; 1000 only for equal texts."""
    if before.texts[i] == after.texts[j]:
        return FULL
    left, right = distinct_words(before.words[i]), distinct_words(after.words[j])
    return (FULL - 1) * len(left & right) // max(len(left | right), 1)
