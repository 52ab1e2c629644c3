"""The labels of provisions at the start of lines: "Điều 5a.", "2.", "đ1)", "Chương II".

The grammar is that of 204 laws and of Party texts (norms B5). A `Reader` reads line by line
and knows which number comes next: what only looks like a label (a year, an amount, a
wrapped reference) stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from duthao.domain.document import Kind
from duthao.domain.numbering import RESTARTS, Place, next_place, normalised, place_of
from duthao.domain.text import brief, squeeze, straight_quotations, typographic_quotations

MAX_DOUBTS = 1000
_MAX_TITLE = 200
_MAX_GAP = 20


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should look at. `line` counts from 1 in the text given.

    `code` is a message key under "doubt."; `excerpt` holds at most 40 characters.
    """

    line: int
    code: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    quoted: bool = False
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line, and the text after it. `slip`: a misread character."""

    kind: Kind
    label: str | None
    rest: str
    slip: bool = False


# --- labels ---------------------------------------------------------------------------------

TAIL = r"(?:\s*[.:]\s*(?P<titled>.*)|\s+[-–]\s+(?P<dashed>.+)|\s+(?P<bare>.+))?$"
_PART = re.compile(
    r"(?:Phần|PHẦN)\s+(?P<n>(?:thứ|THỨ)\s+\w+(?:\s[a-zđ]{1,2}(?=\s*[.:]|$))?|[IVXLC]+[a-zđ]{0,2})" + TAIL
)
_CHAPTER = re.compile(r"(?:Chương|CHƯƠNG)\s+(?P<n>(?:[IVXLC][IVXLCl1]*|\d{1,3})[a-zđ]{0,2})" + TAIL)
_ROMAN_SLIP = re.compile(r"(?=[IVXLC]+[l1])[IVXLCl1]+[a-zđ]?$")
_SECTION = re.compile(r"(?:Mục|MỤC)\s+(?P<n>(?:\d{1,3}|[IVXLC]+)[a-zđ]{0,2})" + TAIL)
_SUBSECTION = re.compile(r"(?:Tiểu mục|TIỂU MỤC)\s+(?P<n>(?:\d{1,3}|[IVXLC]+)[a-zđ]{0,2})" + TAIL)
_APPENDIX = re.compile(r"(?:Phụ lục|PHỤ LỤC)(?:\s+(?P<n>(?:[IVXLC]+|\d{1,3})[a-zđ]{0,2})(?!\w))?" + TAIL)
_UPPER = (
    (Kind.PART, _PART),
    (Kind.CHAPTER, _CHAPTER),
    (Kind.SECTION, _SECTION),
    (Kind.SUBSECTION, _SUBSECTION),
    (Kind.APPENDIX, _APPENDIX),
)
UPPER_KINDS = frozenset(kind for kind, _ in _UPPER)
ARTICLE = re.compile(r"(?:Điều|ĐIỀU)\s+(?P<n>\d{1,4}[a-zđ]{0,2})\s*(?:[.:]\s*(?P<rest>.*))?$")
_ARTICLE_SLIP = re.compile(r"(?:Điều|ĐIỀU)\s+(?P<n>(?=[\dIlO]*[IlO])[\dIlO]{1,4})\s*[.:]\s*(?P<rest>.*)$")
HEADING = re.compile(r"(?P<n>[IVXLC]+[a-zđ]{0,2})\s*(?:\.|[-–])\s*(?P<rest>\S.*)$")
CLAUSE = re.compile(r"(?P<n>\d{1,3}[a-zđ]{0,2})(?:\s*\.(?!\d)\s*|\s*[-–]\s+)(?P<rest>\S.*)$")
POINT = re.compile(r"(?P<n>[a-zđ]\d{0,3})\s*(?:(?P<sure>\))\s*|\.\s+)(?P<rest>\S.*)$")
INDENT = re.compile(r"[-–•](?:\s+|(?=[^\W\d_]))(?P<rest>\S.*)$")
REFERENCE = re.compile(
    r"(?:khoản|điểm|Điều|điều|Mục|Chương)\s+[\dIVXa-zđ]+[a-zđ]?\s+(?:Điều|khoản|của|và|Luật|Quy)"
)
_LEANS_ON = re.compile(r"(?:\b(?:tại|của|theo|và|hoặc|với|các|khoản \d+\w*|điểm \w{1,2})|,)$")


def is_capitals(text: str) -> bool:
    return text == text.upper() and sum(map(str.isalpha, text)) >= 2


def is_title(text: str) -> bool:
    """Short, begins like a title and does not end like a sentence."""
    return len(text) <= _MAX_TITLE and not text[0].islower() and text[-1] not in ".;:,"


def upper_label(text: str) -> Label | None:
    if text[0] not in "PCMT":
        return None
    for kind, pattern in _UPPER:
        match = pattern.match(text)
        if match is None:
            continue
        bare, titled = match["bare"], match["titled"] or match["dashed"] or ""
        if (bare and not is_capitals(bare)) or titled[:1].islower():
            return None
        return _named(kind, match["n"], squeeze(bare or titled))
    return None


def _named(kind: Kind, written: str | None, rest: str) -> Label | None:
    if written is None:
        return Label(kind, None, rest)
    if kind is Kind.CHAPTER and _ROMAN_SLIP.match(written):
        label = normalised(kind, re.sub("[l1]", "I", written))
        return Label(kind, label, rest, slip=True) if label else None
    label = normalised(kind, squeeze(written))
    return Label(kind, label, rest) if label else None


def _fitting(kind: Kind, match: re.Match[str] | None) -> Label | None:
    label = normalised(kind, match["n"]) if match else None
    return Label(kind, label, match["rest"] or "") if match and label else None


@dataclass
class Reader:
    """Reads body lines one by one; `places` is the last number of each kind in its scope."""

    has_articles: bool
    announced: frozenset[tuple[Kind, str]] = frozenset()
    places: dict[Kind, Place | None] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, line: int, code: str, text: str) -> None:
        if len(self.doubts) < MAX_DOUBTS:
            self.doubts.append(Doubt(line, code, brief(text)))

    def _expected(self, kind: Kind, label: str) -> bool:
        """Whether the label comes next: the plain next number, one inserted here, or one announced."""
        if (kind, label) in self.announced:
            return True
        place = place_of(kind, label)
        last = self.places.get(kind)
        if place is None:
            return False
        return place == next_place(kind, last) or (
            last is not None and place[0] == last[0] and place[1] > last[1]
        )

    def _article(self, text: str, before: str) -> Label | None:
        found = _fitting(Kind.ARTICLE, ARTICLE.match(text))
        misread = found is not None and (found.label or "").endswith("l")
        if found is None or (misread and not self._expected(Kind.ARTICLE, found.label or "")):
            slip = _ARTICLE_SLIP.match(text)
            label = re.sub("[Il]", "1", slip["n"]).replace("O", "0") if slip else ""
            if slip and self._expected(Kind.ARTICLE, label):
                return Label(Kind.ARTICLE, normalised(Kind.ARTICLE, label), slip["rest"], slip=True)
        if found is None:
            return None
        wrapped = (not found.rest or found.rest[0].islower()) and _LEANS_ON.search(before) is not None
        return None if wrapped and not self._expected(Kind.ARTICLE, found.label or "") else found

    def heading(self, text: str) -> Label | None:
        """The label "I-" of a heading; in a text with articles only before capitals."""
        found = _fitting(Kind.HEADING, HEADING.match(text))
        if found is None or (self.has_articles and not is_capitals(found.rest)):
            return None
        likely = found.label not in ("C", "L") or self._expected(Kind.HEADING, found.label)
        return found if likely else None

    def _clause(self, line: Line) -> Label | None:
        found = _fitting(Kind.CLAUSE, CLAUSE.match(line.text))
        if found is None or self._expected(Kind.CLAUSE, found.label or ""):
            return found
        place, last = place_of(Kind.CLAUSE, found.label or ""), self.places.get(Kind.CLAUSE)
        far = place is None or abs(place[0] - (last[0] if last else 0)) > _MAX_GAP
        if far or not (found.rest[0].isupper() or found.rest[0] in '“"('):
            self.doubt(line.number, "number_not_label", line.text)
            return None
        return found

    def _point(self, text: str) -> Label | None:
        match = POINT.match(text)
        found = _fitting(Kind.POINT, match)
        sure = match is not None and match["sure"] is not None
        return found if found and (sure or self._expected(Kind.POINT, found.label or "")) else None

    def label(self, line: Line, before: str) -> Label | None:
        """The label this line begins with; None for a paragraph."""
        text = line.text
        if line.quoted:
            return None
        found = upper_label(text)
        if found is None and text[0] in "Đ":
            found = self._article(text, before)
        if found is None and text[0] in "IVXLC":
            found = self.heading(text)
        if found is None and text[0].isdigit():
            found = self._clause(line)
        if found is None and (text[0].islower()):
            found = self._point(text)
        if found is None and (match := INDENT.match(text)):
            found = Label(Kind.INDENT, None, match["rest"])
        return found

    def enter(self, found: Label) -> None:
        """Take note of a label: its number, and the numbers that start anew under it."""
        self.places[found.kind] = place_of(found.kind, found.label) if found.label else None
        for kind, by in RESTARTS.items():
            if found.kind in by:
                self.places.pop(kind, None)


def would_be_label(text: str) -> bool:
    """Whether a line could carry a label, whatever its number: such a line is no title."""
    patterns = (ARTICLE, HEADING, CLAUSE, POINT, INDENT)
    return upper_label(text) is not None or any(pattern.match(text) for pattern in patterns)


# --- lines and quotations -------------------------------------------------------------------


def read_lines(text: str, doubt: Callable[[int, str, str], None]) -> list[Line]:
    """The lines that say something, squeezed, each with whether it stands inside a quotation."""
    written = text.split("\n")
    closing, straight = typographic_quotations(written), straight_quotations(written)
    lines: list[Line] = []
    until = -1
    blank = False
    for index, raw in enumerate(written):
        line = squeeze(raw)
        if not line:
            blank = True
            continue
        quoted = index <= until
        if not quoted:
            close = closing.get(index, straight.get(index, index))
            if close < 0:
                doubt(index + 1, "quote_open", line)
            until = max(until, close if close > index else -1)
        lines.append(Line(index + 1, line, quoted, blank))
        blank = False
    return lines
