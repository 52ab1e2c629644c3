"""Rows of a table as an instruction leaves them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from duthao.domain.document import Kind, Provision

_COUNTED = re.compile(r"\s*\d{1,4}[a-zđ]{0,2}(?P<end>\.?)\s*")


def noted(provision: Provision, note: str) -> Provision:
    """A repealed unit that says so; a row keeps its first cell, its number, before the note."""
    if provision.kind is not Kind.ROW:
        return replace(provision, text=note, marks=(), cells=())
    if len(provision.cells) < 2:
        return replace(provision, text="", marks=(), cells=(note,))
    cells = (provision.cells[0], note, *[""] * (len(provision.cells) - 2))
    return replace(provision, text="", marks=(), cells=cells)


def same_rows(old: Sequence[Provision], new: Sequence[Provision]) -> list[Provision]:
    """New rows, those that say what an old one says as that very one."""
    left: dict[tuple[str, ...], list[Provision]] = {}
    for row in old:
        left.setdefault(row.cells, []).append(row)
    return [left[row.cells].pop(0) if left.get(row.cells) else row for row in new]


def recounted(rows: Sequence[Provision]) -> list[Provision] | None:
    """The rows with their running numbers as 1, 2, 3 …; None when no row has one.

    A row without a number in its first cell (a heading across the table) is passed over.
    """
    found: list[Provision] = []
    number = 0
    for row in rows:
        match = _COUNTED.fullmatch(row.cells[0]) if row.cells else None
        if match is None:
            found.append(row)
            continue
        number += 1
        found.append(replace(row, cells=(f"{number}{match['end']}", *row.cells[1:])))
    return found if number else None
