"""Schemas of their own in a PostgreSQL server, for tests of what is stored there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.conftest import absent

POSTGRES = os.environ.get("DUTHAO_TEST_POSTGRES", "postgresql+psycopg://test:test@127.0.0.1:5432/test")


def execute(*statements: str, apart: bool = False) -> None:
    """In one transaction, or each by itself (`apart`: a database is made in none); the test is skipped
    or fails, as asked for, when no server answers."""
    alone = {"isolation_level": "AUTOCOMMIT"} if apart else {}
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3}, **alone)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    except OperationalError:
        absent("PostgreSQL")
    finally:
        engine.dispose()


@contextmanager
def fresh_schema() -> Iterator[str]:
    """The address of an empty schema, dropped at the end."""
    schema = f"duthao_{secrets.token_hex(6)}"
    execute(f"CREATE SCHEMA {schema}")
    try:
        yield f"{POSTGRES}?options=-csearch_path={schema}"
    finally:
        execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of an empty database, dropped at the end: nobody else is in it, whatever runs beside."""
    name = f"duthao_{secrets.token_hex(6)}"
    execute(f"CREATE DATABASE {name}", apart=True)
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    finally:
        execute(f"DROP DATABASE {name} WITH (FORCE)", apart=True)


def emptied(address: str) -> str:
    """The same address, every row gone and every counter at its beginning.

    The tables stay: to make them anew takes a hundred times as long as to empty those of a test.
    """
    schema = address.rpartition("=")[2]
    execute(EMPTIES.format(schema=schema))
    return address


EMPTIES = """
DO $$
DECLARE
    one record;
BEGIN
    -- Neither references nor what guards a table against its owner count here.
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename FROM pg_tables
        WHERE schemaname = '{schema}' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM {schema}.%I', one.tablename);
    END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = '{schema}' LOOP
        EXECUTE format('ALTER SEQUENCE {schema}.%I RESTART', one.sequencename);
    END LOOP;
END $$
"""
