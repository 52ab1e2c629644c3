"""Rows as CSV for a spreadsheet, whose cells it shows as words whatever they begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Lines of CSV; encode them as utf-8-sig, by whose mark Excel knows UTF-8. Numbers stay numbers."""
    made = io.StringIO()
    csv.writer(made).writerows([_harmless(cell) for cell in row] for row in rows)
    return made.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
