"""What Alembic runs: the migrations on the connection `upgrade` hands over."""

from __future__ import annotations

from alembic import context

from duthao.store.sql.tables import metadata


def run() -> None:
    # Our SQLite connections begin their transactions themselves (see `engine`), so DDL is
    # transactional there too, which Alembic does not assume.
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
    )
    with context.begin_transaction():
        context.run_migrations()


run()
