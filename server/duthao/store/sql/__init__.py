"""The store in SQL: SQLite in one process, PostgreSQL for several.

`open_store("sqlite:////var/lib/duthao/duthao.sqlite3")` or
`open_store("postgresql+psycopg://user@host/database")`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from duthao.store.sql.accounts import SqlIdentities, SqlSecondFactors, SqlTries
from duthao.store.sql.audit import SqlAuditLog
from duthao.store.sql.comments import SqlComments
from duthao.store.sql.corrections import SqlCorrections
from duthao.store.sql.delegations import SqlDelegations, SqlReminders
from duthao.store.sql.documents import SqlDocuments, SqlVersions
from duthao.store.sql.dossiers import SqlDossiers
from duthao.store.sql.engine import Database, driver_address
from duthao.store.sql.house import SqlHouseSettings
from duthao.store.sql.journal import SqlJournal
from duthao.store.sql.notifications import SqlNotifications
from duthao.store.sql.opinions import SqlOpinions
from duthao.store.sql.people import SqlSessions, SqlUsers
from duthao.store.sql.programmes import SqlProgrammes
from duthao.store.sql.proposals import SqlProposals
from duthao.store.sql.rounds import SqlRounds
from duthao.store.sql.search import SqlSearchIndex
from duthao.store.sql.set_asides import SqlSetAsides
from duthao.store.sql.synthesis import SqlSyntheses
from duthao.store.sql.tasks import SqlTasks
from duthao.store.sql.units import SqlUnits

__all__ = ["SqlStore", "driver_address", "open_store", "upgrade"]

MIGRATING = 0x6475_7468_616F  # "duthao": the advisory lock that lets one process migrate at a time


class SqlStore:
    """All doors to one database, whose tables are there and up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.journal = SqlJournal(database)
        self.documents = SqlDocuments(database)
        self.users = SqlUsers(database)
        self.sessions = SqlSessions(database)
        self.tries = SqlTries(database)
        self.second_factors = SqlSecondFactors(database)
        self.identities = SqlIdentities(database)
        self.versions = SqlVersions(database)
        self.corrections = SqlCorrections(database)
        self.house = SqlHouseSettings(database)
        self.set_asides = SqlSetAsides(database)
        self.proposals = SqlProposals(database)
        self.comments = SqlComments(database)
        self.notifications = SqlNotifications(database)
        self.opinions = SqlOpinions(database)
        self.rounds = SqlRounds(database)
        self.syntheses = SqlSyntheses(database)
        self.dossiers = SqlDossiers(database)
        self.tasks = SqlTasks(database)
        self.programmes = SqlProgrammes(database)
        self.delegations = SqlDelegations(database)
        self.reminders = SqlReminders(database)
        self.units = SqlUnits(database)
        self.audit = SqlAuditLog(database)
        self.search = SqlSearchIndex(database)

    def is_current(self) -> bool:
        with self._database.reading() as connection:
            return set(MigrationContext.configure(connection).get_current_heads()) == _heads()

    def only_one(self, work: str) -> AbstractContextManager[None]:
        return self._database.only_one(work)

    def close(self) -> None:
        self._database.close()


def open_store(address: str) -> SqlStore:
    """The store at this address, its tables made or brought up to date first.

    Raises Refusal `database_unknown` (`backend`) for any other database, and for SQLite
    in memory, which cannot be durable; StoreUnavailable when it does not answer.
    """
    database = Database(address)
    try:
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


def open_as_it_is(address: str) -> SqlStore | None:
    """The store at this address, nothing made or migrated; None unless its tables are of this release."""
    store = SqlStore(Database(address))
    if store.is_current():
        return store
    store.close()
    return None


def upgrade(address: str) -> None:
    """Bring the tables up to date, all migrations in one transaction. Raises as `open_store`."""
    open_store(address).close()


@cache
def _heads() -> frozenset[str]:
    """The newest migrations of this release."""
    return frozenset(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migrate(database: Database) -> None:
    config = _config()
    with database.writing() as connection:
        if database.backend == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
