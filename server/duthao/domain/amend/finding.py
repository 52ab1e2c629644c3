"""Finding addresses in a base text: from "điểm a khoản 2 Điều 5" to a place in its outline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from duthao.domain.amend.values import Address, Part, Path, Step
from duthao.domain.document import Kind, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.numbering import place_of, printed_label
from duthao.domain.outline import LEVELS, Entry, Outline

_SHOWN = {
    Kind.CLAUSE: "khoản",
    Kind.POINT: "điểm",
    Kind.INDENT: "gạch đầu dòng",
    Kind.PARAGRAPH: "đoạn",
    Kind.TABLE: "bảng",
    Kind.ROW: "hàng",
}


def shown(path: Path) -> str:
    """A path as a drafter writes it: "điểm a khoản 2 Điều 5"."""
    names = []
    for kind, label in reversed(path):
        number = label or ""
        if kind in (Kind.TABLE, Kind.ROW):
            names.append(number or _SHOWN[kind])
            continue
        name = f"{_SHOWN[kind]} {number}" if kind in _SHOWN else printed_label(kind, number).rstrip(".")
        names.append(name.strip())
    return " ".join(names)


def describe(address: Address) -> str:
    """An address for a person; of several readings the first."""
    path = address.paths[0] if address.paths else ()
    part = {Part.TITLE: "tên ", Part.LEAD: "đoạn mở đầu ", Part.PASSAGE: f"đoạn {address.nth} "}.get(
        address.part, ""
    )
    return f"{part}{shown(path) or 'toàn văn'}".strip()


Rows = Mapping[ProvisionId, tuple[Provision, ...]]


def named_rows(rows: Sequence[Provision], label: str | None) -> Sequence[Provision]:
    """The rows that a label means ("hàng thứ 3", "số thứ tự 3"); the first row is the head."""
    name, _, number = (label or "").rpartition(" ")
    if label == "hàng tiêu đề":
        return rows[:1]
    if label == "hàng cuối":
        return rows[1:][-1:]
    if name == "hàng thứ":
        return rows[1:][int(number) - 1 : int(number)] if number.isdigit() and int(number) else ()
    return [row for row in rows[1:] if row.cells and row.cells[0].strip().rstrip(".").lower() == number]


def rows_of(outline: Outline) -> Rows:
    """The rows of each table, by the table's id."""
    return {
        entry.provision.id: tuple(outline.entries[at].provision for at in entry.children)
        for entry in outline.entries
        if entry.provision.kind is Kind.TABLE
    }


def same_label(kind: Kind, written: str | None, number: str) -> bool:
    """Whether a label in an address means a unit's number, whatever the style (IV, 4)."""
    if written is None:
        return True
    if written == number:
        return True
    place = place_of(kind, written)
    return place is not None and place == place_of(kind, number)


@dataclass(frozen=True)
class Finder:
    """Looks addresses up in one outline. `attached`: of several texts the last is meant.

    `rows` are the rows each table had before the first instruction, by its id: an amending
    document counts the rows of the text in force, whatever it added or took out before. Of two
    units with one number the one that is `leaving` it for another is meant: it had it in force.
    """

    outline: Outline
    attached: bool = False
    rows: Rows = field(default_factory=dict)
    leaving: frozenset[ProvisionId] = frozenset()

    def find(self, address: Address) -> int:
        """The index of the unit an address names.

        Raises Refusal amend_address_not_found, amend_address_ambiguous.
        """
        found = sorted({index for path in address.paths for index in self._path(path)})
        if len(found) > 1 and self.attached:
            found = self._of_last_text(found)
        if len(found) > 1 and self.leaving:
            mine = [index for index in found if self.outline.entries[index].provision.id in self.leaving]
            found = mine if len(mine) == 1 else found
        if not found:
            raise Refusal("amend_address_not_found", address=describe(address))
        if len(found) > 1:
            raise Refusal("amend_address_ambiguous", address=describe(address))
        return found[0]

    @cached_property
    def _by_kind(self) -> dict[Kind, list[int]]:
        found: dict[Kind, list[int]] = {}
        for index, entry in enumerate(self.outline.entries):
            found.setdefault(entry.provision.kind, []).append(index)
        return found

    def numbered(self, kind: Kind, label: str | None) -> list[int]:
        """The units of a kind with a number, in reading order."""
        kinds = (kind, Kind.HEADING) if kind is Kind.SECTION else (kind,)
        candidates = sorted(index for one in kinds for index in self._by_kind.get(one, ()))
        return [index for index in candidates if self._matches((kind, label), index)]

    def _path(self, path: Path) -> list[int]:
        if not path:
            return []
        if path[0][0] in (Kind.TABLE, Kind.ROW):
            return self._in_tables(range(len(self.outline.entries)), path)
        places = self.numbered(*path[0])
        if path[0][0] is not Kind.APPENDIX:
            main = [index for index in places if not self.in_appendix(index)]
            places = main or places
        if LEVELS.get(path[0][0], 99) > LEVELS[Kind.ARTICLE]:
            places = [index for index in places if self._outermost(index)]
        for cut, step in enumerate(path[1:], 1):
            if step[0] in (Kind.TABLE, Kind.ROW):
                inside = [self.outline.subtree(index) for index in places]
                return [found for extent in inside for found in self._in_tables(extent, path[cut:])]
            places = [below for index in places for below in self._below(index, step)]
        return places

    def _outermost(self, index: int) -> bool:
        """A clause or point named alone: in a text without articles, not somewhere in one."""
        parent = self.outline.entries[index].parent
        return (
            parent is None
            or LEVELS.get(self.outline.entries[parent].provision.kind, 99) < LEVELS[Kind.HEADING]
        )

    def _matches(self, step: Step, index: int) -> bool:
        entry = self.outline.entries[index]
        kind, label = step
        actual = entry.provision.kind
        if actual is not kind and not (kind is Kind.SECTION and actual is Kind.HEADING):
            return False
        return same_label(actual, label, entry.number)

    def _below(self, index: int, step: Step) -> list[int]:
        """The units a step names under a unit: its own children first, else the nearest deeper."""
        children = [child for child in self.outline.entries[index].children if self._matches(step, child)]
        if children:
            return children
        return [deeper for deeper in self.outline.subtree(index)[1:] if self._matches(step, deeper)]

    def _in_tables(self, extent: range, path: Path) -> list[int]:
        """The tables or rows that the end of a path names in a stretch of the text."""
        entries = self.outline.entries
        tables = [at for at in extent if entries[at].provision.kind is Kind.TABLE]
        own = [at for at in tables if entries[at].parent == extent.start]
        if path[0][0] is Kind.TABLE:
            tables = self._named_tables(own or tables, path[0][1])
        if path[-1][0] is Kind.TABLE:
            return tables
        return [row for table in tables for row in self._rows(table, path[-1][1])]

    def _named_tables(self, found: Sequence[int], label: str | None) -> list[int]:
        """Of a unit's tables one by its place, or by its caption."""
        if label is None:
            return list(found)
        number = label.rpartition(" ")[2]
        if label.startswith("bảng thứ"):
            return list(found[int(number) - 1 : int(number)])
        named = re.compile(rf"(?:bảng|biểu)(?:\s+số)?\s+{re.escape(number)}(?![\w.]*\d)", re.IGNORECASE)
        return [at for at in found if named.match(self.outline.entries[at].provision.text)]

    def _rows(self, table: int, label: str | None) -> list[int]:
        """Where the rows of a table stand now that a label names among those it had."""
        entry = self.outline.entries[table]
        now = {self.outline.entries[at].provision.id: at for at in entry.children}
        had = self.rows.get(entry.provision.id)
        if had is None:
            had = tuple(self.outline.entries[at].provision for at in entry.children)
        return [now[row.id] for row in named_rows(had, label) if row.id in now]

    def in_appendix(self, index: int) -> bool:
        """Whether a unit stands in an appendix."""
        entry: Entry = self.outline.entries[index]
        while entry.parent is not None:
            entry = self.outline.entries[entry.parent]
        return entry.provision.kind is Kind.APPENDIX

    def _of_last_text(self, found: Sequence[int]) -> list[int]:
        """Those behind the last "Điều 1": the attached regulation, not the decision."""
        firsts = [
            index
            for index, entry in enumerate(self.outline.entries)
            if entry.provision.kind is Kind.ARTICLE and entry.number == "1" and not self.in_appendix(index)
        ]
        if len(firsts) < 2:
            return list(found)
        return [index for index in found if index >= firsts[-1]]
