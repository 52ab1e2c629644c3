"""Who belongs where: organisations, units and groups as a tree, terms of office, seats in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duthao.domain.document import UserId
from duthao.domain.names import word_key

MAX_UNITS: Final = 2_000
MAX_NAME: Final = 200
MAX_DEPTH: Final = 12


class UnitKind(StrEnum):
    """What a unit is."""

    ORGANISATION = "organisation"  # tổ chức: đảng bộ, chi bộ, cơ quan
    UNIT = "unit"  # đơn vị: ban, văn phòng, phòng
    GROUP = "group"  # nhóm: Ban Thường vụ, tổ công tác


@dataclass(frozen=True, slots=True)
class Unit:
    """`parent`: the unit it stands in, None at the top."""

    id: str
    parent: str | None
    kind: UnitKind
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office (nhiệm kỳ): its first and last day, YYYY-MM-DD, both within."""

    id: str
    name: str
    begins: str
    ends: str

    def holds(self, day: str) -> bool:
        """Whether this day lies in it."""
        return self.begins <= day <= self.ends


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in a unit, with their position there; for a term, or for as long as it is here."""

    id: str
    unit: str
    user: UserId
    position: str
    term: str | None


@dataclass(frozen=True, slots=True)
class Structure:
    """All of a house's units, terms and seats."""

    units: tuple[Unit, ...] = ()
    terms: tuple[Term, ...] = ()
    seats: tuple[Seat, ...] = ()

    def unit(self, unit_id: str) -> Unit | None:
        return next((one for one in self.units if one.id == unit_id), None)

    def tree(self) -> tuple[tuple[Unit, int], ...]:
        """Every unit once, each followed by those in it, by name; with its depth, 0 at the top.

        Units whose parents lead nowhere or in a circle stand at the top: none is ever out of sight.
        """
        children: dict[str | None, list[Unit]] = {}
        known = {one.id for one in self.units}
        for one in sorted(self.units, key=lambda unit: (name_order(unit.name), unit.id)):
            children.setdefault(one.parent if one.parent in known else None, []).append(one)
        listed: list[tuple[Unit, int]] = []
        seen: set[str] = set()

        def walk(units: Sequence[Unit], depth: int) -> None:
            for one in units:
                if one.id not in seen:
                    seen.add(one.id)
                    listed.append((one, depth))
                    walk(children.get(one.id, ()), depth + 1)

        walk(children.get(None, ()), 0)
        for one in self.units:
            walk((one,), 0)
        return tuple(listed)

    def below(self, unit_id: str) -> frozenset[str]:
        """The unit and all that stand in it, at any depth."""
        found, more = {unit_id}, True
        while more:
            inner = {one.id for one in self.units if one.parent in found} - found
            found, more = found | inner, bool(inner)
        return frozenset(found)

    def may_stand_in(self, unit_id: str, parent: str | None) -> bool:
        """Whether the unit may be put there: not in itself or below itself, not too deep."""
        if parent is None:
            return True
        if parent in self.below(unit_id) or self.unit(parent) is None:
            return False
        depths = {one.id: depth for one, depth in self.tree()}
        height = max((depths[id_] for id_ in self.below(unit_id) if id_ in depths), default=0)
        return depths[parent] + 1 + height - depths.get(unit_id, height) < MAX_DEPTH

    def holds(self, seat: Seat, day: str) -> bool:
        """Whether somebody has this seat on that day."""
        if seat.term is None:
            return True
        return any(term.id == seat.term and term.holds(day) for term in self.terms)

    def people(self, unit_id: str, day: str) -> tuple[UserId, ...]:
        """Who sits in the unit, or in one below, on that day; each once, in the order of their seats."""
        here = self.below(unit_id)
        sitting = (seat.user for seat in self.seats if seat.unit in here and self.holds(seat, day))
        return tuple(dict.fromkeys(sitting))


def name_order(name: str) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...], str]:
    """What names of units and the like are sorted by: letters word by word, then tones."""
    keys = [word_key(word) for word in name.split()]
    return tuple(level for level, _ in keys), tuple(tone for _, tone in keys), name
