"""The shared document read as the frozen tree (docs/protocol/document.md).

Reading is total: what is malformed is left out or read as the nearest thing, and counted;
nothing in a document is ever fatal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from pycrdt import Array, Doc, Map, Text

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
from duthao.domain.text import clean_line

MAX_ID: Final = 40
LINES: Final = ("bases", "preamble", "closing", "recipients")
WORDS: Final = (
    "upper_body", "body", "number", "place", "date", "type", "title", "authority", "position", "signatory",
)  # fmt: skip
_KINDS: Final = {kind.value: kind for kind in Kind}
_MARKS: Final = tuple(MarkKind)


@dataclass(slots=True)
class ReadReport:
    """How many entries were left out (`ignored`) or read as something near (`mended`)."""

    ignored: int = 0
    mended: int = 0


def read_document(doc: Doc[Any]) -> tuple[Document, ReadReport]:
    """The whole document at this moment."""
    report = ReadReport()
    entries: Map[Any] = doc.get("provisions", type=Map)
    reasons: Map[Any] = doc.get("rationale", type=Map)
    front: Map[Any] = doc.get("front", type=Map)
    live: list[Provision] = []
    removed: list[Provision] = []
    with doc.transaction():
        for key in entries.keys():  # noqa: SIM118 (a pycrdt map is no dict)
            read = _provision(key, entries[key], report)
            if read is not None:
                (removed if read[1] else live).append(read[0])
        rationale = dict(_rationale(reasons, report))
        matter, policy = _front(front)
    live.sort(key=_place)
    removed.sort(key=_place)
    return (
        Document(tuple(live), matter, policy, MappingProxyType(rationale), tuple(removed)),
        report,
    )


def _place(provision: Provision) -> tuple[str, str]:
    return provision.order, provision.id


def _provision(key: str, entry: object, report: ReadReport) -> tuple[Provision, bool] | None:
    if not isinstance(entry, Map) or not 0 < len(key) <= MAX_ID:
        report.ignored += 1
        return None
    text = entry.get("text")
    if not isinstance(text, Text):
        report.ignored += 1
        return None
    kind = _KINDS.get(_string(entry.get("kind")))
    order = entry.get("order")
    if kind is None or not isinstance(order, str):
        report.mended += 1
    words, marks = _words(text)
    return (
        Provision(
            id=ProvisionId(key),
            kind=kind or Kind.PARAGRAPH,
            text=words,
            label=_string(entry.get("label")) or None,
            marks=marks,
            cells=_cells(entry.get("cells")),
            origin=ProvisionId(_string(entry.get("from"))) if entry.get("from") else None,
            order=_string(order),
        ),
        entry.get("removed") is True,
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(text: Text) -> tuple[str, tuple[Mark, ...]]:
    words: list[str] = []
    marks: dict[MarkKind, list[list[int]]] = {}
    at = 0
    for piece, formats in text.diff():
        if not isinstance(piece, str):
            continue
        end = at + len(piece)
        if formats:
            for kind in _MARKS:
                if formats.get(kind.value):
                    runs = marks.setdefault(kind, [])
                    if runs and runs[-1][1] == at:
                        runs[-1][1] = end
                    else:
                        runs.append([at, end])
        words.append(piece)
        at = end
    found = "".join(words)
    ordered = tuple(
        Mark(kind, CharOffset(start), CharOffset(end))
        for kind in _MARKS
        for start, end in marks.get(kind, ())
    )
    return found, ordered


def _cells(value: object) -> tuple[str, ...]:
    if not isinstance(value, Array):
        return ()
    return tuple(str(cell) for cell in value if isinstance(cell, Text))


def _rationale(reasons: Map[Any], report: ReadReport) -> Iterable[tuple[ProvisionId, str]]:
    for key in reasons.keys():  # noqa: SIM118 (a pycrdt map is no dict)
        reason = reasons[key]
        if not isinstance(reason, Text) or len(key) > MAX_ID:
            report.ignored += 1
        elif words := str(reason):
            yield ProvisionId(key), words


def _front(front: Map[Any]) -> tuple[FrontMatter, NumberingPolicy]:
    values: dict[str, Any] = {name: clean_line(_string(front.get(name))) for name in WORDS}
    for name in LINES:
        lines = front.get(name)
        values[name] = (
            tuple(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ()
        )
    keeps = front.get("numbering") == NumberingPolicy.KEEP.value
    return FrontMatter(**values), NumberingPolicy.KEEP if keeps else NumberingPolicy.RENUMBER


def front_values(document: Document) -> Mapping[str, Any]:
    """The front matter and policy as plain values of the shared document; empty ones absent."""
    front = document.front
    values: dict[str, Any] = {name: getattr(front, name) for name in WORDS if getattr(front, name)}
    values |= {name: list(getattr(front, name)) for name in LINES if getattr(front, name)}
    values["numbering"] = document.policy.value
    return values
