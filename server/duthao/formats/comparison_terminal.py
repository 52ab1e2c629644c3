"""A comparison table for the terminal: its texts side by side, whole syllables, or one below the
other where a column would be narrower than 38.

Changes read without colour, [-deleted-], {+inserted+} and (~format~); on a terminal they are also
coloured.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from duthao.domain.table import CellParagraph, ComparisonTable, Run, TableRow
from duthao.formats.remarks import nothing, remark, statistics_lines, third_remark
from duthao.formats.table_layout import note_replaces, spanning
from duthao.messages import Catalogue

NARROW = 38
_BETWEEN = " │ "
_SIGNS = {"same": ("", ""), "deleted": ("[-", "-]"), "inserted": ("{+", "+}"), "format": ("(~", "~)")}
_COLOURS = {"same": "", "deleted": "\x1b[9;31m", "inserted": "\x1b[1;4;32m", "format": "\x1b[36m"}
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
        change = _change(run)
        left, right = _SIGNS[change]
        text = _printable(run.text)
        lead, core, trail = text[: len(text) - len(text.lstrip())], text.strip(), text[len(text.rstrip()) :]
        if not core:
            if change in ("same", "format") or not text:
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
            open_word.append((part, change))
        if trail:
            words.append(open_word)
            open_word = []
    return [*words, open_word] if open_word else words


def _change(run: Run) -> str:
    return "format" if run.formats else run.change


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
    said = [_plain(catalogue(note))] if note else []
    return [*said, *paragraphs] if note_replaces(note) else [*paragraphs, *said]


def _head(row: TableRow, catalogue: Catalogue) -> str:
    said = remark(row, catalogue) or catalogue(f"table.class.{row.row_class.value}")
    return f"{row.number}. {said}"


def _columns(sides: Sequence[Sequence[CellParagraph]], width: int, colour: bool) -> Iterator[str]:
    column = (width - len(_BETWEEN) * (len(sides) - 1)) // len(sides)
    empty: list[list[Piece]] = []
    for parts in zip_longest(*(_lines(side, column) for side in sides), fillvalue=empty):
        drawn = [f"{_drawn(line, colour)}{' ' * max(column - _size(line), 0)}" for line in parts]
        yield _BETWEEN.join(drawn).rstrip()


def _stacked(sides: Sequence[Sequence[CellParagraph]], width: int, colour: bool) -> Iterator[str]:
    for sign, side in zip("<>»", sides, strict=False):
        for line in _lines(side, width - 2):
            yield f"{sign} {_drawn(line, colour)}".rstrip()


def _row(
    row: TableRow, table: ComparisonTable, catalogue: Catalogue, width: int, colour: bool
) -> Iterator[str]:
    if row.kind == "division":
        yield "═" * width
        for line in _lines(spanning(row), width):
            yield _drawn(line, colour)
        return
    yield "─" * width
    yield from _said(_head(row, catalogue), width)
    sides = [_side(row.before, row.before_note, catalogue), _side(row.after, row.after_note, catalogue)]
    if row.third_class is not None:
        said = third_remark(row, catalogue)
        third = _side(row.third, row.third_note, catalogue)
        sides.append([_plain(said), *third] if said else third)
    column = (width + len(_BETWEEN)) // len(sides) - len(_BETWEEN)
    yield from (_columns if column >= NARROW else _stacked)(sides, width, colour)
    beside = (("table.reason", row.reason), ("print.source", row.source))
    for key, text in beside[: table.columns - 2]:
        if text:
            yield from _said(f"{catalogue(key)}: {_printable(text)}", width)


def _said(words: str, width: int) -> Iterator[str]:
    return _wrapped([[(word, "same")] for word in words.split()], width)


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
    names = [table.before_title or catalogue("table.before"), table.after_title or catalogue("table.after")]
    if table.third_title is not None:
        names.append(table.third_title or catalogue("table.third"))
    lines = [_printable(" → ".join(names))]
    for said in statistics_lines(table, catalogue):
        lines.extend(_said(said, width))
    for row in table.rows:
        lines.extend(_row(row, table, catalogue, width, colour))
    if not table.rows:
        lines.append(nothing(table, catalogue))
    return "\n".join(lines) + "\n"
