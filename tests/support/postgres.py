"""Schemas of their own in a PostgreSQL server, for tests of what is stored there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.conftest import absent

POSTGRES = os.environ.get("DUTHAO_TEST_POSTGRES", "postgresql+psycopg://test:test@127.0.0.1:5432/test")


def execute(*statements: str) -> None:
    """In one transaction; the test is skipped or fails, as asked for, when no server answers."""
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
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


def emptied(address: str) -> str:
    """The same address, its schema empty again."""
    schema = address.rpartition("=")[2]
    execute(f"DROP SCHEMA {schema} CASCADE", f"CREATE SCHEMA {schema}")
    return address
