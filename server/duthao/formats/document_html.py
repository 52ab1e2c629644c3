"""A document as one HTML page that needs nothing else: for reading, printing, mailing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise

from duthao.domain.document import Document, FrontMatter, Kind, MarkKind, Provision
from duthao.domain.front_matter import closing_blocks
from duthao.domain.outline import UPPER, Entry, outline
from duthao.domain.secrecy import STAMP_COLOUR, UNSTAMPED, Stamp

_STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm }
body { font: 14pt/1.4 Tinos, "Times New Roman", serif; color: #000; background: #fff; max-width: 42rem;
  margin: 1rem auto; padding: 0 1rem }
p, h2, h3 { margin: 0 0 .5rem; text-align: justify; overflow-wrap: break-word; font-size: 1em }
.centre, h1, h2 { text-align: center } h1 { font-size: 1em; margin: 1rem 0 }
.sign { text-align: center; margin-left: 40%; font-weight: bold }
.basis, .date { font-style: italic } .date { text-align: right }
.l1 { padding-left: 1rem } .l2 { padding-left: 2rem } .l3 { padding-left: 3rem }
.wide { overflow-x: auto; margin: 0 0 .5rem }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group }
caption { font-weight: bold; margin: 0 0 .25rem }
th, td { border: 1px solid #000; padding: .2rem .4rem; vertical-align: top; text-align: left }
tr { break-inside: avoid } h1, h2, h3 { break-after: avoid }
.degree { width: max-content; border: 1.5pt solid #STAMP; color: #STAMP; font-weight: bold;
  padding: .1rem .5rem }
.reader { position: fixed; inset: 0; display: grid; place-items: center; rotate: -35deg; font-size: 28pt;
  color: #000; opacity: .12; pointer-events: none; text-align: center }
@media (max-width: 30rem) { .l1, .l2, .l3 { padding-left: .5rem } .sign { margin-left: 0 } }
@media print { body { margin: 0; padding: 0; max-width: none } }
""".strip().replace("STAMP", STAMP_COLOUR)

_TAGS = {MarkKind.BOLD: "b", MarkKind.ITALIC: "i", MarkKind.UNDERLINE: "u"}
_DEPTH = {Kind.POINT: 1, Kind.INDENT: 2}


def document_html(document: Document, stamp: Stamp = UNSTAMPED) -> bytes:
    """The document as a page in UTF-8, without scripts or anything fetched; labels as printed.

    The stamp stands above it, and the reader's name across each page that is printed of it.
    Every provision's words stand in it once, in reading order; white space is kept as it is.
    """
    front = document.front
    title = escape(" ".join(f"{front.type} {front.title}".split()))
    body = "\n".join((*_stamped(stamp), *_head(front), *_body(outline(document).entries), *_closing(front)))
    return (
        f'<!doctype html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def _p(text: str, name: str = "") -> str:
    kind = f' class="{name}"' if name else ""
    return f"<p{kind}>{escape(text)}</p>"


def _stamped(stamp: Stamp) -> Iterator[str]:
    if stamp.degree:
        yield _p(stamp.degree, "degree")
    if stamp.reader:
        # Fixed, so a browser prints it on every page; said once to who listens, by the text itself.
        yield f'<div class="reader" aria-hidden="true">{escape(stamp.reader)}</div>'


def _head(front: FrontMatter) -> Iterator[str]:
    for line in filter(None, (front.upper_body, front.body, front.number)):
        yield _p(line, "centre")
    if front.place or front.date:
        yield _p(", ".join(filter(None, (front.place, front.date))), "date")
    if front.type or front.title:
        yield f"<h1>{'<br>'.join(escape(line) for line in (front.type, front.title) if line)}</h1>"
    for line in front.bases:
        yield _p(line, "basis")
    for line in front.preamble:
        yield _p(line)


def _closing(front: FrontMatter) -> Iterator[str]:
    signature = {front.authority, front.position, front.signatory}
    for block in closing_blocks(front):
        signs = set(block) <= signature
        yield from (_p(line, "sign" if signs else "") for line in block)


def _body(entries: Iterable[Entry]) -> Iterator[str]:
    listed = list(entries)
    at = 0
    while at < len(listed):
        entry = listed[at]
        at += 1
        if entry.provision.kind not in (Kind.TABLE, Kind.ROW):
            yield _unit(entry)
            continue
        rows = [] if entry.provision.kind is Kind.TABLE else [entry.provision]
        while at < len(listed) and listed[at].provision.kind is Kind.ROW:
            rows.append(listed[at].provision)
            at += 1
        caption = entry.provision if entry.provision.kind is Kind.TABLE else None
        yield _table(caption, rows)


def _unit(entry: Entry) -> str:
    provision = entry.provision
    words = " ".join(filter(None, (escape(entry.label), _words(provision))))
    if provision.kind in UPPER:
        parts = (escape(entry.label), _words(provision))
        return f"<h2>{'<br>'.join(filter(None, parts))}</h2>"
    if provision.kind is Kind.ARTICLE:
        return f"<h3>{words}</h3>"
    depth = _DEPTH.get(provision.kind, 0)
    return f'<p class="l{depth}">{words}</p>' if depth else f"<p>{words}</p>"


def _words(provision: Provision) -> str:
    """The text with its formats."""
    text, marks = provision.text, provision.marks
    edges = sorted({0, len(text), *(edge for mark in marks for edge in (mark.start, mark.end))})
    parts: list[str] = []
    for start, end in pairwise(edges):
        words = escape(text[start:end])
        on = {mark.kind for mark in marks if mark.start <= start and end <= mark.end}
        for kind, tag in _TAGS.items():
            if kind in on:
                words = f"<{tag}>{words}</{tag}>"
        parts.append(words)
    return "".join(parts)


def _table(caption: Provision | None, rows: list[Provision]) -> str:
    named = f"<caption>{_words(caption)}</caption>" if caption is not None and caption.text else ""
    if not rows:
        return f"<p><b>{_words(caption)}</b></p>" if caption is not None else ""
    written = [
        "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row.cells or (row.text,))
        for at, row in enumerate(rows)
        for tag in ("th" if at == 0 and caption is not None and caption.header else "td",)
    ]
    lines = [f"<tr>{line}</tr>" for line in written]
    head = f"<thead>{lines.pop(0)}</thead>" if caption is not None and caption.header else ""
    body = f"<tbody>{''.join(lines)}</tbody>" if lines else ""
    return f'<div class="wide"><table>{named}{head}{body}</table></div>'
