"""Small pieces of WordprocessingML as text: what is written a hundred thousand times is written fast.

Order of elements is that of the schema (ECMA-376 part 1, 17.3.1.26 and 17.3.2.28).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from duthao.domain.document import MarkKind

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SIGNS: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SIGN = re.compile('[&<>"]')
_FORMATS: Final = (
    (MarkKind.BOLD, "<w:b/>"),
    (MarkKind.ITALIC, "<w:i/>"),
    (MarkKind.UNDERLINE, '<w:u w:val="single"/>'),
)


def escaped(text: str) -> str:
    """For content and for attributes."""
    return _SIGN.sub(lambda found: _SIGNS[found[0]], text)


@lru_cache(256)
def formats(kinds: frozenset[MarkKind]) -> str:
    """What stands in w:rPr for these marks."""
    return "".join(element for kind, element in _FORMATS if kind in kinds)


def run(text: str, properties: str = "", *, deleted: bool = False) -> str:
    """A run; its tabs and breaks are elements, as Word wants them."""
    name = "delText" if deleted else "t"
    parts = re.split("([\t\n])", text) if "\t" in text or "\n" in text else (text,)
    inside = "".join(_inside(part, name) for part in parts if part)
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inside}</w:r>"


def _inside(part: str, name: str) -> str:
    if part == "\t":
        return "<w:tab/>"
    if part == "\n":
        return "<w:br/>"
    return f'<w:{name} xml:space="preserve">{escaped(part)}</w:{name}>'


def field(instruction: str) -> str:
    """A field Word fills in by itself."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def joined(parts: Iterable[str]) -> str:
    return "".join(parts)
