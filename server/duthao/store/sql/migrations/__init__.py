"""Alembic migrations, run by `duthao.store.sql.upgrade`."""
