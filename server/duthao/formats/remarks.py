"""What every layout of the comparison table says beside the words, in the catalogue's language."""

from __future__ import annotations

from collections.abc import Sequence

from duthao.domain.compare.result import RowClass
from duthao.domain.table import ComparisonTable, TableRow
from duthao.messages import Catalogue

_SAID_BY_MARKS = frozenset(
    (RowClass.UNCHANGED, RowClass.AMENDED, RowClass.REPLACED, RowClass.ADDED, RowClass.REPEALED)
)
SHOWN = 12
"""At most so many provisions are named in a remark; the cells name them all."""


def remark(row: TableRow, catalogue: Catalogue) -> str:
    """What underlined and struck words cannot say: moved from where, split, merged, old number."""
    if row.moved_from:
        place = spoken_path(row.moved_from, catalogue)
        amended = row.row_class is RowClass.MOVED_AMENDED
        return catalogue("print.moved_amended" if amended else "print.moved", place=place)
    if row.row_class is RowClass.SPLIT and len(row.after_paths) > 1:
        return catalogue("print.split", places=_spoken(row.after_paths, catalogue))
    if row.row_class is RowClass.MERGED and len(row.before_paths) > 1:
        return catalogue("print.merged", places=_spoken(row.before_paths, catalogue))
    if row.row_class is RowClass.RENUMBERED and row.before_paths:
        return catalogue("print.renumbered", place=spoken_path(row.before_paths[0], catalogue))
    return "" if row.row_class in _SAID_BY_MARKS else catalogue(f"table.class.{row.row_class.value}")


def _spoken(paths: Sequence[str], catalogue: Catalogue) -> str:
    said = "; ".join(spoken_path(path, catalogue) for path in paths[:SHOWN])
    return f"{said}; …" if len(paths) > SHOWN else said


def spoken_path(path: str, catalogue: Catalogue) -> str:
    """A path as it is cited, smallest unit first: "điểm đ khoản 2 Điều 5"."""
    spoken = []
    for part in reversed(path.split("/")):
        name, _, number = part.partition("#")[0].partition(":")
        spoken.append(catalogue(f"print.path.{name}", n=number.replace("-", " ")).strip())
    return " ".join(spoken)


def statistics_lines(table: ComparisonTable, catalogue: Catalogue) -> list[str]:
    """Lines for the table's head: articles, the advice above one half, and what is left out."""
    found = table.statistics
    lines: list[str] = []
    if found.articles_before:
        lines.append(
            catalogue(
                "print.statistics",
                changed=found.articles_changed,
                before=found.articles_before,
                after=found.articles_after,
            )
        )
    if found.advises_replacing:
        lines.append(catalogue("print.advise_replacing"))
    if table.left_out:
        what = "; ".join(
            f"{catalogue(f'table.class.{kind.value}').lower()}: {number}" for kind, number in table.left_out
        )
        lines.append(catalogue("print.left_out", what=what))
    return lines


def class_counts(table: ComparisonTable, catalogue: Catalogue) -> list[str]:
    """One line for each class that occurs: its name and the number of its rows."""
    return [
        f"{catalogue(f'table.class.{kind.value}')}: {number}"
        for kind, number in table.statistics.rows_by_class
    ]
