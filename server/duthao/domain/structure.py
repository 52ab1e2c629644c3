"""From plain text to provisions: the grammar of Vietnamese regulations, and its traps.

Nothing is lost: what is no label stays text, and what is doubtful is kept as read and
reported. Lines whose cells are parted by "|", and lines that begin with "||" (one cell), are
the rows of a table. Lines inside a quotation
that runs over several lines (the new wording in an amending text) are paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.front_matter import MOTTO, close, closing_range, front_matter
from duthao.domain.labels import (
    ARTICLE,
    CLAUSE,
    REFERENCE,
    UPPER_KINDS,
    Doubt,
    Label,
    Line,
    Reader,
    is_capitals,
    is_title,
    read_lines,
    upper_label,
    would_be_label,
)
from duthao.domain.numbering import Place, next_place, number, place_of, printed_label, runs
from duthao.domain.outline import ONE_CELL, row_cells
from duthao.domain.text import Note, clean

__all__ = ["Doubt", "Parsed", "parse", "parse_fragment"]

_CAPTION = re.compile(r"(?:Bảng|Biểu|BẢNG|BIỂU)\s")
MIN_ROWS = 2
"""Lines with several cells from which they are a table: a head and a row."""

MAX_PREAMBLE = 10
"""Longer than this, what stands before the first label is the text itself."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was recognised, what is doubtful, and what cleaning changed.

    `lines` has for each provision the line of the text it begins in, from 1.
    """

    document: Document
    doubts: tuple[Doubt, ...]
    notes: tuple[Note, ...]
    lines: tuple[int, ...] = ()


@dataclass
class _Body:
    reader: Reader
    new_id: Callable[[], ProvisionId]
    provisions: list[Provision] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    restyled: set[Kind] = field(default_factory=set)

    def add(self, line: int, kind: Kind, text: str, label: str | None, cells: tuple[str, ...] = ()) -> None:
        self.provisions.append(Provision(self.new_id(), kind, text, label, cells=cells))
        self.lines.append(line)

    def _table(self, lines: Sequence[Line], start: int) -> int:
        """Takes the rows of a table that begins here; how many lines they are, 0 when none does.

        A paragraph right above that names itself ("Bảng 1. …", "Biểu số 2") is its caption.
        """
        rows: list[tuple[str, ...]] = []
        for line in lines[start:]:
            cells = None if line.quoted else row_cells(line.text)
            if cells is None:
                break
            rows.append(cells)
        if not rows or (len(rows) < MIN_ROWS and not lines[start].text.startswith(ONE_CELL)):
            return 0
        above = self.provisions[-1] if self.provisions else None
        if above is not None and above.kind is Kind.PARAGRAPH and _CAPTION.match(above.text):
            self.provisions[-1] = replace(above, kind=Kind.TABLE)
        else:
            self.add(lines[start].number, Kind.TABLE, "", None)
        for line, cells in zip(lines[start:], rows, strict=False):
            self.add(line.number, Kind.ROW, "", None, cells)
        return len(rows)

    def _titled(self, found: Label, lines: Sequence[Line], start: int) -> tuple[str, int]:
        """The title of an upper unit or article, and how many of the next lines it takes.

        A title in capitals goes on over all following lines in capitals.
        """
        title, taken = found.rest, 0
        while start + taken < len(lines):
            line = lines[start + taken]
            if line.quoted or line.text[0] in '“”"' or would_be_label(line.text):
                break
            capitals = found.kind is not Kind.ARTICLE and is_capitals(line.text)
            goes_on = capitals and (not title or is_capitals(title))
            if not goes_on and (title or not is_title(line.text)):
                break
            title, taken = f"{title} {line.text}".strip(), taken + 1
            if not capitals:
                break
        return title, taken

    def read(self, lines: Sequence[Line]) -> None:
        """Every line becomes a provision, or part of a title."""
        index, before = 0, ""
        while index < len(lines):
            line = lines[index]
            if rows := self._table(lines, index):
                before, index = "", index + rows
                continue
            found = self.reader.label(line, before)
            before, index = line.text, index + 1
            if found is None:
                if not line.quoted and REFERENCE.match(line.text):
                    self.reader.doubt(line.number, "line_wrapped", line.text)
                self.add(line.number, Kind.PARAGRAPH, line.text, None)
                continue
            if found.slip:
                self.reader.doubt(line.number, "label_slip", line.text)
            elif found.kind not in self.restyled and not _is_as_printed(found, line.text):
                self.restyled.add(found.kind)
                self.reader.doubt(line.number, "label_restyled", line.text)
            text, taken = found.rest, 0
            if found.kind in UPPER_KINDS or (found.kind is Kind.ARTICLE and not text):
                text, taken = self._titled(found, lines, index)
                if not text and found.kind in UPPER_KINDS:
                    self.reader.doubt(line.number, "title_missing", line.text)
            self.reader.enter(found)
            self.add(line.number, found.kind, text, found.label)
            index += taken

    def doubt_numbers(self) -> None:
        """Gaps, repetitions and steps back in the numbers, run by run."""
        for kind, indices in runs(self.provisions):
            seen: set[Place] = set()
            last: Place | None = None
            for index in indices:
                label = self.provisions[index].label
                place = place_of(kind, label) if label else None
                if place is None or label is None or kind is Kind.INDENT:
                    continue
                code = _number_doubt(kind, place, last, seen)
                if code:
                    self.reader.doubt(self.lines[index], code, f"{label} {self.provisions[index].text}")
                if kind is Kind.POINT and label[0] in "fjwz":
                    self.reader.doubt(self.lines[index], "letter_outside", self.provisions[index].text)
                seen.add(place)
                last = place


def _is_as_printed(found: Label, line: str) -> bool:
    """Whether a line begins with its label as it will be printed: "a)" for a point, not "a."."""
    return line.startswith(printed_label(found.kind, found.label or ""))


def _number_doubt(kind: Kind, place: Place, last: Place | None, seen: set[Place]) -> str | None:
    if place in seen:
        return "articles_restart" if kind is Kind.ARTICLE and place == (1, "") else "number_duplicate"
    if last is not None and place < last:
        return "number_backwards"
    inserted = last is not None and place[0] == last[0]
    return None if inserted or place == next_place(kind, last) else "number_gap"


def _body_start(lines: Sequence[Line], reader: Reader) -> int | None:
    """The first line with a label that opens a regulation's body; indents and points do not."""
    for index, line in enumerate(lines):
        if line.quoted or MOTTO.match(line.text):
            continue
        if upper_label(line.text) or ARTICLE.match(line.text) or reader.heading(line.text):
            return index
        match = CLAUSE.match(line.text)
        if match and match["n"] == "1":
            return index
    return None


def _policy(provisions: Sequence[Provision]) -> NumberingPolicy:
    """RENUMBER when the labels are the plain sequence, else KEEP."""
    plain = number(provisions, NumberingPolicy.RENUMBER)
    kept = all(p.label is None or p.label == value for p, value in zip(provisions, plain, strict=True))
    return NumberingPolicy.RENUMBER if kept else NumberingPolicy.KEEP


def parse(text: str, *, new_id: Callable[[], ProvisionId]) -> Parsed:
    """The structure of a plain text; total, and linear in its length.

    Guaranteed: every word of the cleaned text stands in the front matter, in a label or in a
    provision's text or cells; provisions come in the order of the lines. Article titles and titles in
    capitals are taken from the lines below their number. "+" and "*" lines are paragraphs
    that keep their sign. A label is a number: the signs around it are printed as prescribed
    (decision 17), and the first of a kind that is written otherwise is reported. The policy is
    RENUMBER when the numbers run plainly, else KEEP.
    """
    cleaned = clean(text)
    reader = Reader(has_articles=False)
    lines = read_lines(cleaned.text, reader.doubt)
    for line in lines:
        if "\ufffd" in line.text:
            reader.doubt(line.number, "replacement_found", line.text)
    reader.has_articles = any(not line.quoted and ARTICLE.match(line.text) for line in lines)
    closing = closing_range(lines)
    remaining = [line for index, line in enumerate(lines) if index not in closing]
    start = _body_start(remaining, reader)
    front, preamble = front_matter(remaining[:start])
    body = _Body(reader, new_id)
    if start is not None and len(preamble) <= MAX_PREAMBLE:
        front = replace(front, preamble=tuple(line.text for line in preamble))
        preamble = []
    body.read([*preamble, *(remaining[start:] if start is not None else [])])
    body.doubt_numbers()
    if body.provisions and all(p.kind is Kind.PARAGRAPH for p in body.provisions):
        reader.doubt(body.lines[0], "no_structure", body.provisions[0].text)
    front = close(front, [lines[index].text for index in closing])
    provisions = tuple(body.provisions)
    document = Document(provisions=provisions, front=front, policy=_policy(provisions))
    doubts = tuple(sorted(reader.doubts, key=lambda doubt: (doubt.line, doubt.code)))
    return Parsed(document, doubts, cleaned.notes, tuple(body.lines))


def parse_fragment(
    lines: Sequence[str],
    *,
    new_id: Callable[[], ProvisionId],
    announced: Iterable[tuple[Kind, str]] = (),
    has_articles: bool = True,
) -> tuple[Provision, ...]:
    """The provisions of a piece of a regulation, as quoted in an amending text; total.

    No front matter and no closing is looked for. `announced` are the labels the piece is said
    to hold ("khoản 25a"): they are labels whatever stood before them. `has_articles` says
    whether the text it belongs to has articles.
    """
    reader = Reader(has_articles=has_articles, announced=frozenset(announced))
    body = _Body(reader, new_id)
    body.read(read_lines("\n".join(lines), reader.doubt))
    return tuple(body.provisions)
