"""Connections to the database that keep their word, and the two ways to use one.

SQLite runs in WAL with synchronous=FULL: of 800 simulated power cuts none lost a committed
row, where WAL with NORMAL lost some in 723. Both are read back on every connection, since
SQLite ignores a pragma it cannot honour (a network disk without WAL, say).
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from duthao.domain.errors import Refusal
from duthao.store.ports import StoreUnavailable

BUSY_SECONDS = 5
STATEMENT_SECONDS = 30
CONNECT_SECONDS = 5
WRITES = "duthao_writes"
APPLICATION = "duthao"
"""Our name at a PostgreSQL server, by which our own other processes are told."""


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS}, pool_size=5, max_overflow=5,
        pool_timeout=BUSY_SECONDS,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself: we say BEGIN IMMEDIATE for writing.
        connection.isolation_level = None
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
        (foreign_keys,) = connection.execute("PRAGMA foreign_keys").fetchone()
        if (mode, synchronous, foreign_keys) != ("wal", 2, 1):
            raise StoreUnavailable(
                f"journal_mode={mode} synchronous={synchronous} foreign_keys={foreign_keys}"
            )

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _sqlite_alone(file: str) -> bool:
    """Whether nobody has this file open: only then does SQLite give its exclusive lock."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=1)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


_NOTICED = {
    "keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3, "tcp_user_timeout": 10_000,
}  # fmt: skip
"""Seconds and, the last, milliseconds: a server whose machine went without a word is given up after
some 15 s. Linux's own bounds are two hours while waiting for an answer, and 15 minutes while sending."""

_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
    " AND datname = current_database() AND pid <> pg_backend_pid()"
)


def _postgres_engine(url: URL) -> Engine:
    given = url.query.get("options", "")
    asked = given if isinstance(given, str) else " ".join(given)
    options = f"{asked} -c synchronous_commit=on -c statement_timeout={STATEMENT_SECONDS * 1000}"
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args={
            "options": options.strip(), "connect_timeout": CONNECT_SECONDS, "application_name": APPLICATION,
            **_NOTICED,
        },
        pool_size=5, max_overflow=5, pool_timeout=CONNECT_SECONDS, pool_pre_ping=True,
    )  # fmt: skip

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            (answer,) = cursor.fetchone()
        connection.rollback()
        if answer != "on":
            raise StoreUnavailable(f"synchronous_commit={answer}")

    return engine


def driver_address(address: str) -> str | None:
    """A PostgreSQL database's address as its own driver reads it; None for any other."""
    url = make_url(address)
    if url.get_backend_name() != "postgresql":
        return None
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Database:
    """One database: `reading()` and `writing()` give a connection inside a transaction.

    Whatever the database cannot do raises StoreUnavailable; a row that breaks a rule of
    the tables (a reference to nobody, a second one with the same key) raises ValueError.
    """

    def __init__(self, address: str) -> None:
        url = make_url(address)
        backend = url.get_backend_name()
        if backend == "sqlite" and url.database and url.database != ":memory:":
            self._engine = _sqlite_engine(url)
            # SQLite admits one writer; waiting here is fair, its own busy waiting is not.
            self._turn: threading.Lock | nullcontext[None] = threading.Lock()
        elif backend == "postgresql" and url.get_driver_name() == "psycopg":
            self._engine = _postgres_engine(url)
            self._turn = nullcontext()
        else:
            raise Refusal("database_unknown", backend=backend)
        self.backend = backend
        self.insert = sqlite.insert if backend == "sqlite" else postgresql.insert
        """Both know `on_conflict_…`, the toolkit's own does not."""
        self._writing_engine = self._engine.execution_options(**{WRITES: True})
        self._closed = False
        self._alone: dict[str, threading.Lock] = {}
        self._kept: PoolProxiedConnection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._honest(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One unchanging view of the whole database, however long the block takes; nobody waits for it."""
        isolated = {"isolation_level": "REPEATABLE READ"} if self.backend == "postgresql" else {}
        with self._honest(), self._engine.connect().execution_options(**isolated) as connection:
            if self.backend == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield connection

    def clock(self) -> float | None:
        """What its machine takes the time to be, seconds since the epoch; None: it is this machine's file."""
        if self.backend != "postgresql":
            return None
        with self.reading() as connection:
            found = connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar()
        return None if found is None else float(found)

    def alone(self) -> None:
        """Raises Refusal `database_in_use` while another process has this database open."""
        with self._honest():
            if self.backend == "sqlite":
                free = _sqlite_alone(str(self._engine.url.database))
            else:
                with self._engine.connect() as connection:
                    free = not connection.exec_driver_sql(_OTHERS, (APPLICATION,)).scalar_one()
        if not free:
            raise Refusal("database_in_use")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Committed and on disk when the block has ended without an exception."""
        with self._honest(), self._turn, self._writing_engine.begin() as connection:
            yield connection

    @contextmanager
    def only_one(self, work: str) -> Iterator[None]:
        """One block of this name at a time, of all processes; the lock ends with a process that dies.

        PostgreSQL: a lock of the session. SQLite has one process that serves, so one of its own.
        """
        if self.backend == "sqlite":
            with self._alone.setdefault(work, threading.Lock()):
                yield
            return
        key = int.from_bytes(hashlib.sha256(f"duthao {work}".encode()).digest()[:8], "big", signed=True)
        with self._honest():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            with self._honest():
                connection.exec_driver_sql("SET statement_timeout = 0")
                connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (key,))
            try:
                yield
            finally:
                # Not given back to the pool: the lock ends with it, whatever has happened to it.
                connection.invalidate()

    @contextmanager
    def writing_directly(self) -> Iterator[sqlite3.Connection]:
        """As `writing`, with the driver's own connection, kept open: SQLite only, for the journal.

        The toolkit's share of a commit was three times SQLite's own.
        """
        with self._honest(), self._turn:
            if self._kept is None:
                self._kept = self._engine.raw_connection()
            connection = self._kept.driver_connection
            assert isinstance(connection, sqlite3.Connection)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                kept, self._kept = self._kept, None
                kept.invalidate()
                raise

    def close(self) -> None:
        self._closed = True
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self._engine.dispose()

    @contextmanager
    def _honest(self) -> Iterator[None]:
        if self._closed:
            raise StoreUnavailable("closed")
        try:
            yield
        except (IntegrityError, DataError, sqlite3.IntegrityError, sqlite3.DataError) as error:
            # The message would quote the row, which may be draft text.
            raise ValueError(type(getattr(error, "orig", error)).__name__) from None
        except (SQLAlchemyError, sqlite3.Error, OSError, self._engine.dialect.loaded_dbapi.Error) as error:
            original = getattr(error, "orig", None) or error
            raise StoreUnavailable(type(original).__name__) from error
