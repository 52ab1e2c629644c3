"""A comparison table for the terminal: two columns side by side, whole syllables, or one below 80.

Changes read without colour, [-deleted-] and {+inserted+}; on a terminal they are also coloured.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from duthao.domain.table import CellParagraph, ComparisonTable, TableRow
from duthao.formats.remarks import remark, statistics_lines
from duthao.messages import Catalogue

NARROW = 80
_SIGNS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}")}
_COLOURS = {"same": "", "deleted": "\x1b[9;31m", "inserted": "\x1b[1;4;32m"}
_RESET = "\x1b[0m"

Piece = tuple[str, str]
"""(text without a space, how it changed)."""


def _printable(text: str) -> str:
    """Text that cannot steer the terminal: controls become a visible sign."""
    return "".join(
        " " if sign in "\n\t" else "�" if unicodedata.category(sign) in ("Cc", "Cf", "Cs") else sign
        for sign in text
    )


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _words(paragraph: CellParagraph) -> list[list[Piece]]:
    """The paragraph as words; a word may be of several pieces that changed differently."""
    words: list[list[Piece]] = [[(paragraph.label, "same")]] if paragraph.label else []
    open_word: list[Piece] = []
    for run in paragraph.runs:
        left, right = _SIGNS[run.change]
        text = _printable(run.text)
        lead, core, trail = text[: len(text) - len(text.lstrip())], text.strip(), text[len(text.rstrip()) :]
        if not core:
            if run.change == "same" or not text:
                words, open_word = ([*words, open_word], []) if open_word else (words, [])
                continue
            core, lead, trail = text.replace(" ", "·"), "", ""
        parts = f"{left}{core}{right}".split()
        if lead and open_word:
            words.append(open_word)
            open_word = []
        for index, part in enumerate(parts):
            if index and open_word:
                words.append(open_word)
                open_word = []
            open_word.append((part, run.change))
        if trail:
            words.append(open_word)
            open_word = []
    return [*words, open_word] if open_word else words


def _lines(paragraphs: Sequence[CellParagraph], width: int) -> list[list[list[Piece]]]:
    """Words laid out in lines no wider than `width`; a longer word has a line of its own."""
    lines: list[list[list[Piece]]] = []
    for paragraph in paragraphs:
        line: list[list[Piece]] = []
        used = 0
        for word in _words(paragraph):
            size = sum(_width(text) for text, _ in word)
            if line and used + 1 + size > width:
                lines.append(line)
                line, used = [], 0
            used += size + (1 if line else 0)
            line.append(word)
        lines.append(line)
    return lines


def _drawn(line: Sequence[Sequence[Piece]], colour: bool) -> str:
    return " ".join(
        "".join(
            f"{_COLOURS[change]}{text}{_RESET}" if colour and _COLOURS[change] else text
            for text, change in word
        )
        for word in line
    )


def _size(line: Sequence[Sequence[Piece]]) -> int:
    return sum(_width(text) for word in line for text, _ in word) + max(len(line) - 1, 0)


def _plain(text: str) -> CellParagraph:
    return CellParagraph(label=text, runs=())


def _side(paragraphs: Sequence[CellParagraph], note: str | None, catalogue: Catalogue) -> list[CellParagraph]:
    return [*([_plain(catalogue(note))] if note else []), *paragraphs]


def _head(row: TableRow, catalogue: Catalogue) -> str:
    said = remark(row, catalogue) or catalogue(f"table.class.{row.row_class.value}")
    return f"{row.number}. {said}"


def _columns(
    before: Sequence[CellParagraph], after: Sequence[CellParagraph], width: int, colour: bool
) -> Iterator[str]:
    half = (width - 3) // 2
    empty: list[list[Piece]] = []
    for left, right in zip_longest(_lines(before, half), _lines(after, half), fillvalue=empty):
        pad = " " * max(half - _size(left), 0)
        yield f"{_drawn(left, colour)}{pad} │ {_drawn(right, colour)}".rstrip()


def _stacked(
    before: Sequence[CellParagraph], after: Sequence[CellParagraph], width: int, colour: bool
) -> Iterator[str]:
    for sign, side in (("<", before), (">", after)):
        for line in _lines(side, width - 2):
            yield f"{sign} {_drawn(line, colour)}".rstrip()


def _row(row: TableRow, catalogue: Catalogue, width: int, colour: bool, columns: int) -> Iterator[str]:
    if row.kind == "division":
        yield "═" * width
        for line in _lines(row.after or row.before, width):
            yield _drawn(line, colour)
        return
    yield "─" * width
    yield from _wrapped([[(word, "same")] for word in _head(row, catalogue).split()], width)
    layout = _columns if width >= NARROW else _stacked
    yield from layout(
        _side(row.before, row.before_note, catalogue),
        _side(row.after, row.after_note, catalogue),
        width,
        colour,
    )
    beside = (("table.reason", row.reason), ("print.source", row.source))
    for key, text in beside[: columns - 2]:
        if text:
            said = f"{catalogue(key)}: {_printable(text)}"
            yield from _wrapped([[(word, "same")] for word in said.split()], width)


def _wrapped(words: Iterable[list[Piece]], width: int) -> Iterator[str]:
    line: list[list[Piece]] = []
    for word in words:
        if line and _size([*line, word]) > width:
            yield _drawn(line, False)
            line = []
        line.append(word)
    if line:
        yield _drawn(line, False)


def comparison_terminal(
    table: ComparisonTable, catalogue: Catalogue, *, width: int = 100, colour: bool = False
) -> str:
    """The table as lines of at most `width` columns (at least 20), ended by a line break."""
    width = max(width, 20)
    lines = [
        _printable(
            f"{table.before_title or catalogue('table.before')} → "
            f"{table.after_title or catalogue('table.after')}"
        ),
    ]
    for said in statistics_lines(table, catalogue):
        lines.extend(_wrapped([[(word, "same")] for word in said.split()], width))
    for row in table.rows:
        lines.extend(_row(row, catalogue, width, colour, table.columns))
    if not table.rows:
        lines.append(catalogue("table.no_difference"))
    return "\n".join(lines) + "\n"
