"""A plain table as PDF and as a Word file: A4 landscape, its head repeated on every page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from duthao.domain.plain_table import PlainTable
from duthao.formats.docx import clean, footer, open_file, saved
from duthao.formats.fonts import font_directory
from duthao.formats.opinions_docx import filled_grid
from duthao.formats.opinions_pdf import LETTER_MM
from duthao.formats.pdf import DEFAULTS, PrintOptions, Typeset, breakable, footer_parts, in_worker
from duthao.formats.table_layout import PROFILE
from duthao.messages import Catalogue


def _lines(cell: str) -> tuple[str, ...]:
    return tuple(line for line in cell.splitlines() if line.strip())


def plain_pdf(
    table: PlainTable, catalogue: Catalogue, *, options: PrintOptions = DEFAULTS, typeset: Typeset = in_worker
) -> bytes:
    """Raises Refusal fonts_missing, and as `in_worker`."""
    return typeset("opinions", plain_data(table, catalogue), font_directory(options.fonts))


def plain_data(table: PlainTable, catalogue: Catalogue) -> dict[str, Any]:
    """What the template `opinions.typ` is filled with."""
    rows = [
        {
            "leads": True, "ends": True, "long": False,
            "cells": [
                [breakable(line, int(width / LETTER_MM)) for line in _lines(cell)]
                for cell, width in zip(row, table.widths, strict=True)
            ],
        }
        for row in table.rows
    ]  # fmt: skip
    return {
        "lang": catalogue.language,
        "profile": asdict(PROFILE) | {"size": PROFILE.size},
        "title": table.titles[0],
        "titles": [breakable(line) for line in table.titles],
        "summary": [breakable(line) for line in table.summary],
        "heads": list(table.heads),
        "widths": list(table.widths),
        "place": -1,
        "centred": list(table.centred),
        "narrow": list(range(len(table.heads))),
        "footer": footer_parts(catalogue),
        "nothing": table.nothing,
        "sections": [{"title": "", "rows": rows}],
        "signed": [table.signed, catalogue("print.opinions.signature")] if table.signed else [],
    }


def plain_docx(table: PlainTable, catalogue: Catalogue, *, secrecy: str = "") -> bytes:
    file = open_file(PROFILE.size, landscape=True, secrecy=secrecy)
    for n, line in enumerate(table.titles):
        paragraph = file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(clean(line.upper() if n == 0 else line)).bold = True
    for line in table.summary:
        file.add_paragraph(clean(line)).paragraph_format.first_line_indent = Mm(10)
    if table.rows:
        cells = [[_lines(cell) for cell in row] for row in table.rows]
        filled_grid(file, table.heads, table.widths, cells, centred=table.centred)
    else:
        file.add_paragraph(clean(table.nothing))
    footer(file, catalogue)
    return saved(file, table.titles[0])
