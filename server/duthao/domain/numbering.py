"""Numbers of provisions: computed from kind, place and policy, never part of the text.

The rules, shared with `client/src/model/numbering.ts` through the examples in
docs/protocol/numbering-examples.json (source of the order and of inserted numbers:
Nghị định 78/2025/NĐ-CP, Điều 63, 64 and 69):

* Where numbers restart: sections in a part or chapter, subsections in a section, headings
  in any of these, clauses in an article or heading (or above), points in a clause, indents
  in a point. Parts, chapters and articles run through the text. An appendix restarts all.
* A label is readable when it fits its kind: digits with up to two letters ("5a") for
  article, clause, section, subsection; a letter with up to three digits ("đ1") for a point;
  Roman or Arabic digits with up to two letters for part, chapter, section, subsection,
  heading and appendix; "thứ nhất" for a part. An unreadable label counts as none.
* The first readable label of a kind decides the kind's style: Roman, Arabic, or words.
  Without one: Arabic for sections and subsections, Roman for the other upper levels.
* RENUMBER: plain sequence. KEEP: readable labels stay. A new provision which no labelled
  sibling follows takes the plain next free number. Any other takes its predecessor's number
  with the next free letter (5 → 5a → 5b; points with a number: đ → đ1 → đ2); before the
  first labelled one it takes that one's ("khoản 1a vào trước khoản 1").
* After y points go on with y1, y2 …; after the suffix y comes ya. Both stay readable.
* Letters run a b c d đ e g h i k l m n o p q r s t u v x y. A written f, j, w or z is kept.
* Indents count 1, 2, 3 … and print "-"; a single appendix without a label has no number;
  paragraphs, tables and rows have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from duthao.domain.document import Kind, NumberingPolicy, Provision

LETTERS = "abcdđeghiklmnopqrstuvxy"
"""The 23 letters of points, in order."""

ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")

Style = Literal["arabic", "roman", "words", "letter"]
Place = tuple[int, str]
"""A number that can be compared: (base, suffix). 5a is (5, "a"), đ1 is (5, "1")."""

_LATIN = "abcdđefghijklmnopqrstuvwxyz"
_ARABIC = re.compile(r"([0-9]{1,4})([a-zđ]{0,2})")
_ROMAN = re.compile(r"([IVXLC]{1,12})([a-zđ]{0,2})")
_WORDS = re.compile(r"thứ (\S+)(?: ([a-zđ]{1,2}))?")
_POINT = re.compile(r"([a-zđ])([0-9]{0,3})")
_ROMAN_DIGITS = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)

_UPPER = (Kind.APPENDIX, Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION)
RESTARTS: Mapping[Kind, frozenset[Kind]] = {
    Kind.APPENDIX: frozenset(),
    Kind.PART: frozenset(_UPPER[:1]),
    Kind.CHAPTER: frozenset(_UPPER[:1]),
    Kind.ARTICLE: frozenset(_UPPER[:1]),
    Kind.SECTION: frozenset(_UPPER[:3]),
    Kind.SUBSECTION: frozenset(_UPPER[:4]),
    Kind.HEADING: frozenset(_UPPER),
    Kind.CLAUSE: frozenset((*_UPPER, Kind.HEADING, Kind.ARTICLE)),
    Kind.POINT: frozenset((*_UPPER, Kind.HEADING, Kind.ARTICLE, Kind.CLAUSE)),
    Kind.INDENT: frozenset((*_UPPER, Kind.HEADING, Kind.ARTICLE, Kind.CLAUSE, Kind.POINT)),
}
"""For each numbered kind, the kinds that start its numbers anew."""

_STYLES: Mapping[Kind, tuple[Style, ...]] = {
    Kind.APPENDIX: ("roman", "arabic"),
    Kind.PART: ("roman", "arabic", "words"),
    Kind.CHAPTER: ("roman", "arabic"),
    Kind.SECTION: ("arabic", "roman"),
    Kind.SUBSECTION: ("arabic", "roman"),
    Kind.HEADING: ("roman",),
    Kind.ARTICLE: ("arabic",),
    Kind.CLAUSE: ("arabic",),
    Kind.POINT: ("letter",),
    Kind.INDENT: ("arabic",),
}

_NAMES: Mapping[Kind, str] = {
    Kind.PART: "Phần",
    Kind.CHAPTER: "Chương",
    Kind.SECTION: "Mục",
    Kind.SUBSECTION: "Tiểu mục",
    Kind.APPENDIX: "Phụ lục",
}


@dataclass(frozen=True, slots=True)
class _Label:
    """A readable label: where it stands, how it is written."""

    place: Place
    style: Style
    written: str


def roman(value: int) -> str:
    """`value` in Roman digits; "" below 1."""
    written = []
    for worth, digits in _ROMAN_DIGITS:
        count, value = divmod(max(value, 0), worth)
        written.append(digits * count)
    return "".join(written)


def roman_value(digits: str) -> int | None:
    """The value of well-formed Roman digits, None for anything else ("IIII", "ABC")."""
    value, rest = 0, digits
    for worth, sign in _ROMAN_DIGITS:
        while rest.startswith(sign):
            value, rest = value + worth, rest[len(sign) :]
    return value if not rest and roman(value) == digits else None


def _read_as(style: Style, text: str) -> _Label | None:
    if style == "letter":
        if match := _POINT.fullmatch(text):
            digits = match[2].lstrip("0")
            return _Label((_LATIN.index(match[1]), digits), style, match[1] + digits)
    elif style == "arabic":
        if match := _ARABIC.fullmatch(text):
            base = int(match[1])
            return _Label((base, match[2]), style, f"{base}{match[2]}")
    elif style == "roman":
        match = _ROMAN.fullmatch(text)
        value = roman_value(match[1]) if match else None
        if match and value is not None:
            return _Label((value, match[2]), style, text)
    elif match := _WORDS.fullmatch(text.lower()):
        word, suffix = match[1], match[2] or ""
        if word in ORDINALS:
            return _Label((ORDINALS.index(word) + 1, suffix), style, text.lower())
        if re.fullmatch(r"[1-9][0-9]{0,3}", word):
            return _Label((int(word), suffix), style, text.lower())
    return None


def _read(kind: Kind, label: str | None) -> _Label | None:
    """A label as its kind reads it; None when there is none or it does not fit."""
    if label is None or len(label) > 40:
        return None
    text = label.strip(" ")
    return next((found for style in _STYLES[kind] if (found := _read_as(style, text))), None)


def readable(kind: Kind, label: str | None) -> bool:
    """Whether `label` is one that KEEP keeps."""
    return kind in _STYLES and kind is not Kind.INDENT and _read(kind, label) is not None


def normalised(kind: Kind, label: str) -> str | None:
    """A readable label as it is numbered and printed ("01" → "1"), None for an unreadable one."""
    found = _read(kind, label) if kind in _STYLES else None
    return found.written if found else None


def place_of(kind: Kind, label: str) -> Place | None:
    """Where a readable label stands in the order of its kind, None for an unreadable one."""
    found = _read(kind, label) if kind in _STYLES else None
    return found.place if found else None


def next_place(kind: Kind, place: Place | None) -> Place:
    """The plain next place of a kind; the first one after None."""
    return _next_plain(_STYLES[kind][0], place)


def _written(style: Style, place: Place) -> str:
    base, suffix = place
    if style == "letter":
        return _LATIN[base] + suffix
    if style == "roman":
        return roman(base) + suffix
    if style == "words":
        word = ORDINALS[base - 1] if 0 < base <= len(ORDINALS) else str(base)
        return f"thứ {word} {suffix}".rstrip()
    return f"{base}{suffix}"


def _next_suffix(style: Style, suffix: str) -> str:
    """ "" → a → b … y → ya; for points "" → 1 → 2."""
    if style == "letter":
        return str(int(suffix or 0) + 1)
    if not suffix:
        return "a"
    following = next((letter for letter in LETTERS if _LATIN.index(letter) > _LATIN.index(suffix[-1])), None)
    return suffix[:-1] + following if following else suffix + "a"


def _next_plain(style: Style, place: Place | None) -> Place:
    if style != "letter":
        return (place[0] + 1 if place else 1, "")
    if place is None:
        return (0, "")
    following = next((at for at in map(_LATIN.index, LETTERS) if at > place[0]), None)
    return (following, "") if following is not None else (place[0], _next_suffix(style, place[1]))


def _behind(style: Style, place: Place, used: set[Place]) -> Place:
    suffix = _next_suffix(style, place[1])
    while (place[0], suffix) in used:
        suffix = _next_suffix(style, suffix)
    return (place[0], suffix)


def _plain_free(style: Style, place: Place | None, used: set[Place]) -> Place:
    place = _next_plain(style, place)
    while place in used:
        place = _next_plain(style, place)
    return place


def _keep(labels: Sequence[_Label | None], style: Style) -> list[str]:
    """Numbers of one run of siblings: labels stay, new ones take free numbers."""
    used = {label.place for label in labels if label}
    labelled = [index for index, label in enumerate(labels) if label]
    last = labelled[-1] if labelled else -1
    first = labels[labelled[0]] if labelled else None
    numbers: list[str] = []
    previous: Place | None = None
    for index, label in enumerate(labels):
        if label:
            previous = label.place
            numbers.append(label.written)
            continue
        if index > last:
            place = _plain_free(style, previous, used)
        else:
            anchor = previous or (first.place if first else (1, ""))
            place = _behind(style, anchor, used)
        used.add(place)
        previous = place
        numbers.append(_written(style, place))
    return numbers


def _plain(count: int, style: Style) -> list[str]:
    numbers: list[str] = []
    place: Place | None = None
    for _ in range(count):
        place = _next_plain(style, place)
        numbers.append(_written(style, place))
    return numbers


def runs(provisions: Sequence[Provision]) -> Iterable[tuple[Kind, list[int]]]:
    """Indices of provisions that are numbered together, run by run."""
    found: dict[tuple[Kind, int], list[int]] = {}
    scope = dict.fromkeys(RESTARTS, 0)
    restarted_by = {kind: [k for k, by in RESTARTS.items() if kind in by] for kind in RESTARTS}
    for index, provision in enumerate(provisions):
        kind = provision.kind
        if kind in RESTARTS:
            found.setdefault((kind, scope[kind]), []).append(index)
            for other in restarted_by[kind]:
                scope[other] += 1
    return ((kind, indices) for (kind, _), indices in found.items())


def number(provisions: Sequence[Provision], policy: NumberingPolicy) -> tuple[str, ...]:
    """The normalised number of each provision, in the same order; total, never raises.

    "II" for a chapter, "5a" for an article, "đ1" for a point, "thứ nhất" for a part, the
    place among its siblings for an indent, "" for paragraphs, tables and rows.
    """
    numbers = [""] * len(provisions)
    labels = [
        _read(p.kind, p.label)
        if p.label is not None and p.kind in _STYLES and p.kind is not Kind.INDENT
        else None
        for p in provisions
    ]
    styles = {kind: choices[0] for kind, choices in _STYLES.items()}
    for provision, label in zip(reversed(provisions), reversed(labels), strict=True):
        if label:
            styles[provision.kind] = label.style
    for kind, indices in runs(provisions):
        run = [labels[index] for index in indices]
        if kind is Kind.APPENDIX and run == [None]:
            continue
        keeping = policy is NumberingPolicy.KEEP and kind is not Kind.INDENT
        found = _keep(run, styles[kind]) if keeping else _plain(len(run), styles[kind])
        for index, value in zip(indices, found, strict=True):
            numbers[index] = value
    return tuple(numbers)


def printed_label(kind: Kind, number: str) -> str:
    """What is printed before the text: "Chương II", "Điều 5a.", "2.", "đ1)", "I-", "-", ""."""
    if kind is Kind.INDENT:
        return "-"
    if kind in _NAMES:
        return f"{_NAMES[kind]} {number}".rstrip()
    if not number:
        return ""
    if kind is Kind.ARTICLE:
        return f"Điều {number}."
    if kind is Kind.CLAUSE:
        return f"{number}."
    if kind is Kind.POINT:
        return f"{number})"
    return f"{number}-" if kind is Kind.HEADING else ""
