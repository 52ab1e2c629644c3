"""HTML as a `Paper`: pages saved from a browser, and Word's own HTML. Nothing it names is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree, html

from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Block, Cell, Changes, Paper, Paragraph, Row, Run, Table
from duthao.domain.numbering import roman
from duthao.domain.text import MAX_BYTES, too_large
from duthao.formats.docx_in.counting import letters
from duthao.formats.docx_in.noticed import Noticed
from duthao.formats.text_in import decode

MAX_SIGNS = 400_000
MAX_SPAN = 63
MAX_DEPTH = 200

_LEFT_OUT = frozenset(("script", "style", "head", "title", "noscript", "template", "meta", "link"))
_BLOCKS = (
    frozenset(("p", "div", "center", "pre", "li", "ul", "ol", "dl", "dt", "dd", "hr", "form"))
    | frozenset(
        ("h1", "h2", "h3", "h4", "h5", "h6", "html", "body", "section", "article", "header", "footer", "main")
    )
    | frozenset(
        (
            "nav",
            "aside",
            "address",
            "blockquote",
            "fieldset",
            "figure",
            "figcaption",
            "caption",
            "table",
            "tr",
            "td",
        )
    )
    | frozenset(("th", "thead", "tbody", "tfoot"))
)
_BOLD, _ITALIC = frozenset(("b", "strong", "th")), frozenset(("i", "em", "cite", "dfn"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OBJECTS = frozenset(("iframe", "object", "embed", "audio", "video", "canvas", "svg"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.I)
_DECLARATION = re.compile(r"([a-z-]{2,40})\s*:\s*([^;]{0,200})", re.I)
_COUNTED = {"a": letters, "A": lambda n: letters(n).upper(), "i": lambda n: roman(n).lower(), "I": roman}


@dataclass(frozen=True, slots=True)
class _Look:
    font: str | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    centred: bool = False
    kept: bool = False
    """White space is kept: a `pre`."""

    def run(self, text: str) -> Run:
        return Run(text, self.font, self.bold, self.italic, self.underline)


def _declared(element: Any) -> dict[str, str]:
    return {k.lower(): v.strip() for k, v in _DECLARATION.findall(element.get("style", "")[:2000])}


def _look(element: Any, look: _Look, said: dict[str, str]) -> _Look:
    tag = element.tag
    weight, decoration = said.get("font-weight", ""), said.get("text-decoration", "")
    font = said.get("font-family") or (element.get("face") if tag == "font" else None)
    centred = look.centred
    align = said.get("text-align") or element.get("align")
    if align or tag == "center":
        centred = tag == "center" or (align or "").lower() == "center"
    return _Look(
        font=font.split(",")[0].strip(" \"'") if font else look.font,
        bold=weight in ("bold", "700") if weight else look.bold or tag in _BOLD or tag in _HEADINGS,
        italic=said["font-style"] != "normal" if "font-style" in said else look.italic or tag in _ITALIC,
        underline="underline" in decoration if decoration else look.underline or tag in ("u", "ins"),
        centred=centred,
        kept=look.kept or tag == "pre",
    )


class _Reader:
    def __init__(self, changes: Changes, noticed: Noticed) -> None:
        self.changes, self.noticed = changes, noticed
        self.tracked = 0
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._label = ""
        self._bullet = False
        self._centred = False
        self._numbers: dict[Any, int] = {}

    # --- blocks ----------------------------------------------------------------------------

    def read(self, element: Any, look: _Look) -> tuple[Block, ...]:
        outer, self._blocks = self._blocks, []
        self._walk(element, look, 0)
        self._end()
        found, self._blocks = tuple(self._blocks), outer
        return found

    def _end(self) -> None:
        """The paragraph that was begun, when it has words."""
        runs = self._runs
        if any(run.text.strip() for run in runs):
            runs[0] = replace(runs[0], text=runs[0].text.lstrip(" "))
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" \n"))
            gap = " " if self._label else ""
            self._blocks.append(
                Paragraph(tuple(runs), self._label, gap, centred=self._centred, bullet=self._bullet)
            )
        self._runs, self._label, self._bullet = [], "", False

    def _say(self, text: str | None, look: _Look) -> None:
        if not text:
            return
        words = text if look.kept else re.sub("[ \t\r\n\f]+", " ", text)
        at_edge = not self._runs or self._runs[-1].text.endswith((" ", "\n"))
        if at_edge and not look.kept:
            words = words.lstrip(" ")
        if words:
            if not self._runs:
                self._centred = look.centred
            self._runs.append(look.run(words))

    def _walk(self, element: Any, look: _Look, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT:
            return
        if depth > MAX_DEPTH:
            self.noticed.note("too_deep")
            self._say("".join(element.itertext()), look)
            return
        said = _declared(element)
        if said.get("display") == "none" or said.get("mso-hide") == "all":
            self.noticed.note("hidden", "".join(element.itertext()))
            return
        if tag in ("ins", "del"):
            self.tracked += 1
            if (tag == "ins") != (self.changes == "final"):
                return
        if tag in ("img", "picture") or tag in _OBJECTS:
            self.noticed.note("images" if tag in ("img", "picture") else "objects")
        elif tag == "br":
            self._runs.append(look.run("\n"))
        elif tag == "table":
            self._end()
            table = self._table(element, _look(element, look, said))
            if table.rows:
                self._blocks.append(table)
        elif said.get("mso-list", "").lower() == "ignore":
            self._label_of_word("".join(element.itertext()), look)
        else:
            self._inside(element, _look(element, look, said), depth)

    def _inside(self, element: Any, look: _Look, depth: int) -> None:
        block = element.tag in _BLOCKS
        if block:
            self._end()
        if element.tag == "li":
            self._label, self._bullet = self._list_label(element)
        self._say(element.text, look)
        for child in element:
            self._walk(child, look, depth + 1)
            self._say(child.tail, look)
        if block:
            self._end()

    def _list_label(self, item: Any) -> tuple[str, bool]:
        """The label of a list's item, and whether it is a sign; items come in their order."""
        above = item.getparent()
        if above is None or above.tag != "ol":
            return "-", True
        last = self._numbers.get(above)
        number = _whole(item.get("value"), _whole(above.get("start"), 1) if last is None else last + 1)
        self._numbers[above] = number
        kind = item.get("type") or above.get("type") or "1"
        written = _COUNTED.get(kind, str)(number)
        return (f"{written})" if kind == "a" else f"{written}."), False

    def _label_of_word(self, text: str, look: _Look) -> None:
        """The number or sign of a list as Word writes it into its HTML."""
        sign = " ".join(text.split())
        if self._runs or not sign:
            self._say(text, look)
            return
        self._bullet = (len(sign) == 1 and not sign.isalnum()) or sign == "o"
        self._label = sign

    # --- tables ----------------------------------------------------------------------------

    def _rows(self, element: Any) -> Iterator[tuple[Any, bool]]:
        for child in element:
            if child.tag == "tr":
                yield child, False
            elif child.tag in ("thead", "tbody", "tfoot"):
                for row in child:
                    if row.tag == "tr":
                        yield row, child.tag == "thead"

    def _table(self, element: Any, look: _Look) -> Table:
        for caption in element.findall("caption"):
            self._inside(caption, look, 0)
        rows: list[Row] = []
        below: dict[int, tuple[int, int]] = {}
        for row, header in self._rows(element):
            cells: list[Cell] = []
            for cell in row:
                if cell.tag not in ("td", "th"):
                    continue
                _continue(cells, below)
                wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
                if high > 1:
                    below[sum(c.columns for c in cells)] = (high - 1, wide)
                if wide > 1 or high > 1:
                    self.noticed.note("merged_cells")
                cells.append(self._cell(cell, look, wide))
            _continue(cells, below)
            if cells:
                rows.append(Row(tuple(cells), header))
        border = element.get("border", "0") not in ("", "0") or "border" in _declared(element)
        return Table(tuple(rows), border)

    def _cell(self, element: Any, look: _Look, wide: int) -> Cell:
        runs, label, bullet = self._runs, self._label, self._bullet
        self._runs, self._label, self._bullet = [], "", False
        blocks = self.read(element, _look(element, look, _declared(element)))
        self._runs, self._label, self._bullet = runs, label, bullet
        if any(isinstance(block, Table) for block in blocks):
            self.noticed.note("nested_tables")
        return Cell(blocks, wide)


def _span(cell: Any, name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(max(int(given), 1), MAX_SPAN) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def _continue(cells: list[Cell], below: dict[int, tuple[int, int]]) -> None:
    """Places in this row that cells above reach down to."""
    while (at := sum(c.columns for c in cells)) in below:
        rest, wide = below.pop(at)
        if rest > 1:
            below[at] = (rest - 1, wide)
            cells.append(Cell((), wide, continued=True))
            # The same place again belongs to the next row.
            return
        cells.append(Cell((), wide, continued=True))


def _whole(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 6 else otherwise


def _decoded(data: bytes) -> str:
    """The page's text: as it says itself, else as any text."""
    named = _CHARSET.search(data[:4096])
    if named is not None and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return decode(data)[0]


def read_html(data: bytes, changes: Changes = "final") -> Paper:
    """The words of a page, its lists with their numbers. Raises Refusal: html_damaged, text_too_large
    and as `text_in.decode`.
    """
    if len(data) > MAX_BYTES or data.count(b"<") > MAX_SIGNS:
        raise too_large()
    text = re.sub(r"^\s*<\?xml[^>]*>", "", _decoded(data))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Refusal("html_damaged") from None
    noticed = Noticed()
    reader = _Reader(changes, noticed)
    blocks = reader.read(root, _Look())
    if reader.tracked:
        noticed.note("changes", count=reader.tracked)
    return Paper(blocks, noticed.remarks(), reader.tracked)
