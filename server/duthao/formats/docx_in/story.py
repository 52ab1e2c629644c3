"""The walk through one story of a Word file: body, note, header, text box.

Every letter a reader would see comes out as a run; whatever is left out is noted. Tracked changes
are decided while walking, for numbers count only the paragraphs that stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from duthao.domain.incoming.blocks import Block, Cell, Changes, Paragraph, Row, Run, Table
from duthao.formats.docx_in.fields import Fields
from duthao.formats.docx_in.noticed import Noticed
from duthao.formats.docx_in.numbering import Numbering
from duthao.formats.docx_in.package import R, W
from duthao.formats.docx_in.styles import Look, Styles, switch, value, whole
from duthao.formats.docx_in.symbols import replaced, symbol

MAX_DEPTH = 60
MAX_COLUMNS = 63
"""Word's own bound of a table."""

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_CHOICE, _FALLBACK = _COMPATIBLE + "Choice", _COMPATIBLE + "Fallback"
_ALTERNATE = _COMPATIBLE + "AlternateContent"
_INSERTED = frozenset((W + "ins", W + "moveTo"))
_DELETED = frozenset((W + "del", W + "moveFrom"))
_WITHIN = frozenset(
    W + name
    for name in (
        "sdtContent",
        "customXml",
        "smartTag",
        "hyperlink",
        "dir",
        "bdo",
        "fldSimple",
        "rubyBase",
        "ruby",
    )
) | {_CHOICE, _FALLBACK}
"""What only wraps text."""
_PLAIN = {
    W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "\u2011",
    W + "softHyphen": "\u00ad",
}  # fmt: skip
_PROPERTIES, _RUN, _LETTERS, _DELETED_LETTERS = W + "rPr", W + "r", W + "t", W + "delText"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PICTURES = frozenset((W + "drawing", W + "pict", W + "object"))
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}


@dataclass
class _Line:
    """A paragraph being read."""

    runs: list[Run] = field(default_factory=list)
    contents: bool = False


@dataclass
class Walker:
    """What all stories of a file share. `bodies` are the notes' texts by kind and id."""

    styles: Styles
    numbering: Numbering
    noticed: Noticed
    changes: Changes
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    tracked: int = 0
    read_notes: dict[tuple[str, str], int] = field(default_factory=dict)

    def shows(self, element: Any) -> bool:
        """Whether what a tracked wrapper holds stands in the text asked for; counts it."""
        self.tracked += 1
        return (element.tag in _INSERTED) == (self.changes == "final")

    def story(self, root: Any) -> tuple[Block, ...]:
        """The blocks of a story's root."""
        return Story(self).blocks(root, 0)

    def plain(self, root: Any) -> str:
        """A story's words, for a remark."""
        return " ".join(Story(self, numbers=False).texts(root))


class Story:
    def __init__(self, walker: Walker, *, numbers: bool = True) -> None:
        self.walker, self.numbers = walker, numbers
        self.fields = Fields()
        self._carried: list[Run] = []

    # --- blocks ----------------------------------------------------------------------------

    def blocks(self, parent: Any, depth: int) -> tuple[Block, ...]:
        found: list[Block] = []
        self._blocks(parent, found, depth)
        if self._carried:
            # The last paragraph's mark is gone and there is no next: it stands.
            found.append(Paragraph(tuple(self._carried)))
            self._carried = []
        return tuple(found)

    def texts(self, parent: Any) -> Iterator[str]:
        for block in self.blocks(parent, 0):
            yield from _words(block)

    def _blocks(self, parent: Any, found: list[Block], depth: int) -> None:
        if depth > MAX_DEPTH:
            self.walker.noticed.note("too_deep", "".join(parent.itertext(W + "t")))
            return
        for child in parent:
            tag = child.tag
            if tag == W + "p":
                made = self._paragraph(child, depth)
                if made is not None:
                    found.append(made)
            elif tag == W + "tbl":
                table = self._table(child, depth)
                if table.rows:
                    found.append(table)
            elif tag == W + "sdt":
                for content in child.findall(W + "sdtContent"):
                    self._blocks(content, found, depth + 1)
            elif tag == _ALTERNATE:
                self._blocks(_chosen(child), found, depth + 1)
            elif tag in _INSERTED or tag in _DELETED:
                if self.walker.shows(child):
                    self._blocks(child, found, depth + 1)
            elif tag in _WITHIN:
                self._blocks(child, found, depth + 1)
            elif tag == W + "altChunk":
                self.walker.noticed.note("linked")
            elif tag == W + "r":
                # Not allowed here, and seen: a run of its own is a paragraph.
                line = _Line()
                self._run(child, line, "", depth + 1)
                found.append(Paragraph(tuple(line.runs)))

    def _paragraph(self, element: Any, depth: int) -> Paragraph | None:
        """The paragraph; None when its mark does not stand: its words go on in the next."""
        walker = self.walker
        properties = element.find(W + "pPr")
        if walker.changes == "original" and properties is not None:
            before = properties.find(f"{W}pPrChange/{W}pPr")
            properties = properties if before is None else before
        style = value(properties, "pStyle") or walker.styles.default
        line = _Line(runs=self._carried)
        self._carried = []
        line.contents = self.fields.contents or walker.styles.name(style).lower().startswith("toc ")
        self._inline(element, line, style, depth + 1)
        if not self._mark_stands(element.find(W + "pPr")):
            self._carried = line.runs
            return None
        counts = self.numbers and (bool(line.runs) or not _is_hidden(properties))
        label = walker.numbering.label(properties, style) if counts else None
        return Paragraph(
            runs=tuple(_joined(line.runs)),
            label=label.text if label else "",
            gap=label.gap if label else "",
            style=walker.styles.name(style),
            centred=walker.styles.centred(properties, style),
            bullet=label.bullet if label else False,
            contents=line.contents,
        )

    def _mark_stands(self, properties: Any) -> bool:
        mark = properties.find(W + "rPr") if properties is not None else None
        return mark is None or self._stands(mark)

    # --- within a paragraph ----------------------------------------------------------------

    def _inline(self, parent: Any, line: _Line, style: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            words = "".join(parent.itertext(W + "t"))
            self.walker.noticed.note("too_deep", words)
            line.runs.append(Run(words))
            return
        for child in parent:
            tag = child.tag
            if tag == _RUN:
                self._run(child, line, style, depth)
            elif tag in _INSERTED or tag in _DELETED:
                if self.walker.shows(child):
                    self._inline(child, line, style, depth + 1)
            elif tag == W + "sdt":
                for content in child.findall(W + "sdtContent"):
                    self._inline(content, line, style, depth + 1)
            elif tag == _ALTERNATE:
                self._inline(_chosen(child), line, style, depth + 1)
            elif tag in _WITHIN or tag in (W + "p", W + "tbl"):
                self._inline(child, line, style, depth + 1)
            elif tag in (_MATH + "oMath", _MATH + "oMathPara"):
                words = "".join(child.itertext(_MATH + "t", W + "t"))
                self.walker.noticed.note("formulas", words)
                line.runs.append(Run(words))

    def _run(self, element: Any, line: _Line, style: str, depth: int) -> None:
        first = next(iter(element), None)
        if first is None:
            return
        properties = first if first.tag == _PROPERTIES else element.find(_PROPERTIES)
        if self.walker.changes == "original" and properties is not None:
            before = properties.find(f"{W}rPrChange/{W}rPr")
            properties = properties if before is None else before
        look = self.walker.styles.seen(properties, style)
        text: list[str] = []
        self._pieces(element, text, line, look, depth)
        joined = "".join(text)
        if not joined:
            return
        if _PRIVATE.search(joined):
            joined = replaced(joined, look.font or "")
            if _PRIVATE.search(joined):
                self.walker.noticed.note("symbols", joined)
        if look.hidden:
            self.walker.noticed.note("hidden", joined)
            return
        line.runs.append(Run(joined, look.font, bool(look.bold), bool(look.italic), bool(look.underline)))

    def _pieces(self, element: Any, text: list[str], line: _Line, look: Look, depth: int) -> None:
        original = self.walker.changes == "original"
        for child in element:
            tag = child.tag
            if tag == _PROPERTIES:
                continue
            if tag == _LETTERS or (tag == _DELETED_LETTERS and original):
                if not self.fields.hides:
                    text.append(_letters(child))
            elif tag in _PLAIN:
                text.append(_PLAIN[tag])
            elif tag == W + "sym":
                text.append(self._symbol(child))
            elif tag == W + "fldChar":
                self.fields.sign(child.get(W + "fldCharType", ""))
                line.contents = line.contents or self.fields.contents
            elif tag == W + "instrText":
                self.fields.instruct(child.text or "")
                line.contents = line.contents or self.fields.contents
            elif tag in _NOTES:
                self._note(_NOTES[tag], child.get(W + "id", ""))
            elif tag in _PICTURES:
                self._picture(child, depth + 1)
            elif tag == _ALTERNATE:
                if depth <= MAX_DEPTH:
                    self._pieces(_chosen(child), text, line, look, depth + 1)
            elif tag == W + "ruby":
                for base in child.iterfind(f"{W}rubyBase//{W}t"):
                    text.append(_letters(base))

    def _symbol(self, element: Any) -> str:
        try:
            code = int(element.get(W + "char", ""), 16)
        except ValueError:
            return ""
        font = element.get(W + "font", "")
        found = symbol(code, font)
        if found is None and 0x20 <= code < 0xD800:
            return chr(code)
        if found is None:
            self.walker.noticed.note("symbols", f"{font} {code:04X}")
            return "\ufffd"
        return found

    def _note(self, kind: str, id_: str) -> None:
        walker = self.walker
        body = walker.bodies.get(kind, {}).get(id_)
        if body is None or (kind, id_) in walker.read_notes:
            return
        number = 1 + sum(known == kind for known, _ in walker.read_notes)
        walker.read_notes[kind, id_] = number
        walker.noticed.note(
            "footnotes" if kind == "footnotes" else "endnotes", f"({number}) {walker.plain(body)}"
        )

    def _picture(self, element: Any, depth: int) -> None:
        """A drawing: the words of its boxes are told, a picture is counted."""
        boxes = [box for box in element.iter(W + "txbxContent") if not _in_fallback(box, element)]
        if boxes and depth <= MAX_DEPTH:
            for box in boxes:
                if not any(other is not box and other in box.iterancestors() for other in boxes):
                    self.walker.noticed.note("text_boxes", self.walker.plain(box))
        elif element.tag == W + "object":
            self.walker.noticed.note("objects")
        elif any(
            isinstance(one.tag, str) and one.tag.rpartition("}")[2] in ("blip", "imagedata")
            for one in element.iter()
        ):
            self.walker.noticed.note("images")

    # --- tables ----------------------------------------------------------------------------

    def _table(self, element: Any, depth: int) -> Table:
        rows: list[Row] = []
        for row in self._inside(element, W + "tr", depth):
            properties = row.find(W + "trPr")
            if properties is not None and not self._stands(properties):
                continue
            cells = [Cell(columns=n) for n in (self._skipped(properties, "gridBefore"),) if n]
            for cell in self._inside(row, W + "tc", depth):
                cells.append(self._cell(cell, depth))
            header = properties is not None and properties.find(W + "tblHeader") is not None
            if cells:
                rows.append(Row(tuple(cells), header))
        return Table(tuple(rows), self._bordered(element))

    def _stands(self, properties: Any) -> bool:
        """Whether a paragraph's mark, or a row, stands in the text asked for."""
        changes = [child for child in properties if child.tag in _INSERTED or child.tag in _DELETED]
        shown = [self.walker.shows(child) for child in changes]
        return all(shown)

    def _skipped(self, properties: Any, name: str) -> int:
        return min(max(whole(value(properties, name)) or 0, 0), MAX_COLUMNS)

    def _inside(self, parent: Any, wanted: str, depth: int) -> Iterator[Any]:
        """Children of this name, also within wrappers."""
        if depth > MAX_DEPTH:
            return
        for child in parent:
            if child.tag == wanted:
                yield child
            elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "smartTag"):
                yield from self._inside(child, wanted, depth + 1)

    def _cell(self, element: Any, depth: int) -> Cell:
        properties = element.find(W + "tcPr")
        columns = min(max(whole(value(properties, "gridSpan")) or 1, 1), MAX_COLUMNS)
        merge = properties.find(W + "vMerge") if properties is not None else None
        continued = merge is not None and merge.get(W + "val", "continue") != "restart"
        carried, self._carried = self._carried, []
        blocks = self.blocks(element, depth + 2)
        self._carried = carried
        noticed = self.walker.noticed
        noticed_tables = sum(isinstance(block, Table) for block in blocks)
        if noticed_tables:
            noticed.note("nested_tables", count=noticed_tables)
        if columns > 1 or (merge is not None and not continued):
            noticed.note("merged_cells")
        return Cell(blocks, columns, continued)

    def _bordered(self, element: Any) -> bool:
        properties = element.find(W + "tblPr")
        own = properties.find(W + "tblBorders") if properties is not None else None
        if own is None:
            for style in self.walker.styles.chain(value(properties, "tblStyle") or ""):
                own = style.find(f"{W}tblPr/{W}tblBorders")
                if own is not None:
                    break
        if own is not None and _drawn(own):
            return True
        cells = element.iterfind(f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders")
        return any(_drawn(cell) for cell in cells)


def _is_hidden(properties: Any) -> bool:
    """Whether a paragraph's mark is hidden: with no word to see, it is not there and not counted."""
    mark = properties.find(_PROPERTIES) if properties is not None else None
    return bool(switch(mark, "vanish"))


def _drawn(borders: Any) -> bool:
    return any(side.get(W + "val", "nil") not in ("nil", "none") for side in borders)


def _letters(element: Any) -> str:
    text: str = element.text or ""
    if "\n" in text or "\t" in text:  # white space of the file: breaks and tabs have elements of their own
        text = text.replace("\n", " ").replace("\t", " ")
    return text if element.get(_SPACE) == "preserve" else text.strip(" \r")


def _chosen(alternate: Any) -> Any:
    """Of alternatives the first: what Word of today shows."""
    for child in alternate:
        if child.tag == _CHOICE:
            return child
    return next(iter(alternate.findall(_FALLBACK)), ())


def _in_fallback(element: Any, top: Any) -> bool:
    for above in element.iterancestors():
        if above is top:
            return False
        if above.tag == _FALLBACK:
            return above.getparent().find(_CHOICE) is not None
    return False


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Neighbours that look the same as one."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.font, last.bold, last.italic, last.underline) == (
            run.font, run.bold, run.italic, run.underline,
        ):  # fmt: skip
            last = Run(last.text + run.text, run.font, run.bold, run.italic, run.underline)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last


def _words(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        if block.whole.strip():
            yield block.whole
        return
    for row in block.rows:
        for cell in row.cells:
            for inner in cell.blocks:
                yield from _words(inner)


def relation_id(element: Any) -> str:
    """The id by which an element leads to another part."""
    found: str = element.get(R + "id", "")
    return found
