"""A table of plain words, ready to be printed: for lists that have no marks in their cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainTable:
    """`titles` stand above, the first as the form's name, `summary` as paragraphs below them.

    `widths` are millimetres and fill A4 landscape (252 between its margins); every row has a cell for
    each head, lines parted by a line break. `centred` are columns set in the middle. `signed` is who
    signs, "" for nobody.
    """

    titles: tuple[str, ...]
    summary: tuple[str, ...]
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: str
    centred: tuple[int, ...] = ()
    signed: str = ""
