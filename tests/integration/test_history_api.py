"""The past over HTTP: sittings, the draft at any edit, the authors of a provision, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.domain.document import DocumentId, UserId
from duthao.settings import Settings
from tests.support.office import PASSWORD, TestClient
from tests.support.served import house_in, person, signed_in

TEXT = "QUY CHẾ\nLàm việc\n\nĐiều 1. Phạm vi\n1. Ban Thường vụ họp.\n2. Thường trực họp."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_in(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def document(settings: Settings) -> DocumentId:
    """Made by an, with one named version; la is nobody in it."""

    async def live() -> DocumentId:
        async with open_services(settings) as services:
            an = person(services, "an")
            person(services, "la")
            person(services, "doc")
            made = await services.documents.create(an, "Quy chế", TEXT)
            await services.versions.save(an, made, "Bản đầu")
            return made

    return anyio.run(live)


@pytest.fixture
def client(settings: Settings, document: DocumentId) -> Iterator[TestClient]:
    with signed_in(settings, "an") as client:
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


@pytest.mark.parametrize("path", ["timeline", "at/1", "at/1?since=1", "provisions/x/authors"])
def test_strangers_see_nothing(path: str, client: TestClient, document: DocumentId) -> None:
    client.post("/api/logout")
    assert client.get(f"/api/documents/{document}/{path}").status_code == 401
    client.post("/api/login", json={"username": "la", "password": PASSWORD})
    assert client.get(f"/api/documents/{document}/{path}").status_code == 404


@pytest.fixture(scope="module")
def edited(settings: Settings, document: DocumentId) -> DocumentId:
    """Another document: binh, who edits, has changed a clause (row 2) and taken one out (row 3)."""

    async def live() -> DocumentId:
        async with open_services(settings) as services:
            an, binh = services.tools.store.users.get(UserId("an")), person(services, "binh")
            assert an is not None
            made = await services.documents.create(an, "Quy chế", TEXT)
            await services.members.set_role(an, made, "binh", "editor")
            await services.members.set_role(an, made, "doc", "reader")
            draft, _ = await services.tools.rooms.read(made)
            first, clause, last = draft.provisions
            clause = replace(clause, text="Ban Thường vụ họp hằng tháng.")
            await services.tools.rooms.restore(
                made, replace(draft, provisions=(first, clause, last)), binh.id
            )
            await services.tools.rooms.restore(made, replace(draft, provisions=(first, clause)), binh.id)
            return made

    return anyio.run(live)


def texts(client: TestClient, document: DocumentId) -> list[str]:
    end = client.get(f"/api/documents/{document}/timeline").json()["end"]
    return [p["text"] for p in client.get(f"/api/documents/{document}/at/{end}").json()["provisions"]]


def test_what_changed_between_two_moments_and_who_changed_it(client: TestClient, edited: DocumentId) -> None:
    found = client.get(f"/api/documents/{edited}/at/3?since=1").json()
    assert (found["since"], found["seq"]) == (1, 3)
    assert [p["username"] for p in found["people"]] == ["binh"]
    heading, clause, gone = found["provisions"]
    assert heading["runs"] == [{"op": "=", "text": "Phạm vi"}]
    assert clause["runs"] == [
        {"op": "=", "text": "Ban Thường vụ họp"},
        {"op": "+", "text": " hằng tháng", "user": "binh", "seq": 2},
        {"op": "=", "text": "."},
    ]
    assert gone["runs"] == [{"op": "-", "text": "Thường trực họp.", "user": "binh", "seq": 3}]
    assert (gone["before"], gone["after"], gone["by"]) == ("2.", None, "binh")
    last = client.get(f"/api/documents/{edited}/at/3?since=2").json()["provisions"][1]
    assert [run["op"] for run in last["runs"]] == ["="]


def test_sittings_say_what_they_touched(client: TestClient, edited: DocumentId) -> None:
    found = client.get(f"/api/documents/{edited}/timeline").json()
    ids = [p["id"] for p in client.get(f"/api/documents/{edited}/at/1").json()["provisions"]]
    made, wrote, took_out = found["sittings"]
    assert (made["reason"], made["touched"]) == ("seed", [])
    assert (wrote["user"], wrote["touched"]) == ("binh", [ids[1]])
    assert (took_out["user"], took_out["touched"]) == ("binh", [ids[2]])
    assert [stop["seq"] for stop in found["stops"]] == [1, 2, 3]


def test_a_provision_is_brought_back_as_a_new_edit_and_nothing_else_changes(
    client: TestClient, edited: DocumentId
) -> None:
    ids = [p["id"] for p in client.get(f"/api/documents/{edited}/at/1").json()["provisions"]]
    body = {"seq": 1, "provision": ids[2]}
    answer = client.post(f"/api/documents/{edited}/restore", json=body)
    assert answer.status_code == 200, answer.text
    assert texts(client, edited) == ["Phạm vi", "Ban Thường vụ họp hằng tháng.", "Thường trực họp."]
    seq = answer.json()["seq"]
    back = client.get(f"/api/documents/{edited}/at/{seq}?since={seq - 1}").json()["provisions"][2]
    assert (back["by"], back["runs"][0]["op"], back["runs"][0]["user"]) == ("an", "+", "an")
    authors = client.get(f"/api/documents/{edited}/provisions/{ids[2]}/authors").json()
    assert [part["user"] for part in authors["written"]] == ["an"]
    assert client.get(f"/api/documents/{edited}/at/3").json()["provisions"][-1]["id"] == ids[1]


def test_the_whole_draft_is_brought_back_and_what_it_was_is_kept(
    client: TestClient, edited: DocumentId
) -> None:
    before = texts(client, edited)
    answer = client.post(f"/api/documents/{edited}/restore", json={"seq": 1})
    assert answer.status_code == 200
    assert texts(client, edited) == ["Phạm vi", "Ban Thường vụ họp.", "Thường trực họp."]
    kept = client.get(f"/api/documents/{edited}/versions").json()["versions"][0]
    assert (kept["kind"], kept["seq"]) == ("automatic", answer.json()["seq"] - 1)
    at = client.get(f"/api/documents/{edited}/at/{kept['seq']}").json()["provisions"]
    assert [p["text"] for p in at] == before


def test_a_moment_is_kept_as_a_version_of_its_own_place(client: TestClient, edited: DocumentId) -> None:
    answer = client.post(f"/api/documents/{edited}/versions", json={"seq": 2, "name": "Trước khi bỏ"})
    assert answer.status_code == 201
    versions = client.get(f"/api/documents/{edited}/versions").json()["versions"]
    kept = next(v for v in versions if v["id"] == answer.json()["id"])
    assert (kept["seq"], kept["kind"], kept["people"]) == (2, "named", ["binh"])
    text = client.get(f"/api/documents/{edited}/text?version={kept['id']}").text
    assert "Ban Thường vụ họp hằng tháng." in text
    assert "Thường trực họp." in text


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "at/2?since=3", None, 400, "since_after"),
        ("GET", "at/2?since=0", None, 404, "seq_not_found"),
        ("GET", "at/2?since=-1", None, 400, "field_bad"),
        ("GET", "at/999999?since=1", None, 404, "seq_not_found"),
        ("POST", "restore", {"seq": 0}, 404, "seq_not_found"),
        ("POST", "restore", {"seq": 10**30}, 404, "seq_not_found"),
        ("POST", "restore", {"seq": True}, 400, "field_bad"),
        ("POST", "restore", {"seq": "1"}, 400, "field_bad"),
        ("POST", "restore", {"seq": 1, "provision": "nobody"}, 404, "provision_not_found"),
        ("POST", "restore", {"seq": 1, "provision": 7}, 400, "field_bad"),
        ("POST", "versions", {"seq": 1, "name": ""}, 400, "name_missing"),
        ("POST", "versions", {"seq": 1, "name": "x", "numbered": True}, 400, "field_bad"),
        ("POST", "versions", {"seq": 99999, "name": "x"}, 404, "seq_not_found"),
    ],
)
def test_what_cannot_be_is_said(
    method: str, path: str, body: object, status: int, code: str, client: TestClient, edited: DocumentId
) -> None:
    end = client.get(f"/api/documents/{edited}/timeline").json()["end"]
    answer = client.request(method, f"/api/documents/{edited}/{path}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert client.get(f"/api/documents/{edited}/timeline").json()["end"] == end


def test_readers_look_and_change_nothing(client: TestClient, edited: DocumentId) -> None:
    client.post("/api/login", json={"username": "doc", "password": PASSWORD})
    for path in ("timeline", "at/1", "at/3?since=1"):
        assert client.get(f"/api/documents/{edited}/{path}").status_code == 200
    for path, body in (
        ("restore", {"seq": 1}), ("restore", {"seq": 1, "provision": "x"}),
        ("versions", {"seq": 1, "name": "x"}),
    ):  # fmt: skip
        answer = client.post(f"/api/documents/{edited}/{path}", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
