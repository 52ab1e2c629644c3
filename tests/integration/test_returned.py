"""A text that comes back over real rooms: shown first, then one change that leaves others' words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import DocumentId, UserId
from duthao.settings import Settings
from duthao.store.ports import Membership, Role
from tests.integration.test_beside_api import TEXT
from tests.support.office import TestClient
from tests.support.served import enter, house_in, person


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = house_in(tmp_path_factory.mktemp("house"))

    async def people() -> None:
        async with open_services(made) as services:
            for name in ("an", "binh"):
                person(services, name)

    anyio.run(people)
    return made


@pytest.fixture
def document(house: Settings) -> DocumentId:
    """Led by an, read by binh."""

    async def made() -> DocumentId:
        async with open_services(house) as services:
            an = services.tools.store.users.by_username("an")
            assert an is not None
            made = await services.documents.create(an, "Quy chế", TEXT)
            services.tools.store.documents.set_member(Membership(made, UserId("binh"), Role.READER))
            return made

    return anyio.run(made)


def write_meanwhile(client: TestClient, document: DocumentId) -> None:
    """Somebody else types, in the rooms that the client's requests are answered from."""
    rooms = client.app.state.house.rooms  # type: ignore[attr-defined]

    async def write() -> None:
        draft, _ = await rooms.read(document)
        kept = tuple(
            replace(one, text=one.text.replace("họp hằng tuần", "họp sáng thứ Hai hằng tuần"))
            for one in draft.provisions
        )
        await rooms.restore(document, replace(draft, provisions=kept), UserId("binh"))

    assert client.portal is not None
    client.portal.call(write)


@pytest.fixture
def client(house: Settings) -> Iterator[TestClient]:
    with TestClient(build_app(house), base_url="http://testserver") as client:
        enter(client, "an")
        yield client


def ids(client: TestClient, document: str, seq: int) -> dict[str, str]:
    found = client.get(f"/api/documents/{document}/at/{seq}").json()["provisions"]
    return {one["text"]: one["id"] for one in found}


def test_it_is_shown_as_changes_and_saved_beside_what_others_wrote(
    document: DocumentId, client: TestClient
) -> None:
    path = f"/api/documents/{document}/imports"
    back = client.get(f"/api/documents/{document}/text").text.replace("mỗi tháng một lần", "mỗi quý một lần")
    shown = client.post(path, json={"text": back})
    assert shown.status_code == 200, shown.text
    (change,) = shown.json()["changes"]
    assert change["class"] == "amended"
    assert ["-", "tháng"] in change["spans"]
    seq = shown.json()["seq"]
    before = ids(client, document, seq)
    write_meanwhile(client, document)
    saved = client.post(path, json={"text": back, "seq": seq, "save": True, "name": "Bản sửa trong Word"})
    assert saved.status_code == 201, saved.text
    assert saved.json()["conflicts"] == []
    now = client.get(f"/api/documents/{document}/text").text
    assert "mỗi quý một lần" in now
    assert "họp sáng thứ Hai hằng tuần" in now
    after = ids(client, document, saved.json()["seq"])
    assert set(after.values()) == set(before.values())
    versions = client.get(f"/api/documents/{document}/versions").json()["versions"]
    assert [(one["kind"], one["name"]) for one in versions][:2] == [
        ("named", "Bản sửa trong Word"),
        ("automatic", "Trước khi nhận lại tệp đã sửa"),
    ]
    line = client.get(f"/api/documents/{document}/timeline").json()["sittings"][-1]
    assert (line["reason"], line["user"]) == ("import", "an")


def test_the_same_words_changed_otherwise_are_told_and_the_drafts_stand(
    document: DocumentId, client: TestClient
) -> None:
    text = client.get(f"/api/documents/{document}/text").text
    version = client.get(f"/api/documents/{document}/versions").json()["versions"][0]["id"]
    write_meanwhile(client, document)
    back = text.replace("họp hằng tuần", "họp chiều thứ Sáu hằng tuần")
    body = {"text": back, "version": version, "save": True}
    saved = client.post(f"/api/documents/{document}/imports", json=body).json()
    (conflict,) = saved["conflicts"]
    assert conflict["trouble"] == "words"
    assert "chiều thứ Sáu" in conflict["theirs"]
    assert "sáng thứ Hai" in client.get(f"/api/documents/{document}/text").text


def test_our_own_json_comes_back_and_readers_may_not(document: DocumentId, client: TestClient) -> None:
    path = f"/api/documents/{document}/imports"
    ours = client.get(f"/documents/{document}/draft.json").text
    assert client.post(path, json={"text": ours}).json()["changes"] == []
    assert client.post(path, json={"text": " "}).status_code == 400
    missing = client.post(path, json={"text": ours, "seq": 999})
    assert missing.json()["error"]["code"] == "seq_not_found"
    enter(client, "binh")
    assert client.post(path, json={"text": ours}).status_code == 403


def test_the_page_shows_the_changes_before_it_saves_them(document: DocumentId, client: TestClient) -> None:
    page = f"/documents/{document}/return"
    assert f'href="{page}"' in client.get(f"/documents/{document}/versions").text
    form = client.get(page).text
    csrf = form.partition('name="csrf" value="')[2].partition('"')[0]
    back = client.get(f"/api/documents/{document}/text").text.replace("mỗi tháng một lần", "mỗi quý một lần")
    shown = client.post(page, data={"csrf": csrf, "from": ""}, files={"file": ("a.txt", back.encode())}).text
    assert "<del>tháng</del><ins>quý</ins>" in shown
    state = unescape(
        shown.partition('<textarea name="state"')[2].partition(">")[2].partition("</textarea>")[0]
    )
    seq = shown.partition('name="seq" value="')[2].partition('"')[0]
    fields = {"csrf": csrf, "state": state, "seq": seq, "from": "", "name": "Từ Word"}
    saved = client.post(page, data=fields, follow_redirects=False)
    assert saved.status_code == 303
    assert "mỗi quý một lần" in client.get(f"/api/documents/{document}/text").text
    missing = client.post(page, data={"csrf": csrf, "from": ""}, files={"file": ("a.txt", b"")})
    assert missing.status_code == 400


def test_each_place_both_changed_is_chosen_on_the_page(document: DocumentId, client: TestClient) -> None:
    page, path = f"/documents/{document}/return", f"/api/documents/{document}/imports"
    text = client.get(f"/api/documents/{document}/text").text
    version = client.get(f"/api/documents/{document}/versions").json()["versions"][0]["id"]
    write_meanwhile(client, document)
    back = text.replace("họp hằng tuần", "họp chiều thứ Sáu hằng tuần")
    csrf = client.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]
    shown = client.post(
        page, data={"csrf": csrf, "from": version}, files={"file": ("a.txt", back.encode())}
    ).text
    (name,) = set(re.findall(r'name="(take-[^"]+)" value="theirs">', shown))
    assert "Trong tệp:" in shown
    state = unescape(re.findall(r'<textarea name="state"[^>]*>(.*?)</textarea>', shown, re.S)[0])
    fields = {"csrf": csrf, "state": state, "from": version, "name": "Từ Word"}
    looked = client.post(page, data=fields | {name: "theirs", "look": "1"}).text
    assert f'name="{name}" value="theirs" checked' in looked
    assert "<ins>chiều thứ Sáu</ins>" in looked
    assert client.post(page, data=fields | {name: "both"}).status_code == 400
    for choices in ([], {"a": "both"}):
        assert client.post(path, json={"text": back, "choices": choices}).status_code == 400
    told = client.post(path, json={"text": back, "version": version}).json()["conflicts"][0]
    assert (f"take-{told['key']}", told["taken"]) == (name, "ours")
    assert client.post(page, data=fields | {name: "theirs"}, follow_redirects=False).status_code == 303
    now = client.get(f"/api/documents/{document}/text").text
    assert "chiều thứ Sáu" in now
    assert "sáng thứ Hai" not in now
