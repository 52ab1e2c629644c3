"""What the printed layouts of the comparison table share: measures, heads, which rows stay whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duthao.domain.table import CellParagraph, ComparisonTable, TableRow
from duthao.messages import Catalogue

TWO = 2
"""Columns, or texts, of the smallest table."""

SHORT_CELL = 400
"""Characters up to which a row is kept on one page, in a column of `WIDE_MM`: near a third of a page,
so that what waits for the next page leaves no half of one white."""

WIDE_MM = 93


@dataclass(frozen=True, slots=True)
class TableProfile:
    """Measures of the table: millimetres, points for the sizes. Column widths fill A4 landscape.

    `two` and `three` texts: their columns with the number's before them, alone, then with the
    reason, then with the source as well. Source: bản so sánh, thuyết minh as used with Nghị định
    78/2025/NĐ-CP, in the Party's variant.
    """

    size: float = 12
    narrow: float = 11  # of three texts with the reason beside them
    left: float = 30
    right: float = 15
    top: float = 20
    bottom: float = 20
    two: tuple[tuple[float, ...], ...] = ((10, 121, 121), (10, 93, 93, 56), (10, 84, 84, 50, 24))
    three: tuple[tuple[float, ...], ...] = (
        (10, 80, 81, 81),
        (10, 67, 67, 67, 41),
        (10, 61, 61, 61, 37, 22),
    )

    def widths(self, table: ComparisonTable) -> tuple[float, ...]:
        return (self.two if table.texts == TWO else self.three)[table.columns - TWO]

    def size_of(self, table: ComparisonTable) -> float:
        """The size of the letters: smaller where four columns and more of words share the page."""
        return self.narrow if table.texts > TWO and table.columns > TWO else self.size


PROFILE = TableProfile()


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, and what it says in brackets below."""

    title: str
    note: str = ""


def document_title(table: ComparisonTable, catalogue: Catalogue) -> str:
    """What stands below the form's name; empty when it would only repeat it."""
    return "" if table.title.casefold() == catalogue("print.table.title").casefold() else table.title


def heads(table: ComparisonTable, catalogue: Catalogue) -> list[Head]:
    """The heads of all columns: what a text is, and in brackets which one, with its number and day."""
    before, after, third = (*table.notes, "", "", "")[:3]
    names = table.before_title, table.after_title or catalogue("print.after")
    general = catalogue("print.before")
    if not table.in_force:
        texts = [Head(names[0] or general, before), Head(names[1], after)]
    else:
        regulation = "quy chế" in f"{table.title} {table.before_title}".casefold()
        role = catalogue("print.before_regulation" if regulation else "print.before")
        texts = [
            _head(role, (names[0] if names[0] != general else "", before)),
            _head(catalogue("print.after"), (names[1], after)),
        ]
    if table.third_title is not None:
        texts[1:] = [Head(names[1], after), Head(table.third_title or catalogue("table.third"), third)]
    # The long name would take three lines of the narrow column beside three texts.
    reason = catalogue("print.reason" if table.texts == TWO else "table.reason")
    beside = [Head(reason), Head(catalogue("print.source"))]
    return [Head(catalogue("print.number")), *texts, *beside[: table.columns - TWO]]


def _head(title: str, notes: Iterable[str]) -> Head:
    """With the notes that do not only repeat the title."""
    return Head(title, ", ".join(note for note in notes if note and note.casefold() != title.casefold()))


def has_remark_column(table: ComparisonTable) -> bool:
    """Whether what marks cannot say stands with the reason; else it stands above the words it is of."""
    return table.texts == TWO and table.columns > TWO


def note_replaces(note: str | None) -> bool:
    """Whether a note stands in print in place of the words it says are the same as beside it."""
    return note in ("table.unchanged", "table.as_draft")


def is_short(row: TableRow, table: ComparisonTable) -> bool:
    """Whether a row is kept on one page: a narrow column is full sooner than a wide one."""
    texts = [_characters(cell) for cell in (row.before, row.after, row.third)[: table.texts]]
    filled = [*texts, len(row.reason), len(row.source)]
    widths = PROFILE.widths(table)[1:]
    return all(
        letters * WIDE_MM <= SHORT_CELL * width for letters, width in zip(filled, widths, strict=False)
    )


def _characters(paragraphs: Iterable[CellParagraph]) -> int:
    return sum(len(p.label) + sum(len(run.text) for run in p.runs) for p in paragraphs)


def spanning(row: TableRow) -> Sequence[CellParagraph]:
    """The words of a chapter's row, which spans all columns: of the newest text that has it."""
    return row.third or row.after or row.before


def leads(row: TableRow) -> bool:
    """Whether a row is the changed name of a chapter, which stays with what stands under it."""
    return (
        row.kind == "row"
        and all(p.heading and not p.context for p in spanning(row))
        and not any(
            path.rpartition("/")[2].startswith("dieu:")
            for path in (row.third_paths or row.after_paths or row.before_paths)
        )
    )
