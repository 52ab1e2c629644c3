"""A comparison table as one HTML page that needs nothing else: for reading, printing, mailing.

Inserted words are bold and underlined, deleted ones struck through, words whose format alone
changed have a dotted line: readable without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from duthao.domain.table import CellParagraph, ComparisonTable, Run, TableRow
from duthao.formats.remarks import legend, nothing, remark, statistics_lines, third_remark
from duthao.formats.table_layout import (
    PROFILE,
    Head,
    document_title,
    has_remark_column,
    heads,
    note_replaces,
    spanning,
)
from duthao.messages import Catalogue

_STYLE = """
@page { size: A4 landscape; margin: 20mm 15mm 20mm 30mm }
body { font: 11pt/1.4 Tinos, "Times New Roman", serif; color: #000; background: #fff; margin: 1rem }
h1 { font-size: 14pt; text-align: center; text-transform: uppercase; margin: 0 0 .5rem }
.counts { margin: 0 0 1rem } .counts p { text-align: center }
.wide { overflow-x: auto }
h1 + p { text-align: center; font-style: italic; margin: 0 0 .5rem }
table { border-collapse: collapse; width: 100%; min-width: 44rem; table-layout: fixed }
thead { display: table-header-group }
th, td { border: 1px solid #000; padding: .3rem .4rem; vertical-align: top; text-align: left }
thead th, .division th { text-align: center }
thead th { text-transform: uppercase } thead .class { text-transform: none; font-weight: normal }
td.number { text-align: center }
p { margin: 0 0 .25rem; text-align: justify; overflow-wrap: break-word }
.l2 { padding-left: 1rem } .l3 { padding-left: 2rem }
.heading, .label { font-weight: bold }
.division p { text-align: center; margin: 0 } .division .label { display: block }
.note { font-style: italic; text-align: left }
.class { font-size: 9pt; font-style: italic; text-align: left }
ins { font-weight: bold; text-decoration: underline; color: #00408a }
.new ins { font-weight: normal }
del { text-decoration: line-through; color: #8a1c00 }
.format { text-decoration: underline dotted }
tr { break-inside: avoid-page } .division { break-after: avoid-page }
@media print { body { margin: 0 1px 0 0 } ins, del { color: #000 } }
@media print { .wide { overflow: visible } table { min-width: 0 } }
""".strip()


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    if run.change == "inserted":
        return f"<ins>{text}</ins>"
    if run.formats:
        return f'<span class="format">{text}</span>'
    return f"<del>{text}</del>" if run.change == "deleted" else text


def _paragraph(paragraph: CellParagraph) -> str:
    css = f"l{paragraph.level}{' heading' if paragraph.heading else ' new' if paragraph.is_new else ''}"
    label = f'<span class="label">{escape(paragraph.label)}</span> ' if paragraph.label else ""
    return f'<p class="{css}">{label}{"".join(map(_run, paragraph.runs))}</p>'


def _cell(paragraphs: Sequence[CellParagraph], note: str | None, catalogue: Catalogue) -> str:
    said = f'<p class="note">{escape(catalogue(note))}</p>' if note else ""
    words = "".join(map(_paragraph, paragraphs))
    return said + words if note_replaces(note) else words + said


def _said(words: str) -> str:
    return f'<p class="class">{escape(words)}</p>' if words else ""


def _row(row: TableRow, table: ComparisonTable, catalogue: Catalogue) -> str:
    columns = table.texts + table.columns - 1
    if row.kind == "division":
        cell = _cell(spanning(row), None, catalogue)
        return f'<tr class="division"><th colspan="{columns}" scope="colgroup">{cell}</th></tr>'
    said = _said(remark(row, catalogue) or catalogue(f"table.class.{row.row_class.value}"))
    above = "" if has_remark_column(table) else said
    cells = [
        f'<td class="number">{row.number}</td>',
        f'<td class="before">{_cell(row.before, row.before_note, catalogue)}</td>',
        f'<td class="after">{above}{_cell(row.after, row.after_note, catalogue)}</td>',
    ]
    if row.third_class is not None:
        kind = _said(third_remark(row, catalogue))
        cells.append(f'<td class="third">{kind}{_cell(row.third, row.third_note, catalogue)}</td>')
    cells.append(f'<td class="why">{"" if above else said}{_lines(row.reason)}</td>')
    cells.append(f'<td class="source">{_lines(row.source)}</td>')
    return f"<tr>{''.join(cells[:columns])}</tr>"


def _lines(text: str) -> str:
    return f"<p>{escape(text)}</p>".replace("\n", "<br>") if text else ""


def _head(head: Head) -> str:
    note = f'<br><span class="class">({escape(head.note)})</span>' if head.note else ""
    return escape(head.title) + note


def comparison_html(table: ComparisonTable, catalogue: Catalogue) -> bytes:
    """The page, UTF-8; every text of the documents is escaped, nothing is loaded from outside."""
    name, of = catalogue("print.table.title"), escape(document_title(table, catalogue))
    below = f"<p>{of}</p>" if of else ""
    widths = PROFILE.widths(table)
    columns = "".join(f'<col style="width: {100 * width / sum(widths):.1f}%">' for width in widths)
    head = "".join(f'<th scope="col">{_head(one)}</th>' for one in heads(table, catalogue))
    rows = "\n".join(_row(row, table, catalogue) for row in table.rows)
    if not rows:
        said = escape(nothing(table, catalogue))
        rows = f'<tr><td colspan="{table.texts + table.columns - 1}"><p>{said}</p></td></tr>'
    counts = "".join(f"<p>{escape(line)}</p>" for line in statistics_lines(table, catalogue))
    counts += f"<p>{''.join(map(_run, legend(table, catalogue)))}</p>"
    page = (
        f'<!doctype html>\n<html lang="{catalogue.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{of or escape(name)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{escape(name)}</h1>{below}\n"
        f'<div class="counts">{counts}</div>\n'
        f'<div class="wide"><table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
        "</body></html>\n"
    )
    return page.encode("utf-8", "replace")
