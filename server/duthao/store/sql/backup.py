"""A backup: every row of the database at one moment, in one SQLite file of its own.

The same file whatever the database, so an office may move from SQLite to PostgreSQL by a backup
and a restore. It is made from one reading transaction while the service runs: nobody waits, and no
half of a change is in it. Its manifest holds, for each table, how many rows there are and the
SHA-256 of all of them in the order of their keys; both are read again before anything is restored,
and once more from the restored database before the restore is committed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    collate,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from duthao.domain.errors import Refusal
from duthao.store.ports import EpochMillis, StoreUnavailable
from duthao.store.sql import open_store, upgrade
from duthao.store.sql.accounts import sign_in_tries
from duthao.store.sql.audit import audit, audit_chain
from duthao.store.sql.engine import Database
from duthao.store.sql.search_tables import INDEX
from duthao.store.sql.tables import documents, metadata, sessions, users

FORMAT = 1
BATCH = 500
_LEFT_OUT = frozenset((sessions.name, sign_in_tries.name, *(one.name for one in INDEX)))
"""Sign-ins and tries are not carried over: who held a cookie then need not be somebody today. The index of
what can be found is made anew from the rest."""

_manifest = MetaData()
_about = Table(
    "duthao_backup", _manifest,
    Column("format", Integer, nullable=False),
    Column("made_at", Integer, nullable=False),
    Column("release", String, nullable=False),
)  # fmt: skip
_contents = Table(
    "duthao_backup_tables", _manifest,
    Column("name", String, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)  # fmt: skip
_revision = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


_Take = Callable[[Sequence[dict[str, object]]], None]


@dataclass(frozen=True, slots=True)
class TableSum:
    """One table of a backup: its name, its number of rows, the SHA-256 of all of them."""

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: EpochMillis
    release: str
    tables: tuple[TableSum, ...]


def _carried(source: MetaData = metadata) -> list[Table]:
    """The tables of a backup, those others refer to first."""
    return [table for table in source.sorted_tables if table.name not in _LEFT_OUT]


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[dict[str, object]]]:
    """All rows in the order of their key, some at a time."""
    query = select(table).order_by(*(_byte_order(column, connection) for column in table.primary_key.columns))
    result = connection.execute(query.execution_options(yield_per=BATCH))
    for rows in result.mappings().partitions(BATCH):
        yield [dict(row) for row in rows]


def _byte_order(column: Column[Any], connection: Connection) -> ColumnElement[Any]:
    """Keys in the order of their bytes, which is SQLite's own and at PostgreSQL must be asked for."""
    if connection.dialect.name == "postgresql" and isinstance(column.type, String):
        return collate(column, "C")
    return column


def _digested(rows: Sequence[dict[str, object]], digest: hashlib._Hash) -> None:
    """A row is its values by column name, each with its length in front: nothing runs together."""
    for row in rows:
        for name in sorted(row):
            value = row[name]
            written = bytes(value) if isinstance(value, bytes | memoryview) else _plain(value)
            digest.update(f"{name}:{len(written)}:".encode())
            digest.update(written)


def _plain(value: object) -> bytes:
    if value is None:
        return b"-"
    return str(int(value) if isinstance(value, bool) else value).encode("utf-8", "surrogatepass")


def _sum(connection: Connection, table: Table, take: _Take) -> TableSum:
    digest, number = hashlib.sha256(), 0
    for rows in _batches(connection, table):
        take(rows)
        _digested(rows, digest)
        number += len(rows)
    return TableSum(table.name, number, digest.hexdigest())


def back_up(address: str, target: Path, made_at: EpochMillis, release: str) -> Manifest:
    """Write a backup of the database at this address; `target` appears whole or not at all.

    Raises Refusal `file_exists`, `file_unwritable` (`file`); StoreUnavailable.
    """
    if target.exists():
        raise Refusal("file_exists", file=str(target))
    with _beside(target) as unfinished:
        source = Database(address)
        try:
            with source.snapshot() as connection:
                manifest = _write(connection, unfinished, made_at, release)
        finally:
            source.close()
        _to_disk(unfinished)
        try:
            # Linked, not renamed over: somebody else's file of that name must survive us.
            os.link(unfinished, target)
        except FileExistsError:
            raise Refusal("file_exists", file=str(target)) from None
        _to_disk(target.parent)
    return manifest


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file for the time being in the target's folder, readable by its owner only, gone at the end."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError:
        raise Refusal("file_unwritable", file=str(target)) from None
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(source: Connection, file: Path, made_at: EpochMillis, release: str) -> Manifest:
    with closing(sqlite3.connect(file, isolation_level=None)) as target:
        target.execute("PRAGMA journal_mode=OFF")
        target.execute("PRAGMA synchronous=OFF")  # the finished file is synchronised as a whole
        target.execute("BEGIN")
        for table in (*metadata.sorted_tables, _about, _contents, _revision):
            target.execute(_create(table))
        revision = source.execute(select(_revision.c.version_num)).scalar_one()
        target.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        sums = tuple(_sum(source, table, _inserter(target, table)) for table in _carried())
        target.execute("INSERT INTO duthao_backup VALUES (?, ?, ?)", (FORMAT, made_at, release))
        target.executemany(
            "INSERT INTO duthao_backup_tables VALUES (?, ?, ?)", [(s.name, s.rows, s.sha256) for s in sums]
        )
        target.execute("COMMIT")
    return Manifest(made_at, release, sums)


def _create(table: Table) -> str:
    return str(CreateTable(table).compile(dialect=sqlite.dialect()))


def _inserter(target: sqlite3.Connection, table: Table) -> _Take:
    names = [column.name for column in table.columns]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608 (our own names)

    def take(rows: Sequence[dict[str, object]]) -> None:
        target.executemany(statement, [[row[name] for name in names] for row in rows])

    return take


# --- reading one back -----------------------------------------------------------------------


def check_backup(file: Path) -> Manifest:
    """Read a backup from first to last row and hold it against its manifest.

    Raises Refusal `file_unreadable` (`file`), `not_a_backup`, `backup_newer` (`release`),
    `backup_damaged` (`table`).
    """
    if not file.is_file():
        raise Refusal("file_unreadable", file=str(file))
    with _copy_of(file) as copy:
        return _checked(copy)


@contextmanager
def _copy_of(file: Path) -> Iterator[Path]:
    """A backup is never opened where it lies: opening a database may write to it."""
    with tempfile.TemporaryDirectory(prefix="duthao-") as folder:
        copy = Path(folder) / "backup.sqlite3"
        try:
            shutil.copyfile(file, copy)
        except OSError:
            raise Refusal("file_unreadable", file=str(file)) from None
        yield copy


def _checked(copy: Path) -> Manifest:
    manifest = _said(copy)
    source = Database(_sqlite(copy))
    try:
        with source.snapshot() as connection:
            tables = MetaData()
            tables.reflect(connection)
            for said in manifest.tables:
                table = tables.tables.get(said.name)
                if table is None or _sum(connection, table, lambda _rows: None) != said:
                    raise Refusal("backup_damaged", table=said.name)
    except (StoreUnavailable, SQLAlchemyError):
        raise Refusal("backup_damaged", table="-") from None
    finally:
        source.close()
    return manifest


def _sqlite(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string()


def _said(file: Path) -> Manifest:
    try:
        with closing(sqlite3.connect(file)) as connection:
            (found, made_at, release) = connection.execute("SELECT * FROM duthao_backup").fetchone()
            rows = connection.execute("SELECT name, rows, sha256 FROM duthao_backup_tables ORDER BY rowid")
            sums = tuple(TableSum(str(name), int(number), str(digest)) for name, number, digest in rows)
    except (sqlite3.Error, TypeError, ValueError):
        raise Refusal("not_a_backup") from None
    if found > FORMAT:
        raise Refusal("backup_newer", release=str(release))
    return Manifest(EpochMillis(int(made_at)), str(release), sums)


def restore(
    file: Path, address: str, new_generation: Callable[[], str], *, replace: bool = False
) -> Manifest:
    """Put a backup's rows into the database at this address: all of them, or none.

    Every document gets a new generation, so that browsers which still hold the later history
    set their edits aside instead of merging what the restored text never had; everybody is
    signed out. A backup of an earlier release is brought up to date in a copy first. Without
    `replace` the database must be empty.

    Raises Refusal as `check_backup`, and `database_not_empty`, `database_in_use`;
    StoreUnavailable.
    """
    if not file.is_file():
        raise Refusal("file_unreadable", file=str(file))
    with _copy_of(file) as copy:
        manifest = _checked(copy)
        try:
            upgrade(_sqlite(copy))
        except Exception as error:
            # Alembic knows no such revision: made by a later release than this one.
            raise Refusal("backup_newer", release=manifest.release) from error
        _into(copy, address, new_generation, replace)
    return manifest


def _into(copy: Path, address: str, new_generation: Callable[[], str], replace: bool) -> None:
    open_store(address).close()
    source, target = Database(_sqlite(copy)), Database(address)
    try:
        target.alone()
        with source.snapshot() as old, target.writing() as new:
            _empty(new, replace)
            sums = [_sum(old, table, _writer(new, table)) for table in _carried()]
            for said in sums:
                if _sum(new, metadata.tables[said.name], lambda _rows: None) != said:
                    raise StoreUnavailable(f"{said.name} does not read back as it was written")
            for document_id in new.execute(select(documents.c.id)).scalars().all():
                new.execute(
                    update(documents).where(documents.c.id == document_id).values(generation=new_generation())
                )
    finally:
        source.close()
        target.close()


def _writer(target: Connection, table: Table) -> _Take:
    def take(rows: Sequence[dict[str, object]]) -> None:
        target.execute(insert(table), rows)

    return take


def _empty(connection: Connection, replace: bool) -> None:
    if replace:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        return
    for table in (users, documents):
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise Refusal("database_not_empty")
    # Somebody may have tried to come into the empty house: its log is the backup's from now on.
    for log in (audit, audit_chain):
        connection.execute(delete(log))


__all__ = ["Manifest", "TableSum", "back_up", "check_backup", "restore"]
