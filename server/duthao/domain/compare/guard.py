"""The structure guard: a revision should not disturb the order of a regulation (norms A1, S2).

Structural changes are those of articles and divisions: moved, taken out, renumbered, split,
merged. They are listed apart, with a warning, whatever else the comparison shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from duthao.domain.compare.result import Comparison, Row, RowClass, Unit
from duthao.domain.document import Kind
from duthao.domain.outline import UPPER

Disturbance = Literal["moved", "repealed", "renumbered", "split", "merged", "level_changed"]


@dataclass(frozen=True, slots=True)
class StructuralChange:
    """One article or division out of its old order; its sentence is `room.guard.<what>`."""

    what: Disturbance
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]


_CLASSES: dict[RowClass, Disturbance] = {
    RowClass.MOVED: "moved",
    RowClass.MOVED_AMENDED: "moved",
    RowClass.REPEALED: "repealed",
    RowClass.SPLIT: "split",
    RowClass.MERGED: "merged",
}


def structural_changes(comparison: Comparison) -> tuple[StructuralChange, ...]:
    """In the order of the rows. An added article disturbs nothing; a repealed one that keeps its
    number (a note stands there) does not either."""
    found: list[StructuralChange] = []
    for row in comparison.rows:
        what = _disturbance(row)
        if what is not None:
            found.append(StructuralChange(what, row.before, row.after))
    return tuple(found)


def _disturbance(row: Row) -> Disturbance | None:
    units = (*row.before, *row.after)
    if not row.before or not any(_is_structural(unit) for unit in units):
        return None
    if row.row_class is RowClass.REPEALED and row.after:
        return None
    known = _CLASSES.get(row.row_class)
    if known is not None:
        return known
    if row.row_class is RowClass.LABEL_STYLE:
        return None
    if row.level_changed:
        return "level_changed"
    if row.after and row.before[0].label != row.after[0].label:
        return "renumbered"
    return None


def _is_structural(unit: Unit) -> bool:
    return unit.kind is Kind.ARTICLE or unit.kind in UPPER
