"""A meeting goes through the draft: what it decides is in the draft at once, and kept with its answer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest

from duthao.bootstrap import build_app, open_services
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.opinions import Opinion, Source
from duthao.settings import Settings
from tests.support.meeting import document_of, house_of_people
from tests.support.office import TestClient
from tests.support.served import enter

TEXT = (
    "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n"
    "2. Thường trực họp hằng tuần.\nĐiều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm.\n"
    "Điều 3. Hiệu lực\n1. Quy chế có hiệu lực từ ngày ký."
)
NAME = "Hội nghị Ban Thường vụ ngày 05/12/2026"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_of_people(tmp_path_factory.mktemp("house"))


@pytest.fixture
def document(settings: Settings) -> DocumentId:
    """Điều 1 khoản 1 was reworded; one opinion is on Điều 3, one on no provision; Điều 2 is as it was."""
    made = document_of(settings, TEXT)

    async def prepared() -> None:
        async with open_services(settings) as services:
            rooms, store = services.tools.rooms, services.tools.store
            draft, _ = await rooms.read(made)
            ids = [one.id for one in draft.provisions]

            def reworded(now: Document) -> list[tuple[Document, UserId | None]]:
                provisions = tuple(
                    replace(p, text=p.text.replace("tháng", "quý")) if p.id == ids[1] else p
                    for p in now.provisions
                )
                return [(replace(now, provisions=provisions), None)]

            await rooms.revise(made, reworded, UserId("an"), "proposal")
            said = [(ids[6], "Nên từ 01/01/2027"), (None, "Rà soát thể thức")]
            for n, (provision, text) in enumerate(said):
                store.opinions.add([
                    Opinion(f"o{n}{made}", made, Source.ROUND, "", None, "Ban Tổ chức", None, None, provision,
                            text, "", "", False, n + 1)
                ])  # fmt: skip

    anyio.run(prepared)
    return made


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(build_app(settings), base_url="http://testserver", follow_redirects=False) as made:
        enter(made, "binh")
        yield made


def fields(page: str, provision: str) -> dict[str, str]:
    """The hidden fields of the form for that provision."""
    form = next(one for one in page.split("<form")[1:] if f'value="{provision}"' in one)
    found = re.findall(r'name="(\w+)" value="([^"]*)"', form.split("</form>")[0])
    return {name: html.unescape(value) for name, value in found if name != "do"}


def provisions(page: str) -> list[str]:
    return re.findall(r'name="provision" value="([^"]*)"', page)


def test_what_changed_or_has_opinions_is_gone_through_and_nothing_else(
    client: TestClient, document: DocumentId
) -> None:
    pages = [client.get(f"/documents/{document}/meeting?at={n}").text for n in (1, 2, 3)]
    assert "1 trên 3" in pages[0]
    assert "mỗi <del>tháng</del>" in pages[0] or "<del>tháng</del>" in pages[0]
    assert "Nên từ 01/01/2027" in pages[1]
    assert "Rà soát thể thức" in pages[2]
    assert not any("Kinh phí" in page for page in pages)
    # Places that make no sense are places too.
    assert all(client.get(f"/documents/{document}/meeting?at={n}").status_code == 200 for n in ("x", 0, 99))


def test_words_decided_on_are_in_the_draft_and_the_decision_is_answered_and_linked(
    client: TestClient, document: DocumentId, settings: Settings
) -> None:
    path = f"/documents/{document}/meeting?at=1&meeting={NAME}"
    page = client.get(path).text
    clause = provisions(page)[1]
    words = "Ban Thường vụ họp thường kỳ mỗi tháng một lần, khi cần thì họp bất thường."
    form = fields(page, clause) | {"do": "change", "wording": words, "conclusion": "Giữ hằng tháng."}
    answer = client.post(path, data=form)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert words in html.unescape(client.get(f"/api/documents/{document}/text").text)
    assert "Giữ hằng tháng." in page
    assert "opinion-led" in page

    async def kept() -> None:
        async with open_services(settings) as services:
            board = await services.syntheses.board(
                services.tools.store.users.get(UserId("an")),  # type: ignore[arg-type]
                document,
            )
            (heap,) = [one for one in board.heaps if one.opinions[0].source is Source.MEETING]
            assert heap.opinions[0].giver == NAME
            assert heap.group.answer is not None
            assert heap.group.answer.stance.is_adopted
            assert [link.change.after for link, _ in heap.led] == [words]
            # What was decided as a proposal is not gathered a second time.
            assert (await services.gathering.waiting(board.access)).proposals == 0

    anyio.run(kept)


def test_what_stays_is_kept_with_the_conclusion(client: TestClient, document: DocumentId) -> None:
    path = f"/documents/{document}/meeting?at=2&meeting={NAME}"
    page = client.get(path).text
    clause = provisions(page)[-1]
    before = client.get(f"/api/documents/{document}/text").text
    conclusion = "Giữ như dự thảo vì chưa đủ căn cứ."
    form = fields(page, clause) | {"do": "keep", "wording": "x", "conclusion": conclusion}
    assert client.post(path, data=form).status_code == 303
    assert client.get(f"/api/documents/{document}/text").text == before
    page = client.get(path).text
    assert conclusion in page
    assert "còn 2 mục chưa quyết định" in page


def test_what_nobody_said_or_named_is_refused_and_typed_words_stay(
    client: TestClient, document: DocumentId
) -> None:
    path = f"/documents/{document}/meeting?at=1"
    page = client.get(path).text
    clause = provisions(page)[1]
    form = fields(page, clause) | {
        "do": "change",
        "wording": "Họp khi cần.",
        "conclusion": "Theo ý kiến đa số.",
    }
    answer = client.post(path, data=form)
    assert answer.status_code == 400
    assert "Họp khi cần." in answer.text
    assert "Theo ý kiến đa số." in answer.text
    named = form | {"meeting": NAME}
    assert client.post(path, data=named | {"do": "keep", "conclusion": " "}).status_code == 400
    assert client.post(path, data=named | {"do": "other"}).status_code == 400
    assert client.post(path, data=named | {"csrf": "other"}).status_code == 403
    assert "Họp khi cần." not in client.get(f"/api/documents/{document}/text").text


def test_words_that_were_changed_meanwhile_are_not_written_over(
    client: TestClient, document: DocumentId
) -> None:
    path = f"/documents/{document}/meeting?at=1&meeting={NAME}"
    page = client.get(path).text
    clause = provisions(page)[1]
    form = fields(page, clause) | {"do": "change", "conclusion": "Sửa."}
    assert client.post(path, data=form | {"wording": "Ban Thường vụ họp mỗi năm hai lần."}).status_code == 303
    answer = client.post(path, data=form | {"wording": "Ban Thường vụ họp thường kỳ mỗi tuần một lần."})
    assert answer.status_code == 409
    text = client.get(f"/api/documents/{document}/text").text
    assert "mỗi năm hai lần" in text
    assert "mỗi tuần" not in text


def test_who_only_comments_sees_it_and_decides_nothing(client: TestClient, document: DocumentId) -> None:
    enter(client, "gop")
    page = client.get(f"/documents/{document}/meeting")
    assert page.status_code == 200
    assert 'name="do"' not in page.text


def text_of(client: TestClient, document: DocumentId) -> str:
    return html.unescape(client.get(f"/api/documents/{document}/text").text)


def test_a_meeting_takes_a_provision_out_and_puts_one_in(client: TestClient, document: DocumentId) -> None:
    path = f"/documents/{document}/meeting?at=1&meeting={NAME}"
    page = client.get(path).text
    clause = provisions(page)[-1]
    add = {"csrf": fields(page, clause)["csrf"], "meeting": NAME, "provision": clause, "do": "add"}
    assert client.post(path, data=add | {"wording": " "}).status_code == 400
    refused = client.post(path, data=add | {"wording": "Họp bất thường khi cần.", "provision": "nothing"})
    assert refused.status_code == 404
    added = client.post(path, data=add | {"wording": "Họp bất thường khi cần.", "conclusion": "Bổ sung."})
    assert added.status_code == 303
    text = text_of(client, document)
    assert re.search(r"1\. Ban Thường vụ họp[^\n]*\n2\. Họp bất thường khi cần\.\n3\. Thường trực", text)
    page = client.get(added.headers["location"]).text
    assert "Bổ sung." in page
    assert "opinion-led" in page
    form = fields(page, clause) | {"do": "remove", "conclusion": "Trùng với Quy chế chung."}
    assert client.post(path, data=form | {"seen": "Lời văn cũ"}).status_code == 409, "changed meanwhile"
    assert client.post(path, data=form | {"conclusion": ""}).status_code == 400, "nobody says why"
    assert text_of(client, document) == text
    gone = client.post(path, data=form)
    assert gone.status_code == 303
    assert "1. Họp bất thường khi cần." in text_of(client, document)
    page = client.get(gone.headers["location"]).text
    assert "Trùng với Quy chế chung." in page
    cells = client.get(f"/documents/{document}/opinions").text
    assert cells.count("Tiếp thu</span>") >= 2, "both stand answered in the list of opinions"


def test_a_decision_asks_which_meeting_where_nobody_said(client: TestClient, document: DocumentId) -> None:
    page = client.get(f"/documents/{document}/meeting?at=1").text
    clause = provisions(page)[-1]
    form = next(one for one in page.split("<form")[1:] if f'value="{clause}"' in one)
    assert 'name="meeting" maxlength="200" required' in form
    assert 'name="meeting" maxlength="200" required' not in client.get(
        f"/documents/{document}/meeting?at=1&meeting={NAME}"
    ).text  # fmt: skip
