"""The table of opinions as PDF: A4 landscape, its head repeated on every page (norm B8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from duthao.domain.synthesis.table import Form, SynthesisTable
from duthao.formats.fonts import font_directory
from duthao.formats.opinions_layout import WIDTHS, Cells, heads, rows, section_title, summary, titles
from duthao.formats.pdf import DEFAULTS, PrintOptions, Typeset, breakable, footer_parts, in_worker
from duthao.formats.table_layout import PROFILE
from duthao.messages import Catalogue

SHORT: Final = 500
"""Characters of its longest cell up to which a row is kept on one page."""

LETTER_MM: Final = 3.4
"""More than a letter takes: a word longer than its column is broken there."""


def opinions_pdf(
    table: SynthesisTable,
    form: Form,
    catalogue: Catalogue,
    *,
    options: PrintOptions = DEFAULTS,
    typeset: Typeset = in_worker,
) -> bytes:
    """The table on A4 landscape. Raises Refusal fonts_missing, and as `in_worker`."""
    return typeset("opinions", opinions_data(table, form, catalogue), font_directory(options.fonts))


def opinions_data(table: SynthesisTable, form: Form, catalogue: Catalogue) -> dict[str, Any]:
    """What the template `opinions.typ` is filled with."""
    several = len(table.sections) > 1
    return {
        "lang": catalogue.language,
        "profile": asdict(PROFILE) | {"size": PROFILE.size},
        "title": catalogue(f"print.opinions.title.{form.value}"),
        "titles": [breakable(line) for line in titles(table, form, catalogue)],
        "summary": [breakable(line) for line in summary(table, form, catalogue)],
        "heads": heads(form, catalogue),
        "widths": list(WIDTHS[form]),
        "place": 0 if form is Form.STATE else 1,
        "centred": [] if form is Form.STATE else [0],
        "narrow": [0, 1] if form is Form.STATE else [0, 1, 2],
        "footer": footer_parts(catalogue),
        "nothing": catalogue("print.opinions.nothing"),
        "sections": [
            {
                "title": section_title(one.title, catalogue) if several else "",
                "rows": _rows(rows(one.rows, form, catalogue), form),
            }
            for one in table.sections
        ],
        "signed": [catalogue("print.opinions.signed"), catalogue("print.opinions.signature")],
    }


def _rows(found: Sequence[Cells], form: Form) -> list[dict[str, Any]]:
    """Each knows whether the next one goes on with its place."""
    return [
        _row(row, form) | {"ends": n + 1 == len(found) or found[n + 1].leads} for n, row in enumerate(found)
    ]


def _row(row: Cells, form: Form) -> dict[str, Any]:
    longest = max((sum(map(len, cell)) for cell in row.cells), default=0)
    return {
        "leads": row.leads,
        "long": longest > SHORT,
        "cells": [
            [breakable(line, int(width / LETTER_MM)) for line in cell]
            for cell, width in zip(row.cells, WIDTHS[form], strict=True)
        ],
    }
