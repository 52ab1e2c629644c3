"""The comparison table as a Word file, from the same value as print and screen.

Written with python-docx and a few raw elements where it has none (fields, repeated header row,
language). Times New Roman, A4, w:lang vi-VN. Documents have a writer of their own, `docx_out`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document as new_file
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_UNDERLINE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from duthao.domain.secrecy import STAMP_COLOUR
from duthao.domain.table import CellParagraph, ComparisonTable, Run, TableRow
from duthao.formats.remarks import legend, nothing, remark, statistics_lines, third_remark
from duthao.formats.table_layout import (
    PROFILE,
    document_title,
    has_remark_column,
    heads,
    is_short,
    note_replaces,
    spanning,
)
from duthao.messages import Catalogue

FONT = "Times New Roman"
INDENT_MM = (0, 0, 5, 10)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """XML 1.0 has no such characters; a text of ours has none either, but titles come from people."""
    return _CONTROL.sub("", text)


def element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def open_file(size: float, *, landscape: bool, secrecy: str = "") -> Any:
    """A file with page, font and language set, empty but for the mark of how secret it is."""
    file = new_file()
    section = file.sections[0]
    width, height = Mm(210), Mm(297)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        width, height = height, width
    section.page_width, section.page_height = width, height
    section.left_margin, section.right_margin = Mm(PROFILE.left), Mm(PROFILE.right)
    section.top_margin, section.bottom_margin = Mm(PROFILE.top), Mm(PROFILE.bottom)
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), FONT)
    properties.append(element("w:lang", val="vi-VN", eastAsia="vi-VN"))
    style.paragraph_format.space_after = Pt(3)
    if secrecy:
        _stamped(file.add_paragraph(), secrecy, landscape=landscape)
    return file


def _stamped(paragraph: Any, secrecy: str, *, landscape: bool) -> None:
    """The mark in its frame, at the left above everything: the indent leaves the frame as wide as it is."""
    run = paragraph.add_run(secrecy)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(13), RGBColor.from_string(STAMP_COLOUR)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    width = (297 if landscape else 210) - PROFILE.left - PROFILE.right
    paragraph.paragraph_format.right_indent = Mm(width - 5 - 4 * len(secrecy))
    paragraph._p.get_or_add_pPr().insert_element_before(
        _framed(), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _framed() -> Any:
    frame = element("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        frame.append(element(f"w:{side}", val="single", sz="8", space="3", color=STAMP_COLOUR))
    return frame


def saved(file: Any, title: str) -> bytes:
    file.core_properties.title = clean(title)[:200]
    file.core_properties.author = "Dự Thảo"
    file.core_properties.comments = ""
    buffer = BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def _field(paragraph: Any, instruction: str) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
        elif kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)


def footer(file: Any, catalogue: Catalogue) -> None:
    paragraph = file.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _, rest = catalogue("print.page", page="\0", pages="\1").partition("\0")
    between, _, after = rest.partition("\1")
    paragraph.add_run(before)
    _field(paragraph, "PAGE")
    paragraph.add_run(between)
    _field(paragraph, "NUMPAGES")
    paragraph.add_run(after)


# --- the comparison table -------------------------------------------------------------------


def comparison_docx(table: ComparisonTable, catalogue: Catalogue, *, secrecy: str = "") -> bytes:
    """The table as a Word file: repeated header, chapter rows over all columns, "Trang n/N"."""
    file = open_file(PROFILE.size_of(table), landscape=True, secrecy=secrecy)
    title = table.title or catalogue("print.table.title")
    head = file.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(catalogue("print.table.title").upper()).bold = True
    if clean(document_title(table, catalogue)):
        of = file.add_paragraph()
        of.alignment = WD_ALIGN_PARAGRAPH.CENTER
        of.add_run(clean(table.title)).italic = True
    for line in statistics_lines(table, catalogue):
        file.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    marks = file.add_paragraph()
    marks.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in legend(table, catalogue):
        _run(marks, run, bold=False)
    widths = PROFILE.widths(table)
    grid = file.add_table(rows=1, cols=len(widths))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _header(grid, table, catalogue)
    for width, column in zip(widths, grid.columns, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        _row(grid, row, table, catalogue)
    if not table.rows:
        file.add_paragraph(nothing(table, catalogue)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer(file, catalogue)
    return saved(file, title)


def repeat(row: Any) -> None:
    """Print this row again on every page its table reaches."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def _header(grid: Any, table: ComparisonTable, catalogue: Catalogue) -> None:
    row = grid.rows[0]
    repeat(row)
    for cell, head, width in zip(row.cells, heads(table, catalogue), PROFILE.widths(table), strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(clean(head.title).upper()).bold = True
        if clean(head.note):
            below = cell.add_paragraph()
            below.alignment = WD_ALIGN_PARAGRAPH.CENTER
            below.add_run(f"({clean(head.note)})").italic = True


def _row(grid: Any, row: TableRow, table: ComparisonTable, catalogue: Catalogue) -> None:
    added = grid.add_row()
    if is_short(row, table):  # a short row is not torn by the end of a page
        added._tr.get_or_add_trPr().append(element("w:cantSplit"))
    cells = added.cells
    for cell, width in zip(cells, PROFILE.widths(table), strict=True):
        cell.width = Mm(width)
    if row.kind == "division":
        whole = cells[0].merge(cells[-1])
        _paragraphs(whole, spanning(row), centred=True)
        return
    cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    cells[0].paragraphs[0].add_run("" if row.number is None else str(row.number))
    said, apart = remark(row, catalogue), has_remark_column(table)
    _text(cells[1], row.before, row.before_note, catalogue)
    _text(cells[2], row.after, row.after_note, catalogue, "" if apart else said)
    if row.third_class is not None:
        _text(cells[3], row.third, row.third_note, catalogue, third_remark(row, catalogue))
    beside = cells[1 + table.texts :]
    for cell, words, above in zip(
        beside, (row.reason, row.source), (said if apart else "", ""), strict=False
    ):
        _lines(cell, words, above)


def _text(
    cell: Any, words: Sequence[CellParagraph], note: str | None, catalogue: Catalogue, said: str = ""
) -> None:
    """A text's cell: what `said` remarks, the words, and a note after them or in their place."""
    kept = note_replaces(note)
    _paragraphs(cell, () if kept else words, [said] if said else [], [catalogue(note)] if note else [])


def _lines(cell: Any, text: str, said: str = "") -> None:
    """Plain lines, after what `said` remarks."""
    paragraph = cell.paragraphs[0]
    if said:
        paragraph.add_run(said).italic = True
    for place, line in enumerate(text.split("\n") if text else ()):
        if place or said:
            paragraph = cell.add_paragraph()
        paragraph.add_run(clean(line))


def _paragraphs(
    cell: Any,
    shown: Sequence[CellParagraph],
    above: Sequence[str] = (),
    below: Sequence[str] = (),
    *,
    centred: bool = False,
) -> None:
    """A cell's paragraphs; the first takes the empty one every cell begins with."""
    first: Any = cell.paragraphs[0]

    def following() -> Any:
        nonlocal first
        given, first = first, None
        return given if given is not None else cell.add_paragraph()

    for note in above:
        following().add_run(note).italic = True
    for one in shown:
        paragraph = following()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.left_indent = Mm(INDENT_MM[min(one.level, len(INDENT_MM) - 1)])
        # A chapter's name, a heading and a bare label stay with the words below them.
        paragraph.paragraph_format.keep_with_next = centred or one.heading or one.context or None
        if one.label:
            paragraph.add_run(one.label if centred else f"{one.label} ").bold = True
        if one.label and centred and one.runs:
            paragraph.add_run().add_break()
        for run in one.runs:
            _run(paragraph, run, bold=one.heading or centred, new=one.is_new)
    for note in below:
        following().add_run(note).italic = True


def _run(paragraph: Any, run: Run, *, bold: bool, new: bool = False) -> None:
    """`new`: all of the paragraph is inserted, so that nothing in it has to stand out in bold."""
    made = paragraph.add_run(clean(run.text))
    made.bold = bold or None
    if run.change == "inserted":
        made.underline, made.bold = True, bold or not new or None
    elif run.change == "deleted":
        made.font.strike = True
    elif run.formats:
        made.font.underline = WD_UNDERLINE.DOTTED
