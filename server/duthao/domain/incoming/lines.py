"""Blocks as the lines the grammar of regulations reads.

A line is what a clerk would call a line of its own: a paragraph with its number, a part of one after
a break where that begins something new, a line of a cell in the head or the signatures. A table of
the text is one line too, which `interpreting` takes back for its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from duthao.domain.document import MarkKind
from duthao.domain.front_matter import is_head_line, is_motto, opens_closing
from duthao.domain.incoming.blocks import Block, Cell, Paragraph, Table, paragraphs
from duthao.domain.labels import ARTICLE, INDENT, is_capitals, upper_label, would_be_label
from duthao.domain.text import squeeze

MAX_LAYOUT_COLUMNS = 3
MAX_HEAD_BLOCKS = 12
_SENTENCE_ENDS = ".;:!?”"
_SIGNS = frozenset("-–+*")
_BARE = re.compile(r"(?:\d{1,3}[a-zđ]?|[IVXLC]+|[a-zđ])$")
_TABS = re.compile(r"\t+")

Span = tuple[MarkKind, int, int]
"""A format over part of a line's raw text."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """`text` as it stands in the source; `table`: a table of the text, of which `text` is the stand-in.

    `centred` and `head` tell where it stands; `head`: in the head block of a document.
    """

    text: str
    spans: tuple[Span, ...] = ()
    centred: bool = False
    bold: bool = False
    head: bool = False
    table: Table | None = None


@dataclass
class _Text:
    """Characters with their formats while a line is put together."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)

    def add(self, words: str, kinds: Sequence[MarkKind]) -> None:
        start = len(self.text)
        self.text += words
        if words:
            self.spans += [(kind, start, start + len(words)) for kind in kinds]

    def cut(self, start: int, end: int) -> tuple[str, tuple[Span, ...]]:
        inside = [(kind, max(a, start), min(b, end)) for kind, a, b in self.spans]
        return self.text[start:end], tuple((k, a - start, b - start) for k, a, b in inside if a < b)


def _sign(paragraph: Paragraph) -> str:
    """The label as the grammar reads it: a list's sign as a dash, a bare number with its full stop."""
    label = paragraph.label
    if paragraph.bullet:
        return label.strip() if label.strip() in _SIGNS else "-"
    words = paragraph.text.strip()
    bare = label.strip()
    if not words:
        return label
    if ARTICLE.fullmatch(bare) and bare[-1] not in ".:":
        return f"{bare}."
    if upper_label(bare) and bare[-1] not in ".:-–":
        return bare if is_capitals(words) else f"{bare}."
    if _BARE.match(bare):
        return f"{bare})" if bare.islower() and bare.isalpha() else f"{bare}."
    return label


def _stands_alone(label: str) -> bool:
    """Whether a number without words is a line: its title stands below. Any other is an empty line of a
    list, which prints as a number nobody meant.
    """
    bare = label.strip()
    return bool(bare) and (ARTICLE.fullmatch(bare) is not None or upper_label(bare) is not None)


def _whole(paragraph: Paragraph) -> _Text:
    made = _Text()
    if paragraph.label and (paragraph.text.strip() or _stands_alone(paragraph.label)):
        # No label runs on into its words, even where Word prints nothing between them ("Chương IQUY ĐỊNH").
        made.add(_sign(paragraph) + ((paragraph.gap or " ") if paragraph.text else ""), ())
    for run in paragraph.runs:
        kinds = [
            kind
            for kind, on in (
                (MarkKind.BOLD, run.bold), (MarkKind.ITALIC, run.italic), (MarkKind.UNDERLINE, run.underline)
            )
            if on
        ]  # fmt: skip
        made.add(run.text, kinds)
    made.spans.sort(key=lambda span: (span[1], span[0]))
    return made


def _begins_anew(before: str, after: str, centred: bool) -> bool:
    """Whether what follows a break within a paragraph is a line of its own."""
    if centred or not before or not after or before[-1] in _SENTENCE_ENDS:
        return True
    if would_be_label(after) or is_capitals(before) or is_capitals(after):
        return True
    return upper_label(before) is not None or ARTICLE.fullmatch(before) is not None


def _pieces(paragraph: Paragraph) -> Iterator[SourceLine]:
    """A paragraph as one line, or as several where its breaks begin something new."""
    whole = _whole(paragraph)
    bold = bool(paragraph.text.strip()) and all(run.bold for run in paragraph.runs if run.text.strip())
    ends = [match.start() for match in re.finditer("\n", whole.text)]
    edges = [-1, *ends, len(whole.text)]
    start = 0
    for here, there in pairwise(edges):
        after = whole.text[here + 1 : there].strip()
        before = whole.text[start : max(here, 0)].strip()
        if here >= 0 and _begins_anew(before, after, paragraph.centred):
            text, spans = whole.cut(start, here)
            yield SourceLine(text, spans, paragraph.centred, bold)
            start = here + 1
    text, spans = whole.cut(start, len(whole.text))
    yield SourceLine(text, spans, paragraph.centred, bold)


def _of_cell(cell: Cell) -> Iterator[SourceLine]:
    for paragraph in paragraphs(cell.blocks):
        yield from _pieces(paragraph)


def _bodies_joined(lines: Sequence[SourceLine]) -> Iterator[SourceLine]:
    """Lines in bold capitals that follow one another name one body: one line."""
    held: SourceLine | None = None
    for line in lines:
        fits = line.bold and is_capitals(line.text.strip()) and not is_motto(squeeze(line.text))
        if held is not None and fits:
            held = replace(held, text=f"{held.text.strip()} {line.text.strip()}", spans=())
            continue
        if held is not None:
            yield held
        held = line if fits else None
        if held is None:
            yield line
    if held is not None:
        yield held


def _layout_lines(table: Table) -> list[SourceLine]:
    """The lines of a table that only sets words beside one another: column by column."""
    wide = max(len(row.cells) for row in table.rows)
    columns = [
        [line for row in table.rows if at < len(row.cells) for line in _of_cell(row.cells[at])]
        for at in range(wide)
    ]
    return [line for column in columns for line in _bodies_joined(column)]


def _layout(table: Table, first: bool) -> list[SourceLine] | None:
    """The lines of a head or signature block; None for a table of the text."""
    wide = max(len(row.cells) for row in table.rows)
    if wide > MAX_LAYOUT_COLUMNS or len(table.rows) > 6:
        return None
    lines = _layout_lines(table)
    words = [squeeze(line.text) for line in lines if line.text.strip()]
    if any(is_motto(text) for text in words) or (first and any(map(is_head_line, words))):
        return [replace(line, head=True) for line in lines]
    if wide > 1 and any(map(opens_closing, words)):
        return lines
    return lines if wide == len(table.rows) == 1 else None


def _by_tabs(line: SourceLine) -> list[SourceLine]:
    """A line of a head without a table: what tabs set beside one another are lines."""
    parts = [part.strip() for part in _TABS.split(line.text) if part.strip()]
    if len(parts) > 1 and any(is_head_line(squeeze(part)) for part in parts):
        return [replace(line, text=part, spans=(), head=True) for part in parts]
    return [line]


def _begins_another_part(line: SourceLine) -> bool:
    return line.table is not None or upper_label(squeeze(line.text) or " ") is not None


def _beside(lines: list[SourceLine]) -> list[SourceLine]:
    """Recipients and signature set beside one another by tabs: recipients first, then the signature.

    They end with the text, or where an appendix or a table begins.
    """
    for at, line in enumerate(lines):
        parts = [squeeze(part) for part in _TABS.split(line.text.strip("\t"))]
        if len(parts) < 2 or not parts[0].startswith(("Nơi nhận", "NƠI NHẬN")):
            continue
        left: list[SourceLine] = []
        right: list[SourceLine] = []
        end = next((n for n in range(at, len(lines)) if _begins_another_part(lines[n])), len(lines))
        for other in lines[at:end]:
            words = _TABS.split(other.text.rstrip())
            first, rest = words[0].strip(), " ".join(words[1:]).strip()
            if first and (left == [] or INDENT.match(first)):
                left.append(replace(other, text=first, spans=()))
            elif first:
                right.append(replace(other, text=first, spans=()))
            if rest:
                right.append(replace(other, text=rest, spans=()))
        return [*lines[:at], *left, *right, *lines[end:]]
    return lines


def stand_in(number: int) -> str:
    """What stands for the table of this number: a row of one cell, which no title takes in."""
    return f"|| \ue0ff{number}."


STAND_IN = re.compile(r"(?:\|\| )?\ue0ff([0-9]{1,6})\.")


def lines_of(blocks: Sequence[Block]) -> list[SourceLine]:
    """All lines in reading order; empty ones stay, for they part what they stand between.

    Lines of a table of contents are left out.
    """
    lines: list[SourceLine] = []
    tables = 0
    for at, block in enumerate(blocks):
        if isinstance(block, Table):
            found = _layout(block, at < MAX_HEAD_BLOCKS) if block.rows else None
            if found is None:
                lines.append(SourceLine(stand_in(tables), table=block))
                tables += 1
            else:
                lines += [SourceLine(""), *found, SourceLine("")]
        elif not block.contents:
            made = list(_pieces(block))
            lines += [one for line in made for one in _by_tabs(line)] if at < MAX_HEAD_BLOCKS else made
    return _beside(lines)
