"""Work programmes, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from duthao.domain.programmes import Choice, Item, Level, Programme, ProgrammeKind
from duthao.store.sql.engine import Database
from duthao.store.sql.programme_tables import items as item_table
from duthao.store.sql.programme_tables import programmes


def _programme(row: Row[Any]) -> Programme:
    return Programme(**dict(row._mapping) | {"kind": ProgrammeKind(row.kind)})


def _item(row: Row[Any]) -> Item:
    return Item(**dict(row._mapping) | {"level": Level(row.level), "choice": Choice(row.choice)})


class SqlProgrammes:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, programme: Programme) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(programmes).values(asdict(programme)))

    def all(self) -> Sequence[Programme]:
        query = select(programmes).order_by(programmes.c.opened_at.desc(), programmes.c.id)
        with self._database.reading() as connection:
            return tuple(_programme(row) for row in connection.execute(query))

    def get(self, programme_id: str) -> Programme | None:
        with self._database.reading() as connection:
            row = connection.execute(select(programmes).where(programmes.c.id == programme_id)).first()
        return None if row is None else _programme(row)

    def put(self, programme: Programme, seen: int) -> bool:
        here = (programmes.c.id == programme.id, programmes.c.edition == seen)
        with self._database.writing() as connection:
            changed = update(programmes).where(*here).values(asdict(programme) | {"edition": seen + 1})
            return connection.execute(changed).rowcount == 1

    def items(self, programme_id: str) -> Sequence[Item]:
        table = item_table
        query = select(table).where(table.c.programme_id == programme_id).order_by(table.c.at, table.c.id)
        with self._database.reading() as connection:
            return tuple(_item(row) for row in connection.execute(query))

    def add_items(self, items: Sequence[Item]) -> None:
        if items:
            with self._database.writing() as connection:
                connection.execute(insert(item_table), [asdict(one) for one in items])

    def put_items(self, items: Sequence[Item]) -> bool:
        table = item_table
        asked = select(table.c.id, table.c.edition).where(table.c.id.in_([one.id for one in items]))
        with self._database.writing() as connection:
            kept = {row.id: row.edition for row in connection.execute(asked.with_for_update())}
            if any(kept.get(one.id) != one.edition for one in items):
                return False
            for one in items:
                row = asdict(one) | {"edition": one.edition + 1}
                connection.execute(update(table).where(table.c.id == one.id).values(row))
        return True

    def remove_item(self, item_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(item_table).where(item_table.c.id == item_id))
