"""The page of searching, and the index that follows what is written, over HTTP."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from duthao.domain.anchors import Anchor, On
from duthao.domain.document import DocumentId
from duthao.domain.opinions import Opinion, Source
from duthao.domain.synthesis.groups import Answer, Change, Group, Stance
from duthao.store.ports import Comment, Seq, Thread
from tests.support.office import Office, TestClient, office

TEXT = "Điều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n2. Hoà giải <ở cơ sở>."


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def look(here: Office, *, all_now: bool = True) -> int:
    return asyncio.run(here.services.indexing.look(all_now=all_now))


def words(client: TestClient, query: str) -> str:
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", "", answer.text.split("<main")[1]))


def test_what_one_may_read_is_found_with_its_place(here: Office) -> None:
    id = here.document(text=TEXT, title="Quy chế mẫu")
    look(here)
    lead = here.browser("lead")
    page = lead.get("/search?q=hoa+giai").text
    assert "<mark>Hoà</mark> <mark>giải</mark> &lt;ở cơ sở&gt;" in page
    assert "khoản 2 Điều 1" in page
    assert "Quy chế mẫu" in page
    provision = re.search(rf'href="/documents/{id}#provision=([^"]+)"', page)
    assert provision is not None
    assert "khoản 1 Điều 1" in words(lead, "q=khoản+1+điều+1")
    assert "Không tìm thấy" in words(here.browser("stranger"), "q=hoa+giai")
    assert here.browser("stranger").get(f"/search?q=hoa&document={id}").status_code == 404
    assert here.browser().get("/search?q=hoa").status_code == 303


def test_who_is_taken_off_a_document_finds_nothing_of_it(here: Office) -> None:
    id = here.with_everybody()
    look(here)
    assert "1 văn bản" in words(here.browser("reader"), "q=hai")
    assert here.browser("lead").delete(f"/api/documents/{id}/members/u-reader").status_code == 204
    assert "Không tìm thấy" in words(here.browser("reader"), "q=hai")


def test_what_is_typed_is_found_once_it_rests(here: Office) -> None:
    id = DocumentId(here.document(text=TEXT))
    assert look(here, all_now=False) == 1
    assert look(here, all_now=False) == 0

    def write(text: str) -> None:
        draft, _ = asyncio.run(here.rooms.read(id))
        first = replace(draft.provisions[1], text=text)
        now = replace(draft, provisions=(draft.provisions[0], first, *draft.provisions[2:]))
        here.rooms.write(id, now, here.users["lead"])

    write("Một câu mới")
    assert look(here, all_now=False) == 0
    write("Một câu khác")
    assert look(here, all_now=False) == 0
    assert look(here, all_now=False) == 1
    lead = here.browser("lead")
    assert "Một câu khác" in words(lead, "q=cau+khac")
    assert "Chỉ còn trong Văn bản hiện hành" in words(lead, "q=thường+kỳ")
    write("Gõ mãi")
    assert look(here, all_now=False) == 0
    write("Gõ mãi không nghỉ")
    here.clock.now += 60_000
    assert look(here, all_now=False) == 1


def test_what_has_left_the_draft_is_found_in_its_version(here: Office) -> None:
    id = here.document(text=TEXT)
    lead = here.browser("lead")
    assert lead.post(f"/api/documents/{id}/versions", json={"name": "Bản đầu"}).status_code == 201
    draft, _ = asyncio.run(here.rooms.read(DocumentId(id)))
    here.rooms.write(DocumentId(id), replace(draft, provisions=draft.provisions[:1]), here.users["lead"])
    look(here)
    page = lead.get("/search?q=hoa+giai").text
    assert "Chỉ còn trong Bản đầu" in page
    place = re.search(rf'href="(/documents/{id}/versions/[^"#]+)#(p-[^"]+)"', page)
    assert place is not None
    assert f'id="{place[2]}"' in lead.get(place[1]).text
    assert "Bản đầu" in words(lead, "q=bản+đầu&kind=version")


def test_opinions_and_their_answers_are_found(here: Office) -> None:
    id = DocumentId(here.with_everybody())
    given = Opinion(
        "o1", id, Source.MEETING, "", None, "Sở Nội vụ", None, None, None, "Đề nghị rà soát", "", "", False, 5
    )
    here.store.opinions.add([given])
    look(here)
    reader = here.browser("reader")
    assert "Sở Nội vụ" in words(reader, "q=ra+soat")
    # Who has no account is found by name too, and only where one may read.
    assert "Đề nghị rà soát" in words(reader, "person=so+noi+vu")
    assert "Không tìm thấy" in words(reader, "person=so+tai+chinh")
    assert "Không tìm thấy" in words(here.browser("stranger"), "person=so+noi+vu")
    assert f'href="/documents/{id}/opinions"' in reader.get("/search?q=ra+soat").text
    answer = Answer(Stance.ADOPTED, "Đã tiếp thu vào Điều 1", here.users["lead"], 9)
    group = Group("g1", id, ("o1",), 7, answer=answer)
    assert here.store.syntheses.keep(id, Change((group,)))
    look(here)
    assert f'href="/documents/{id}/opinions/g1"' in reader.get("/search?q=da+tiep+thu").text
    assert f'href="/documents/{id}/opinions/g1"' in reader.get("/search?q=ra+soat").text


def test_comments_are_found_by_person_and_day(here: Office) -> None:
    id, by = DocumentId(here.with_everybody()), here.users["commenter"]
    at = here.clock()
    thread = Thread("t1", id, by, Anchor(On.DOCUMENT), "", Seq(1), None, at)
    here.store.comments.add(thread, Comment("c1", id, "t1", by, "Xin làm rõ thêm.", (), at))
    look(here)
    lead = here.browser("lead")
    assert "Xin làm rõ" in words(lead, "person=dong+chi+commenter")
    assert f'href="/documents/{id}#comment-t1"' in lead.get("/search?q=lam+ro").text
    assert "Không tìm thấy" in words(lead, "person=ai+khac")
    assert "Không tìm thấy" in words(lead, "q=ro+them&until=2020-01-01")


def test_what_cannot_be_read_is_said_and_keeps_the_words(here: Office) -> None:
    lead = here.browser("lead")
    for query in ("q=họp&since=hôm-qua", "q=họp&kind=nothing"):
        answer = lead.get(f"/search?{query}")
        assert answer.status_code == 400 or answer.status_code == 422
        assert 'value="họp"' in answer.text
    assert "Ví dụ" in words(lead, "")
    assert "Không tìm thấy" in words(lead, "q=" + "x" * 3000 + "&page=99999&person=%00")


def test_the_index_forgets_and_comes_back(here: Office) -> None:
    here.document(text=TEXT)
    look(here)
    assert asyncio.run(here.services.indexing.rebuild()) == 1
    assert "1 văn bản" in words(here.browser("lead"), "q=giải")


def test_every_page_has_the_box(here: Office) -> None:
    assert 'action="/search"' in here.browser("lead").get("/").text
