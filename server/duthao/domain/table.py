"""The comparison table as one value, laid out as screen, PDF, HTML or DOCX elsewhere.

Phrases ("(Dòng mới)", "Giữ nguyên") are message keys here; a layout asks the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from duthao.domain.compare.result import Orthography, RowClass
from duthao.domain.document import MarkKind

RunChange = Literal["same", "inserted", "deleted"]
Columns = Literal[2, 3, 4]
"""The texts alone; with the reason and basis; with the source of the change as well."""

Move = tuple[str, str]
"""The path a provision had, and the one it has now."""

FormatSign = tuple[Literal["added", "removed"], MarkKind]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words with one sign: as it was, inserted, or deleted.

    `formats`: what became bold, or no longer is; only kept words have it, where it is asked for.
    `spelling`: the respects in which the words are only spelt otherwise than their counterpart,
    if it is nothing more; such words are "same" where changes of spelling are folded.
    """

    text: str
    change: RunChange = "same"
    formats: tuple[FormatSign, ...] = ()
    spelling: tuple[Orthography, ...] = ()


@dataclass(frozen=True, slots=True)
class CellParagraph:
    """One provision in a cell. `level` is 0 for an article, 1 clause, 2 point, 3 indent.

    `context`: a heading or label repeated only to say where the words below stand; its own
    row is another one. The other paragraphs of a column are the rows' texts, once each, and
    `provision` is the id of theirs; of a table's row the words are its cells (`row`).
    """

    label: str
    runs: tuple[Run, ...]
    level: int = 0
    heading: bool = False
    context: bool = False
    provision: str = ""
    row: bool = False

    @property
    def is_new(self) -> bool:
        """Whether every word of it is inserted: nothing in it has to stand out from what was there."""
        return bool(self.runs) and all(run.change == "inserted" for run in self.runs)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the printed table.

    kind "division": a chapter or section heading that spans all columns. kind "row":
    an ordinary row; `before` and `after` may be empty, then `before_note`/`after_note`
    hold a message key ("table.new", "table.repealed", "table.unchanged", or None).
    `key` is stable while the row's provisions are the same; `digest` changes when
    anything shown changes. `provision` is the id that reason and basis belong to.
    `row_class` and the marks of `before` and `after` are of these two texts, `third_class` and
    the marks of `third` of the third text in relation to the second; what it no longer has
    stands there as deleted runs, so that its own text are the other ones.
    """

    key: str
    digest: str
    kind: Literal["division", "row"]
    row_class: RowClass
    number: int | None
    before: tuple[CellParagraph, ...]
    after: tuple[CellParagraph, ...]
    before_note: str | None
    after_note: str | None
    provision: str | None
    reason: str
    confidence: float
    moves: tuple[Move, ...] = ()  # of the provisions of the first two texts that moved
    before_ids: tuple[str, ...] = ()  # the provisions themselves, heads shown for context left out
    after_ids: tuple[str, ...] = ()
    doubt: str | None = None  # why a person should look at it: a key under "room.doubt."
    before_paths: tuple[str, ...] = ()  # of `before_ids` and `after_ids`, in their order
    after_paths: tuple[str, ...] = ()
    source: str = ""  # where the change comes from: an opinion, a meeting, a person
    third: tuple[CellParagraph, ...] = ()
    third_note: str | None = None  # as the others, or "table.dropped", "table.as_draft"
    third_class: RowClass | None = None  # None in a table of two texts
    third_ids: tuple[str, ...] = ()
    third_paths: tuple[str, ...] = ()
    third_moves: tuple[Move, ...] = ()  # of those that moved in the third text

    @property
    def moved_from(self) -> str | None:
        """The path the first that moved had in the first text."""
        return self.moves[0][0] if self.moves else None

    @property
    def moved_to(self) -> str | None:
        """The path the first that moved has in the third text."""
        return self.third_moves[0][1] if self.third_moves else None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts for the table's head: articles before, after, changed; rows by class."""

    articles_before: int
    articles_after: int
    articles_changed: int
    rows_by_class: tuple[tuple[RowClass, int], ...]

    @property
    def advises_replacing(self) -> bool:
        """More than half of the articles changed: a replacing text is issued (NĐ 78/2025/NĐ-CP)."""
        return self.articles_changed * 2 > self.articles_before > 0


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """The whole table. `title` is the document's, the others name the texts.

    `third_title` is None in a table of two texts; with a third one `third_statistics` are of the
    second and the third. `in_force`: the first text is the one in force, not another draft.
    """

    title: str
    before_title: str
    after_title: str
    rows: tuple[TableRow, ...]
    statistics: Statistics
    algorithm: int
    columns: Columns = 3
    left_out: tuple[tuple[RowClass, int], ...] = ()  # provisions changed in number, spelling or format alone
    third_title: str | None = None
    third_statistics: Statistics | None = None
    in_force: bool = True
    notes: tuple[str, ...] = ()  # of each text, below its name: its number, its day
    amends: bool = True  # False beside a model: nothing is amended, so nothing is advised

    @property
    def texts(self) -> Literal[2, 3]:
        return 2 if self.third_title is None else 3
