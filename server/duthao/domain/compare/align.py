"""All steps of the alignment, in their order, and what they found as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duthao.domain.compare.aligner import Aligner
from duthao.domain.compare.containers import (
    containers,
    divisions_of_another_level,
    equal_containers,
    evident_containers,
    slots,
)
from duthao.domain.compare.groups import Block, Group, Overrides, Way
from duthao.domain.compare.leaves import alike_leaves, alike_moves, exact_leaves, exact_moves, same_ids
from duthao.domain.compare.lift import absorb, lift, promoted, suspect
from duthao.domain.compare.moves import moved
from duthao.domain.compare.parts import origins, splits
from duthao.domain.compare.tree import Tree


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which provisions of two texts belong together, by index.

    `pair` and `back` hold one-to-one pairs (ROOT with ROOT among them), `confidence` (thousandths),
    `way` and `moved` speak of them by before-index. `groups` are splits and merges; of those that
    are lifted, one head of each side is in `pair` too. `blocks` are articles found equal as a whole.
    """

    before: Tree
    after: Tree
    pair: Mapping[int, int]
    back: Mapping[int, int]
    confidence: Mapping[int, int]
    way: Mapping[int, Way]
    moved: frozenset[int]
    groups: tuple[Group, ...]
    blocks: tuple[Block, ...]

    def turned(self) -> Alignment:
        """The same alignment seen from the after text."""
        return Alignment(
            before=self.after,
            after=self.before,
            pair=self.back,
            back=self.pair,
            confidence={self.pair[i]: sure for i, sure in self.confidence.items()},
            way={self.pair[i]: way for i, way in self.way.items()},
            moved=frozenset(self.pair[i] for i in self.moved),
            groups=tuple(group.turned() for group in self.groups),
            blocks=tuple(block.turned() for block in self.blocks),
        )


def align(before: Tree, after: Tree, overrides: Overrides) -> Alignment:
    """The alignment of two texts; that of the same two the other way round is its mirror.

    The steps are taken in one direction, which the texts decide, not the caller: where several
    pairings are equally good, both directions then choose the same. `overrides` are those in force.
    """
    if _size(after) < _size(before):
        return _aligned(after, before, overrides.turned()).turned()
    return _aligned(before, after, overrides)


def _size(tree: Tree) -> tuple[int, str]:
    return len(tree.texts), tree.sha256


def _aligned(before: Tree, after: Tree, overrides: Overrides) -> Alignment:
    aligner = Aligner(before, after, overrides)
    equal_containers(aligner)
    evident_containers(aligner)
    containers(aligner, upper=False)
    divisions_of_another_level(aligner)
    containers(aligner, upper=True)
    same_ids(aligner)
    exact_leaves(aligner)
    origins(aligner)
    exact_moves(aligner)
    suspect(aligner)
    slots(aligner, upper=False)
    slots(aligner, upper=True)
    splits(aligner)
    alike_leaves(aligner)
    alike_moves(aligner)
    absorb(aligner)
    lift(aligner)
    promoted(aligner)
    return Alignment(
        before, after, aligner.pair, aligner.back, aligner.confidence, aligner.way,
        frozenset(moved(aligner)), tuple(aligner.groups), tuple(aligner.blocks),
    )  # fmt: skip
