"""A document as Akoma Ntoso 3.0."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from lxml import etree

from duthao.domain.document import Document, FrontMatter, Kind, Mark, Provision
from duthao.domain.outline import Entry, Outline, outline
from duthao.formats.akn.names import (
    AKN,
    CONCLUSIONS,
    EID,
    HIERARCHY,
    INLINE,
    MARKS,
    OURS,
    PREFACE,
    TITLED,
    Publication,
    akn,
    ours,
)

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATE = re.compile(r"(?:[Nn]gày\s+)?(\d{1,2})(?:/|\s+tháng\s+)(\d{1,2})(?:/|\s+năm\s+)(\d{4})")
_NAMING: Final = str.maketrans({"đ": "dd", "ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"})
"""Labels in eIds are ASCII; these letters are parted from their plain ones as typists write them."""


def to_akn(document: Document, publication: Publication) -> bytes:
    """The document as an Akoma Ntoso `bill` or `act`; the same document, the same bytes.

    Everything but `removed` is in it: what was taken out of a draft is no part of what others get.
    Characters that XML has no place for become U+FFFD. `from_akn` gives the same document back.
    """
    root = etree.Element(akn("akomaNtoso"), nsmap={None: AKN, "dt": OURS})
    kind = "bill" if publication.draft else "act"
    whole = _add(root, kind, name=_slug(document.front.type) or "document")
    _meta(whole, document, publication)
    _preface(whole, document.front, publication)
    _preamble(whole, document.front)
    body = _add(whole, "body")
    _Body(outline(document)).write(body)
    _conclusions(whole, document.front)
    _spaced(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8")) + b"\n"


def _add(parent: etree._Element, tag: str, text: str = "", /, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, akn(tag), {name: _legal(value) for name, value in attributes.items()})
    if text:
        element.text = _legal(text)
    return element


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


_BREAKS: Final = frozenset(map(akn, (
    *HIERARCHY.values(), "bill", "act", "meta", "identification", "FRBRWork", "FRBRExpression",
    "FRBRManifestation", "references", "proprietary", "preface", "preamble", "citations", "citation",
    "container", "body", "hcontainer", "intro", "content", "table", "tr", "conclusions",
)))  # fmt: skip
"""Elements that hold elements only: each of theirs begins a line."""


def _spaced(root: etree._Element) -> None:
    for element in root.iter():
        if (element.tag in _BREAKS or element is root) and len(element):
            element.text = "\n"
            for child in element:
                child.tail = "\n"


# --- meta ---------------------------------------------------------------------------------------


def _iso(written: str) -> str | None:
    """The date of "ngày 05 tháng 9 năm 2026" or "05/9/2026"; None where it is not (wholly) given."""
    match = _DATE.search(written)
    if match is None:
        return None
    day, month, year = map(int, match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= 28 + 3 * (month != 2) and month <= 12 else None


def _meta(whole: etree._Element, document: Document, publication: Publication) -> None:
    front = document.front
    meta = _add(whole, "meta")
    identification = _add(meta, "identification", source="#office")
    language, date = "vie", publication.date
    expression = f"{publication.uri}/{language}@{date}"
    levels = (
        ("Work", publication.uri, _iso(front.date) or date, "generation"),
        ("Expression", expression, date, "version"),
        ("Manifestation", f"{expression}.xml", date, "publication"),
    )
    for level, uri, at, name in levels:
        part = _add(identification, f"FRBR{level}")
        _add(part, "FRBRthis", value=f"{uri}/!main" if level == "Work" else uri)
        _add(part, "FRBRuri", value=uri)
        _add(part, "FRBRdate", date=at, name=name)
        _add(part, "FRBRauthor", href="#office")
        if level == "Work":
            _add(part, "FRBRcountry", value="vn")
            if front.number:
                _add(part, "FRBRnumber", value=front.number)
        elif level == "Expression":
            _add(part, "FRBRlanguage", language=language)
        else:
            _add(part, "FRBRformat", value="application/akn+xml")
    references = _add(meta, "references", source="#office")
    office = " ".join((front.body or front.upper_body or "Văn phòng").split())
    _add(
        references,
        "TLCOrganization",
        eId="office",
        href="/akn/ontology/organization/vn/office",
        showAs=office,
    )
    kept = _add(meta, "proprietary", source="#office")
    etree.SubElement(kept, ours("document"), policy=document.policy.value)
    for id_ in sorted(document.rationale):
        reason = etree.SubElement(kept, ours("rationale"), {"for": _legal(id_)})
        reason.text = _legal(document.rationale[id_])


# --- what stands above and below ----------------------------------------------------------------


def _line(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    """A field of one line, where it has one."""
    if text:
        paragraph = _add(parent, "p")
        paragraph.set("class", name)
        _add(paragraph, INLINE[name], text, **attributes)


def _lines(parent: etree._Element, name: str, lines: Sequence[str]) -> None:
    if lines:
        container = _add(parent, "container", name=name)
        for line in lines:
            _add(container, "p", line)


def _preface(whole: etree._Element, front: FrontMatter, publication: Publication) -> None:
    if any(getattr(front, name) for name in PREFACE):
        preface = _add(whole, "preface")
        for name in PREFACE:
            more = {"date": _iso(front.date) or publication.date} if name == "date" else {}
            _line(preface, name, getattr(front, name), **more)


def _preamble(whole: etree._Element, front: FrontMatter) -> None:
    if not front.bases and not front.preamble:
        return
    preamble = _add(whole, "preamble")
    if front.bases:
        citations = _add(preamble, "citations")
        for at, basis in enumerate(front.bases, start=1):
            _add(_add(citations, "citation", eId=f"cit_{at}"), "p", basis)
    _lines(preamble, "preamble", front.preamble)


def _conclusions(whole: etree._Element, front: FrontMatter) -> None:
    if any(getattr(front, name) for name in CONCLUSIONS):
        conclusions = _add(whole, "conclusions")
        for name in CONCLUSIONS:
            value = getattr(front, name)
            if isinstance(value, tuple):
                _lines(conclusions, name, value)
            else:
                _line(conclusions, name, value)


# --- the provisions -----------------------------------------------------------------------------


class _Body:
    """Writes the entries of an outline, each in its parent's element."""

    def __init__(self, tree: Outline) -> None:
        self.tree = tree
        self.eids = dict(zip((e.provision.id for e in tree.entries), _eids(tree), strict=True))

    def write(self, body: etree._Element) -> None:
        if not self.tree.entries:
            # The schema asks for something in it.
            _add(_add(body, "hcontainer", name="empty"), "content")
        places: dict[int, etree._Element] = {}
        for at, entry in enumerate(self.tree.entries):
            parent = body if entry.parent is None else places[entry.parent]
            places[at] = self._entry(parent, entry)

    def _entry(self, parent: etree._Element, entry: Entry) -> etree._Element:
        provision = entry.provision
        if provision.kind is Kind.ROW and parent.tag == akn("table"):
            return self._row(parent, entry)
        element = self._unit(parent, provision)
        if entry.label and provision.kind not in (Kind.TABLE, Kind.ROW):
            _add(element, "num", entry.label)
        if provision.kind in TITLED:
            _inline(_add(element, "heading"), provision)
        elif provision.kind is Kind.TABLE and entry.children:
            grid = _add(_add(element, "content"), "table")
            _inline(_add(grid, "caption"), provision)
            return grid
        elif provision.kind is Kind.ROW:
            self._loose_row(_add(element, "content"), provision)
        else:
            holder = _add(element, "intro" if entry.children else "content")
            _inline(_add(holder, "p"), provision)
        return element

    def _unit(self, parent: etree._Element, provision: Provision) -> etree._Element:
        tag = HIERARCHY.get(provision.kind)
        element = _add(parent, "hcontainer", name=provision.kind.value) if tag is None else _add(parent, tag)
        self._named(element, provision)
        return element

    def _named(self, element: etree._Element, provision: Provision) -> None:
        """What a provision has beside its words."""
        element.set("eId", self.eids[provision.id])
        kept = {
            "id": provision.id, "label": provision.label, "from": provision.origin,
            "order": provision.order or None, "header": "true" if provision.header else None,
        }  # fmt: skip
        for name, value in kept.items():
            if value is not None:
                element.set(ours(name), _legal(value))

    def _row(self, grid: etree._Element, entry: Entry) -> etree._Element:
        provision = entry.provision
        row = _add(grid, "tr")
        self._named(row, provision)
        table = self.tree.entries[entry.parent] if entry.parent is not None else None
        is_head = table is not None and table.provision.header and len(grid.findall(akn("tr"))) == 1
        for cell in provision.cells or ("",):
            _add(_add(row, "th" if is_head else "td"), "p", cell)
        if not provision.cells:
            row.set(ours("cells"), "0")
        if provision.text:
            _beside(row, provision)
        return row

    def _loose_row(self, content: etree._Element, provision: Provision) -> None:
        """A row without a table: its cells are paragraphs."""
        for cell in provision.cells:
            _add(content, "p", cell)
        if provision.text:
            parent = content.getparent()
            assert parent is not None
            _beside(parent, provision)


def _beside(element: etree._Element, provision: Provision) -> None:
    """A row's own text, which is never shown, and its formats."""
    element.set(ours("text"), _legal(provision.text))
    if provision.marks:
        element.set(ours("marks"), " ".join(f"{m.kind.value}:{m.start}:{m.end}" for m in provision.marks))


def _eids(tree: Outline) -> Iterator[str]:
    taken: dict[str, int] = {}
    names: list[str] = []
    children: dict[tuple[int | None, Kind], int] = {}
    for entry in tree.entries:
        kind = entry.provision.kind
        place = children[entry.parent, kind] = children.get((entry.parent, kind), 0) + 1
        label = _slug(entry.number.lower().translate(_NAMING)) if kind is not Kind.INDENT else ""
        own = f"{EID[kind]}_{label or place}"
        # An article is numbered through the whole text: no division stands before it.
        above = None if entry.parent is None or kind is Kind.ARTICLE else names[entry.parent]
        name = own if above is None else f"{above}__{own}"
        times = taken[name] = taken.get(name, 0) + 1
        names.append(name if times == 1 else f"{name}-{times}")
        if times > 1:
            taken[names[-1]] = 1
    yield from names


def _inline(element: etree._Element, provision: Provision) -> None:
    """The words of a provision, those with a format in elements of their own."""
    text, marks = provision.text, provision.marks
    edges = sorted({0, len(text), *(edge for mark in marks for edge in (mark.start, mark.end))})
    for start, end in pairwise(edges):
        _stretch(element, _legal(text[start:end]), [m for m in marks if m.start <= start and end <= m.end])


def _stretch(element: etree._Element, words: str, marks: Sequence[Mark]) -> None:
    holder = element
    on = {mark.kind for mark in marks}
    for kind, tag in MARKS.items():
        if kind in on:
            holder = etree.SubElement(holder, akn(tag))
    if holder is not element:
        holder.text = words
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words
