"""The review of a draft over HTTP: who sees it, who puts findings aside, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId, Kind, Provision, ProvisionId, UserId
from duthao.service import review
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.support.office import TestClient
from tests.support.served import enter, house_in, person

TEXT = (
    "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n"
    "1. Ban Thường vụ họp thường kỳ mỗi tháng một lần, kinh phí theo khoản 1 Điều 2.\n"
    "2. Thường trực họp hằng tuần để giải quyết công việc thường xuyên.\n"
    "Điều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm theo dự toán được duyệt hằng năm."
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_in(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def document(house: Settings) -> DocumentId:
    """Led by an, read by binh, strange to chi; an article stands in front of all others now."""

    async def live() -> DocumentId:
        async with open_services(house) as services:
            store = services.tools.store
            an, *_ = (person(services, name) for name in ("an", "binh", "chi"))
            made = await services.documents.create(an, "Quy chế", TEXT)
            store.documents.set_member(Membership(made, UserId("binh"), Role.READER))
            draft, _ = await services.tools.rooms.read(made)
            added = (
                Provision(ProvisionId("new-article"), Kind.ARTICLE, "Phạm vi điều chỉnh"),
                Provision(ProvisionId("new-clause"), Kind.CLAUSE, "Quy chế này quy định chế độ làm việc."),
            )
            typed = tuple(replace(p, text=p.text.replace("họp hằng", "họp  hằng")) for p in draft.provisions)
            await services.tools.rooms.restore(made, replace(draft, provisions=(*added, *typed)), an.id)
            return made

    return anyio.run(live)


@pytest.fixture
def client(house: Settings, document: DocumentId) -> Iterator[TestClient]:
    with TestClient(build_app(house), base_url="http://testserver") as client:
        enter(client, "an")
        yield client


def test_the_findings_come_in_reading_order_with_their_repairs(client: TestClient, document: str) -> None:
    body = client.get(f"/api/documents/{document}/review").json()
    assert [(f["code"], f["where"], f["quote"], f["replacement"]) for f in body["findings"]] == [
        ("stale_renumbered", "khoản 1 Điều 2", "khoản 1 Điều 2", "khoản 1 Điều 3"),
        ("spaces_double", "khoản 2 Điều 2", "  ", " "),
    ]
    assert (body["after"], body["cut"]) == ("draft", False)
    assert body["findings"][0]["message"] == "Viện dẫn “khoản 1 Điều 2” nay phải là “khoản 1 Điều 3”."


def test_places_are_cited_in_the_readers_language_the_drafts_words_as_they_are(
    client: TestClient, document: str
) -> None:
    stale, _ = client.get(f"/api/documents/{document}/review?lang=en").json()["findings"]
    assert (stale["where"], stale["quote"]) == ("clause 1 of Article 2", "khoản 1 Điều 2")
    body = client.get(f"/api/documents/{document}/references?lang=en").json()
    assert body["references"][0]["where"] == "clause 1 of Article 2"
    assert body["renumbered"][1]["after_cited"] == "clause 1 of Article 2"


def test_numbers_and_references_are_followed_between_any_two_texts(client: TestClient, document: str) -> None:
    body = client.get(f"/api/documents/{document}/references").json()
    assert [(one["before"], one["after"]) for one in body["renumbered"]][:2] == [
        ("dieu:1", "dieu:2"),
        ("dieu:1/khoan:1", "dieu:2/khoan:1"),
    ]
    (reference,) = body["references"]
    assert (reference["path"], reference["reason"]) == ("dieu:2/khoan:1", "renumbered")
    same = client.get(f"/api/documents/{document}/references?before=draft").json()
    assert (same["renumbered"], same["references"]) == ([], [])
    missing = client.get(f"/api/documents/{document}/references?before=nowhere")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "version_not_found")


def test_a_finding_is_put_aside_for_everybody_and_taken_back(client: TestClient, document: str) -> None:
    address = f"/api/documents/{document}/review"
    key = client.get(address).json()["findings"][1]["key"]
    assert client.put(f"{address}/aside/{key}").status_code == 204
    assert client.put(f"{address}/aside/{key}").status_code == 204
    enter(client, "binh")
    first, second = client.get(address).json()["findings"]
    assert first["aside"] is None
    assert second["aside"]["by"] == {"id": "an", "name": "Ông an"}
    enter(client, "an")
    assert client.delete(f"{address}/aside/{key}").status_code == 204
    again = client.delete(f"{address}/aside/{key}")
    assert (again.status_code, again.json()["error"]["code"]) == (404, "finding_not_set_aside")
    assert [f["aside"] for f in client.get(address).json()["findings"]] == [None, None]


def test_a_reader_sees_and_decides_nothing_a_stranger_sees_nothing(client: TestClient, document: str) -> None:
    address = f"/api/documents/{document}/review"
    aside = f"{address}/aside/{'0' * 16}"
    for name, see, decide in (("binh", 200, 403), ("chi", 404, 404)):
        enter(client, name)
        assert client.get(address).status_code == see
        assert client.get(f"/api/documents/{document}/references").status_code == see
        assert client.put(aside).status_code == decide
        assert client.delete(aside).status_code == decide
    client.post("/api/logout")
    assert client.get(address).status_code == client.put(aside).status_code == 401


def test_what_is_no_key_and_one_too_many_are_refused(
    client: TestClient, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = f"/api/documents/{document}/review/aside"
    for key in ("x", "0" * 15, "0" * 17, "G" * 16):
        answer = client.put(f"{aside}/{key}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "field_bad"), key
    foreign = client.put(f"{aside}/{'0' * 16}", headers={"Origin": "http://elsewhere.test"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "origin_foreign")
    monkeypatch.setattr(review, "MAX_SET_ASIDE", 1)
    assert client.put(f"{aside}/{'1' * 16}").status_code == 204
    refused = client.put(f"{aside}/{'2' * 16}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "set_asides_too_many")
    assert "1" in refused.json()["error"]["message"]
    assert client.delete(f"{aside}/{'1' * 16}").status_code == 204
