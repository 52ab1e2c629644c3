"""What a reader of any format gives: blocks of text as they stand on paper, and what it noticed.

Nothing here knows Word, HTML or the grammar of regulations. A reader keeps every letter: what is
no part of the running text (notes, boxes, headers, comments) stands in a `Remark`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Changes = Literal["final", "original"]
"""Of a text with tracked changes: all of them accepted, or all rejected."""

RemarkCode = Literal[
    "changes", "comments", "contents", "footers", "footnotes", "endnotes", "formats", "formulas", "headers",
    "hidden", "images", "legacy_fonts", "linked", "macros", "merged_cells", "nested_tables",
    "number_formats", "objects", "symbols", "text_boxes", "too_deep", "code_page", "converted", "truncated",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """Characters with one look. Of their text, "\\n" is a break within the paragraph, "\\t" a tab.

    `font` is the font's name where the source gives one: old encodings are told by it.
    """

    text: str
    font: str | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`label` is the number the source computes ("Điều 5."), no part of `runs`; `gap` what stands
    between both: "\\t", " " or nothing. `bullet`: the label is a sign, not a number.
    `contents`: a line of a table of contents.
    """

    runs: tuple[Run, ...] = ()
    label: str = ""
    gap: str = ""
    style: str = ""
    centred: bool = False
    bullet: bool = False
    contents: bool = False

    @property
    def text(self) -> str:
        """The words, without the label."""
        return "".join(run.text for run in self.runs)

    @property
    def whole(self) -> str:
        """Label and words, as read on paper."""
        return f"{self.label}{self.gap}{self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over `columns` columns; `continued`: the lower part of one merged from above."""

    blocks: tuple[Block, ...] = ()
    columns: int = 1
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right; `header`: the source repeats it on every page."""

    cells: tuple[Cell, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]
    bordered: bool = True


Block: TypeAlias = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Remark:
    """Something left out, changed or doubtful, `count` times; `texts` are the words concerned, whole."""

    code: RemarkCode
    count: int
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as read. `tracked`: how many insertions, deletions and moves its author left open."""

    blocks: tuple[Block, ...]
    remarks: tuple[Remark, ...] = ()
    tracked: int = 0


def paragraphs(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    """Every paragraph in reading order, those of tables row by row."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from paragraphs(cell.blocks)
