"""Finding addresses in a base text: from "điểm a khoản 2 Điều 5" to a place in its outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from duthao.domain.amend.values import Address, Part, Path, Step
from duthao.domain.document import Kind
from duthao.domain.errors import Refusal
from duthao.domain.numbering import place_of, printed_label
from duthao.domain.outline import LEVELS, Entry, Outline

_SHOWN = {Kind.CLAUSE: "khoản", Kind.POINT: "điểm", Kind.INDENT: "gạch đầu dòng", Kind.PARAGRAPH: "đoạn"}


def shown(path: Path) -> str:
    """A path as a drafter writes it: "điểm a khoản 2 Điều 5"."""
    names = []
    for kind, label in reversed(path):
        number = label or ""
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
    """Looks addresses up in one outline. `attached`: of several texts the last is meant."""

    outline: Outline
    attached: bool = False

    def find(self, address: Address) -> int:
        """The index of the unit an address names.

        Raises Refusal amend_address_not_found, amend_address_ambiguous.
        """
        found = sorted({index for path in address.paths for index in self._path(path)})
        if len(found) > 1 and self.attached:
            found = self._of_last_text(found)
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
        places = self.numbered(*path[0])
        if path[0][0] is not Kind.APPENDIX:
            main = [index for index in places if not self.in_appendix(index)]
            places = main or places
        if LEVELS.get(path[0][0], 99) > LEVELS[Kind.ARTICLE]:
            places = [index for index in places if self._outermost(index)]
        for step in path[1:]:
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
