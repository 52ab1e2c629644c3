"""What an amending document orders, as values: addresses, operations, instructions.

The words are those of Nghị định 78/2025/NĐ-CP, Điều 66 to 70: an amending document names
each unit and what happens to it. Nothing here knows the text that is amended.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from duthao.domain.document import Kind
from duthao.domain.errors import Refusal

Step = tuple[Kind, str | None]
"""A kind and its number: (ARTICLE, "5a"). None for an appendix or a table without a number.

Tables and rows are numbered as they are spoken of: "bảng thứ 2" is the second of its unit, "bảng
số 2" the one whose caption says so; "hàng thứ 3" the third below the head, "hàng tiêu đề" the
head, "hàng cuối" the last, "số thứ tự 3" the one whose first cell says so.
"""

Path = tuple[Step, ...]
"""Steps from the outermost named unit to the unit itself; levels not named are left out."""


class Part(StrEnum):
    """Which part of a unit an address means."""

    WHOLE = "whole"  # the unit with all beneath it
    TITLE = "title"  # tên: the heading only
    LEAD = "lead"  # đoạn mở đầu: the unit's own words before its points
    PASSAGE = "passage"  # đoạn thứ n; `nth` counts from 1, -1 is the last


@dataclass(frozen=True, slots=True)
class Address:
    """Where in the base text. `paths` are the readings the words allow.

    More than one path comes from a container that names several parents ("một số điểm của
    khoản 1 và khoản 2 Điều 39"): exactly one of them must exist. An empty path is the whole
    text ("Quy chế này").
    """

    paths: tuple[Path, ...]
    part: Part = Part.WHOLE
    nth: int = 0

    @property
    def kind(self) -> Kind | None:
        """The kind of unit it ends at; None for the whole text."""
        return self.paths[0][-1][0] if self.paths and self.paths[0] else None


class Side(StrEnum):
    """Where something new goes, seen from the unit or phrase named."""

    AFTER = "after"
    BEFORE = "before"
    START = "start"
    END = "end"
    WITHIN = "within"  # under the unit named, by its own number


@dataclass(frozen=True, slots=True)
class Amend:
    """Sửa đổi, bổ sung: the new text replaces what the targets mean."""

    targets: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """Bổ sung: new units (their paths end in the new numbers) at one place.

    `units` of kind PARAGRAPH and ROW need no number. `anchor` is None when no place is named:
    then the number decides.
    """

    units: tuple[Address, ...]
    side: Side = Side.WITHIN
    anchor: Address | None = None


@dataclass(frozen=True, slots=True)
class Repeal:
    """Bãi bỏ: the targets are taken out; nothing is renumbered."""

    targets: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One phrase for another, or for none (new is "")."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ReplacePhrases:
    """Thay thế, bỏ cụm từ: every occurrence in each target, and only there."""

    pairs: tuple[Replacement, ...]
    targets: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class InsertPhrase:
    """Bổ sung cụm từ: beside every occurrence of `beside`, or at an end of each target."""

    phrase: str
    side: Side
    beside: str | None
    targets: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Recount:
    """Đánh lại số thứ tự: the running numbers of the tables meant go 1, 2, 3 … again."""

    targets: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Renumber:
    """Đánh số lại: each target takes the number that `numbers` has in its place.

    A number with parents of its own may be in another unit: then the target moves there.
    """

    targets: tuple[Address, ...]
    numbers: tuple[Address, ...]


Operation = Amend | Insert | Repeal | ReplacePhrases | InsertPhrase | Recount | Renumber


ChangeKind = Literal["amended", "retitled", "lead", "inserted", "repealed", "phrase", "renumbered", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one unit: its path in the text (`domain.outline`), and how many places."""

    kind: ChangeKind
    path: str
    count: int = 1


class Source(NamedTuple):
    """Where an instruction stands: "điểm a khoản 2 Điều 1", its line from 1, its words."""

    label: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Sourced:
    """What was made of an instruction, or that nothing was."""

    source: Source

    @property
    def label(self) -> str:
        """Where the instruction stands in the amending document."""
        return self.source.label

    @property
    def text(self) -> str:
        """The instruction's own words, without the quoted new text."""
        return self.source.text


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction as read. `quoted` are the lines of the new text, without its quotes."""

    source: Source
    operations: tuple[Operation, ...]
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused(Sourced):
    """An instruction that was not applied, and why.

    `code` is stable; its sentence stands in the catalogue under `error.<code>` and is
    filled by `details` (see `duthao.domain.errors.Refusal`).
    """

    code: str
    details: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, source: Source, refusal: Refusal) -> Refused:
        """The refusal of one instruction; lists in its details become one line."""
        shown = {
            name: "; ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in refusal.details.items()
        }
        return cls(source, refusal.code, tuple(shown.items()))
