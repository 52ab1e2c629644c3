"""The form of a document as a value: measures, head block, numbers, dates, signs, recipients.

A profile says how a document is printed and what the form check holds it against; it says nothing
of the words. Three are built in, houses make their own from them. Sources of every value:

- `PARTY`: Hướng dẫn 05-HD/VPTW of 27/5/2026, as reported (norms B2): page and margins, motto with a
  line as wide as its words, "*" under the issuing body, "Số 05-NQ/ĐU", place and date, "-----"
  under the title, bases upright, with a dash and a semicolon each, body 14 pt on lines of exactly
  18 pt, first line 10 mm, 6 pt before, "." at the end, divisions on two lines, "I-" without
  articles, T/M K/T T/L, "Nơi nhận:" underlined, "Lưu Văn phòng", "Dự thảo lần n". The report gives
  no other sizes: those of the head, the title and the divisions are the first of each pair in
  36-HD/VPTW.
- `PARTY_OLD`: Hướng dẫn 36-HD/VPTW of 03/4/2018, as reported (norms B2, two sources that differ):
  motto 15, upper body and issuing body 14, number 14, place and date 14, type 16, title 15,
  divisions 15, body 14. "1-" for clauses as in 66-QĐ/TW. Where the report is silent (margins,
  lines): those of `PARTY`.
- `STATE`: Nghị định 30/2020/NĐ-CP, Phụ lục I (norms B3), which gives ranges: margins 20-25, 20-25,
  30-35, 15-20 mm; motto 12-13, slogan 13-14, bodies 12-13, number 13, place and date 13-14, type,
  title and body 13-14, "Nơi nhận:" 12 bold italic and its list 11, page number 13-14 on top from
  the second page, first line 10-12.7 mm, at least 6 pt between paragraphs, lines 1 to 1.5. Taken are
  the least margins, the greatest sizes and first line, and lines of 1.15. Bases in italics,
  each ended by ";", the last by "." (II.6 there); "./." at the end of the body.
- The page number of the Party's documents stands where the State's does: neither guidance as
  reported says. Codes of types: norms B2; those of the State: NĐ 30/2020, Phụ lục III.

Millimetres for margins and indents, points for sizes and spaces.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal, assert_type, get_args

from duthao.domain.document import Kind
from duthao.domain.errors import Refusal

MAX_JSON = 40_000
"""Characters of a profile as JSON that are read."""

MAX_CODES = 60

Family = Literal["party", "state"]
LineRule = Literal["exact", "multiple"]
Rule = Literal["none", "star", "dashes", "full", "half", "third"]
"""What stands under the words: nothing, "*", "-----", a line as wide as the words, or part of it."""

Spacing = Literal["two_lines", "one_line"]
NumberRun = Literal["term", "year"]
PagePlace = Literal["top", "bottom", "none"]
Sign = Literal[".", "-"]


@dataclass(frozen=True, slots=True)
class Style:
    """The letters of one part. `size` in points."""

    size: float
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Styles:
    """The letters of each part, in the order in which the parts stand on paper."""

    motto: Style  # "ĐẢNG CỘNG SẢN VIỆT NAM"
    slogan: Style  # "Độc lập - Tự do - Hạnh phúc"
    upper_body: Style
    issuing_body: Style
    number: Style
    place_date: Style
    draft_mark: Style
    type: Style
    title: Style
    base: Style
    body: Style
    division: Style  # "Chương I"
    division_title: Style
    article: Style  # "Điều 1. Tên điều"
    authority: Style  # "T/M BAN CHẤP HÀNH"
    position: Style  # "BÍ THƯ"
    signatory: Style
    recipients_head: Style
    recipients: Style
    page_number: Style


@dataclass(frozen=True, slots=True)
class FormProfile:
    """One form. `key` is that of a built-in profile or an id the house gave; `name` is the house's own.

    `base` is the built-in profile it came from, to which it can be reset.
    """

    key: str
    base: str
    name: str
    family: Family
    # page
    top: float
    bottom: float
    left: float
    right: float
    font: str
    # lines of the body
    line_rule: LineRule
    line: float
    """Points when `line_rule` is exact, else a multiple of the line's own height."""
    before: float
    first_line: float
    # head
    motto: str
    slogan: str
    """Empty: there is none, and `motto_rule` stands under the motto."""
    motto_rule: Rule
    body_rule: Rule
    number_word: str
    """What stands before the number, with its space: "Số ", "Số: "."""
    number_pattern: str
    """`{n}`, `{code}`, `{body}`, `{year}`."""
    number_digits: int
    number_run: NumberRun
    date_pattern: str
    """`{place}`, `{d}`, `{m}`, `{y}`."""
    day_zero: bool
    """Whether days under 10 are written with 0."""
    month_zero: int
    """Months up to this one are written with 0: 2, for the date cannot then be altered; 9 for all."""
    cite_comma: bool
    """Whether a comma stands before "ngày" where a document is cited by its number."""
    # title and bases
    title_rule: Rule
    base_dash: bool
    base_last: str
    """What the last basis ends with when nothing is written there; the others end with ";"."""
    # body
    divisions: Spacing
    heading_sign: Sign
    """The sign after "I" in texts without articles: "I-", "I."."""
    clause_sign: Sign
    body_end: str
    # signature
    on_behalf: str
    """Thay mặt: a collective signs so."""
    in_place: str
    """Ký thay."""
    by_order: str
    """Thừa lệnh."""
    empowered: str
    """Thừa ủy quyền; empty: not used."""
    # recipients, pages, draft
    recipients_word: str
    recipients_last: str
    page_place: PagePlace
    page_first: bool
    """Whether the first page shows its number."""
    draft_mark: str
    """`{n}`."""
    draft_boxed: bool
    styles: Styles
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Type of document in capitals → its code: "NGHỊ QUYẾT" → "NQ"."""

    def __hash__(self) -> int:
        return hash((self.key, self.name, self.styles))

    def day(self, day: int) -> str:
        """As it is written in a date: "05" or "5"."""
        return f"{day:02}" if self.day_zero else str(day)

    def month(self, month: int) -> str:
        """As it is written in a date: "02" but "3"."""
        return f"{month:02}" if month <= self.month_zero else str(month)

    def dated(self, place: str, day: int, month: int, year: int) -> str:
        """ "Hà Nội, ngày 05 tháng 02 năm 2026"."""
        return self.date_pattern.format(place=place, d=self.day(day), m=self.month(month), y=year)

    def numbered(self, number: int, type_: str, body: str, year: int = 0) -> str:
        """ "05-NQ/ĐU", "05/QĐ-UBND": without the word before it. The type may be in any letters."""
        code = self.codes.get(type_.upper(), "")
        return self.number_pattern.format(
            n=f"{number:0{self.number_digits}}", code=code, body=body, year=year or ""
        )

    def number_line(self, written: str) -> str:
        """The number as it is printed: the word before it once, whatever was written; "" for none."""
        rest = bare_number(written)
        return f"{self.number_word}{rest}" if rest else ""

    def base_lines(self, bases: Sequence[str]) -> tuple[str, ...]:
        """The bases as they are printed; a mark written at the end of one is kept."""
        made = []
        for n, line in enumerate(bases, 1):
            text = line.strip().lstrip("-–").strip()
            if text and text[-1] not in ";,.:":
                text += self.base_last if n == len(bases) else ";"
            made.append(f"- {text}" if self.base_dash else text)
        return tuple(made)

    def label(self, kind: Kind, printed: str) -> str:
        """A label with the sign it has here: "I." for "I-", "1-" for "1."."""
        sign = {Kind.HEADING: self.heading_sign, Kind.CLAUSE: self.clause_sign}.get(kind)
        return f"{printed[:-1]}{sign}" if sign and printed else printed

    def drafted(self, number: int) -> str:
        """ "Dự thảo lần 2"."""
        return self.draft_mark.format(n=number)


_NUMBER_WORD = re.compile(r"\s*số(?![^\W\d_])\s*:?\s*", re.IGNORECASE)


def bare_number(written: str) -> str:
    """ "05-NQ/ĐU" of "Số: 05-NQ/ĐU"."""
    match = _NUMBER_WORD.match(written)
    return (written[match.end() :] if match else written).strip()


# --- built in -----------------------------------------------------------------------------------

CODES: Mapping[str, str] = MappingProxyType(
    {
        "NGHỊ QUYẾT": "NQ", "CHỈ THỊ": "CT", "KẾT LUẬN": "KL", "QUY CHẾ": "QC", "QUY ĐỊNH": "QĐ",
        "QUYẾT ĐỊNH": "QĐ", "THÔNG TRI": "TT", "HƯỚNG DẪN": "HD", "THÔNG BÁO": "TB", "BÁO CÁO": "BC",
        "KẾ HOẠCH": "KH", "CHƯƠNG TRÌNH": "CTr", "ĐỀ ÁN": "ĐA", "PHƯƠNG ÁN": "PA", "TỜ TRÌNH": "TTr",
        "CÔNG VĂN": "CV", "BIÊN BẢN": "BB",
    }
)  # fmt: skip
STATE_CODES: Mapping[str, str] = MappingProxyType(
    {type_: code for type_, code in CODES.items() if type_ not in ("THÔNG TRI", "KẾT LUẬN", "CÔNG VĂN")}
    | {"NGHỊ ĐỊNH": "NĐ", "THÔNG TƯ": "TT", "QUY ĐỊNH": "QyĐ"}
)

PARTY = FormProfile(
    key="party", base="party", name="", family="party",
    top=20, bottom=20, left=30, right=15, font="Times New Roman",
    line_rule="exact", line=18, before=6, first_line=10,
    motto="ĐẢNG CỘNG SẢN VIỆT NAM", slogan="", motto_rule="full", body_rule="star",
    number_word="Số ", number_pattern="{n}-{code}/{body}", number_digits=2, number_run="term",
    date_pattern="{place}, ngày {d} tháng {m} năm {y}", day_zero=True, month_zero=2, cite_comma=True,
    title_rule="dashes", base_dash=True, base_last=";",
    divisions="two_lines", heading_sign="-", clause_sign=".", body_end=".",
    on_behalf="T/M", in_place="K/T", by_order="T/L", empowered="",
    recipients_word="Nơi nhận:", recipients_last="Lưu Văn phòng",
    page_place="top", page_first=False, draft_mark="Dự thảo lần {n}", draft_boxed=True,
    styles=Styles(
        motto=Style(15, bold=True, capitals=True),
        slogan=Style(14, bold=True),
        upper_body=Style(14, capitals=True),
        issuing_body=Style(14, bold=True, capitals=True),
        number=Style(14),
        place_date=Style(14, italic=True),
        draft_mark=Style(14, bold=True),
        type=Style(15, bold=True, capitals=True),
        title=Style(14, bold=True),
        base=Style(14),
        body=Style(14),
        division=Style(14, bold=True),
        division_title=Style(14, bold=True, capitals=True),
        article=Style(14, bold=True),
        authority=Style(14, bold=True, capitals=True),
        position=Style(14, capitals=True),
        signatory=Style(14, bold=True),
        recipients_head=Style(14, underline=True),
        recipients=Style(12),
        page_number=Style(14),
    ),
    codes=CODES,
)  # fmt: skip

PARTY_OLD = replace(
    PARTY,
    key="party_old",
    base="party_old",
    clause_sign="-",
    styles=replace(
        PARTY.styles,
        type=Style(16, bold=True, capitals=True),
        title=Style(15, bold=True),
        division=Style(15, bold=True),
        division_title=Style(15, bold=True, capitals=True),
    ),
)

STATE = FormProfile(
    key="state", base="state", name="", family="state",
    top=20, bottom=20, left=30, right=15, font="Times New Roman",
    line_rule="multiple", line=1.15, before=6, first_line=12.7,
    motto="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", slogan="Độc lập - Tự do - Hạnh phúc",
    motto_rule="full", body_rule="half",
    number_word="Số: ", number_pattern="{n}/{code}-{body}", number_digits=2, number_run="year",
    date_pattern="{place}, ngày {d} tháng {m} năm {y}", day_zero=True, month_zero=2, cite_comma=False,
    title_rule="half", base_dash=False, base_last=".",
    divisions="two_lines", heading_sign=".", clause_sign=".", body_end="./.",
    on_behalf="TM.", in_place="KT.", by_order="TL.", empowered="TUQ.",
    recipients_word="Nơi nhận:", recipients_last="Lưu: VT",
    page_place="top", page_first=False, draft_mark="Dự thảo lần {n}", draft_boxed=False,
    styles=Styles(
        motto=Style(13, bold=True, capitals=True),
        slogan=Style(14, bold=True),
        upper_body=Style(13, capitals=True),
        issuing_body=Style(13, bold=True, capitals=True),
        number=Style(13),
        place_date=Style(14, italic=True),
        draft_mark=Style(13, bold=True),
        type=Style(14, bold=True, capitals=True),
        title=Style(14, bold=True),
        base=Style(14, italic=True),
        body=Style(14),
        division=Style(14, bold=True),
        division_title=Style(14, bold=True, capitals=True),
        article=Style(14, bold=True),
        authority=Style(14, bold=True, capitals=True),
        position=Style(14, bold=True, capitals=True),
        signatory=Style(14, bold=True),
        recipients_head=Style(12, bold=True, italic=True),
        recipients=Style(11),
        page_number=Style(14),
    ),
    codes=STATE_CODES,
)  # fmt: skip

BUILT_IN: Mapping[str, FormProfile] = MappingProxyType({p.key: p for p in (PARTY, PARTY_OLD, STATE)})
"""By key, in the order in which they are offered; the first is the standard of a new house."""

STANDARD = PARTY

# --- bounds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    most: int
    empty: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words with `{names}`: of `names` only, and all of `needed`."""

    most: int
    names: frozenset[str]
    needed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Truth:
    pass


Bound = Number | Words | Choice | Pattern | Truth

BOUNDS: Mapping[str, Bound] = MappingProxyType(
    {
        "family": Choice(get_args(Family)),
        "top": Number(5, 60), "bottom": Number(5, 60), "left": Number(5, 60), "right": Number(5, 60),
        "font": Words(40, empty=False),
        "line_rule": Choice(get_args(LineRule)),
        "line": Number(0.8, 60), "before": Number(0, 36), "first_line": Number(0, 40),
        "motto": Words(80), "slogan": Words(80),
        "motto_rule": Choice(get_args(Rule)), "body_rule": Choice(get_args(Rule)),
        "number_word": Words(12),
        "number_pattern": Pattern(40, frozenset(("n", "code", "body", "year")), frozenset("n")),
        "number_digits": Number(1, 4, whole=True),
        "number_run": Choice(get_args(NumberRun)),
        "date_pattern": Pattern(80, frozenset(("place", "d", "m", "y")), frozenset("dmy")),
        "day_zero": Truth(), "month_zero": Number(0, 9, whole=True), "cite_comma": Truth(),
        "title_rule": Choice(get_args(Rule)),
        "base_dash": Truth(), "base_last": Choice((".", ";", ",", "")),
        "divisions": Choice(get_args(Spacing)),
        "heading_sign": Choice(get_args(Sign)), "clause_sign": Choice(get_args(Sign)),
        "body_end": Choice((".", "./.", "")),
        "on_behalf": Words(8, empty=False), "in_place": Words(8, empty=False),
        "by_order": Words(8, empty=False), "empowered": Words(8),
        "recipients_word": Words(40, empty=False), "recipients_last": Words(60),
        "page_place": Choice(get_args(PagePlace)), "page_first": Truth(),
        "draft_mark": Pattern(60, frozenset("n"), frozenset("n")),
        "draft_boxed": Truth(),
    }
)  # fmt: skip
"""What each field may hold; `styles`, `codes` and the names have rules of their own."""

STYLE_SIZE = Number(6, 36)
PARTS = tuple(part.name for part in fields(Styles))
TRAITS = ("bold", "italic", "capitals", "underline")
NAME = Words(80, empty=False)

_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CODE = re.compile(r"[A-ZĐa-zđ]{1,6}")
_FONT = re.compile(r"[\w .-]+")
_CONTROL = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
TEXT_WIDTH = 100.0
"""Millimetres of A4's 210 the margins leave at least."""
EXACT_LEAST = 8.0
"""Points: a line of that exact height at least; a multiple goes to MULTIPLE_MOST."""
MULTIPLE_MOST = 4.0


def profile_value(profile: FormProfile) -> dict[str, Any]:
    """The profile as a JSON value; `profile_from` gives it back the same."""
    value: dict[str, Any] = {f.name: getattr(profile, f.name) for f in fields(FormProfile)}
    value["styles"] = {
        part: {f.name: getattr(getattr(profile.styles, part), f.name) for f in fields(Style)}
        for part in PARTS
    }
    value["codes"] = dict(profile.codes)
    return value


def profile_from(value: object) -> FormProfile:
    """A profile of a JSON value, every field within its bounds.

    Raises Refusal: form_profile_bad for what is no profile at all; form_profile_unknown, _missing,
    _number (`low`, `high`), _words (`most`), _choice (`choices`), _pattern (`needed`) with the `field`;
    form_profile_width when the margins leave too little.
    """
    if not isinstance(value, Mapping):
        raise Refusal("form_profile_bad")
    known = {f.name for f in fields(FormProfile)}
    if unknown := sorted(str(name) for name in value if name not in known):
        raise Refusal("form_profile_unknown", field=unknown[0][:40])
    if missing := sorted(known - value.keys()):
        raise Refusal("form_profile_missing", field=missing[0])
    made: dict[str, Any] = {name: _checked(name, value[name], bound) for name, bound in BOUNDS.items()}
    made["key"], made["base"] = _key("key", value["key"]), _key("base", value["base"])
    if made["base"] not in BUILT_IN:
        raise Refusal("form_profile_choice", field="base", choices=list(BUILT_IN))
    made["name"] = _words("name", value["name"], Words(80))
    if not _FONT.fullmatch(made["font"]):
        raise Refusal("form_profile_words", field="font", most=40)
    made["styles"], made["codes"] = _styles(value["styles"]), _codes(value["codes"])
    profile = FormProfile(**made)
    if profile.left + profile.right > 210 - TEXT_WIDTH:
        raise Refusal("form_profile_width", least=TEXT_WIDTH)
    low, high = (EXACT_LEAST, 60.0) if profile.line_rule == "exact" else (0.8, MULTIPLE_MOST)
    if not low <= profile.line <= high:
        raise Refusal("form_profile_number", field="line", low=low, high=high)
    return profile


def profile_to_json(profile: FormProfile) -> str:
    """Always the same text for the same profile."""
    return json.dumps(profile_value(profile), ensure_ascii=False, sort_keys=True)


def profile_from_json(text: str) -> FormProfile:
    """Raises Refusal form_profile_too_large, and as `profile_from`."""
    if len(text) > MAX_JSON:
        raise Refusal("form_profile_too_large", most=MAX_JSON)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("form_profile_bad") from None
    return profile_from(value)


def copied(profile: FormProfile, key: str, name: str) -> FormProfile:
    """A house's own, that begins as `profile`. Raises Refusal form_profile_words (`field` name)."""
    return replace(profile, key=_key("key", key), name=_words("name", name, NAME))


def reset(profile: FormProfile) -> FormProfile:
    """As the built-in profile it came from is, under its own name."""
    return replace(BUILT_IN[profile.base], key=profile.key, name=profile.name)


def _checked(name: str, value: object, bound: Bound) -> Any:
    match bound:
        case Number():
            return _number(name, value, bound)
        case Words():
            return _words(name, value, bound)
        case Pattern():
            return _pattern(name, value, bound)
        case Choice(values):
            if not isinstance(value, str) or value not in values:
                raise Refusal("form_profile_choice", field=name, choices=list(values))
            return value
        case _:
            assert_type(bound, Truth)
            return _truth(name, value)


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Refusal("form_profile_choice", field=name, choices=["true", "false"])
    return value


def _number(name: str, value: object, bound: Number) -> float:
    kind = (int,) if bound.whole else (int, float)
    # A comparison with NaN is false: it is refused with what is out of bounds.
    if isinstance(value, bool) or not isinstance(value, kind) or not bound.low <= value <= bound.high:
        raise Refusal("form_profile_number", field=name, low=bound.low, high=bound.high)
    return value


def _words(name: str, value: object, bound: Words) -> str:
    bad = not isinstance(value, str) or len(value) > bound.most or _CONTROL.search(value)
    if bad or not isinstance(value, str) or (not bound.empty and not value.strip()):
        raise Refusal("form_profile_words", field=name, most=bound.most)
    return value


def _pattern(name: str, value: object, bound: Pattern) -> str:
    words = _words(name, value, Words(bound.most, empty=False))
    try:
        parsed = list(string.Formatter().parse(words))
    except ValueError:
        parsed = [("", "?", "", None)]
    used = {part for _, part, _, _ in parsed if part is not None}
    plain = all(not spec and not turn for _, _, spec, turn in parsed)
    if not plain or not used <= bound.names or not bound.needed <= used:
        raise Refusal("form_profile_pattern", field=name, needed=sorted(f"{{{n}}}" for n in bound.names))
    return words


def _key(name: str, value: object) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise Refusal("form_profile_words", field=name, most=32)
    return value


def _styles(value: object) -> Styles:
    if not isinstance(value, Mapping) or set(value) != set(PARTS):
        raise Refusal("form_profile_missing", field="styles")
    made = {}
    for part in PARTS:
        one = value[part]
        if not isinstance(one, Mapping) or set(one) != {"size", *TRAITS}:
            raise Refusal("form_profile_missing", field=f"styles.{part}")
        traits = {trait: _truth(f"styles.{part}.{trait}", one[trait]) for trait in TRAITS}
        made[part] = Style(_number(f"styles.{part}.size", one["size"], STYLE_SIZE), **traits)
    return Styles(**made)


def _codes(value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or len(value) > MAX_CODES:
        raise Refusal("form_profile_words", field="codes", most=MAX_CODES)
    made = {}
    for type_, code in value.items():
        right = isinstance(code, str) and _CODE.fullmatch(code)
        words = _words("codes", type_, Words(60, empty=False))
        if not right or words != words.upper():
            raise Refusal("form_profile_code", field="codes", type=words[:40])
        made[words] = code
    return MappingProxyType(made)
