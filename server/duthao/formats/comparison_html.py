"""A comparison table as one HTML page that needs nothing else: for reading, printing, mailing.

Inserted words are bold and underlined, deleted ones struck through: readable without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from duthao.domain.table import CellParagraph, ComparisonTable, Run, TableRow
from duthao.messages import Catalogue

_STYLE = """
@page { size: A4 landscape; margin: 20mm 15mm 20mm 30mm }
body { font: 11pt/1.4 Tinos, "Times New Roman", serif; color: #000; background: #fff; margin: 1rem }
h1 { font-size: 14pt; text-align: center; text-transform: uppercase; margin: 0 0 .5rem }
.counts { text-align: center; margin: 0 0 1rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
th, td { border: 1px solid #000; padding: .3rem .4rem; vertical-align: top; text-align: left }
thead th, .division th { text-align: center }
.number { width: 2.5rem; text-align: center }
.why { width: 20% }
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


def _row(row: TableRow, catalogue: Catalogue) -> str:
    if row.kind == "division":
        cell = _cell(row.after or row.before, None, catalogue)
        return f'<tr class="division"><th colspan="4" scope="colgroup">{cell}</th></tr>'
    kind = escape(catalogue(f"table.class.{row.row_class.value}"))
    if row.moved_from:
        kind += f" ({escape(catalogue('table.moved_from', path=row.moved_from))})"
    reason = f"<p>{escape(row.reason)}</p>".replace("\n", "<br>") if row.reason else ""
    return (
        f'<tr><td class="number">{row.number}</td>'
        f"<td>{_cell(row.before, row.before_note, catalogue)}</td>"
        f"<td>{_cell(row.after, row.after_note, catalogue)}</td>"
        f'<td class="why"><p class="class">{kind}</p>{reason}</td></tr>'
    )


def counts_line(table: ComparisonTable, catalogue: Catalogue) -> str:
    """One sentence: articles before, after and changed."""
    found = table.statistics
    return catalogue(
        "table.counts",
        before=found.articles_before,
        after=found.articles_after,
        changed=found.articles_changed,
    )


def comparison_html(table: ComparisonTable, catalogue: Catalogue) -> bytes:
    """The page, UTF-8; every text of the documents is escaped, nothing is loaded from outside."""
    title = escape(table.title or catalogue("table.title"))
    heads = (
        catalogue("table.number"),
        table.before_title or catalogue("table.before"),
        table.after_title or catalogue("table.after"),
        catalogue("table.reason"),
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = "\n".join(_row(row, catalogue) for row in table.rows)
    if not rows:
        rows = f'<tr><td colspan="4"><p>{escape(catalogue("table.no_difference"))}</p></td></tr>'
    page = (
        f'<!doctype html>\n<html lang="{catalogue.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n"
        f'<p class="counts">{escape(counts_line(table, catalogue))}</p>\n'
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>'
        "</body></html>\n"
    )
    return page.encode("utf-8", "replace")
