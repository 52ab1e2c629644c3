"""A whole house in a folder: settings, people, and a browser of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duthao.bootstrap import build_app
from duthao.domain.document import UserId
from duthao.service.people import add_user
from duthao.service.services import Services
from duthao.settings import Settings
from duthao.store.ports import EpochMillis, User
from tests.support.office import PASSWORD, TestClient


def house_in(folder: Path) -> Settings:
    """Compares in its own process: a test starts no other."""
    return Settings(data_dir=str(folder), comparison_workers=0)


def person(services: Services, name: str) -> User:
    """A new person, called "Ông {name}"; their id is their name."""
    return add_user(
        services.tools.store, UserId(name), name, f"Ông {name}", "", services.sign_in.password_hash(PASSWORD),
        EpochMillis(1),
    )  # fmt: skip


def enter(client: TestClient, name: str) -> None:
    """Signs a person in, in place of who was."""
    client.post("/api/logout")
    answer = client.post("/api/login", json={"username": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text


@contextmanager
def signed_in(settings: Settings, name: str) -> Iterator[TestClient]:
    """The browser of a person, who is signed in."""
    with TestClient(build_app(settings), base_url="http://testserver") as client:
        client.post("/api/login", json={"username": name, "password": PASSWORD})
        yield client
