"""The frozen tree's values: what a regulation is, for every other part of this service.

A document is one flat list of provisions in reading order. Hierarchy (Phần › Chương ›
Mục › Điều › khoản › điểm › tiết) is derived from `kind` (see `domain.outline`), numbers
from kind, place and the numbering policy (see `domain.numbering`). Identity is the id:
random, made once, never reused, never derived from a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

DocumentId = NewType("DocumentId", str)
ProvisionId = NewType("ProvisionId", str)
UserId = NewType("UserId", str)

CharOffset = NewType("CharOffset", int)
"""Code points from the start of a provision's text (Python's ruler)."""


class Kind(StrEnum):
    """What a provision is. The values stand in the shared document and in JSON."""

    PART = "part"  # Phần
    CHAPTER = "chapter"  # Chương
    SECTION = "section"  # Mục
    SUBSECTION = "subsection"  # Tiểu mục
    HEADING = "heading"  # đề mục "I-", in texts without articles
    ARTICLE = "article"  # Điều; its text is its heading
    CLAUSE = "clause"  # khoản
    POINT = "point"  # điểm
    INDENT = "indent"  # tiết, gạch đầu dòng
    PARAGRAPH = "paragraph"  # đoạn; belongs to the nearest unit above it
    TABLE = "table"  # bảng, biểu; its text is its caption
    ROW = "row"  # a row of the table above it; its text lives in `cells`
    APPENDIX = "appendix"  # Phụ lục

    # Enum hashes a member's name by a function of its own; kinds are the keys of every inner loop.
    __hash__ = str.__hash__


class NumberingPolicy(StrEnum):
    """How numbers follow changes.

    RENUMBER: a replacing regulation; every number is computed in sequence and fixed
    labels are ignored. KEEP: an amending one; a provision with a label keeps it, a new
    one takes the next free number behind its predecessor ("5a", "đ1"), or the plain
    next number when it stands last among its siblings.
    """

    RENUMBER = "renumber"
    KEEP = "keep"


class MarkKind(StrEnum):
    """The three character formats a provision may carry."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"


@dataclass(frozen=True, slots=True)
class Mark:
    """A format over `text[start:end]`. Marks of one kind neither touch nor overlap."""

    kind: MarkKind
    start: CharOffset
    end: CharOffset


@dataclass(frozen=True, slots=True)
class Provision:
    """One unit of a document: its own words only, never its number or its children.

    `text` is NFC and holds no line break. `label` is the number as written in the source
    ("5a", "II", "thứ nhất", "đ1"), without "Điều" or punctuation; None for a new one.
    `origin` is the id it was split or copied from: evidence for the comparison only.
    """

    id: ProvisionId
    kind: Kind
    text: str
    label: str | None = None
    marks: tuple[Mark, ...] = ()
    cells: tuple[str, ...] = ()
    origin: ProvisionId | None = None
    order: str = ""
    header: bool = False
    """Of a table: whether its first row is its head, printed bold and again on every page."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before and after the provisions. Empty means not given.

    `preamble` and `closing` keep, line for line, what the parser recognised as standing
    before the first or after the last provision without knowing more about it.
    """

    upper_body: str = ""
    body: str = ""
    number: str = ""
    place: str = ""
    date: str = ""
    type: str = ""  # "QUY CHẾ", "LUẬT", "NGHỊ QUYẾT"
    title: str = ""  # trích yếu: "Làm việc của …"
    bases: tuple[str, ...] = ()  # căn cứ, one line each
    preamble: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    authority: str = ""  # "T/M BAN CHẤP HÀNH"
    position: str = ""  # "BÍ THƯ"
    signatory: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A source document that reasons cite; "" for what it has none of."""

    id: str
    kind: str = ""  # "Quy định"
    number: str = ""  # "24-QĐ/TW"
    date: str = ""  # as written: "30/7/2021"
    body: str = ""  # "Ban Chấp hành Trung ương"
    title: str = ""  # trích yếu; the name of one without a number


@dataclass(frozen=True, slots=True)
class Document:
    """A document at one moment, frozen.

    `provisions` are the live ones in reading order; `removed` those taken out, which can
    be brought back. `rationale` holds reason and basis of the change to a provision.
    `bases` is the team's list of sources, beside the text and no part of it: two texts are the
    same whatever it says, versions do not keep it, restoring leaves it.
    """

    provisions: tuple[Provision, ...] = ()
    front: FrontMatter = FrontMatter()
    policy: NumberingPolicy = NumberingPolicy.RENUMBER
    rationale: Mapping[ProvisionId, str] = field(default_factory=lambda: MappingProxyType({}))
    removed: tuple[Provision, ...] = ()
    bases: tuple[Basis, ...] = field(default=(), compare=False)
