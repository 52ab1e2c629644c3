"""The door to units, terms and seats."""

from __future__ import annotations

from typing import Protocol

from duthao.domain.units import Seat, Structure, Term, Unit


class Units(Protocol):
    """Units, terms of office and seats. They are few: all are read at once.

    `put_…` keeps one in place of that of its id. Raises ValueError for a parent, person, unit or term that
    is not there, and for removing what others stand in.
    """

    def read(self) -> Structure:
        """Units by id, terms by their beginning, seats in the order in which they were given."""
        ...

    def put_unit(self, unit: Unit) -> None: ...
    def remove_unit(self, unit_id: str) -> None:
        """With its seats."""
        ...

    def put_term(self, term: Term) -> None: ...
    def remove_term(self, term_id: str) -> None: ...
    def put_seat(self, seat: Seat) -> None: ...
    def remove_seat(self, seat_id: str) -> None: ...


class UnitDoors(Protocol):
    """What a store has for units."""

    @property
    def units(self) -> Units: ...
