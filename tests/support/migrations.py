"""A database at any revision of the schema, filled with rows of that time, and what is in it as hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from duthao.store.sql import _config
from duthao.store.sql.engine import Database

FIRST, HEAD = "0001", "head"
INDEX = "search_words"
"""The words of the search stand in tables of each database's own kind; they are made anew from the rest."""
Digests = dict[str, dict[str, str]]
"""Of each table, of each row by its key: a hash of all its columns."""


def revisions() -> list[str]:
    """From the first to the newest."""
    script = ScriptDirectory.from_config(_config())
    return [one.revision for one in reversed(list(script.walk_revisions()))]


@dataclass
class Schema:
    """A database whose revision the test chooses."""

    database: Database
    filled: int = 0
    _known: sa.MetaData = field(default_factory=sa.MetaData)

    def upgrade(self, revision: str = HEAD) -> None:
        self._move(command.upgrade, revision)

    def downgrade(self, revision: str) -> None:
        self._move(command.downgrade, revision)

    def _move(self, how: Any, revision: str) -> None:
        config = _config()
        with self.database.writing() as connection:
            config.attributes["connection"] = connection
            how(config, revision)
        self._known = sa.MetaData()
        with self.database.reading() as connection:
            wanted = lambda name, _: not name.startswith((INDEX, "alembic", "sqlite"))  # noqa: E731
            self._known.reflect(connection, only=wanted)

    def fill(self, rows: int = 2) -> None:
        """`rows` more in every table there is, each column with a value of its kind and its place."""
        with self.database.writing() as connection:
            made: dict[str, list[dict[str, Any]]] = {}
            for table in self._known.sorted_tables:
                made[table.name] = [self._row(table, self.filled + n, n, made) for n in range(rows)]
                connection.execute(sa.insert(table), made[table.name])
        self.filled += rows

    def _row(self, table: sa.Table, number: int, n: int, made: Mapping[str, list[dict[str, Any]]]) -> Any:
        row = {}
        for column in table.columns:
            reference = next(iter(column.foreign_keys), None)
            if reference is not None:
                row[column.name] = made[reference.column.table.name][n][reference.column.name]
            elif column.nullable and number % 2:
                row[column.name] = None
            else:
                row[column.name] = _value(column, number)
        return row

    def digests(self, like: Digests | None = None, columns: Mapping[str, list[str]] | None = None) -> Digests:
        """Of every row of now; of the tables, keys and columns of `like` only, where it is given."""
        found: Digests = {}
        columns = columns or self.columns()
        with self.database.reading() as connection:
            for name in columns:
                table = self._known.tables[name]
                key = [column.name for column in table.primary_key]
                rows = {
                    repr([row[part] for part in key]): _hash([row[column] for column in columns[name]])
                    for row in connection.execute(sa.select(table)).mappings()
                }
                kept = rows if like is None else like[name]
                found[name] = {at: value for at, value in rows.items() if at in kept}
        return found

    def columns(self) -> dict[str, list[str]]:
        return {name: [column.name for column in table.columns] for name, table in self._known.tables.items()}


def _value(column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.LargeBinary):
        return bytes(range(256)) + number.to_bytes(4, "big")
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.Integer):
        return number + 1 if not isinstance(kind, sa.BigInteger) else 4_000_000_000 + number
    length = getattr(kind, "length", None)
    if length is None:
        return f"Điều {number} “Đề nghị’ 😀\n'--\\ %s {column.name}"
    return f"{number:x}".rjust(min(length, 8), "đ")


def _hash(values: list[Any]) -> str:
    plain = [bytes(value) if isinstance(value, memoryview) else value for value in values]
    return hashlib.sha256(repr(plain).encode()).hexdigest()


@contextmanager
def schema(address: str) -> Iterator[Schema]:
    database = Database(address)
    try:
        yield Schema(database)
    finally:
        database.close()
