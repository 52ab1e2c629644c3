"""How a unit is cited from anywhere in its text."""

from __future__ import annotations

from collections.abc import Sequence

from duthao.domain.document import Kind
from duthao.domain.outline import Outline

_NAMES = {
    Kind.POINT: "điểm", Kind.CLAUSE: "khoản", Kind.ARTICLE: "Điều", Kind.SUBSECTION: "Tiểu mục",
    Kind.SECTION: "Mục", Kind.CHAPTER: "Chương", Kind.PART: "Phần", Kind.APPENDIX: "Phụ lục",
}  # fmt: skip

KINDS = {name.lower(): kind for kind, name in _NAMES.items()}
"""The kind that each of these words names, in small letters."""

_SEGMENTS = {
    "dieu": "Điều", "khoan": "khoản", "diem": "điểm", "phan": "Phần", "chuong": "Chương", "muc": "Mục",
    "tieumuc": "Tiểu mục", "demuc": "mục", "phuluc": "Phụ lục", "tiet": "tiết", "doan": "đoạn",
    "bang": "bảng", "hang": "hàng",
}  # fmt: skip


def enumerated(items: Sequence[str], last: str = " và ") -> str:
    """ "a", "a và b", "a, b và c"."""
    return last.join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)


def cited(path: str) -> str:
    """A path as it is cited: `dieu:5a/khoan:2/diem:đ1` is "điểm đ1 khoản 2 Điều 5a"."""
    parts = []
    for segment in reversed(path.partition("#")[0].split("/")):
        kind, _, number = segment.partition(":")
        parts.append(f"{_SEGMENTS.get(kind, kind)} {number.replace('-', ' ')}".strip())
    return " ".join(parts)


def address(made: Outline, index: int) -> str:
    """How a unit is cited from anywhere: "điểm a khoản 2 Điều 5", "Mục 3 Chương IV"."""
    parts: list[str] = []
    at: int | None = index
    while at is not None:
        entry = made.entries[at]
        kind = entry.provision.kind
        if kind in _NAMES and entry.number:
            parts.append(f"{_NAMES[kind]} {entry.number}")
        if kind in (Kind.ARTICLE, Kind.CHAPTER, Kind.PART, Kind.APPENDIX) and parts:
            break
        at = entry.parent
    return " ".join(parts)
