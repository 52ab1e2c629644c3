"""The text in force beside the draft over HTTP: what is told, told once, and refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId, UserId
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.support.office import TestClient
from tests.support.openapi import TARGET
from tests.support.served import enter, house_in, person

TEXT = (
    "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n"
    "1. Ban Thường vụ họp thường kỳ mỗi tháng một lần, khi cần thì họp bất thường.\n"
    "2. Thường trực họp hằng tuần để giải quyết công việc thường xuyên.\n"
    "Điều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm theo dự toán được duyệt hằng năm."
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_in(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def document(house: Settings) -> DocumentId:
    """Led by an, read by binh, strange to chi; one clause is reworded and one is gone."""

    async def live() -> DocumentId:
        async with open_services(house) as services:
            an, *_ = (person(services, name) for name in ("an", "binh", "chi"))
            made = await services.documents.create(an, "Quy chế", TEXT)
            services.tools.store.documents.set_member(Membership(made, UserId("binh"), Role.READER))
            draft, _ = await services.tools.rooms.read(made)
            kept = tuple(
                replace(p, text=p.text.replace("mỗi tháng một lần", "mỗi tháng hai lần"))
                for p in draft.provisions
                if "Thường trực" not in p.text
            )
            await services.tools.rooms.restore(made, replace(draft, provisions=kept), an.id)
            return made

    return anyio.run(live)


@pytest.fixture
def client(house: Settings, document: DocumentId) -> Iterator[TestClient]:
    with TestClient(build_app(house), base_url="http://testserver") as client:
        enter(client, "an")
        yield client


def test_the_old_text_is_whole_and_of_the_draft_what_differs_is_told(
    client: TestClient, document: str
) -> None:
    body = client.post(f"/api/documents/{document}/beside", json={}).json()
    assert [(line["label"], line["class"]) for line in body["before"]] == [
        ("Điều 1.", "unchanged"),
        ("1.", "amended"),
        ("2.", "repealed"),
        ("Điều 2.", "unchanged"),
        ("1.", "unchanged"),
    ]
    reworded, gone = body["before"][1], body["before"][2]
    assert [words for words, change in reworded["stretches"] if change] == ["một"]
    assert (gone["partner"], gone["said"], gone["where"]) == (None, "Bãi bỏ", "khoản 2 Điều 1")
    assert [line["id"] for line in body["after"]] == [reworded["partner"]]
    assert [words for words, change in body["after"][0]["stretches"] if change] == ["hai"]


def test_what_is_known_is_told_by_its_digest_alone(client: TestClient, document: str) -> None:
    first = client.post(f"/api/documents/{document}/beside", json={}).json()
    known = [line["digest"] for line in (*first["before"], *first["after"])]
    again = client.post(f"/api/documents/{document}/beside", json={"known": known}).json()
    assert again["before"] == [{"digest": line["digest"]} for line in first["before"]]
    assert again["after"] == [{"digest": line["digest"]} for line in first["after"]]


def test_readers_see_it_strangers_and_bad_requests_do_not(client: TestClient, document: str) -> None:
    address = f"/api/documents/{document}/beside"
    for bad in ({"known": "all"}, {"known": [1]}, {"known": ["x"] * 20_001}):
        answer = client.post(address, json=bad)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "field_bad")
    answer = client.post(address, json={"before": "nowhere"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "version_not_found")
    enter(client, "binh")
    assert client.post(address, json={}).status_code == 200
    enter(client, "chi")
    assert client.post(address, json={}).status_code == 404
    client.post("/api/logout")
    assert client.post(address, json={}).status_code == 401


def test_known_may_be_left_out_and_the_description_says_so(client: TestClient, document: str) -> None:
    described = json.loads(TARGET.read_text(encoding="utf-8"))["paths"]
    for name in ("beside", "comparison/rows"):
        operation = described[f"/api/documents/{{id}}/{name}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert "known" not in body.get("required", []), name
        assert client.post(f"/api/documents/{document}/{name}", json={}).status_code == 200, name
