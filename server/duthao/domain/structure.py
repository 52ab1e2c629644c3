"""From plain text to provisions: the grammar of Vietnamese regulations, and its traps.

The grammar is that of 204 laws and of Party texts (norms B5). Nothing is lost: what is no
label stays text, and what is doubtful is kept as read and reported. Lines inside a
quotation that runs over several lines (the new wording in an amending text) are paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from duthao.domain.document import (
    Document,
    FrontMatter,
    Kind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.numbering import (
    RESTARTS,
    Place,
    next_place,
    normalised,
    number,
    place_of,
    runs,
)
from duthao.domain.text import Note, clean, squeeze, straight_quotations, typographic_quotations

EXCERPT = 40
MAX_DOUBTS = 1000
MAX_PREAMBLE = 10
"""Longer than this, what stands before the first label is the text itself."""

_MAX_TITLE = 200
_MAX_TYPE = 40
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
class Parsed:
    """What was recognised, what is doubtful, and what cleaning changed."""

    document: Document
    doubts: tuple[Doubt, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    quoted: bool = False
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class _Label:
    """A label at the start of a line, and the text after it. `slip`: a misread character."""

    kind: Kind
    label: str | None
    rest: str
    slip: bool = False


# --- labels ---------------------------------------------------------------------------------

_TAIL = r"(?:\s*[.:]\s*(?P<titled>.*)|\s+[-–]\s+(?P<dashed>.+)|\s+(?P<bare>.+))?$"
_PART = re.compile(
    r"(?:Phần|PHẦN)\s+(?P<n>(?:thứ|THỨ)\s+\w+(?:\s[a-zđ]{1,2}(?=\s*[.:]|$))?|[IVXLC]+[a-zđ]{0,2})" + _TAIL
)
_CHAPTER = re.compile(r"(?:Chương|CHƯƠNG)\s+(?P<n>(?:[IVXLC][IVXLCl1]*|\d{1,3})[a-zđ]{0,2})" + _TAIL)
_ROMAN_SLIP = re.compile(r"(?=[IVXLC]+[l1])[IVXLCl1]+[a-zđ]?$")
_SECTION = re.compile(r"(?:Mục|MỤC)\s+(?P<n>(?:\d{1,3}|[IVXLC]+)[a-zđ]{0,2})" + _TAIL)
_SUBSECTION = re.compile(r"(?:Tiểu mục|TIỂU MỤC)\s+(?P<n>(?:\d{1,3}|[IVXLC]+)[a-zđ]{0,2})" + _TAIL)
_APPENDIX = re.compile(r"(?:Phụ lục|PHỤ LỤC)(?:\s+(?P<n>(?:[IVXLC]+|\d{1,3})[a-zđ]{0,2})(?!\w))?" + _TAIL)
_UPPER = (
    (Kind.PART, _PART),
    (Kind.CHAPTER, _CHAPTER),
    (Kind.SECTION, _SECTION),
    (Kind.SUBSECTION, _SUBSECTION),
    (Kind.APPENDIX, _APPENDIX),
)
_UPPER_KINDS = frozenset(kind for kind, _ in _UPPER)
_ARTICLE = re.compile(r"(?:Điều|ĐIỀU)\s+(?P<n>\d{1,4}[a-zđ]{0,2})\s*(?:[.:]\s*(?P<rest>.*))?$")
_ARTICLE_SLIP = re.compile(r"(?:Điều|ĐIỀU)\s+(?P<n>(?=[\dIlO]*[IlO])[\dIlO]{1,4})\s*[.:]\s*(?P<rest>.*)$")
_HEADING = re.compile(r"(?P<n>[IVXLC]+[a-zđ]{0,2})\s*(?:\.|[-–])\s*(?P<rest>\S.*)$")
_CLAUSE = re.compile(r"(?P<n>\d{1,3}[a-zđ]{0,2})(?:\s*\.(?!\d)\s*|\s*[-–]\s+)(?P<rest>\S.*)$")
_POINT = re.compile(r"(?P<n>[a-zđ]\d{0,3})\s*(?:(?P<sure>\))\s*|\.\s+)(?P<rest>\S.*)$")
_INDENT = re.compile(r"[-–•](?:\s+|(?=[^\W\d_]))(?P<rest>\S.*)$")
_REFERENCE = re.compile(
    r"(?:khoản|điểm|Điều|điều|Mục|Chương)\s+[\dIVXa-zđ]+[a-zđ]?\s+(?:Điều|khoản|của|và|Luật|Quy)"
)
_LEANS_ON = re.compile(r"(?:\b(?:tại|của|theo|và|hoặc|với|các|khoản \d+\w*|điểm \w{1,2})|,)$")


def _is_capitals(text: str) -> bool:
    return text == text.upper() and sum(map(str.isalpha, text)) >= 2


def _is_title(text: str) -> bool:
    """Short, begins like a title and does not end like a sentence."""
    return len(text) <= _MAX_TITLE and not text[0].islower() and text[-1] not in ".;:,"


def _upper_label(text: str) -> _Label | None:
    if text[0] not in "PCMT":
        return None
    for kind, pattern in _UPPER:
        match = pattern.match(text)
        if match is None:
            continue
        bare, titled = match["bare"], match["titled"] or match["dashed"] or ""
        if (bare and not _is_capitals(bare)) or titled[:1].islower():
            return None
        return _named(kind, match["n"], squeeze(bare or titled))
    return None


def _named(kind: Kind, written: str | None, rest: str) -> _Label | None:
    if written is None:
        return _Label(kind, None, rest)
    if kind is Kind.CHAPTER and _ROMAN_SLIP.match(written):
        label = normalised(kind, re.sub("[l1]", "I", written))
        return _Label(kind, label, rest, slip=True) if label else None
    label = normalised(kind, squeeze(written))
    return _Label(kind, label, rest) if label else None


def _fitting(kind: Kind, match: re.Match[str] | None) -> _Label | None:
    label = normalised(kind, match["n"]) if match else None
    return _Label(kind, label, match["rest"] or "") if match and label else None


@dataclass
class _Reader:
    """Reads body lines one by one; `places` is the last number of each kind in its scope."""

    has_articles: bool
    places: dict[Kind, Place | None] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, line: int, code: str, text: str) -> None:
        if len(self.doubts) < MAX_DOUBTS:
            self.doubts.append(Doubt(line, code, text[:EXCERPT]))

    def _expected(self, kind: Kind, label: str) -> bool:
        """Whether the label comes next: the plain next number, or one inserted here."""
        place = place_of(kind, label)
        last = self.places.get(kind)
        if place is None:
            return False
        return place == next_place(kind, last) or (
            last is not None and place[0] == last[0] and place[1] > last[1]
        )

    def _article(self, text: str, before: str) -> _Label | None:
        found = _fitting(Kind.ARTICLE, _ARTICLE.match(text))
        misread = found is not None and (found.label or "").endswith("l")
        if found is None or (misread and not self._expected(Kind.ARTICLE, found.label or "")):
            slip = _ARTICLE_SLIP.match(text)
            label = re.sub("[Il]", "1", slip["n"]).replace("O", "0") if slip else ""
            if slip and self._expected(Kind.ARTICLE, label):
                return _Label(Kind.ARTICLE, normalised(Kind.ARTICLE, label), slip["rest"], slip=True)
        if found is None:
            return None
        wrapped = (not found.rest or found.rest[0].islower()) and _LEANS_ON.search(before) is not None
        return None if wrapped and not self._expected(Kind.ARTICLE, found.label or "") else found

    def heading(self, text: str) -> _Label | None:
        """The label "I-" of a heading; in a text with articles only before capitals."""
        found = _fitting(Kind.HEADING, _HEADING.match(text))
        if found is None or (self.has_articles and not _is_capitals(found.rest)):
            return None
        likely = found.label not in ("C", "L") or self._expected(Kind.HEADING, found.label)
        return found if likely else None

    def _clause(self, line: _Line) -> _Label | None:
        found = _fitting(Kind.CLAUSE, _CLAUSE.match(line.text))
        if found is None or self._expected(Kind.CLAUSE, found.label or ""):
            return found
        place, last = place_of(Kind.CLAUSE, found.label or ""), self.places.get(Kind.CLAUSE)
        far = place is None or abs(place[0] - (last[0] if last else 0)) > _MAX_GAP
        if far or not (found.rest[0].isupper() or found.rest[0] in '“"('):
            self.doubt(line.number, "number_not_label", line.text)
            return None
        return found

    def _point(self, text: str) -> _Label | None:
        match = _POINT.match(text)
        found = _fitting(Kind.POINT, match)
        sure = match is not None and match["sure"] is not None
        return found if found and (sure or self._expected(Kind.POINT, found.label or "")) else None

    def label(self, line: _Line, before: str) -> _Label | None:
        """The label this line begins with; None for a paragraph."""
        text = line.text
        if line.quoted:
            return None
        found = _upper_label(text)
        if found is None and text[0] in "Đ":
            found = self._article(text, before)
        if found is None and text[0] in "IVXLC":
            found = self.heading(text)
        if found is None and text[0].isdigit():
            found = self._clause(line)
        if found is None and (text[0].islower()):
            found = self._point(text)
        if found is None and (match := _INDENT.match(text)):
            found = _Label(Kind.INDENT, None, match["rest"])
        return found

    def enter(self, found: _Label) -> None:
        """Take note of a label: its number, and the numbers that start anew under it."""
        self.places[found.kind] = place_of(found.kind, found.label) if found.label else None
        for kind, by in RESTARTS.items():
            if found.kind in by:
                self.places.pop(kind, None)


def _would_be_label(text: str) -> bool:
    """Whether a line could carry a label, whatever its number: such a line is no title."""
    patterns = (_ARTICLE, _HEADING, _CLAUSE, _POINT, _INDENT)
    return _upper_label(text) is not None or any(pattern.match(text) for pattern in patterns)


# --- lines and quotations -------------------------------------------------------------------


def _read_lines(text: str, doubt: Callable[[int, str, str], None]) -> list[_Line]:
    """The lines that say something, squeezed, each with whether it stands inside a quotation."""
    written = text.split("\n")
    closing, straight = typographic_quotations(written), straight_quotations(written)
    lines: list[_Line] = []
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
        lines.append(_Line(index + 1, line, quoted, blank))
        blank = False
    return lines


# --- front matter ---------------------------------------------------------------------------

_TYPES = (
    "BỘ LUẬT|LUẬT|PHÁP LỆNH|HIẾN PHÁP|NGHỊ QUYẾT LIÊN TỊCH|NGHỊ QUYẾT|NGHỊ ĐỊNH|QUYẾT ĐỊNH|QUY CHẾ|QUY ĐỊNH|"
    "QUY TRÌNH|THÔNG TƯ LIÊN TỊCH|THÔNG TƯ|THÔNG TRI|THÔNG BÁO|CHỈ THỊ|KẾT LUẬN|HƯỚNG DẪN|BÁO CÁO|KẾ HOẠCH|"
    "CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|TỜ TRÌNH|ĐIỀU LỆ|NỘI QUY|LỆNH"
)
_TYPE = re.compile(rf"(?P<type>{_TYPES})(?!\w)\s*(?P<rest>.*)$")
_NUMBER = re.compile(r"Số\s*:?\s*(?P<n>[^\s].{0,60})$")
_PLACE_DATE = re.compile(r"(?P<place>[^,\d][^\d]{0,60}), (?P<date>ngày\s.{0,40}\snăm\s.{0,12})$")
_BASE = re.compile(r"(?:[-–]\s*)?(?:Căn cứ|Theo đề nghị|Xét đề nghị|Xét tờ trình|Xét Tờ trình)\s")
_MOTTO = re.compile(
    r"(?:ĐẢNG CỘNG SẢN VIỆT NAM|CỘNG H[ÒO][AÀ] XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập\b.*Hạnh phúc|\W+)$"
)


def _type_line(text: str) -> tuple[str, str] | None:
    """(type, beginning of the title) when this line names the type of the document."""
    match = _TYPE.match(text) if _is_capitals(text) else None
    if match is None:
        alone = re.fullmatch(_TYPES, text.upper())
        return (text, "") if alone else None
    return (text, "") if len(text) <= _MAX_TYPE else (match["type"], match["rest"])


def _head(lines: Sequence[_Line]) -> tuple[dict[str, str], list[str]]:
    """Fields of the block above the type, and its ornaments."""
    fields: dict[str, str] = {}
    ornaments: list[str] = []
    others: list[str] = []
    for line in lines:
        match = _NUMBER.match(line.text)
        date = _PLACE_DATE.match(line.text)
        if _MOTTO.match(line.text):
            ornaments.append(line.text)
        elif match and "number" not in fields:
            fields["number"] = match["n"]
        elif date and "date" not in fields:
            fields["place"], fields["date"] = date["place"], date["date"]
        else:
            others.append(line.text)
    bodies = [index for index, text in enumerate(others) if _is_capitals(text)]
    if bodies:
        fields["body"] = others.pop(bodies[-1])
    fields["upper_body"] = " ".join(others)
    return fields, ornaments


def _title(lines: Sequence[_Line], start: str) -> tuple[str, int]:
    """The title below the type, and how many lines it takes."""
    words, taken = [start] if start else [], 0
    for line in lines[:3]:
        fits = _is_title(line.text) and not _BASE.match(line.text) and not _MOTTO.match(line.text)
        if not fits or (line.after_blank and words):
            break
        words.append(line.text)
        taken += 1
    return " ".join(words), taken


def _misleads(fields: dict[str, Any]) -> bool:
    """Whether lines joined into one field would be read as something else."""
    above = fields["upper_body"]
    patterns = (_NUMBER, _PLACE_DATE, _MOTTO)
    if above and (_type_line(above) or opens_closing(above) or any(p.match(above) for p in patterns)):
        return True
    return any(fields[name] and _would_be_label(fields[name]) for name in ("upper_body", "title"))


def _front(lines: Sequence[_Line]) -> tuple[FrontMatter, list[_Line]]:
    """Front matter of the lines above the first label, and what could not be told apart.

    What is left over (the preamble) comes back as lines: the caller decides where it goes.
    """
    at = next((index for index, line in enumerate(lines) if _type_line(line.text)), None)
    fields: dict[str, Any] = {}
    ornaments: list[str] = []
    rest = list(lines)
    if at is not None:
        fields, ornaments = _head(lines[:at])
        fields["type"], start = _type_line(lines[at].text) or ("", "")
        fields["title"], taken = _title(lines[at + 1 :], start)
        rest = list(lines[at + 1 + taken :])
        if _misleads(fields):
            fields, ornaments, rest = {}, [], list(lines)
    bases = 0
    while bases < len(rest) and _BASE.match(rest[bases].text):
        bases += 1
    front = FrontMatter(**fields, bases=tuple(line.text for line in rest[:bases]))
    first = lines[0].number if lines else 1
    return front, [*(_Line(first, text) for text in ornaments), *rest[bases:]]


# --- closing --------------------------------------------------------------------------------

_FORMULA = re.compile(
    r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết|Quy chế|Quy định|Điều lệ|Hiến pháp) này (?:đã )?được .{3,200}"
    r"thông qua\b"
)
_RECIPIENTS = re.compile(r"(?:Nơi nhận|NƠI NHẬN)\s*:?$")
_AUTHORITY = re.compile(r"(?:T/M|K/T|T/L|TM\.|KT\.|TL\.|TUQ\.|Q\.|TM|KT|TL)\s+[^\W\d_]")
_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){1,5}$")
_SIGNED = re.compile(r"\((?:đã ký|Đã ký|ĐÃ KÝ)\)$")


def opens_closing(text: str) -> bool:
    """Whether a line begins what stands below the provisions: formula, recipients, signature."""
    if _RECIPIENTS.match(text) or _FORMULA.match(text):
        return True
    return _AUTHORITY.match(text) is not None and _is_capitals(text)


def _closing_range(lines: Sequence[_Line]) -> range:
    """Where the closing stands: after the last label, or before the first appendix."""
    end = len(lines)
    start: int | None = None
    for index, line in enumerate(lines):
        if line.quoted:
            continue
        label = _upper_label(line.text)
        if label and label.kind is Kind.APPENDIX and start is not None:
            end = index
            break
        structural = label or _ARTICLE.match(line.text) or _CLAUSE.match(line.text) or _POINT.match(line.text)
        if structural and start is not None:
            start = None
        elif start is None and opens_closing(line.text):
            start = index
    return range(start if start is not None else len(lines), end if start is not None else len(lines))


def _is_name(text: str) -> bool:
    return _NAME.match(text) is not None and all(word[0].isupper() for word in text.split())


def closing_blocks(front: FrontMatter) -> list[tuple[str, ...]]:
    """What stands below the provisions, block by block, in the order in which it is written.

    The closing comes first when it opens with its own formula, else last.
    """
    recipients = ("Nơi nhận:", *front.recipients) if front.recipients else ()
    blocks = [recipients, (front.authority, front.position, front.signatory)]
    first = bool(front.closing) and opens_closing(front.closing[0])
    blocks.insert(0 if first else len(blocks), front.closing)
    return [block for block in (tuple(filter(None, block)) for block in blocks) if block]


def _close(front: FrontMatter, lines: Sequence[str]) -> FrontMatter:
    """The front matter with what the closing lines say, when writing it reads back the same.

    Otherwise (parts repeated or in an unusual order) all lines stay in `closing` as they are.
    """
    found = _read_closing(front, lines)
    written = [line for block in closing_blocks(found) for line in block]
    if not written or (opens_closing(written[0]) and _read_closing(front, written) == found):
        return found
    return replace(front, closing=tuple(lines))


def _read_closing(front: FrontMatter, lines: Sequence[str]) -> FrontMatter:
    fields: dict[str, Any] = {}
    recipients: list[str] = []
    closing: list[str] = []
    expects = ""
    for index, text in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if _RECIPIENTS.match(text) and not recipients and _INDENT.match(following):
            expects = "recipients"
        elif expects == "recipients" and _INDENT.match(text):
            recipients.append(text)
        elif "authority" not in fields and _AUTHORITY.match(text) and _is_capitals(text):
            fields["authority"], expects = text, "position"
        elif expects == "position" and _is_capitals(text):
            fields["position"], expects = text, "signatory"
        elif expects == "signatory" and _SIGNED.match(text):
            closing.append(text)
        elif expects == "signatory" and _is_name(text):
            fields["signatory"], expects = text, ""
        else:
            closing.append(text)
            expects = ""
    return replace(front, **fields, closing=tuple(closing), recipients=tuple(recipients))


# --- body -----------------------------------------------------------------------------------


@dataclass
class _Body:
    reader: _Reader
    new_id: Callable[[], ProvisionId]
    provisions: list[Provision] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, line: int, kind: Kind, text: str, label: str | None) -> None:
        self.provisions.append(Provision(self.new_id(), kind, text, label))
        self.lines.append(line)

    def _titled(self, found: _Label, lines: Sequence[_Line], start: int) -> tuple[str, int]:
        """The title of an upper unit or article, and how many of the next lines it takes.

        A title in capitals goes on over all following lines in capitals.
        """
        title, taken = found.rest, 0
        while start + taken < len(lines):
            line = lines[start + taken]
            if line.quoted or line.text[0] in '“”"' or _would_be_label(line.text):
                break
            capitals = found.kind is not Kind.ARTICLE and _is_capitals(line.text)
            goes_on = capitals and (not title or _is_capitals(title))
            if not goes_on and (title or not _is_title(line.text)):
                break
            title, taken = f"{title} {line.text}".strip(), taken + 1
            if not capitals:
                break
        return title, taken

    def read(self, lines: Sequence[_Line]) -> None:
        """Every line becomes a provision, or part of a title."""
        index, before = 0, ""
        while index < len(lines):
            line = lines[index]
            found = self.reader.label(line, before)
            before, index = line.text, index + 1
            if found is None:
                if not line.quoted and _REFERENCE.match(line.text):
                    self.reader.doubt(line.number, "line_wrapped", line.text)
                self.add(line.number, Kind.PARAGRAPH, line.text, None)
                continue
            if found.slip:
                self.reader.doubt(line.number, "label_slip", line.text)
            text, taken = found.rest, 0
            if found.kind in _UPPER_KINDS or (found.kind is Kind.ARTICLE and not text):
                text, taken = self._titled(found, lines, index)
                if not text and found.kind in _UPPER_KINDS:
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


def _number_doubt(kind: Kind, place: Place, last: Place | None, seen: set[Place]) -> str | None:
    if place in seen:
        return "articles_restart" if kind is Kind.ARTICLE and place == (1, "") else "number_duplicate"
    if last is not None and place < last:
        return "number_backwards"
    inserted = last is not None and place[0] == last[0]
    return None if inserted or place == next_place(kind, last) else "number_gap"


def _body_start(lines: Sequence[_Line], reader: _Reader) -> int | None:
    """The first line with a label that opens a regulation's body; indents and points do not."""
    for index, line in enumerate(lines):
        if line.quoted or _MOTTO.match(line.text):
            continue
        if _upper_label(line.text) or _ARTICLE.match(line.text) or reader.heading(line.text):
            return index
        match = _CLAUSE.match(line.text)
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
    provision's text; provisions come in the order of the lines. Article titles and titles in
    capitals are taken from the lines below their number. "+" and "*" lines are paragraphs
    that keep their sign. The policy is RENUMBER when the numbers run plainly, else KEEP.
    """
    cleaned = clean(text)
    reader = _Reader(has_articles=False)
    lines = _read_lines(cleaned.text, reader.doubt)
    for line in lines:
        if "\ufffd" in line.text:
            reader.doubt(line.number, "replacement_found", line.text)
    reader.has_articles = any(not line.quoted and _ARTICLE.match(line.text) for line in lines)
    closing = _closing_range(lines)
    remaining = [line for index, line in enumerate(lines) if index not in closing]
    start = _body_start(remaining, reader)
    front, preamble = _front(remaining[:start])
    body = _Body(reader, new_id)
    if start is not None and len(preamble) <= MAX_PREAMBLE:
        front = replace(front, preamble=tuple(line.text for line in preamble))
        preamble = []
    body.read([*preamble, *(remaining[start:] if start is not None else [])])
    body.doubt_numbers()
    if body.provisions and all(p.kind is Kind.PARAGRAPH for p in body.provisions):
        reader.doubt(body.lines[0], "no_structure", body.provisions[0].text)
    front = _close(front, [lines[index].text for index in closing])
    provisions = tuple(body.provisions)
    document = Document(provisions=provisions, front=front, policy=_policy(provisions))
    doubts = tuple(sorted(reader.doubts, key=lambda doubt: (doubt.line, doubt.code)))
    return Parsed(document, doubts, cleaned.notes)
