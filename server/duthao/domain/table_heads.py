"""Which tables of a text that people typed or began from a skeleton have a head: plain text cannot say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from duthao.domain.document import Document, Kind, Provision

_NUMBER_COLUMN: Final = frozenset(("tt", "stt", "số tt"))
_NUMBER: Final = re.compile(r"\d{1,4}\.?")
_BLANK: Final = "["
"""What is to be filled in begins so in the skeletons: "[nội dung]"."""


def with_heads(document: Document) -> Document:
    """The document with a head for every table whose first row only names its columns; the words stay."""
    made, provisions = list[Provision](), document.provisions
    for at, one in enumerate(provisions):
        if one.kind is Kind.TABLE and not one.header:
            rows = [row.cells for row in _rows(provisions, at + 1)]
            one = replace(one, header=_names_columns(rows))
        made.append(one)
    return replace(document, provisions=tuple(made))


def _rows(provisions: Sequence[Provision], start: int) -> list[Provision]:
    end = start
    while end < len(provisions) and provisions[end].kind is Kind.ROW:
        end += 1
    return list(provisions[start:end])


def _names_columns(rows: Sequence[tuple[str, ...]]) -> bool:
    """Rows are numbered below a column of numbers; or every row but the first has something to fill in."""
    if len(rows) < 2 or not all(rows):
        return False
    first, *rest = rows
    if first[0].strip().casefold().rstrip(".") in _NUMBER_COLUMN:
        return _NUMBER.fullmatch(rest[0][0].strip()) is not None
    return all(map(str.strip, first)) and not _has_blank(first) and all(map(_has_blank, rest))


def _has_blank(cells: tuple[str, ...]) -> bool:
    return any(_BLANK in cell for cell in cells)
