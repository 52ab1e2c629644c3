"""What differs from the form: the head, the bases, the signature, and how the body ends and cites.

`form_findings(draft, form)` is all of it. A repair is given only where one way alone is right under
that form. A draft with no more above and below it than its type and title is a text whose head is
written elsewhere: nothing is said of what it lacks. Source of every rule: that of the value it is
held against (`domain/form_profile.py`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from duthao.domain.checks.finding import Draft, Finding, Severity, at, at_part
from duthao.domain.document import FrontMatter, Kind
from duthao.domain.form_profile import FormProfile, bare_number
from duthao.domain.front_matter import is_motto

LINES = ("bases", "preamble", "closing", "recipients")
"""The fields of the front matter that are lists of lines."""

HEAD = ("upper_body", "body", "number", "place", "date", "type", "title", "bases", "preamble")
FOOT = ("closing", "recipients", "authority", "position", "signatory")
"""The fields in the order in which they are read, above and below the provisions."""


def form_findings(draft: Draft, form: FormProfile) -> Iterator[Finding]:
    """All that differs, in no order."""
    front = draft.document.front
    if replace(front, type="", title="") != FrontMatter():
        yield from _missing(front, form)
    if front != FrontMatter():
        for check in (_number, _date, _title, _bases, _authority, _recipients, _marks, _spelling):
            yield from check(front, form)
    yield from _citations(draft, form)
    yield from _body_end(draft, form)
    yield from _unread_labels(draft, form)


def fields_of(front: FrontMatter) -> Iterator[tuple[str, str]]:
    """(part, words) of every field and line that is not empty, in reading order."""
    for name in (*HEAD, *FOOT):
        value = getattr(front, name)
        if isinstance(value, str):
            if value:
                yield name, value
        else:
            yield from ((f"{name}.{n}", line) for n, line in enumerate(value))


def part_text(front: FrontMatter, part: str) -> str:
    """The words of a part as `fields_of` names it; "" for one that is empty."""
    name, _, line = part.partition(".")
    value = getattr(front, name)
    return str(value[int(line)]) if line else ("" if name in LINES else str(value))


# --- what there has to be -----------------------------------------------------------------------

_WITH_BASES = {
    "party": ("QUYẾT ĐỊNH", "QUY CHẾ", "QUY ĐỊNH", "NGHỊ QUYẾT"),
    # A regulation of the State is issued by a decision, which has the bases.
    "state": ("QUYẾT ĐỊNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "THÔNG TƯ"),
}


def _missing(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    type_ = front.type.upper()
    absent = [name for name in ("body", "type", "title", "recipients") if not getattr(front, name)]
    if not front.bases and type_.startswith(_WITH_BASES[form.family]):
        absent.append("bases")
    if not (front.authority or front.position or front.signatory):
        absent.append("authority")
    if front.date and not front.place:
        absent.append("place")
    for name in absent:
        yield at_part(f"form_{name}_missing", Severity.HINT, name)


# --- number -------------------------------------------------------------------------------------

_BODY = r"[A-ZĐ][A-ZĐa-zđ0-9&.-]{0,19}"
_CODE = r"[A-ZĐ][A-ZĐa-zđ]{0,5}"
_ANY_NUMBER = re.compile(rf"(?P<n>\d{{1,5}})\s*[-–/]?\s*(?P<code>{_CODE})\s*[-–/]\s*(?P<body>{_BODY})")
_YEARED = re.compile(rf"\d{{1,5}}/\d{{4}}/{_CODE}-{_BODY}")


@lru_cache(maxsize=16)
def _number_pattern(pattern: str) -> re.Pattern[str]:
    """What `number_pattern` gives, as something to read by."""
    made = re.escape(pattern)
    groups = {
        "n": r"(?P<n>\d{1,5})",
        "code": f"(?P<code>{_CODE})",
        "body": f"(?P<body>{_BODY})",
        "year": r"\d{4}",
    }
    for name, group in groups.items():
        made = made.replace(re.escape(f"{{{name}}}"), group, 1)
    return re.compile(made)


def type_code(type_: str, form: FormProfile) -> tuple[str, str] | None:
    """(type, code) of the longest type of the form with which these words begin."""
    words = type_.upper()
    found = [name for name in form.codes if words == name or words.startswith(f"{name} ")]
    best = max(found, key=len, default=None)
    return None if best is None else (best, form.codes[best])


def _number(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    written = bare_number(front.number)
    if not any(map(str.isdigit, written)):
        return  # left blank until it is issued
    start = len(front.number.rstrip()) - len(written)
    place = start, start + len(written)
    match = _number_pattern(form.number_pattern).fullmatch(written)
    if match is None and form.family == "state" and _YEARED.fullmatch(written):
        return
    other = match or _ANY_NUMBER.fullmatch(written)
    parts: Mapping[str, str] = other.groupdict() if other is not None else {}
    known = type_code(front.type, form)
    right = None
    if {"n", "code", "body"} <= parts.keys() and "{year}" not in form.number_pattern:
        right = form.number_pattern.format(
            n=parts["n"].zfill(form.number_digits), code=parts["code"], body=parts["body"]
        )
    if match is None:
        pattern = form.number_pattern.format(n="05", code="NQ", body="ĐU", year="2026")
        yield at_part("form_number", Severity.WARNING, "number", *place, right, number=written,
                      pattern=pattern)  # fmt: skip
    elif len(parts["n"]) < form.number_digits:
        yield at_part("form_number_digits", Severity.WARNING, "number", *place, right, number=written)
    if known is not None and parts.get("code", known[1]) != known[1]:
        yield at_part("form_code", Severity.WARNING, "number", *place, type=known[0], right=known[1],
                      written=parts["code"])  # fmt: skip


# --- place and date -----------------------------------------------------------------------------

_DATE = re.compile(r"ngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})")
_BLANK = re.compile(r"(?:\.|…|_|\s){2,}|ngày\s+tháng|tháng\s+năm")


def _date(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    if not front.date or (_BLANK.search(front.date) and not _DATE.search(front.date)):
        return
    match = _DATE.search(front.date)
    if match is None:
        yield at_part("form_date", Severity.WARNING, "date", 0, len(front.date), date=front.date)
        return
    day, month, year = (int(match[name]) for name in "dmy")
    if not (1 <= month <= 12 and year >= 1 and 1 <= day <= monthrange(max(year, 1), month)[1]):
        yield at_part("form_date_impossible", Severity.ERROR, "date", *match.span(), date=match.group())
        return
    for name, right in (("d", form.day(day)), ("m", form.month(month))):
        if match[name] != right:
            yield at_part("form_date_zero", Severity.WARNING, "date", *match.span(name), right,
                          written=match[name], right=right)  # fmt: skip


# --- title and bases ----------------------------------------------------------------------------


def _title(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    title = front.title
    if len(title) > 3 and title == title.upper() and not form.styles.title.capitals:
        yield at_part("form_title_capitals", Severity.HINT, "title", 0, len(title))


def _bases(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    for n, line in enumerate(front.bases):
        words = line.rstrip()
        last = n + 1 == len(front.bases)
        right = form.base_last if last else ";"
        if words and right and words[-1] in ";,." and words[-1] != right:
            yield at_part("form_base_end", Severity.HINT, f"bases.{n}", len(words) - 1, len(words), right,
                          written=words[-1], right=right)  # fmt: skip


# --- signature, recipients ----------------------------------------------------------------------

_SIGN = re.compile(r"(?P<sign>TUQ\.?|T\s*/\s*M|K\s*/\s*T|T\s*/\s*L|TM\.?|KT\.?|TL\.?)(?=\s)\s*(?P<rest>.*)")
_ROLES = {"TM": "on_behalf", "KT": "in_place", "TL": "by_order", "TUQ": "empowered"}
_COLLECTIVE = re.compile(
    r"(?:BAN (?:CHẤP HÀNH|THƯỜNG VỤ|BÍ THƯ|CÁN SỰ)|THƯỜNG TRỰC|[\w ]{0,30}(?:ĐẢNG|TỈNH|THÀNH|HUYỆN|CẤP) "
    r"(?:ỦY|UỶ)|(?:ỦY|UỶ) BAN|HỘI ĐỒNG|ĐẢNG ĐOÀN)",
)
_DEGREE = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|BS|KS|CN|LS)\.?[ .,]+|(?:Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ)[ ,]+)+"
)


def _authority(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    match = _SIGN.match(front.authority)
    if match is not None:
        written = match["sign"]
        role = _ROLES[re.sub(r"[\s./]", "", written)]
        if role == "in_place" and _COLLECTIVE.match(match["rest"].upper()):
            yield at_part("form_collective", Severity.ERROR, "authority", *match.span("sign"), form.on_behalf,
                          right=form.on_behalf, written=written)  # fmt: skip
        elif written != (right := getattr(form, role)):
            yield at_part("form_authority", Severity.WARNING, "authority", *match.span("sign"), right or None,
                          written=written, right=right or form.on_behalf)  # fmt: skip
    degree = _DEGREE.match(front.signatory)
    if degree is not None and form.family == "party":
        yield at_part("form_degree", Severity.WARNING, "signatory", 0, degree.end(), "",
                      degree=degree.group().strip(" ,"))  # fmt: skip


def _recipients(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    if front.recipients and form.recipients_last:
        last = front.recipients[-1].lstrip("-–+ ")
        if not last.casefold().startswith("lưu"):
            part = f"recipients.{len(front.recipients) - 1}"
            yield at_part("form_recipients_last", Severity.WARNING, part, right=form.recipients_last)


# --- what the form prints by itself; spelling ---------------------------------------------------

_DRAFT_MARK = re.compile(r"\(?dự thảo(?: lần)?(?: thứ)?(?:\s+\d{1,3})?\)?", re.IGNORECASE)


def _marks(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    mottos = {form.motto.casefold(), form.slogan.casefold()}
    for part, words in fields_of(front):
        if part.startswith("preamble."):
            if is_motto(words) and words.casefold() not in mottos:
                yield at_part("form_motto", Severity.WARNING, part, 0, len(words), motto=words)
            mark = _DRAFT_MARK.fullmatch(words.strip())
            if mark is not None:
                yield at_part("form_draft_mark", Severity.HINT, part, 0, len(words), mark=words.strip())


_UY = re.compile(r"(?<!\w)(?:uỷ|Uỷ|UỶ)(?!\w)")
_UY_RIGHT = {"uỷ": "ủy", "Uỷ": "Ủy", "UỶ": "ỦY"}
_DANG_UY = re.compile(r"(?<=đảng )uỷ(?!\w)|(?<=Đảng )[uU]ỷ(?!\w)|(?<=ĐẢNG )UỶ(?!\w)")


def _spelling(front: FrontMatter, form: FormProfile) -> Iterator[Finding]:
    for part, words in fields_of(front) if form.family == "party" else ():
        for match in _UY.finditer(words):
            right = _UY_RIGHT[match.group()]
            yield at_part(
                "form_uy", Severity.WARNING, part, *match.span(), right, written=match.group(), right=right
            )


# --- the body -----------------------------------------------------------------------------------

_CITED = re.compile(
    r"(?<!\w)số:?\s+\d{1,5}(?:[/-][\w&]+){1,4}(?P<gap>\s*,?\s+)(?=ngày\s+\d{1,2}(?:/|\s+tháng\s))",
    re.IGNORECASE,
)


def _gaps(words: str, form: FormProfile) -> Iterator[tuple[int, int, str]]:
    right = ", " if form.cite_comma else " "
    for match in _CITED.finditer(words):
        if ("," in match["gap"]) != form.cite_comma:
            yield (*match.span("gap"), right)


def _citations(draft: Draft, form: FormProfile) -> Iterator[Finding]:
    """A comma before "ngày" where a document is cited by its number, or none."""
    code = "form_cite_comma" if form.cite_comma else "form_cite_no_comma"
    for n, line in enumerate(draft.document.front.bases):
        for start, end, right in _gaps(line, form):
            yield at_part(code, Severity.HINT, f"bases.{n}", start, end, right)
    for entry in draft.entries:
        for start, end, right in _gaps(entry.provision.text, form):
            yield at(code, Severity.HINT, entry, start, end, right)
        if form.family == "party":
            for match in _DANG_UY.finditer(entry.provision.text):
                right = _UY_RIGHT[match.group()]
                yield at("form_uy", Severity.WARNING, entry, *match.span(), right,
                         written=match.group(), right=right)  # fmt: skip


_SHORT_END = re.compile(r"\.\s*/\s*\.?\s*$")


def _body_end(draft: Draft, form: FormProfile) -> Iterator[Finding]:
    """ "." or "./." behind the last words above the signature; a closing formula has that end itself."""
    if draft.document.front.closing or not form.body_end:
        return
    words = []
    for entry in draft.entries:
        if entry.provision.kind is Kind.APPENDIX:
            break
        words.append(entry)
    if not words or words[-1].provision.kind in (Kind.TABLE, Kind.ROW):
        return
    text = words[-1].provision.text.rstrip()
    match = _SHORT_END.search(text)
    written = match.group() if match else text[-1:]
    if not text or written == form.body_end or (form.body_end == "." and match is None):
        return
    kept = "" if match or written in ".;," else written
    yield at("form_body_end", Severity.WARNING, words[-1], len(text) - len(written), len(text),
             kept + form.body_end, right=form.body_end)  # fmt: skip


_LABEL = re.compile(
    r"(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Điều|ĐIỀU)\s+(?:[IVXLC]+|\d+|thứ \w+|THỨ \w+)\s*[.:-]?\s*(?!\w)"
)


def _unread_labels(draft: Draft, form: FormProfile) -> Iterator[Finding]:
    """A line that reads like the name of a division or an article, and is neither."""
    for entry in draft.entries:
        if entry.provision.kind is Kind.PARAGRAPH and (match := _LABEL.fullmatch(entry.provision.text)):
            yield at("form_label", Severity.WARNING, entry, 0, match.end(), label=match.group().strip())
