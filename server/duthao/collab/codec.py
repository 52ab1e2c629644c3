"""The shared document read into the frozen tree: docs/protocol/document.md, word for word.

Reading is total: whatever a client may have put there, the answer is a Document, and what was
passed over is counted. It uses the library's inner handles inside one transaction: 5 ms for
2,858 provisions, where the public wrappers open a transaction for every value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from pycrdt import Doc
from pycrdt import Map as SharedMap
from pycrdt import Text as SharedText
from pycrdt._pycrdt import Array, Map, Text, Transaction

from duthao.collab.columns import CELL, COLUMN, code_units, columns_of, live, own_columns, place_in_list
from duthao.domain.document import (
    Basis,
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

MAX_ID: Final = 40
PROVISIONS, RATIONALE, FRONT, BASES = "provisions", "rationale", "front", "bases"
FRONT_TEXTS: Final = (
    "upper_body", "body", "number", "place", "date", "type", "title",
    "authority", "position", "signatory",
)  # fmt: skip
FRONT_LISTS: Final = ("bases", "preamble", "closing", "recipients")
BASIS_FIELDS: Final = ("kind", "number", "date", "body", "title")
MAX_BASES: Final = 500
MAX_BASIS_TEXT: Final = 500
_KINDS = {kind.value: kind for kind in Kind}
_MARKS = {kind.value: kind for kind in MarkKind}
REFERENCE = "ref"
"""The format of words that cite a provision: browsers keep them right, here they are words (decision 22)."""
_TABULAR = frozenset((Kind.TABLE, Kind.ROW))


@dataclass(slots=True)
class ReadReport:
    """What a reading passed over or read as something else; all zero for our own clients."""

    ignored: int = 0
    """Entries of `provisions` and `rationale` that are none by the contract."""
    unknown_kinds: int = 0
    missing_orders: int = 0
    foreign_values: int = 0
    """Values of another type than the contract's, embedded objects and formats we have not."""

    @property
    def clean(self) -> bool:
        return not (self.ignored or self.unknown_kinds or self.missing_orders or self.foreign_values)


def is_id(key: str) -> bool:
    """Whether `key` can be an id: 1 to 40 UTF-16 units."""
    return 0 < len(key) <= MAX_ID and (key.isascii() or len(code_units(key)) <= 2 * MAX_ID)


def read_document(doc: Doc[Any]) -> tuple[Document, ReadReport]:
    """The document as it reads now, and what was passed over. Never raises, changes nothing."""
    report = ReadReport()
    roots: list[SharedMap[Any]] = [
        doc.get(name, type=SharedMap) for name in (PROVISIONS, RATIONALE, FRONT, BASES)
    ]
    with doc.transaction() as open_transaction:
        transaction = open_transaction._txn
        assert transaction is not None
        reading = _Reading(transaction, report)
        provisions, removed = reading.provisions(roots[0].integrated)
        rationale = reading.rationale(roots[1].integrated)
        front, policy = reading.front(roots[2].integrated)
        bases = reading.bases(roots[3].integrated)
    return Document(provisions, front, policy, MappingProxyType(rationale), removed, bases), report


def read_text(text: SharedText) -> tuple[str | None, tuple[Mark, ...]]:
    """One text's words and marks; words None when something else is embedded among them."""
    report = ReadReport()
    with text.doc.transaction() as open_transaction:
        transaction = open_transaction._txn
        assert transaction is not None
        chunks = text.integrated.diff(transaction)
        words, marks = _Reading(transaction, report)._marked(text.integrated)
    return words if all(isinstance(chunk, str) for chunk, _ in chunks) else None, marks


def _trimmed(cells: Sequence[str | None]) -> tuple[str, ...]:
    end = max((at for at, cell in enumerate(cells, 1) if cell is not None), default=0)
    return tuple(cell or "" for cell in cells[:end])


def _in_reading_order(found: Iterable[Provision]) -> tuple[Provision, ...]:
    return tuple(sorted(found, key=lambda one: (code_units(one.order), code_units(one.id))))


class _Reading:
    def __init__(self, transaction: Transaction, report: ReadReport) -> None:
        self._txn, self._report = transaction, report

    def provisions(self, root: Any) -> tuple[tuple[Provision, ...], tuple[Provision, ...]]:
        live: list[Provision] = []
        removed: list[Provision] = []
        tabular: dict[ProvisionId, dict[str, Any]] = {}
        for key in root.keys(self._txn):
            entry = root.get(self._txn, key) if is_id(key) else None
            values = self._values(entry) if isinstance(entry, Map) else {}
            if not isinstance(values.get("text"), Text):
                self._report.ignored += 1
                continue
            provision = self._provision(ProvisionId(key), values)
            if provision.kind in _TABULAR:
                tabular[provision.id] = values
            if values.get("removed") is not True:
                live.append(provision)
            elif provision.text.strip() or isinstance(values.get("cells"), Array) or own_columns(values):
                removed.append(provision)
        return self._with_tables(live, tabular), self._with_tables(removed, tabular)

    def _with_tables(
        self, found: Iterable[Provision], tabular: Mapping[ProvisionId, Mapping[str, Any]]
    ) -> tuple[Provision, ...]:
        """In reading order, the rows of each table with their cells in its columns' order."""
        ordered = _in_reading_order(found)
        if not tabular:
            return ordered
        out = list(ordered)
        start = 0
        for at, one in enumerate((*ordered, None)):
            if one is not None and one.kind is Kind.ROW:
                continue
            rows = range(start, at)
            table = tabular[out[start - 1].id] if start and out[start - 1].kind is Kind.TABLE else {}
            for index, cells in zip(rows, self._grid(table, [tabular[out[i].id] for i in rows]), strict=True):
                out[index] = replace(out[index], cells=cells)
            start = at + 1
        return tuple(out)

    def _grid(self, table: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
        """The cells of each row: up to the last it has, "" where it lacks one before."""
        lists = [self._cells(row) for row in rows]
        own = [key for row in rows for key in own_columns(row) if isinstance(row[CELL + key], Text)]
        if not own and not any(key.startswith(COLUMN) for key in table):
            return lists
        columns = live(columns_of(table, max(map(len, lists), default=0), own))
        return [
            _trimmed([self._cell_in(row, cells, column) for column in columns])
            for row, cells in zip(rows, lists, strict=True)
        ]

    def _cell_in(self, row: Mapping[str, Any], cells: Sequence[str], column: str) -> str | None:
        own = row.get(CELL + column)
        if isinstance(own, Text):
            return self._marked(own)[0]
        at = place_in_list(column)
        return cells[at] if own is None and at is not None and at < len(cells) else None

    def _values(self, entry: Any) -> dict[str, Any]:
        get, txn = entry.get, self._txn
        return {key: get(txn, key) for key in entry.keys(txn)}

    def _provision(self, id_: ProvisionId, values: Mapping[str, Any]) -> Provision:
        text, marks = self._marked(values["text"])
        kind = values.get("kind")
        if not isinstance(kind, str) or kind not in _KINDS:
            self._report.unknown_kinds += 1
            kind = Kind.PARAGRAPH.value
        order = values.get("order")
        if not isinstance(order, str):
            self._report.missing_orders += 1
            order = ""
        origin = self._optional(values, "from")
        if values.get("removed") not in (None, True):
            self._report.foreign_values += 1
        return Provision(
            id_, _KINDS[kind], text, self._optional(values, "label"), marks,
            () if _KINDS[kind] is Kind.ROW else self._cells(values),
            None if origin is None else ProvisionId(origin), order, values.get("header") is True,
        )  # fmt: skip

    def _optional(self, values: Mapping[str, Any], key: str) -> str | None:
        value = values.get(key)
        if value is None or isinstance(value, str):
            return value
        self._report.foreign_values += 1
        return None

    def _cells(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        cells = values.get("cells")
        if not isinstance(cells, Array):
            self._report.foreign_values += cells is not None
            return ()
        array: Any = cells
        return tuple(self._cell(array.get(self._txn, at)) for at in range(array.len(self._txn)))

    def _cell(self, cell: Any) -> str:
        if isinstance(cell, Text):
            return self._marked(cell)[0]
        self._report.foreign_values += 1
        return ""

    def _marked(self, text: Any) -> tuple[str, tuple[Mark, ...]]:
        """A text's words and its marks; other things embedded in it are passed over."""
        chunks = text.diff(self._txn)
        if len(chunks) == 1 and chunks[0][1] is None and isinstance(chunks[0][0], str):
            return chunks[0][0], ()
        words: list[str] = []
        marks: list[Mark] = []
        at = 0
        for chunk, attributes in chunks:
            if not isinstance(chunk, str):
                self._report.foreign_values += 1
                continue
            words.append(chunk)
            for name, value in (attributes or {}).items():
                if value is True and name in _MARKS:
                    marks.append(Mark(_MARKS[name], CharOffset(at), CharOffset(at + len(chunk))))
                elif name != REFERENCE:
                    self._report.foreign_values += 1
            at += len(chunk)
        return "".join(words), joined_marks(marks)

    def rationale(self, root: Any) -> dict[ProvisionId, str]:
        found: dict[ProvisionId, str] = {}
        for key in sorted(root.keys(self._txn)):
            reason = root.get(self._txn, key)
            if not is_id(key) or not isinstance(reason, Text):
                self._report.ignored += 1
            elif words := self._marked(reason)[0]:
                found[ProvisionId(key)] = words
        return found

    def front(self, root: Any) -> tuple[FrontMatter, NumberingPolicy]:
        values = self._values(root)
        fields: dict[str, Any] = {key: self._optional(values, key) or "" for key in FRONT_TEXTS}
        fields.update({key: self._lines(values.get(key)) for key in FRONT_LISTS})
        policy = values.get("numbering")
        keep = policy == NumberingPolicy.KEEP.value
        self._report.foreign_values += policy not in (None, "keep", "renumber")
        return FrontMatter(**fields), NumberingPolicy.KEEP if keep else NumberingPolicy.RENUMBER

    def bases(self, root: Any) -> tuple[Basis, ...]:
        values = self._values(root)
        places = [
            (value, key.removesuffix(".order"))
            for key, value in values.items()
            if key.endswith(".order") and len(key) > len(".order") and isinstance(value, str)
        ]
        places.sort(key=lambda place: (code_units(place[0]), code_units(place[1])))
        return tuple(
            Basis(id_, **{name: self._basis_text(values.get(f"{id_}.{name}")) for name in BASIS_FIELDS})
            for _, id_ in places[:MAX_BASES]
        )

    def _basis_text(self, value: Any) -> str:
        self._report.foreign_values += value is not None and not isinstance(value, str)
        return value[:MAX_BASIS_TEXT] if isinstance(value, str) else ""

    def _lines(self, value: Any) -> tuple[str, ...]:
        lines = value if isinstance(value, list) else []
        kept = tuple(line for line in lines if isinstance(line, str))
        self._report.foreign_values += (value is not None and lines is not value) + len(lines) - len(kept)
        return kept


def joined_marks(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The same formats in their one written form: ordered by place, none touching or overlapping."""
    out: list[Mark] = []
    for kind in MarkKind:
        of_kind: list[Mark] = []
        for mark in sorted((m for m in marks if m.kind is kind), key=lambda m: (m.start, m.end)):
            if mark.end <= mark.start:
                continue
            if of_kind and mark.start <= of_kind[-1].end:
                end = max(mark.end, of_kind[-1].end)
                of_kind[-1] = Mark(kind, of_kind[-1].start, end)
            else:
                of_kind.append(mark)
        out += of_kind
    return tuple(sorted(out, key=lambda m: (m.start, m.end, m.kind.value)))
