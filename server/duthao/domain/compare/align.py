"""All steps of the alignment, in their order."""

from __future__ import annotations

from duthao.domain.compare.aligner import Aligner, Overrides
from duthao.domain.compare.lift import lift, suspect
from duthao.domain.compare.tree import Tree


def align(before: Tree, after: Tree, overrides: Overrides) -> Aligner:
    """All steps in order; the finished aligner holds pairs and groups."""
    aligner = Aligner(before, after, overrides)
    aligner.equal_containers()
    aligner.containers(upper=False)
    aligner.containers(upper=True)
    aligner.same_ids()
    aligner.exact_leaves()
    aligner.origins()
    aligner.exact_moves()
    suspect(aligner)
    aligner.splits()
    aligner.alike_leaves()
    aligner.alike_moves()
    lift(aligner)
    return aligner
