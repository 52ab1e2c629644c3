"""What a comparison says: frozen rows, the same bytes for the same input.

The JSON form of these values is the contract in docs/protocol/comparison.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from duthao.domain.document import Kind, MarkKind, ProvisionId

ALGORITHM = 8
"""Raised with every change that can alter a result; every result carries it."""

Op = Literal["=", "-", "+"]
Span = tuple[Op, str]


class RowClass(StrEnum):
    """What happened to the provisions of a row."""

    UNCHANGED = "unchanged"
    AMENDED = "amended"
    REPLACED = "replaced"
    ADDED = "added"
    REPEALED = "repealed"
    MOVED = "moved"
    MOVED_AMENDED = "moved_amended"
    SPLIT = "split"
    MERGED = "merged"
    RENUMBERED = "renumbered"
    LABEL_STYLE = "label_style"
    REFERENCE_ONLY = "reference_only"
    SPELLING_ONLY = "spelling_only"
    FORMAT_ONLY = "format_only"


ELSEWHERE = (RowClass.MOVED, RowClass.MOVED_AMENDED)
"""The classes of what stands in another place."""


class Orthography(StrEnum):
    """A respect in which a change is one of spelling alone."""

    UNICODE = "unicode"  # decomposed letters, ligatures, full-width letters
    INVISIBLE = "invisible"  # zero-width characters, soft hyphens
    LOOK_ALIKE = "look_alike"  # Ð, which is no Đ
    TONE = "tone"  # hoà, hòa
    QUOTES = "quotes"
    DASHES = "dashes"
    SPACE = "space"
    CASE = "case"  # "viết hoa"
    I_Y = "i_y"  # lí, lý; never folded
    END_MARK = "end_mark"  # ";" for "." at the end of a provision; never folded


@dataclass(frozen=True, slots=True)
class FormatChange:
    """A format added to, or removed from, `start:end` (code points) of the kept span `span`."""

    kind: MarkKind
    change: Literal["added", "removed"]
    span: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One provision as it stands in one of the two texts.

    `path` is unique in its text (`dieu:5a/khoan:2/diem:đ1`); `label` is the printed one
    ("Điều 5a.", "2.", "đ1)", "" for a paragraph); `text` excludes the label.
    """

    id: ProvisionId
    kind: Kind
    path: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class CellPair:
    """A cell of a table's row in both texts: its column in each (None: no such column), its words."""

    before: int | None
    after: int | None
    spans: tuple[Span, ...]


Doubt = Literal["same_place", "few_words", "moved_changed", "parts"]
"""Why a person should look at a row: paired by its place alone, by few words, moved (or put under
another unit) and changed much, or split or merged with few words in common."""


@dataclass(frozen=True, slots=True)
class Row:
    """Provisions of both texts that belong together.

    Joined, "=" and "-" spans give the before texts, "=" and "+" the after texts; several
    units of a side are joined by a line break. `confidence` is 0..1.

    `span_orthography` is as long as `spans`, or empty when no change is one of spelling alone:
    the respects in which a span differs from its counterpart, none for other spans.
    `orthography` is all of them together. `formats` are changes of format of kept words.
    `cells` are those of a table's row that has a partner. `doubt`: why a person should look.
    """

    row_class: RowClass
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]
    spans: tuple[Span, ...]
    confidence: float
    span_orthography: tuple[tuple[Orthography, ...], ...] = ()
    formats: tuple[FormatChange, ...] = ()
    cells: tuple[CellPair, ...] = ()
    doubt: Doubt | None = None

    @property
    def level_changed(self) -> bool:
        """Whether a provision became another kind: a clause an article, a point a clause.

        One that is a paragraph only because its label is written otherwise ("1)") did not.
        """
        if self.row_class is RowClass.LABEL_STYLE:
            return False
        return bool(self.before and self.after) and self.before[0].kind is not self.after[0].kind

    @property
    def orthography(self) -> tuple[Orthography, ...]:
        return tuple(sorted({kind for kinds in self.span_orthography for kind in kinds}))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: SHA-256 of its canonical plain text, and its articles' number."""

    sha256: str
    articles: int


Why = Literal["unchanged", "contradicted"]


@dataclass(frozen=True, slots=True)
class Resting:
    """A correction by hand, by provision ids, that could not be honoured between these two texts.

    `unchanged`: what it would part, or tie to another, stands word for word in both texts;
    `contradicted`: another correction says otherwise.
    """

    verdict: Literal["together", "apart"]
    before: str
    after: str
    why: Why


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every provision of both texts in exactly one row, in the order of the after text.

    A repealed provision's row stands where it stood in the before text. `resting` are the
    corrections by hand, of provisions that are there, which the rows do not show.
    """

    before: Side
    after: Side
    rows: tuple[Row, ...]
    algorithm: int = ALGORITHM
    resting: tuple[Resting, ...] = ()
