"""The text in force beside the draft: each provision with what a comparison struck or added in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from duthao.domain.compare.result import Comparison, Row, RowClass, Unit
from duthao.domain.document import Kind, ProvisionId

Change = Literal["", "changed", "spelling"]
"""How words differ from the other text: not, in substance, or only in how they are written."""


@dataclass(frozen=True, slots=True)
class Stretch:
    words: str
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One provision of one of the two texts. Joined, its stretches are its text.

    `partner`: the provision of the other text it belongs with; None when there is none.
    """

    id: ProvisionId
    kind: Kind
    path: str
    label: str
    row_class: RowClass
    partner: ProvisionId | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Both texts in their own order: the first whole, of the second what is not as it was."""

    before: tuple[Line, ...]
    after: tuple[Line, ...]


def beside(comparison: Comparison, before: Sequence[ProvisionId], after: Sequence[ProvisionId]) -> Beside:
    """`before` and `after`: the ids of both texts in reading order."""
    left: dict[ProvisionId, Line] = {}
    right: dict[ProvisionId, Line] = {}
    for row in comparison.rows:
        left.update(_lines(row, row.before, row.after, "-"))
        if row.row_class is not RowClass.UNCHANGED:
            right.update(_lines(row, row.after, row.before, "+"))
    return Beside(_ordered(left, before), _ordered(right, after))


def _ordered(lines: Mapping[ProvisionId, Line], order: Sequence[ProvisionId]) -> tuple[Line, ...]:
    return tuple(lines[id_] for id_ in order if id_ in lines)


def _lines(
    row: Row, units: Sequence[Unit], others: Sequence[Unit], mine: Literal["-", "+"]
) -> dict[ProvisionId, Line]:
    """The units of one side of a row, in the order in which the row joins them."""
    texts = _parted(_stretches(row, mine), [len(unit.text) for unit in units])
    return {
        unit.id: Line(
            unit.id,
            unit.kind,
            unit.path,
            unit.label,
            row.row_class,
            others[min(at, len(others) - 1)].id if others else None,
            texts[at],
        )
        for at, unit in enumerate(units)
    }


def _stretches(row: Row, mine: Literal["-", "+"]) -> list[Stretch]:
    found = []
    for at, (op, words) in enumerate(row.spans):
        if op == "=":
            found.append(Stretch(words))
        elif op == mine:
            spelling = bool(row.span_orthography) and bool(row.span_orthography[at])
            found.append(Stretch(words, "spelling" if spelling else "changed"))
    return found


def _parted(stretches: Sequence[Stretch], lengths: Sequence[int]) -> list[tuple[Stretch, ...]]:
    """Joined texts taken apart again: so many code points each, a line break between two."""
    parted: list[tuple[Stretch, ...]] = []
    rest = list(stretches)
    for length in lengths:
        taken, missing = [], length
        while missing and rest:
            one = rest.pop(0)
            if len(one.words) > missing:
                rest.insert(0, Stretch(one.words[missing:], one.change))
                one = Stretch(one.words[:missing], one.change)
            missing -= len(one.words)
            taken.append(one)
        parted.append(tuple(taken))
        _drop_break(rest)
    return parted


def _drop_break(rest: list[Stretch]) -> None:
    while rest and not rest[0].words:
        rest.pop(0)
    if rest:
        rest[0] = Stretch(rest[0].words[1:], rest[0].change)
