"""Pairings corrected by hand: kept, honoured by every comparison, undone, and only by those who write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.domain.document import DocumentId, UserId
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.support.office import PASSWORD, TestClient
from tests.support.served import house_in, person, signed_in

TEXT = (
    "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n"
    "1. Ban Thường vụ họp thường kỳ mỗi tháng một lần vào tuần cuối.\n"
    "2. Thường trực họp hằng tuần để giải quyết công việc thường xuyên.\n"
    "Điều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm theo dự toán được duyệt hằng năm."
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_in(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def document(settings: Settings) -> DocumentId:
    """Led by an; binh comments, chi is nobody here. The draft has other words in both clauses of Điều 1."""

    async def live() -> DocumentId:
        async with open_services(settings) as services:
            an, *_ = (person(services, name) for name in ("an", "binh", "chi"))
            made = await services.documents.create(an, "Quy chế", TEXT)
            services.tools.store.documents.set_member(Membership(made, UserId("binh"), Role.COMMENTER))
            draft, _ = await services.tools.rooms.read(made)
            _, first, second, *_ = draft.provisions
            words = {
                first.id: "Ban Thường vụ họp mỗi quý một lần, khi cần thì họp bất thường.",
                second.id: "Thường trực họp vào ngày thứ hai để nghe báo cáo và cho ý kiến.",
            }
            changed = tuple(replace(p, text=words.get(p.id, p.text)) for p in draft.provisions)
            await services.tools.rooms.restore(made, replace(draft, provisions=changed), an.id)
            return made

    return anyio.run(live)


@pytest.fixture
def client(settings: Settings, document: DocumentId) -> Iterator[TestClient]:
    with signed_in(settings, "an") as client:
        yield client


def rows(client: TestClient, document: str) -> list[tuple[str, list[str], list[str]]]:
    found = client.get(f"/api/documents/{document}/comparison").json()["rows"]
    return [(r["class"], [u["path"] for u in r["before"]], [u["path"] for u in r["after"]]) for r in found]


def ids(client: TestClient, document: str) -> list[str]:
    return [p["id"] for p in client.get(f"/api/documents/{document}/at/1").json()["provisions"]]


def correct(client: TestClient, document: str, **body: Any) -> Any:
    return client.post(f"/api/documents/{document}/corrections", json=body)


def test_a_correction_is_honoured_listed_and_undone(client: TestClient, document: str) -> None:
    _, first, second, *_ = ids(client, document)
    as_found = rows(client, document)
    assert ("amended", ["dieu:1/khoan:1"], ["dieu:1/khoan:1"]) in as_found
    made = correct(client, document, verdict="apart", before=first, after=first)
    assert made.status_code == 201
    assert ("added", [], ["dieu:1/khoan:1"]) in rows(client, document)
    assert ("repealed", ["dieu:1/khoan:1"], []) in rows(client, document)
    crossed = correct(client, document, verdict="together", before=first, after=second).json()
    assert any(b == ["dieu:1/khoan:1"] and a == ["dieu:1/khoan:2"] for _, b, a in rows(client, document))
    listed = client.get(f"/api/documents/{document}/corrections").json()["corrections"]
    assert [(c["verdict"], c["by"]["name"]) for c in listed] == [("apart", "Ông an"), ("together", "Ông an")]
    for one in listed:
        assert client.delete(f"/api/documents/{document}/corrections/{one['id']}").status_code == 204
    assert rows(client, document) == as_found
    again = client.delete(f"/api/documents/{document}/corrections/{crossed['id']}")
    assert (again.status_code, again.json()["error"]["code"]) == (404, "correction_not_found")


def test_a_later_word_takes_the_place_of_an_earlier_one_unless_it_adds(
    client: TestClient, document: str
) -> None:
    _, first, second, *_ = ids(client, document)
    correct(client, document, verdict="together", before=first, after=first)
    correct(client, document, verdict="together", before=first, after=second)
    listed = client.get(f"/api/documents/{document}/corrections").json()["corrections"]
    assert [(c["before"], c["after"]) for c in listed] == [(first, second)]
    correct(client, document, verdict="together", before=first, after=first, add=True)
    split = [(c, b, a) for c, b, a in rows(client, document) if c == "split"]
    assert split == [("split", ["dieu:1/khoan:1"], ["dieu:1/khoan:1", "dieu:1/khoan:2"])]
    for one in client.get(f"/api/documents/{document}/corrections").json()["corrections"]:
        client.delete(f"/api/documents/{document}/corrections/{one['id']}")


def test_one_that_would_tear_an_unchanged_provision_is_told_to_rest(
    client: TestClient, document: str
) -> None:
    *_, unchanged = ids(client, document)
    as_found = rows(client, document)
    made = correct(client, document, verdict="apart", before=unchanged, after=unchanged).json()
    told = [{"verdict": "apart", "before": unchanged, "after": unchanged, "why": "unchanged"}]
    assert rows(client, document) == as_found
    assert client.get(f"/api/documents/{document}/comparison").json()["resting"] == told
    table = client.post(f"/api/documents/{document}/comparison/rows", json={"known": []}).json()
    assert table["resting"] == told
    assert json.dumps(told[0]["why"]) in client.get(f"/documents/{document}/comparison").text
    client.delete(f"/api/documents/{document}/corrections/{made['id']}")
    assert "resting" not in client.get(f"/api/documents/{document}/comparison").json()


def test_of_three_texts_both_pairs_are_warned_of(client: TestClient, document: str) -> None:
    """What rests, and what disturbs the structure, between the first two and between the last two."""
    *_, unchanged = ids(client, document)
    kept = client.post(f"/api/documents/{document}/versions", json={"name": "giữa", "numbered": True})
    assert kept.status_code == 201
    middle = kept.json()["id"]
    made = correct(client, document, verdict="apart", before=unchanged, after=unchanged).json()
    sides = {"after": middle, "third": "draft", "known": []}
    table = client.post(f"/api/documents/{document}/comparison/rows", json=sides).json()
    told = {"verdict": "apart", "before": unchanged, "after": unchanged, "why": "unchanged"}
    assert table["resting"] == [told, told | {"later": True}]
    page = client.get(f"/documents/{document}/comparison?after={middle}&third=draft").text
    island = json.loads(page.split('id="page-data">')[1].split("</script>")[0])
    assert island["resting"] == table["resting"]
    assert len(island["titles"]) == 3
    assert f'data-last="{unchanged}"' in page
    client.delete(f"/api/documents/{document}/corrections/{made['id']}")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"verdict": "perhaps", "before": "a", "after": "b"}, "verdict_unknown"),
        ({"verdict": "apart", "before": "", "after": "b"}, "field_bad"),
        ({"verdict": "apart", "before": "a", "after": "x" * 65}, "field_bad"),
        ({"verdict": "apart", "before": "a"}, "field_bad"),
        ({"verdict": "apart", "before": "a", "after": "b", "add": 1}, "field_bad"),
    ],
)
def test_what_is_no_correction_is_refused(
    body: dict[str, Any], code: str, client: TestClient, document: str
) -> None:
    answer = correct(client, document, **body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_only_those_who_write_correct(client: TestClient, document: str) -> None:
    body = {"verdict": "apart", "before": "a", "after": "b"}
    made = correct(client, document, **body).json()
    client.post("/api/logout")
    assert correct(client, document, **body).status_code == 401
    client.post("/api/login", json={"username": "binh", "password": PASSWORD})
    assert correct(client, document, **body).status_code == 403
    assert client.delete(f"/api/documents/{document}/corrections/{made['id']}").status_code == 403
    assert len(client.get(f"/api/documents/{document}/corrections").json()["corrections"]) == 1
    client.post("/api/logout")
    client.post("/api/login", json={"username": "chi", "password": PASSWORD})
    assert client.get(f"/api/documents/{document}/corrections").status_code == 404
    assert correct(client, document, **body).status_code == 404
