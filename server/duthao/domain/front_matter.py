"""What stands above and below the provisions: type, title, bases; formula, recipients, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from duthao.domain.document import FrontMatter, Kind
from duthao.domain.labels import (
    ARTICLE,
    CLAUSE,
    INDENT,
    POINT,
    Line,
    is_capitals,
    is_title,
    upper_label,
    would_be_label,
)
from duthao.domain.secrecy import mark_in

_MAX_TYPE = 40


_TYPES = (
    "BỘ LUẬT|LUẬT|PHÁP LỆNH|HIẾN PHÁP|NGHỊ QUYẾT LIÊN TỊCH|NGHỊ QUYẾT|NGHỊ ĐỊNH|QUYẾT ĐỊNH|QUY CHẾ|QUY ĐỊNH|"
    "QUY TRÌNH|THÔNG TƯ LIÊN TỊCH|THÔNG TƯ|THÔNG TRI|THÔNG BÁO|CHỈ THỊ|KẾT LUẬN|HƯỚNG DẪN|BÁO CÁO|KẾ HOẠCH|"
    "CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|TỜ TRÌNH|ĐIỀU LỆ|NỘI QUY|LỆNH|BIÊN BẢN|PHIẾU LẤY Ý KIẾN|LỊCH CÔNG TÁC"
)
_TYPE = re.compile(rf"(?P<type>{_TYPES})(?!\w)\s*(?P<rest>.*)$")
_NUMBER = re.compile(r"Số\s*:?\s*(?P<n>[^\s].{0,60})$")
_PLACE_DATE = re.compile(r"(?P<place>[^,\d][^\d]{0,60}), (?P<date>ngày\s.{0,40}\snăm\s.{0,12})$")
_BASE = re.compile(r"(?:[-–]\s*)?(?:Căn cứ|Theo đề nghị|Xét đề nghị|Xét tờ trình|Xét Tờ trình)\s")
MOTTO = re.compile(
    r"(?:ĐẢNG CỘNG SẢN VIỆT NAM|CỘNG H[ÒO][AÀ] XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập\b.*Hạnh phúc|\W+)$"
)


def type_line(text: str) -> tuple[str, str] | None:
    """(type, beginning of the title) when this line names the type of the document."""
    match = _TYPE.match(text) if is_capitals(text) else None
    if match is None:
        alone = re.fullmatch(_TYPES, text.upper())
        return (text, "") if alone else None
    return (text, "") if len(text) <= _MAX_TYPE else (match["type"], match["rest"])


def is_head_line(text: str) -> bool:
    """Whether a line says what only the head of a document says: motto, number, place and date."""
    return is_motto(text) or _NUMBER.match(text) is not None or _PLACE_DATE.match(text) is not None


def is_motto(text: str) -> bool:
    """Whether a line is the national or the Party's motto: every document's head has one."""
    return MOTTO.match(text) is not None and any(map(str.isalpha, text))


def is_ornament(text: str) -> bool:
    """Whether a line is signs alone, or a motto: what a form prints by itself."""
    return MOTTO.match(text) is not None


def is_of_the_form(line: str, front: FrontMatter) -> bool:
    """Whether the form prints this line of a source's head by itself: in a preamble it would stand twice."""
    return is_ornament(line) and (not is_motto(line) or bool(front.upper_body or front.body))


def _head(lines: Sequence[Line]) -> tuple[dict[str, str], list[str]]:
    """Fields of the block above the type, and its ornaments."""
    fields: dict[str, str] = {}
    ornaments: list[str] = []
    others: list[str] = []
    for line in lines:
        match = _NUMBER.match(line.text)
        date = _PLACE_DATE.match(line.text)
        if MOTTO.match(line.text) or mark_in(line.text):
            ornaments.append(line.text)
        elif match and "number" not in fields:
            fields["number"] = match["n"]
        elif date and "date" not in fields:
            fields["place"], fields["date"] = date["place"], date["date"]
        else:
            others.append(line.text)
    bodies = [index for index, text in enumerate(others) if is_capitals(text)]
    if bodies:
        fields["body"] = others.pop(bodies[-1])
    fields["upper_body"] = " ".join(others)
    return fields, ornaments


def _title(lines: Sequence[Line], start: str) -> tuple[str, int]:
    """The title below the type, and how many lines it takes."""
    words, taken = [start] if start else [], 0
    for line in lines[:3]:
        # The Party writes the subject in small letters below the type: "làm việc của Ban Chấp hành".
        fits = is_title(line.text[:1].upper() + line.text[1:])
        fits = fits and not (_BASE.match(line.text) or MOTTO.match(line.text))
        if not fits or (line.after_blank and words):
            break
        words.append(line.text)
        taken += 1
    return " ".join(words), taken


def _misleads(fields: dict[str, Any]) -> bool:
    """Whether lines joined into one field would be read as something else."""
    above = fields["upper_body"]
    patterns = (_NUMBER, _PLACE_DATE, MOTTO)
    if above and (type_line(above) or opens_closing(above) or any(p.match(above) for p in patterns)):
        return True
    return any(fields[name] and would_be_label(fields[name]) for name in ("upper_body", "title"))


def front_matter(lines: Sequence[Line]) -> tuple[FrontMatter, list[Line]]:
    """Front matter of the lines above the first label, and what could not be told apart.

    What is left over (the preamble) comes back as lines: the caller decides where it goes.
    """
    at = next((index for index, line in enumerate(lines) if type_line(line.text)), None)
    fields: dict[str, Any] = {}
    ornaments: list[str] = []
    rest = list(lines)
    if at is not None:
        fields, ornaments = _head(lines[:at])
        fields["type"], start = type_line(lines[at].text) or ("", "")
        fields["title"], taken = _title(lines[at + 1 :], start)
        rest = list(lines[at + 1 + taken :])
        if _misleads(fields):
            fields, ornaments, rest = {}, [], list(lines)
    # The line under the title stands between it and the bases.
    while rest and is_ornament(rest[0].text):
        ornaments.append(rest.pop(0).text)
    bases = 0
    while bases < len(rest) and _BASE.match(rest[bases].text):
        bases += 1
    front = FrontMatter(**fields, bases=tuple(line.text for line in rest[:bases]))
    first = lines[0].number if lines else 1
    return front, [*(Line(first, text) for text in ornaments), *rest[bases:]]


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
    return _AUTHORITY.match(text) is not None and is_capitals(text)


def closing_range(lines: Sequence[Line]) -> range:
    """Where the closing stands: after the last label, or before the first appendix."""
    end = len(lines)
    start: int | None = None
    for index, line in enumerate(lines):
        if line.quoted:
            continue
        label = upper_label(line.text)
        if label and label.kind is Kind.APPENDIX and start is not None:
            end = index
            break
        structural = label or ARTICLE.match(line.text) or CLAUSE.match(line.text) or POINT.match(line.text)
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


def close(front: FrontMatter, lines: Sequence[str]) -> FrontMatter:
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
        if _RECIPIENTS.match(text) and not recipients and INDENT.match(following):
            expects = "recipients"
        elif expects == "recipients" and INDENT.match(text):
            recipients.append(text)
        elif "authority" not in fields and _AUTHORITY.match(text) and is_capitals(text):
            fields["authority"], expects = text, "position"
        elif expects == "position" and is_capitals(text):
            fields["position"], expects = text, "signatory"
        elif expects == "signatory" and _SIGNED.match(text):
            closing.append(text)
        elif expects == "signatory" and _is_name(text):
            fields["signatory"], expects = text, ""
        else:
            closing.append(text)
            expects = ""
    return replace(front, **fields, closing=tuple(closing), recipients=tuple(recipients))
