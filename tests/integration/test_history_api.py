"""The past over HTTP: sittings, the draft at any edit, the authors of a provision, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId, UserId
from duthao.service.people import add_user
from duthao.service.services import Services
from duthao.settings import Settings
from duthao.store.ports import EpochMillis, User
from tests.support.office import PASSWORD, TestClient

TEXT = "QUY CHẾ\nLàm việc\n\nĐiều 1. Phạm vi\n1. Ban Thường vụ họp.\n2. Thường trực họp."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=str(tmp_path_factory.mktemp("house")), comparison_workers=0)


@pytest.fixture(scope="module")
def document(settings: Settings) -> DocumentId:
    """Made by an, with one named version; la is nobody in it."""

    async def live() -> DocumentId:
        async with open_services(settings) as services:
            an = person(services, "an")
            person(services, "la")
            made = await services.documents.create(an, "Quy chế", TEXT)
            await services.versions.save(an, made, "Bản đầu")
            return made

    return anyio.run(live)


def person(services: Services, name: str) -> User:
    return add_user(
        services.tools.store, UserId(name), name, f"Ông {name}", "", services.sign_in.password_hash(PASSWORD),
        EpochMillis(1),
    )  # fmt: skip


@pytest.fixture
def client(settings: Settings, document: DocumentId) -> Iterator[TestClient]:
    with TestClient(build_app(settings), base_url="http://testserver") as client:
        client.post("/api/login", json={"username": "an", "password": PASSWORD})
        yield client


def test_the_line_of_time_and_every_place_on_it(client: TestClient, document: DocumentId) -> None:
    timeline = client.get(f"/api/documents/{document}/timeline").json()
    assert [(s["first"], s["last"], s["user"], s["reason"]) for s in timeline["sittings"]] == [
        (1, 1, "an", "seed")
    ]
    assert timeline["end"] == 1
    assert [p["name"] for p in timeline["people"]] == ["Ông an"]
    found = client.get(f"/api/documents/{document}/at/1").json()
    assert [(p["label"], p["text"]) for p in found["provisions"]] == [
        ("Điều 1.", "Phạm vi"),
        ("1.", "Ban Thường vụ họp."),
        ("2.", "Thường trực họp."),
    ]


def test_the_authors_of_a_provision(client: TestClient, document: DocumentId) -> None:
    clause = client.get(f"/api/documents/{document}/at/1").json()["provisions"][1]["id"]
    found = client.get(f"/api/documents/{document}/provisions/{clause}/authors").json()
    assert found["text"] == "Ban Thường vụ họp."
    (part,) = found["written"]
    assert (part["start"], part["end"], part["seq"], part["user"]) == (0, 18, 1, "an")
    assert found == client.get(f"/api/documents/{document}/provisions/{clause}/authors?seq=1").json()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("at/0", 404, "seq_not_found"),
        ("at/2", 404, "seq_not_found"),
        ("at/99999999999999999999", 400, "field_bad"),
        ("at/-1", 400, "field_bad"),
        ("provisions/none/authors", 404, "provision_not_found"),
        ("provisions/none/authors?seq=x", 400, "field_bad"),
    ],
)
def test_what_is_not_there_is_said(
    path: str, status: int, code: str, client: TestClient, document: DocumentId
) -> None:
    answer = client.get(f"/api/documents/{document}/{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("path", ["timeline", "at/1", "provisions/x/authors"])
def test_strangers_see_nothing(path: str, client: TestClient, document: DocumentId) -> None:
    client.post("/api/logout")
    assert client.get(f"/api/documents/{document}/{path}").status_code == 401
    client.post("/api/login", json={"username": "la", "password": PASSWORD})
    assert client.get(f"/api/documents/{document}/{path}").status_code == 404
