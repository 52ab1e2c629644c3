"""What holds for the whole house, in SQL."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, insert, select

from duthao.domain.document import UserId
from duthao.store.ports import EpochMillis, HouseSetting
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import house_settings


class SqlHouseSettings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> HouseSetting | None:
        query = select(house_settings).where(house_settings.c.name == name)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return HouseSetting(row.name, row.value, UserId(row.changed_by), EpochMillis(row.changed_at))

    def put(self, setting: HouseSetting) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(house_settings).where(house_settings.c.name == setting.name))
            connection.execute(insert(house_settings).values(asdict(setting)))
