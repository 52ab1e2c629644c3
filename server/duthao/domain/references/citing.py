"""How a unit is cited from anywhere in its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duthao.domain.document import Kind
from duthao.domain.outline import Outline

NAMES: Mapping[Kind, str] = {
    Kind.APPENDIX: "Phụ lục", Kind.PART: "Phần", Kind.CHAPTER: "Chương", Kind.SECTION: "Mục",
    Kind.SUBSECTION: "Tiểu mục", Kind.HEADING: "Mục", Kind.ARTICLE: "Điều", Kind.CLAUSE: "khoản",
    Kind.POINT: "điểm",
}  # fmt: skip
"""What numbered units are called where a text speaks of them."""

KINDS = {name.lower(): kind for kind, name in NAMES.items() if kind is not Kind.HEADING}
"""The kind that each of these words names, in small letters."""


def enumerated(items: Sequence[str], last: str = " và ") -> str:
    """ "a", "a và b", "a, b và c"."""
    return last.join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def address(made: Outline, index: int) -> str:
    """How a unit is cited from anywhere: "điểm a khoản 2 Điều 5", "Mục 3 Chương IV"."""
    parts: list[str] = []
    at: int | None = index
    while at is not None:
        entry = made.entries[at]
        kind = entry.provision.kind
        if kind in NAMES and kind is not Kind.HEADING and entry.number:
            parts.append(f"{NAMES[kind]} {entry.number}")
        if kind in (Kind.ARTICLE, Kind.CHAPTER, Kind.PART, Kind.APPENDIX) and parts:
            break
        at = entry.parent
    return " ".join(parts)
