"""Stores of every kind (memory, SQLite, PostgreSQL in a schema of its own), and an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from duthao.store.memory import MemoryStore
from duthao.store.ports import Membership, Role, Store
from duthao.store.sql import open_store
from tests.support.office import Office, TestClient
from tests.support.postgres import emptied, fresh_schema
from tests.support.stores import AN, BINH, DRAFT, SQL_STORES, record, user


@pytest.fixture(scope="module")
def postgres_address() -> Iterator[str]:
    """A fresh schema, dropped at the end."""
    with fresh_schema() as made:
        yield made


@pytest.fixture(params=["memory", *SQL_STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        opened: Store = MemoryStore()
    elif request.param == "sqlite":
        opened = open_store(f"sqlite:///{tmp_path / 'duthao.sqlite3'}")
    else:
        opened = open_store(emptied(request.getfixturevalue("postgres_address")))
    yield opened
    opened.close()


@pytest.fixture
def populated(store: Store) -> Store:
    store.users.create(user(AN))
    store.users.create(user(BINH))
    store.documents.create(record(), [Membership(DRAFT, AN, Role.LEAD)])
    return store


@pytest.fixture
def admin(here: Office) -> TestClient:
    """The browser of "lead" in the test's own office, as an administrator."""
    found = here.store.users.by_username("lead")
    assert found is not None
    here.store.users.update(replace(found, is_admin=True))
    return here.browser("lead")
