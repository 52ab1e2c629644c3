"""Units, terms and seats, in SQL."""

from __future__ import annotations

from sqlalchemy import Table, delete, func, select

from duthao.domain.document import UserId
from duthao.domain.units import Seat, Structure, Term, Unit, UnitKind
from duthao.store.sql.engine import Database
from duthao.store.sql.unit_tables import seats, terms, units


class SqlUnits:
    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Structure:
        with self._database.reading() as connection:
            return Structure(
                tuple(
                    Unit(row.id, row.parent, UnitKind(row.kind), row.name)
                    for row in connection.execute(select(units).order_by(units.c.id))
                ),
                tuple(
                    Term(row.id, row.name, row.begins, row.ends)
                    for row in connection.execute(select(terms).order_by(terms.c.begins, terms.c.id))
                ),
                tuple(
                    Seat(row.id, row.unit_id, UserId(row.user_id), row.position, row.term_id)
                    for row in connection.execute(select(seats).order_by(seats.c.place, seats.c.id))
                ),
            )

    def put_unit(self, unit: Unit) -> None:
        row = {"id": unit.id, "parent": unit.parent, "kind": unit.kind.value, "name": unit.name}
        kept = self._database.insert(units).values(row)
        with self._database.writing() as connection:
            parent = select(units.c.id).where(units.c.id == unit.parent).with_for_update()
            if unit.parent is not None and connection.execute(parent).first() is None:
                raise ValueError("no such unit")
            connection.execute(kept.on_conflict_do_update(index_elements=["id"], set_=row))

    def remove_unit(self, unit_id: str) -> None:
        with self._database.writing() as connection:
            if connection.execute(select(units.c.id).where(units.c.parent == unit_id)).first() is not None:
                raise ValueError("others stand in it")
            connection.execute(delete(units).where(units.c.id == unit_id))

    def put_term(self, term: Term) -> None:
        row = {"id": term.id, "name": term.name, "begins": term.begins, "ends": term.ends}
        kept = self._database.insert(terms).values(row)
        with self._database.writing() as connection:
            connection.execute(kept.on_conflict_do_update(index_elements=["id"], set_=row))

    def remove_term(self, term_id: str) -> None:
        self._remove(terms, term_id)

    def put_seat(self, seat: Seat) -> None:
        row = {
            "unit_id": seat.unit, "user_id": seat.user, "position": seat.position, "term_id": seat.term,
        }  # fmt: skip
        with self._database.writing() as connection:
            last = connection.execute(select(func.max(seats.c.place))).scalar() or 0
            kept = self._database.insert(seats).values({"id": seat.id, "place": last + 1, **row})
            connection.execute(kept.on_conflict_do_update(index_elements=["id"], set_=row))

    def remove_seat(self, seat_id: str) -> None:
        self._remove(seats, seat_id)

    def _remove(self, table: Table, id_: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.id == id_))
