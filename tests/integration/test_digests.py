"""E-mail digests, taken by a mail server that really listens: counts and links, never a word of a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import build_app, open_services, post_of
from duthao.domain.anchors import On
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.service import digests as service
from duthao.service.comments import Place, Said
from duthao.service.services import Services
from duthao.settings import Settings
from duthao.store.ports import EpochMillis
from tests.support.meeting import document_of, house_of_people
from tests.support.office import PASSWORD, TestClient
from tests.support.post_office import PostOffice, post_office

TEXT = "QUY CHẾ\nLàm việc\n\nĐiều 1. Bí mật\n1. Ban Thường vụ họp mỗi tháng một lần."
ORIGIN = "https://duthao.example.vn"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, office: PostOffice) -> Settings:
    return replace(
        house_of_people(tmp_path), smtp_host="127.0.0.1", smtp_port=office.port, smtp_security="none",
        mail_from="Dự Thảo <duthao@coquan.vn>", public_origin=f"{ORIGIN}, http://testserver",
    )  # fmt: skip


@pytest.fixture
def document(settings: Settings) -> DocumentId:
    return document_of(settings, TEXT)


async def mention(services: Services, document: DocumentId, *whom: str) -> None:
    by = services.tools.store.users.get(UserId("gop"))
    assert by is not None
    await services.comments.begin(by, document, Said("Lời góp ý kín", whom), Place(On.DOCUMENT))


async def wish(services: Services, name: str, address: str, *, wanted: bool = True) -> None:
    user = services.tools.store.users.get(UserId(name))
    assert user is not None
    await services.notifications.wish_mail(user, address, wanted=wanted)


class Sending:
    """Digests by a clock of our own."""

    def __init__(self, services: Services, settings: Settings) -> None:
        self.now, self.post = int(services.tools.clock()), post_of(settings)
        tools = replace(services.tools, clock=lambda: EpochMillis(self.now))
        self.digests = service.Digests(tools, settings, self.post)

    def send(self) -> int:
        assert self.post is not None
        return self.digests.send(self.post)


def at_work(settings: Settings, work: Callable[[Services], object]) -> None:
    async def run() -> None:
        async with open_services(settings) as services:
            await work(services)  # type: ignore[misc]

    anyio.run(run)


def test_a_digest_counts_and_leads_there_and_quotes_nothing(
    settings: Settings, office: PostOffice, document: DocumentId
) -> None:
    async def work(services: Services) -> None:
        await wish(services, "binh", " binh@coquan.vn ")
        await wish(services, "khac", "khac@coquan.vn", wanted=False)
        for _ in range(2):
            await mention(services, document, "binh", "khac", "an")
        assert Sending(services, settings).send() == 1
        assert Sending(services, settings).send() == 0

    at_work(settings, work)
    assert office.to == ["binh@coquan.vn"]
    (message,) = office.messages
    assert (message["From"], message["To"]) == ("Dự Thảo <duthao@coquan.vn>", "binh@coquan.vn")
    assert message["Subject"] == "Dự Thảo: 2 thông báo chưa đọc"
    assert message["Auto-Submitted"] == "auto-generated"
    assert office.body().replace("\r\n", "\n") == (
        "Kính gửi đồng chí Ông binh,\n\nĐồng chí có 2 thông báo chưa đọc.\n\nMột văn bản\n"
        f"{ORIGIN}/documents/{document}\n- Lần được nhắc tên: 2\n\nXem tất cả thông báo:\n"
        f"{ORIGIN}/notifications\n\nThư này gửi tự động. Có thể thôi nhận thư ở cuối trang Thông báo.\n"
    )


def test_titles_are_named_only_where_the_house_allows_it_and_in_the_person_s_language(
    settings: Settings, office: PostOffice, document: DocumentId
) -> None:
    settings = replace(settings, mail_titles=True)

    async def work(services: Services) -> None:
        binh = services.tools.store.users.get(UserId("binh"))
        assert binh is not None
        services.tools.store.users.update(replace(binh, language="en"))
        await wish(services, "binh", "binh@coquan.vn")
        await mention(services, document, "binh")
        assert Sending(services, settings).send() == 1

    at_work(settings, work)
    body = office.body()
    assert "Quy chế" in body
    assert "- Mentions: 1" in body
    assert not any(word in body for word in ("Bí mật", "Ban Thường vụ", "Lời góp ý kín"))


def test_a_secret_document_is_named_in_none(
    settings: Settings, office: PostOffice, document: DocumentId
) -> None:
    settings = replace(settings, mail_titles=True)

    async def work(services: Services) -> None:
        an = services.tools.store.users.get(UserId("an"))
        assert an is not None
        await services.documents.handle(an, document, secrecy="secret")
        await wish(services, "binh", "binh@coquan.vn")
        await mention(services, document, "binh")
        assert Sending(services, settings).send() == 1

    at_work(settings, work)
    assert "Quy chế" not in office.body()
    assert "Một văn bản" in office.body()


def test_what_was_read_is_not_mailed_and_nobody_gets_two_within_the_time(
    settings: Settings, office: PostOffice, document: DocumentId
) -> None:
    async def work(services: Services) -> None:
        sending = Sending(services, settings)
        binh = services.tools.store.users.get(UserId("binh"))
        assert binh is not None
        await wish(services, "binh", "binh@coquan.vn")
        await mention(services, document, "binh")
        await services.notifications.mark_seen(binh)
        assert sending.send() == 0
        await mention(services, document, "binh")
        assert sending.send() == 1
        await mention(services, document, "binh")
        sending.now += settings.mail_minutes * 60_000 - 1
        assert sending.send() == 0
        sending.now += 1
        assert sending.send() == 1
        await wish(services, "binh", "binh@coquan.vn", wanted=False)
        await mention(services, document, "binh")
        sending.now *= 2
        assert sending.send() == 0

    at_work(settings, work)
    assert [message["Subject"] for message in office.messages] == ["Dự Thảo: 1 thông báo chưa đọc"] * 2


def test_a_mail_server_that_refuses_is_asked_again_with_the_next_digest(
    settings: Settings, office: PostOffice, document: DocumentId
) -> None:
    async def work(services: Services) -> None:
        sending = Sending(services, settings)
        await wish(services, "binh", "binh@coquan.vn")
        await mention(services, document, "binh")
        office.refuses = "450 later"
        assert sending.send() == 0
        office.refuses = ""
        assert sending.send() == 0
        sending.now += settings.mail_minutes * 60_000
        assert sending.send() == 1
        sending.post = post_of(replace(settings, smtp_port=1))
        sending.now *= 2
        await mention(services, document, "binh")
        assert sending.send() == 0

    at_work(settings, work)
    assert len(office.messages) == 1


def test_the_server_sends_by_itself_and_a_person_chooses_on_the_page(
    settings: Settings, office: PostOffice, document: DocumentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LOOK_EVERY", 0.05)
    with TestClient(build_app(settings), base_url="http://testserver") as client:
        client.post("/api/login", json={"username": "binh", "password": PASSWORD})
        csrf = client.get("/notifications").text.split('name="csrf" value="')[1].split('"')[0]
        sent = {"csrf": csrf, "mail": "1", "wanted": "1", "address": "binh"}
        refused = client.post("/notifications", data=sent)
        assert (refused.status_code, 'aria-invalid="true"' in refused.text) == (400, True)
        for bad in ("", "a@b\nBcc: c@d.vn", "a" * 250 + "@b.vn", "a b@c.vn"):
            assert client.post("/notifications", data=sent | {"address": bad}).status_code == 400
        kept = client.post("/notifications", data=sent | {"address": "binh@coquan.vn"})
        assert (kept.status_code, "Đã lưu cách nhận thư." in kept.text) == (200, True)
        assert 'value="binh@coquan.vn"' in kept.text
        client.cookies.clear()
        client.post("/api/login", json={"username": "gop", "password": PASSWORD})
        body = {"text": "a", "mentions": ["binh"], "anchor": {"on": "document"}}
        assert client.post(f"/api/documents/{document}/comments", json=body).status_code == 201
        for _ in range(400):
            if office.messages:
                break
            client.get("/healthz")
            anyio.run(anyio.sleep, 0.02)
    assert office.to == ["binh@coquan.vn"]


@pytest.mark.parametrize("wrong", [{"smtp_security": "ssl"}, {"mail_from": "duthao"}, {"public_origin": ""}])
def test_settings_that_are_not_whole_are_refused(settings: Settings, wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        post_of(replace(settings, **wrong))  # type: ignore[arg-type]
    assert refusal.value.code == "mail_settings_bad"
    assert post_of(replace(settings, smtp_host="")) is None
