"""Tables in an instrument: which rows of one are changed, new or gone, and what can be said of them.

Rows belong together by their words, running numbers left out; a row is named by its running
number where that tells it from the others, else by its place below the head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from duthao.domain.amend.operations import AddRows, Amend, Operation, Part, Place, Recount, Repeal
from duthao.domain.amend.units import Line, Unit
from duthao.domain.compare.keys import distinct_words
from duthao.domain.compare.sequences import common_subsequence
from duthao.domain.document import Kind
from duthao.domain.numbering import LETTERS, ORDINALS
from duthao.domain.outline import row_cells, row_line

ALIKE = 0.4
"""Words of two rows that must be common to both for them to be one row."""

MAX_PAIRS = 10_000
"""Pairs of rows weighed between two that stay; beyond, they are paired in order."""

_NUMBER = re.compile(r"\d{1,4}\.?")


@dataclass(frozen=True)
class Grid:
    """A table: its caption and its rows as printed, the first of them the head."""

    caption: str
    rows: tuple[str, ...]

    @cached_property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        return tuple(row_cells(row) or () for row in self.rows)

    @cached_property
    def is_counted(self) -> bool:
        """Whether every row below the head begins with a running number of its own."""
        numbers = [row[0] for row in self.cells[1:] if len(row) > 1]
        if len(numbers) + 1 != len(self.rows):
            return False
        return bool(numbers) and all(map(_NUMBER.fullmatch, numbers)) and len(set(numbers)) == len(numbers)

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it as it is quoted."""
        return (*filter(None, (self.caption,)), *self.rows)


def parted(unit: Unit) -> tuple[Unit, tuple[Grid, ...]]:
    """The unit with each of its tables as one line without words, and the tables."""
    lines: list[Line] = []
    grids: list[Grid] = []
    for line in unit.lines:
        if line.kind is Kind.TABLE:
            grids.append(Grid(line.text, ()))
            lines.append(Line(Kind.TABLE, ""))
        elif line.kind is Kind.ROW and lines and lines[-1].kind is Kind.TABLE:
            grids[-1] = Grid(grids[-1].caption, (*grids[-1].rows, line.text))
        else:
            lines.append(line)
    return replace(unit, lines=tuple(lines)), tuple(grids)


def whole(new: Grid, place: Place, at: int) -> tuple[Operation, ...]:
    """The table amended as a whole."""
    return (Amend(replace(place, part=Part.TABLE), new.lines, at),)


def is_sayable(old: Grid, new: Grid, place: Place) -> bool:
    """Whether a sentence can name the table and a quotation hold it: it has rows, its caption is
    not taken away and does not look like a row."""
    told = bool(old.rows and new.rows) and row_cells(new.caption) is None
    return told and place.nth <= len(ORDINALS) and bool(new.caption or not old.caption)


def row_by_row(old: Grid, new: Grid, place: Place, at: int) -> tuple[Operation, ...] | None:
    """Operations on the rows that are not the same; None when the table must be amended whole.

    `place` is the table's. Quoted rows carry the numbers they will have, or, where the table is
    counted again at the end, numbers that disturb none that stay ("2a").
    """
    if {len(row) for row in old.cells} != {len(row) for row in new.cells}:
        return None
    rows = _Rows(old, new, replace(place, part=Part.ROW, counted=old.is_counted), at)
    found: list[Operation] = []
    if old.caption != new.caption:
        found.append(Amend(replace(place, part=Part.CAPTION), (new.caption,), at))
    if old.rows[0] != new.rows[0]:
        found.append(Amend(rows.named(0), (new.rows[0],), at))
    added = rows.added()
    if added is None:
        return None
    recount = (Recount(replace(place, part=Part.TABLE), at),) if rows.recounts else ()
    return (*found, *rows.amended(), *added, *rows.repealed(), *recount)


@dataclass(frozen=True)
class _Rows:
    """The rows of a table before and after. Indices count the head as 0."""

    old: Grid
    new: Grid
    place: Place
    at: int

    def named(self, row: int) -> Place:
        """How a row of the old table is named; the head stands for itself."""
        if not row:
            return replace(self.place, row="", counted=False)
        number = self.old.cells[row][0].rstrip(".") if self.place.counted else str(row)
        return replace(self.place, row=number)

    @cached_property
    def _is_counted(self) -> bool:
        return self.old.is_counted and self.new.is_counted

    def _words(self, cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(cells[1:] if self._is_counted else cells)

    @cached_property
    def pairs(self) -> dict[int, int]:
        """Which old row a new one is, the head left out; in order on both sides."""
        before = [self._words(cells) for cells in self.old.cells]
        after = [self._words(cells) for cells in self.new.cells]
        same = [(i + 1, j + 1) for i, j in common_subsequence(before[1:], after[1:])]
        found = {j: i for i, j in same}
        for (i, j), (k, m) in zip([(0, 0), *same], [*same, (len(before), len(after))], strict=True):
            gap_old, gap_new = range(i + 1, k), range(j + 1, m)
            if len(gap_old) == len(gap_new) or len(gap_old) * len(gap_new) > MAX_PAIRS:
                found.update(zip(gap_new, gap_old, strict=False))
            else:
                found.update(_alike(before, after, gap_old, gap_new))
        return found

    @cached_property
    def recounts(self) -> bool:
        """Whether rows that say the same have other numbers, and counting anew gives these."""
        if not self._is_counted:
            return False
        moved = any(
            self._words(self.old.cells[i]) == self._words(self.new.cells[j])
            and self.old.cells[i] != self.new.cells[j]
            for j, i in self.pairs.items()
        )
        numbers = [cells[0] for cells in self.new.cells[1:]]
        end = "." if numbers[0].endswith(".") else ""
        kept = all(cells[0].endswith(".") == bool(end) for cells in self.old.cells[1:])
        return moved and kept and numbers == [f"{n}{end}" for n in range(1, len(numbers) + 1)]

    def amended(self) -> Iterator[Operation]:
        for j, i in sorted(self.pairs.items()):
            line = self._with_number(j, self.old.cells[i][0]) if self.recounts else self.new.rows[j]
            if line != self.old.rows[i]:
                yield Amend(self.named(i), (line,), self.at)

    def added(self) -> list[Operation] | None:
        """New rows behind the row that stays above them; None when none does on either side."""
        found: list[Operation] = []
        rows = [j for j in range(1, len(self.new.rows)) if j not in self.pairs]
        for start in (j for j in rows if j - 1 not in rows):
            end = next(j for j in range(start, len(self.new.rows) + 1) if j not in rows)
            after = start - 1 in self.pairs
            if not after and end not in self.pairs:
                return None
            beside = self.pairs[start - 1 if after else end]
            anchor = self.named(beside)
            lines = tuple(
                self._new_line(j, j - start, anchor.row if after else "") for j in range(start, end)
            )
            found.append(AddRows(anchor, after, lines, self.at))
        return found

    def _new_line(self, j: int, nth: int, beside: str) -> str:
        if not self.recounts or not beside or nth >= len(LETTERS):
            return self.new.rows[j]
        end = "." if self.new.cells[j][0].endswith(".") else ""
        return self._with_number(j, f"{beside}{LETTERS[nth]}{end}")

    def _with_number(self, j: int, number: str) -> str:
        return row_line((number, *self.new.cells[j][1:]))

    def repealed(self) -> Iterator[Operation]:
        stays = set(self.pairs.values())
        for i in range(1, len(self.old.rows)):
            if i not in stays:
                yield Repeal(self.named(i), self.at)


def _alike(
    before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]], olds: range, news: range
) -> dict[int, int]:
    """Rows in order that share most words, by the heaviest common subsequence."""
    words = {(0, i): distinct_words(" ".join(before[i])) for i in olds}
    words |= {(1, j): distinct_words(" ".join(after[j])) for j in news}

    def score(i: int, j: int) -> float:
        either = words[0, i] | words[1, j]
        share = len(words[0, i] & words[1, j]) / len(either) if either else 0.0
        return share if share >= ALIKE else 0.0

    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    nothing: tuple[float, tuple[tuple[int, int], ...]] = (0.0, ())
    for i in olds:
        for j in news:
            weight, chain = best.get((i - 1, j - 1), nothing)
            found = score(i, j)
            options = [best.get((i - 1, j), nothing), best.get((i, j - 1), nothing)]
            if found:
                options.append((weight + found, (*chain, (j, i))))
            best[i, j] = max(options, key=lambda option: option[0])
    return dict(best[olds[-1], news[-1]][1]) if olds and news else {}
