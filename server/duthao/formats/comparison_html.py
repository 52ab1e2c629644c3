"""A comparison table as one HTML page that needs nothing else: for reading, printing, mailing.

Inserted words are bold and underlined, deleted ones struck through: readable without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from duthao.domain.table import CellParagraph, ComparisonTable, Run, TableRow
from duthao.formats.remarks import remark, statistics_lines
from duthao.messages import Catalogue

TWO = 2
"""Columns of a table without reasons: what marks cannot say then stands above the draft's words."""

_STYLE = """
@page { size: A4 landscape; margin: 20mm 15mm 20mm 30mm }
body { font: 11pt/1.4 Tinos, "Times New Roman", serif; color: #000; background: #fff; margin: 1rem }
h1 { font-size: 14pt; text-align: center; text-transform: uppercase; margin: 0 0 .5rem }
.counts { margin: 0 0 1rem } .counts p { text-align: center }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
th, td { border: 1px solid #000; padding: .3rem .4rem; vertical-align: top; text-align: left }
thead th, .division th { text-align: center }
.number { width: 2.5rem; text-align: center }
.why { width: 20% } .source { width: 10% }
p { margin: 0 0 .25rem; text-align: justify; overflow-wrap: break-word }
.l2 { padding-left: 1rem } .l3 { padding-left: 2rem }
.heading, .label { font-weight: bold }
.note { font-style: italic; text-align: left }
.class { font-size: 9pt; font-style: italic; text-align: left }
ins { font-weight: bold; text-decoration: underline; color: #00408a }
del { text-decoration: line-through; color: #8a1c00 }
tr { break-inside: avoid-page }
@media print { body { margin: 0 } ins, del { color: #000 } .wide { overflow: visible } }
""".strip()


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    if run.change == "inserted":
        return f"<ins>{text}</ins>"
    return f"<del>{text}</del>" if run.change == "deleted" else text


def _paragraph(paragraph: CellParagraph) -> str:
    css = f"l{paragraph.level}{' heading' if paragraph.heading else ''}"
    label = f'<span class="label">{escape(paragraph.label)}</span> ' if paragraph.label else ""
    return f'<p class="{css}">{label}{"".join(map(_run, paragraph.runs))}</p>'


def _cell(paragraphs: Sequence[CellParagraph], note: str | None, catalogue: Catalogue) -> str:
    said = f'<p class="note">{escape(catalogue(note))}</p>' if note else ""
    return said + "".join(map(_paragraph, paragraphs))


def _row(row: TableRow, catalogue: Catalogue, columns: int) -> str:
    if row.kind == "division":
        cell = _cell(row.after or row.before, None, catalogue)
        return f'<tr class="division"><th colspan="{columns + 1}" scope="colgroup">{cell}</th></tr>'
    kind = remark(row, catalogue) or catalogue(f"table.class.{row.row_class.value}")
    said = f'<p class="class">{escape(kind)}</p>'
    cells = [
        f'<td class="number">{row.number}</td>',
        f'<td class="before">{_cell(row.before, row.before_note, catalogue)}</td>',
        f'<td class="after">{said if columns == TWO else ""}'
        f"{_cell(row.after, row.after_note, catalogue)}</td>",
        f'<td class="why">{said}{_lines(row.reason)}</td>',
        f'<td class="source">{_lines(row.source)}</td>',
    ]
    return f"<tr>{''.join(cells[: columns + 1])}</tr>"


def _lines(text: str) -> str:
    return f"<p>{escape(text)}</p>".replace("\n", "<br>") if text else ""


def comparison_html(table: ComparisonTable, catalogue: Catalogue) -> bytes:
    """The page, UTF-8; every text of the documents is escaped, nothing is loaded from outside."""
    title = escape(table.title or catalogue("table.title"))
    heads = (
        catalogue("table.number"),
        table.before_title or catalogue("table.before"),
        table.after_title or catalogue("table.after"),
        catalogue("table.reason"),
        catalogue("print.source"),
    )[: table.columns + 1]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = "\n".join(_row(row, catalogue, table.columns) for row in table.rows)
    if not rows:
        nothing = escape(catalogue("table.no_difference"))
        rows = f'<tr><td colspan="{table.columns + 1}"><p>{nothing}</p></td></tr>'
    counts = "".join(f"<p>{escape(line)}</p>" for line in statistics_lines(table, catalogue))
    counts += (
        f"<p><ins>{escape(catalogue('print.legend.inserted'))}</ins>; "
        f"<del>{escape(catalogue('print.legend.deleted'))}</del></p>"
    )
    page = (
        f'<!doctype html>\n<html lang="{catalogue.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        f'<div class="counts">{counts}</div>\n'
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'
        "</body></html>\n"
    )
    return page.encode("utf-8", "replace")
