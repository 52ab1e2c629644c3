"""Units, terms and seats, in memory."""

from __future__ import annotations

from duthao.domain.units import Seat, Structure, Term, Unit
from duthao.store.memory_tables import Door, alone


class MemoryUnits(Door):
    @alone
    def read(self) -> Structure:
        tables = self._tables
        return Structure(
            tuple(sorted(tables.units.values(), key=lambda one: one.id)),
            tuple(sorted(tables.terms.values(), key=lambda one: (one.begins, one.id))),
            tuple(tables.seats.values()),
        )

    @alone
    def put_unit(self, unit: Unit) -> None:
        if unit.parent is not None and unit.parent not in self._tables.units:
            raise ValueError("no such unit")
        self._tables.units[unit.id] = unit

    @alone
    def remove_unit(self, unit_id: str) -> None:
        if any(one.parent == unit_id for one in self._tables.units.values()):
            raise ValueError("others stand in it")
        self._tables.units.pop(unit_id, None)
        for id_ in [id_ for id_, seat in self._tables.seats.items() if seat.unit == unit_id]:
            del self._tables.seats[id_]

    @alone
    def put_term(self, term: Term) -> None:
        self._tables.terms[term.id] = term

    @alone
    def remove_term(self, term_id: str) -> None:
        if any(seat.term == term_id for seat in self._tables.seats.values()):
            raise ValueError("somebody sits in it")
        self._tables.terms.pop(term_id, None)

    @alone
    def put_seat(self, seat: Seat) -> None:
        self._tables.need_user(seat.user)
        if seat.unit not in self._tables.units or (seat.term or "") not in {"", *self._tables.terms}:
            raise ValueError("no such unit or term")
        self._tables.seats[seat.id] = seat

    @alone
    def remove_seat(self, seat_id: str) -> None:
        self._tables.seats.pop(seat_id, None)
