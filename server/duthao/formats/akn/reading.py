"""Akoma Ntoso that this service wrote, read back."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final, NoReturn

from lxml import etree

from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.errors import Refusal
from duthao.domain.text import MAX_LINES
from duthao.formats.akn.names import CONCLUSIONS, HIERARCHY, INLINE, MARKS, PREFACE, TITLED, akn, ours

MAX_AKN_BYTES: Final = 32 * 1024 * 1024
MAX_ID: Final = 40
_MAX_TAGS: Final = 1_000_000
_KINDS: Final = {akn(tag): kind for kind, tag in HIERARCHY.items()}
_MARKS: Final = {akn(tag): kind for kind, tag in MARKS.items()}
_NAMED: Final = {kind.value: kind for kind in (Kind.APPENDIX, Kind.TABLE, Kind.ROW)}
_WRAPPERS: Final = frozenset(map(akn, ("content", "intro", "table")))


def from_akn(data: bytes) -> Document:
    """The document that `to_akn` wrote.

    Raises Refusal: akn_too_large; akn_damaged (no XML, or with a DTD); akn_foreign (not written by this
    service: ids are missing); akn_malformed (detail `where`: the eId).
    """
    root = _parsed(data)
    whole = next((child for child in root if child.tag in (akn("bill"), akn("act"))), None)
    body = whole.find(akn("body")) if whole is not None else None
    kept = root.find(f".//{ours('document')}")
    if root.tag != akn("akomaNtoso") or whole is None or body is None or kept is None:
        raise Refusal("akn_foreign")
    try:
        policy = NumberingPolicy(kept.get("policy", ""))
    except ValueError:
        _refuse("policy")
    provisions = tuple(_provisions(body))
    if len(provisions) > MAX_LINES:
        raise _too_large()
    if len({provision.id for provision in provisions}) != len(provisions):
        _refuse("dt:id")
    reasons = {
        ProvisionId(reason.get("for", "")): reason.text or "" for reason in root.iter(ours("rationale"))
    }
    return Document(provisions, _front(whole), policy, MappingProxyType(reasons))


def _too_large() -> Refusal:
    return Refusal("akn_too_large", mebibytes=MAX_AKN_BYTES // (1024 * 1024), lines=MAX_LINES)


def _parsed(data: bytes) -> etree._Element:
    # Counted before a tree is made of it: each element costs some hundred bytes.
    if len(data) > MAX_AKN_BYTES or data.count(b"<") > _MAX_TAGS or data.count(b"=") > 2 * _MAX_TAGS:
        raise _too_large()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refusal("akn_damaged") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refusal("akn_damaged")
    return root


def _refuse(where: str) -> NoReturn:
    raise Refusal("akn_malformed", where=where[:40])


# --- what stands above and below ----------------------------------------------------------------


def _front(whole: etree._Element) -> FrontMatter:
    found: dict[str, Any] = {}
    for part in ("preface", "preamble", "conclusions"):
        for element in whole.iterfind(akn(part)):
            for child in element:
                _field(child, found)
    return FrontMatter(**found)


def _field(element: etree._Element, found: dict[str, Any]) -> None:
    name = element.get("class") or element.get("name") or ""
    if element.tag == akn("citations"):
        found["bases"] = tuple("".join(each.itertext()) for each in element.iter(akn("p")))
    elif element.tag == akn("container") and name in ("preamble", "closing", "recipients"):
        found[name] = tuple("".join(each.itertext()) for each in element.iterfind(akn("p")))
    elif element.tag == akn("p") and name in INLINE and name in (*PREFACE, *CONCLUSIONS):
        found[name] = "".join(element.itertext())
    else:
        raise Refusal("akn_foreign")


# --- the provisions -----------------------------------------------------------------------------


def _provisions(body: etree._Element) -> Iterator[Provision]:
    """In reading order; without recursion, for files may nest as deep as they like."""
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        kind = _kind(element)
        if kind is not None:
            yield _provision(element, kind)
        elif element.tag not in _WRAPPERS:
            continue
        waiting += reversed(element)


def _kind(element: etree._Element) -> Kind | None:
    if element.tag == akn("tr"):
        return Kind.ROW
    if element.tag == akn("hcontainer"):
        return _NAMED.get(element.get("name", ""))
    return _KINDS.get(element.tag)


def _provision(element: etree._Element, kind: Kind) -> Provision:
    id_ = element.get(ours("id"))
    if not id_:
        raise Refusal("akn_foreign")
    if len(id_) > MAX_ID:
        _refuse(element.get("eId", id_))
    cells: tuple[str, ...] = ()
    if kind is Kind.ROW:
        text, marks, cells = element.get(ours("text"), ""), _written_marks(element), _cells(element)
    else:
        text, marks = _words(_holder(element, kind))
    origin = element.get(ours("from"))
    return Provision(
        ProvisionId(id_), kind, text, element.get(ours("label")), marks, cells,
        None if origin is None else ProvisionId(origin),
        element.get(ours("order"), ""), element.get(ours("header")) == "true",
    )  # fmt: skip


def _holder(element: etree._Element, kind: Kind) -> etree._Element | None:
    """The element that has a provision's own words."""
    if kind in TITLED:
        return element.find(akn("heading"))
    for path in (("intro", "p"), ("content", "p"), ("content", "table", "caption")):
        found = element.find("/".join(map(akn, path)))
        if found is not None:
            return found
    return None


def _words(holder: etree._Element | None) -> tuple[str, tuple[Mark, ...]]:
    """Text and formats, stretches of one format joined."""
    if holder is None:
        return "", ()
    text: list[str] = []
    size = 0
    spans: dict[MarkKind, list[tuple[int, int]]] = {}
    for words, on in _stretches(holder):
        for kind in on:
            known = spans.setdefault(kind, [])
            if known and known[-1][1] == size:
                known[-1] = (known[-1][0], size + len(words))
            else:
                known.append((size, size + len(words)))
        text.append(words)
        size += len(words)
    marks = [
        Mark(kind, CharOffset(start), CharOffset(end))
        for kind, known in spans.items()
        for start, end in known
    ]
    return "".join(text), tuple(sorted(marks, key=lambda m: (m.start, m.end, m.kind.value)))


def _stretches(holder: etree._Element) -> Iterator[tuple[str, frozenset[MarkKind]]]:
    """Words with the formats they stand in, in reading order."""
    waiting: list[tuple[etree._Element | str, frozenset[MarkKind]]] = [(holder, frozenset())]
    while waiting:
        item, on = waiting.pop()
        if isinstance(item, str):
            if item:
                yield item, on
            continue
        inside = on | {_MARKS[item.tag]} if item.tag in _MARKS else on
        parts: list[tuple[etree._Element | str, frozenset[MarkKind]]] = [(item.text or "", inside)]
        for child in item:
            parts += ((child, inside), (child.tail or "", inside))
        waiting += reversed(parts)


def _cells(element: etree._Element) -> tuple[str, ...]:
    if element.get(ours("cells")) == "0":
        return ()
    if element.tag == akn("tr"):
        return tuple("".join(p.itertext()) for cell in element for p in cell.iterfind(akn("p")))
    return tuple("".join(p.itertext()) for p in element.iterfind(f"{akn('content')}/{akn('p')}"))


def _written_marks(element: etree._Element) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    length = len(element.get(ours("text"), ""))
    for written in element.get(ours("marks"), "").split():
        try:
            kind, start, end = written.split(":")
            mark = Mark(MarkKind(kind), CharOffset(int(start)), CharOffset(int(end)))
        except ValueError:
            _refuse(element.get("eId", "marks"))
        if not 0 <= mark.start < mark.end <= length:
            _refuse(element.get("eId", "marks"))
        marks.append(mark)
    return tuple(marks)
