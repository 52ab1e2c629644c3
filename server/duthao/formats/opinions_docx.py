"""The table of opinions as a Word file, from the same value as the PDF (norm B8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from duthao.domain.synthesis.table import Form, Section, SynthesisTable
from duthao.formats.docx import clean, element, footer, open_file, repeat, saved
from duthao.formats.opinions_layout import WIDTHS, heads, rows, section_title, summary, titles
from duthao.formats.table_layout import PROFILE
from duthao.messages import Catalogue


def opinions_docx(table: SynthesisTable, form: Form, catalogue: Catalogue, *, secrecy: str = "") -> bytes:
    """The table on A4 landscape, its head repeated, a place's name over all rows of the place."""
    file = open_file(PROFILE.size, landscape=True, secrecy=secrecy)
    for n, line in enumerate(titles(table, form, catalogue)):
        paragraph = file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(clean(line.upper() if n == 0 else line)).bold = True
    for line in summary(table, form, catalogue):
        paragraph = file.add_paragraph(clean(line))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Mm(10)
    for section in table.sections:
        if len(table.sections) > 1:
            head = file.add_paragraph()
            head.paragraph_format.keep_with_next = True
            head.add_run(clean(section_title(section.title, catalogue))).bold = True
        if section.rows:
            _grid(file, section, form, catalogue)
        else:
            file.add_paragraph(catalogue("print.opinions.nothing"))
    _signature(file, catalogue)
    footer(file, catalogue)
    return saved(file, catalogue(f"print.opinions.title.{form.value}"))


def _grid(file: Any, section: Section, form: Form, catalogue: Catalogue) -> None:
    place = 0 if form is Form.STATE else 1
    found = rows(section.rows, form, catalogue)
    cells = [row.cells for row in found]
    made = filled_grid(
        file,
        heads(form, catalogue),
        WIDTHS[form],
        cells,
        centred=(0,) if form is Form.PARTY else (),
        bold=place,
    )
    for line, row in zip(made, found, strict=True):
        merge = element("w:vMerge", val="restart") if row.leads else element("w:vMerge")
        line[place].get_or_add_tcPr().append(merge)


def filled_grid(
    file: Any, titles: Sequence[str], widths: Sequence[float], found: Sequence[Sequence[tuple[str, ...]]],
    *, centred: Sequence[int] = (), bold: int | None = None,
) -> list[list[Any]]:  # fmt: skip
    """A table with a repeated head; the raw cells of its other rows."""
    grid = file.add_table(rows=1 + len(found), cols=len(widths))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for width, column in zip(widths, grid.columns, strict=True):
        column.width = Mm(width)
    # Looked up once: asking a table for its rows again and again takes a minute for 3,000 of them.
    lines = [row.tc_lst for row in grid._tbl.tr_lst]
    repeat(grid.rows[0])
    for cell, title, width in zip(lines[0], titles, widths, strict=True):
        cell.width = Mm(width)
        _words(cell, (title.upper(),), bold=True, centred=True)
    for cells, row in zip(lines[1:], found, strict=True):
        for n, (cell, words, width) in enumerate(zip(cells, row, widths, strict=True)):
            cell.width = Mm(width)
            _words(cell, words, bold=n == bold, centred=n in centred)
    return lines[1:]


def _words(cell: Any, words: tuple[str, ...], *, bold: bool = False, centred: bool = False) -> None:
    """A cell's paragraphs; the first takes the empty one every cell begins with."""
    for n, line in enumerate(words):
        paragraph = cell.p_lst[0] if n == 0 else cell.add_p()
        if centred:
            paragraph.get_or_add_pPr().append(element("w:jc", val="center"))
        run = paragraph.add_r()
        if bold:
            run.get_or_add_rPr().append(element("w:b"))
        run.text = clean(line)


def _signature(file: Any, catalogue: Catalogue) -> None:
    for name in ("signed", "signature"):
        words = catalogue(f"print.opinions.{name}")
        paragraph = file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.left_indent = Mm(150)
        paragraph.paragraph_format.keep_with_next = name == "signed"
        run = paragraph.add_run(words.upper() if name == "signed" else words)
        run.bold, run.italic = name == "signed" or None, name == "signature" or None
