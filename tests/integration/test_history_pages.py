"""The history page without script, over real rooms: what it shows, what it does, and who may."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId
from duthao.settings import Settings
from tests.integration.test_history_api import TEXT
from tests.support.office import PASSWORD, TestClient
from tests.support.served import house_in, person


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return house_in(tmp_path)


@pytest.fixture
def document(settings: Settings) -> DocumentId:
    """Of an; binh has changed clause 1 (row 2), an has taken out clause 2 (row 3); doc may read."""

    async def live() -> DocumentId:
        async with open_services(settings) as services:
            an, binh, _ = (person(services, name) for name in ("an", "binh", "doc"))
            made = await services.documents.create(an, "Quy chế", TEXT)
            for name, role in (("binh", "editor"), ("doc", "reader")):
                await services.members.set_role(an, made, name, role)
            rooms = services.tools.rooms
            draft, _ = await rooms.read(made)
            first, clause, last = draft.provisions
            clause = replace(clause, text="Ban Thường vụ họp <hằng> tháng.")
            await rooms.restore(made, replace(draft, provisions=(first, clause, last)), binh.id)
            await rooms.restore(made, replace(draft, provisions=(first, clause)), an.id)
            return made

    return anyio.run(live)


@pytest.fixture
def client(settings: Settings, document: DocumentId) -> Iterator[TestClient]:
    with TestClient(build_app(settings), base_url="http://testserver", follow_redirects=False) as client:
        sign_in(client, "an")
        yield client


def sign_in(client: TestClient, name: str) -> None:
    client.post("/api/login", json={"username": name, "password": PASSWORD})


def page(client: TestClient, document: DocumentId, query: str = "") -> str:
    answer = client.get(f"/documents/{document}/history{query}")
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def changed(html: str) -> list[str]:
    """The changed lines as plain words, what was inserted in +…+ and what was struck in -…-."""
    lines = re.findall(r'<div class="line altered[^"]*".*?</div>', html, re.S)
    marked = [
        re.sub(r"<ins[^>]*>(.*?)</ins>", r"+\1+", re.sub(r"<del[^>]*>(.*?)</del>", r"-\1-", one))
        for one in lines
    ]
    words = [re.search(r'<p class="prov.*?</p>', one, re.S) for one in marked]
    return [entities.unescape(" ".join(re.sub(r"<[^>]+>", " ", w[0]).split())) for w in words if w]


def provision(client: TestClient, document: DocumentId, at: int) -> str:
    found = client.get(f"/api/documents/{document}/at/1").json()["provisions"]
    return str(found[at]["id"])


def test_the_newest_moment_is_shown_with_what_changed_last(client: TestClient, document: DocumentId) -> None:
    html = page(client, document)
    assert changed(html) == ["-2.- -Thường trực họp.- ÔA"]
    assert html.count("data-last=") == 3
    assert "Tạo văn bản" in html
    data = re.search(r'id="page-data">(.*?)</script>', html, re.S)
    assert data
    stops = json.loads(data[1])["stops"]
    assert [(one["seq"], one["since"], one["sitting"]) for one in stops] == [(1, 1, 1), (2, 1, 2), (3, 2, 3)]


def test_a_moment_stands_in_the_address(client: TestClient, document: DocumentId) -> None:
    assert changed(page(client, document, "?at=2")) == ["1. Ban Thường vụ họp+ <hằng> tháng+ ÔB ."]
    assert changed(page(client, document, "?at=1")) == []
    assert len(changed(page(client, document, "?at=3&since=1"))) == 2
    text = client.get(f"/documents/{document}/history/text?at=2&since=1").text
    assert changed(text) == ["1. Ban Thường vụ họp+ <hằng> tháng+ ÔB ."]
    assert "<html" not in text


def test_one_person_or_one_provision_alone(client: TestClient, document: DocumentId) -> None:
    assert page(client, document, "?person=binh").count("data-last=") == 1
    clause = provision(client, document, 1)
    html = page(client, document, f"?provision={clause}")
    assert (html.count("data-last="), html.count('<div class="line')) == (2, 1)
    assert page(client, document, "?person=nobody").count("data-last=") == 0
    gone = f"?provision={provision(client, document, 2)}"
    assert "Thường trực họp." in page(client, document, f"{gone}&at=1")
    assert ">Xác nhận khôi phục<" in page(client, document, f"{gone}&at=1")
    # Where it is not, there is nothing to bring back.
    assert ">Xác nhận khôi phục<" not in page(client, document, f"{gone}&at=3")


@pytest.mark.parametrize(
    ("query", "status"),
    [("?at=0", 404), ("?at=4", 404), ("?at=x", 400), ("?at=2&since=9", 404), (f"?provision={'x' * 65}", 404)],
)
def test_a_moment_that_is_not_there_is_said(
    query: str, status: int, client: TestClient, document: DocumentId
) -> None:
    assert client.get(f"/documents/{document}/history{query}").status_code == status
    assert client.get(f"/documents/{document}/history/text{query}").status_code == status


def post(client: TestClient, document: DocumentId, **form: str) -> tuple[int, str]:
    csrf = re.search(r'name="csrf" value="([^"]+)"', page(client, document))
    assert csrf
    answer = client.post(f"/documents/{document}/history", data={"csrf": csrf[1], **form})
    return answer.status_code, answer.headers.get("location", answer.text)


def test_a_provision_the_whole_and_a_version(client: TestClient, document: DocumentId) -> None:
    gone = provision(client, document, 2)
    assert post(client, document, at="1", provision=gone) == (303, f"/documents/{document}#p-{gone}")
    assert changed(page(client, document)) == ["2. +Thường trực họp.+ ÔA"]
    assert post(client, document, at="2", keep="1", name="Bản giữa") == (
        303,
        f"/documents/{document}/history?at=2",
    )
    html = page(client, document, "?at=2")
    assert re.search(r"comparison\?before=[\w-]+&amp;after=draft", html)
    assert post(client, document, at="1") == (303, f"/documents/{document}")
    assert changed(page(client, document)) == ["1. Ban Thường vụ họp- <hằng> tháng- ÔA ."]
    names = [v["name"] for v in client.get(f"/api/documents/{document}/versions").json()["versions"]]
    assert names[:2] == ["Trước khi khôi phục", "Bản giữa"]


def test_what_the_draft_says_now_is_not_restored_but_what_it_said_before(
    client: TestClient, document: DocumentId
) -> None:
    # The sentence itself stands in every page, for its script.
    now, restore = 'no-print">Đây là nội dung hiện nay', "Khôi phục"
    clause = provision(client, document, 1)
    here = f"/documents/{document}/history"
    for newest in ("", "?at=3", f"?provision={clause}", f"?at=2&provision={clause}"):
        html = page(client, document, newest)
        assert now in html
        assert f"<summary>{restore}" not in html
    assert f'href="{here}?at=2">Về ngay trước lần sửa này' in page(client, document)
    # Of the whole the second edit was not the last, and the same is said of one person's last.
    for older, seen in (("?at=2", "?since=2"), ("?person=binh&at=2", "?person=binh&amp;since=2")):
        html = page(client, document, older)
        assert now not in html
        assert f"<summary>{restore}" in html
        assert f'href="{here}{seen}">Xem trước' in html
    text = client.get(f"{here}/text?at=3&since=2&newest=1").text
    assert now in text
    assert f"<summary>{restore}" not in text


def test_what_cannot_be_done_is_said_on_the_page(client: TestClient, document: DocumentId) -> None:
    status, text = post(client, document, at="2", keep="1", name=" ")
    assert status == 400
    assert "Hãy ghi tên." in text
    status, text = post(client, document, at="77")
    assert status == 404
    assert "chỉ có từ lần sửa 1 đến 3" in text
    answer = client.post(f"/documents/{document}/history", data={"at": "1"})
    assert answer.status_code == 403


def test_readers_look_only_and_strangers_see_nothing(client: TestClient, document: DocumentId) -> None:
    sign_in(client, "doc")
    html = page(client, document)
    assert "Thường trực họp." in html
    assert f'action="/documents/{document}/history"' not in html
    status, _ = post(client, document, at="1")
    assert status == 403
    client.post("/api/logout")
    for path in ("history", "history/text?at=1"):
        assert client.get(f"/documents/{document}/{path}").status_code == 303


def test_in_english_no_word_is_missing(client: TestClient, document: DocumentId) -> None:
    html = page(client, document, "?lang=en")
    assert "[history." not in html
    assert "Sittings" in html
