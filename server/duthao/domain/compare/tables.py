"""Tables: which columns of two tables belong together, and a row compared cell by cell.

Columns are paired by their heads, then by what stands in them, then by their order; a column of
running numbers is never evidence. Merged cells arrive expanded to a grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from duthao.domain.compare.keys import spelling_key
from duthao.domain.compare.result import CellPair, Span
from duthao.domain.compare.sequences import assign

Rows = Sequence[Sequence[str]]
Columns = tuple[tuple[int | None, int | None], ...]

_SHARED = 300
"""Thousandths of its cells that two columns must share to be one."""

_MAX_COLUMNS = 64


@lru_cache(maxsize=256)
def columns(before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...]) -> Columns:
    """Pairs of column indices in the order of the after table, those that went behind their left neighbour.

    The first row of a table is its head. None stands for a column that is not there.
    """
    width, other = _width(before), _width(after)
    found = _by_head(before, after)
    taken = set(found.values())
    left = [a for a in range(width) if a not in found]
    right = [b for b in range(other) if b not in taken]
    scored = [
        (score - abs(a - b), a, b)
        for a in left[:_MAX_COLUMNS]
        for b in right[:_MAX_COLUMNS]
        if (score := _likeness(_column(before, a), _column(after, b))) >= _SHARED
    ]
    found.update({a: b for _, a, b in assign(scored)})
    left = [a for a in left if a not in found]
    right = [b for b in right if b not in set(found.values())]
    if len(left) == len(right):
        found.update(zip(left, right, strict=True))
    return _in_order(found, width, other)


def _width(rows: Rows) -> int:
    return max(map(len, rows), default=0)


def _by_head(before: Rows, after: Rows) -> dict[int, int]:
    heads = [[spelling_key(cell) for cell in rows[0]] if rows else [] for rows in (before, after)]
    return {
        a: heads[1].index(head)
        for a, head in enumerate(heads[0])
        if head and heads[0].count(head) == 1 and heads[1].count(head) == 1
    }


def _column(rows: Rows, at: int) -> list[str]:
    return [spelling_key(row[at]) for row in rows[1:] if at < len(row) and row[at].strip()]


def _likeness(left: Sequence[str], right: Sequence[str]) -> int:
    if not left or not right:
        return 0
    return 1000 * len(set(left) & set(right)) // max(len(set(left)), len(set(right)))


def _in_order(found: Mapping[int, int], width: int, other: int) -> Columns:
    back = {b: a for a, b in found.items()}
    pairs: list[tuple[int | None, int | None]] = [(back.get(b), b) for b in range(other)]
    for a in range(width):
        if a not in found:
            place = next((n + 1 for n, (one, _) in enumerate(pairs) if one == a - 1), 0)
            pairs.insert(place, (a, None))
    return tuple(pairs)


def cell_pairs(
    pairing: Columns,
    before: Sequence[str],
    after: Sequence[str],
    words: Callable[[str, str], tuple[Span, ...]],
) -> tuple[CellPair, ...]:
    """A row's cells side by side: `pairing` as `columns` gives it; a row may be shorter than its table."""
    return tuple(
        CellPair(a, b, words(_cell(before, a), _cell(after, b)))
        for a, b in pairing
        if _has(before, a) or _has(after, b)
    )


def _has(cells: Sequence[str], at: int | None) -> bool:
    return at is not None and at < len(cells)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""
