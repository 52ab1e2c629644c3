"""The names both sides of the mapping share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duthao.domain.document import Kind, MarkKind

AKN: Final = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OURS: Final = "urn:duthao:document:1"
"""The namespace of what Akoma Ntoso has no place for: ids, fixed labels, places, the policy, reasons."""

HIERARCHY: Final[dict[Kind, str]] = {
    Kind.PART: "part",
    Kind.CHAPTER: "chapter",
    Kind.SECTION: "section",
    Kind.SUBSECTION: "subsection",
    Kind.HEADING: "division",
    Kind.ARTICLE: "article",
    Kind.CLAUSE: "paragraph",
    Kind.POINT: "point",
    Kind.INDENT: "indent",
    Kind.PARAGRAPH: "alinea",
}
"""Elements of the hierarchy. The other kinds are an `hcontainer` whose name is the kind's."""

TITLED: Final = frozenset(
    (Kind.APPENDIX, Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.HEADING, Kind.ARTICLE)
)
"""Kinds whose own text is a heading; that of the others is content."""

EID: Final[dict[Kind, str]] = {
    Kind.APPENDIX: "appendix",
    Kind.PART: "part",
    Kind.CHAPTER: "chp",
    Kind.SECTION: "sec",
    Kind.SUBSECTION: "subsec",
    Kind.HEADING: "dvs",
    Kind.ARTICLE: "art",
    Kind.CLAUSE: "para",
    Kind.POINT: "point",
    Kind.INDENT: "indent",
    Kind.PARAGRAPH: "al",
    Kind.TABLE: "table",
    Kind.ROW: "row",
}
"""What an eId calls each kind (Akoma Ntoso naming convention, where it names them)."""

MARKS: Final[dict[MarkKind, str]] = {MarkKind.BOLD: "b", MarkKind.ITALIC: "i", MarkKind.UNDERLINE: "u"}

INLINE: Final[dict[str, str]] = {
    "upper_body": "docAuthority",
    "body": "docAuthority",
    "number": "docNumber",
    "place": "span",
    "date": "docDate",
    "type": "docType",
    "title": "docTitle",
    "authority": "signature",
    "position": "signature",
    "signatory": "signature",
}
"""Fields of the front matter that are one line, and what they are called inside their paragraph."""

PREFACE: Final = ("upper_body", "body", "number", "place", "date", "type", "title")
CONCLUSIONS: Final = ("closing", "recipients", "authority", "position", "signatory")


@dataclass(frozen=True, slots=True)
class Publication:
    """What a document is called outside: `uri` begins with "/akn/vn/…"; `date` is "YYYY-MM-DD", that of
    this expression. A draft is a `bill`, a text in force an `act`.
    """

    uri: str
    date: str
    draft: bool = True


def akn(name: str) -> str:
    """An Akoma Ntoso name as lxml writes it."""
    return f"{{{AKN}}}{name}"


def ours(name: str) -> str:
    """A name of ours as lxml writes it."""
    return f"{{{OURS}}}{name}"
