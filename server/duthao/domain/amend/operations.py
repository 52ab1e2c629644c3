"""What an instrument does, operation by operation, in the order of the amended text.

Values only: `script` finds them, `grouping` puts them into instructions, `drafting` words them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from duthao.domain.amend.swaps import Swap
from duthao.domain.amend.units import Address


class Part(StrEnum):
    """Which part of a unit is meant."""

    WHOLE = "whole"
    TITLE = "title"  # tên Điều 5, tên Chương II
    LEAD = "lead"  # đoạn mở đầu khoản 2
    PASSAGE = "passage"  # đoạn thứ hai khoản 2
    TABLE = "table"  # bảng tại Phụ lục I
    CAPTION = "caption"  # tên bảng tại Phụ lục I
    ROW = "row"  # hàng thứ ba của bảng tại Phụ lục I


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, or a part of one. `nth` counts passages from 1: a clause's own words are the first.

    Of tables and their rows `nth` is which table of the unit, 0 its only one; `row` is the row's
    name, `counted` whether by its running number ("số thứ tự 3") or by its place below the head
    ("hàng thứ 3"); "" is the head itself.
    """

    address: Address
    part: Part = Part.WHOLE
    nth: int = 0
    row: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Amend:
    """The place gets the words of `lines`. `at` is its rank in the amended text."""

    place: Place
    lines: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Insert:
    """New units of one kind beside a surviving one.

    `within` is the division they stand in, where the neighbour alone would not tell.
    """

    units: tuple[Address, ...]
    anchor: Address
    after: bool
    within: Address | None
    lines: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Append:
    """An unnumbered paragraph at the end of a unit."""

    address: Address
    lines: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class AddRows:
    """New rows beside one that stays."""

    anchor: Place
    after: bool
    lines: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Recount:
    """The running numbers of a table are counted again."""

    place: Place
    at: int


@dataclass(frozen=True, slots=True)
class Repeal:
    """The unit goes, with all that stands in it, or one of its passages."""

    place: Place
    at: int


@dataclass(frozen=True, slots=True)
class Rephrase:
    """The swap is made at every occurrence in the places."""

    swap: Swap
    places: tuple[Place, ...]
    at: int


Operation = Amend | Insert | Append | AddRows | Recount | Repeal | Rephrase


@dataclass(frozen=True, slots=True)
class Script:
    """Operations that make the target of the old text, and units no sentence can reach."""

    operations: tuple[Operation, ...]
    unsaid: tuple[Address, ...] = ()
