"""Notifications over HTTP: who is told of what, and that nobody else is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from duthao.domain.document import DocumentId
from duthao.service import notifications as service
from duthao.settings import Settings
from tests.support.meeting import Meeting, document_of, house_of_people
from tests.support.served import signed_in

TEXT = "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n1. Ban Thường vụ họp mỗi tháng một lần.\n2. Thường trực họp."
LINK = re.compile(r'<a href="(/notifications/[^"]+)">([^<]+)</a>')


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_of_people(tmp_path_factory.mktemp("house"))


@pytest.fixture
def document(settings: Settings) -> DocumentId:
    return document_of(settings, TEXT)


class Room(Meeting):
    def __init__(self, client: object, document: str) -> None:
        super().__init__(client, document)  # type: ignore[arg-type]
        for name in ("an", "binh", "gop", "khac"):
            self.see_all(name)

    def page(self, name: str) -> str:
        self.enter(name)
        answer = self.client.get("/notifications")
        assert answer.status_code == 200
        return answer.text

    def news(self, name: str) -> list[str]:
        """What is new to this person, newest first."""
        rows = self.page(name).split('<li class="list-row')[1:]
        found = [LINK.search(row) for row in rows if row.startswith(" unseen")]
        return [one[2] for one in found if one]

    def unread(self, name: str) -> int:
        self.enter(name)
        return int(self.client.get("/api/notifications/unread").json()["unread"])

    def form(self, name: str, **fields: str) -> int:
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.page(name))
        assert csrf is not None
        answer = self.client.post("/notifications", data={"csrf": csrf[1], **fields}, follow_redirects=False)
        return answer.status_code

    def see_all(self, name: str) -> None:
        assert self.form(name, seen="all") == 303

    def say(self, name: str, **more: object) -> str:
        body = {"text": "Xem lại", "anchor": {"on": "document"}} | more
        return str(self.send(name, "/comments", **body)["id"])


@pytest.fixture
def room(settings: Settings, document: DocumentId) -> Iterator[Room]:
    with signed_in(settings, "an") as client:
        yield Room(client, document)


def test_who_is_mentioned_or_given_something_to_do_is_told_and_nobody_else(room: Room) -> None:
    room.say("gop", mentions=["binh", "gop", "khac"], assigned="khac")
    assert room.news("binh") == ["Ông gop nhắc tên đồng chí trong một góp ý"]
    assert room.news("khac") == ["Ông gop giao đồng chí giải quyết một góp ý"]
    assert (room.news("gop"), room.news("an"), room.unread("binh")) == ([], [], 1)


def test_an_answer_is_told_to_those_who_took_part(room: Room) -> None:
    made = room.say("gop", assigned="an")
    room.send("khac", f"/comments/{made}/replies", text="Vâng")
    room.send("binh", f"/comments/{made}/replies", text="Nên hỏi", mentions=["khac"])
    replied = "{} trả lời trong một góp ý có đồng chí tham gia"
    assert room.news("gop") == [replied.format("Ông binh"), replied.format("Ông khac")]
    assert room.news("khac") == ["Ông binh nhắc tên đồng chí trong một góp ý"]
    assert len(room.news("an")) == 3
    assert room.news("binh") == []


def test_only_whom_an_edit_mentions_anew_is_told(room: Room) -> None:
    made = room.send("gop", "/comments", text="a", mentions=["an"], anchor={"on": "document"})
    words = f"/comments/{made['id']}/words/{made['comment']}"
    room.send("gop", words, 200, "PUT", edition=1, text="b", mentions=["an", "binh"])
    assert (len(room.news("an")), len(room.news("binh"))) == (1, 1)


def test_resolving_and_assigning_are_told(room: Room) -> None:
    made = room.say("gop")
    room.send("an", f"/comments/{made}/assign", 204, edition=1, to="khac")
    room.send("an", f"/comments/{made}/assign", 204, edition=2, to="khac")
    room.send("khac", f"/comments/{made}/resolve", 204, edition=3)
    room.send("gop", f"/comments/{made}/reopen", 204, edition=4)
    assert room.news("khac") == ["Ông an giao đồng chí giải quyết một góp ý"]
    assert room.news("gop") == ["Ông khac đã giải quyết góp ý của đồng chí"]


def test_what_became_of_a_proposal_is_told_to_its_author(room: Room) -> None:
    clause, other = (one["id"] for one in room.provisions()[1:3])
    ids = [
        room.send("gop", "/proposals", act="replace", provision=id_, text=text)["id"]
        for id_, text in (
            (clause, "Ban Thường vụ họp mỗi quý một lần."),
            (other, "Thường trực họp hằng tuần."),
            (clause, "Ban Thường vụ họp mỗi năm một lần."),
        )
    ]
    room.send("binh", f"/proposals/{ids[0]}/accept", 200, edition=1)
    room.send("binh", f"/proposals/{ids[1]}/accept", 200, edition=1, text="Thường trực họp hằng ngày.")
    room.send("an", f"/proposals/{ids[2]}/decline", 204, edition=1, answer="Quá thưa.")
    assert room.news("gop") == [
        "Ông an đã trả lời đề nghị sửa của đồng chí",
        "Ông binh đã tiếp thu, có chỉnh sửa, đề nghị của đồng chí",
        "Ông binh đã tiếp thu đề nghị sửa của đồng chí",
    ]
    link = LINK.search(room.page("gop"))
    assert link is not None
    answer = room.client.get(link[1], follow_redirects=False)
    assert answer.headers["location"].endswith(f"#proposal={ids[2]}")


def test_following_one_leads_to_its_comment_and_it_is_read(room: Room, document: DocumentId) -> None:
    made = room.say("gop", mentions=["binh"])
    page = room.page("binh")
    assert 'aria-label="Thông báo, 1 chưa đọc"' in page
    link = LINK.search(page)
    assert link is not None
    room.enter("khac")
    assert room.client.get(link[1], follow_redirects=False).status_code == 404
    room.enter("binh")
    answer = room.client.get(link[1], follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{document}#comment-{made}")
    assert (room.unread("binh"), room.news("binh")) == (0, [])
    assert 'aria-label="Thông báo, 0 chưa đọc"' in room.page("binh")


def test_one_is_marked_as_read_or_all_are(room: Room) -> None:
    for _ in range(3):
        room.say("gop", mentions=["binh"])
    link = LINK.search(room.page("binh"))
    assert link is not None
    one = link[1].rpartition("/")[2]
    assert room.form("khac", seen=one) == 303
    assert room.unread("binh") == 3
    assert room.form("binh", seen=one) == 303
    assert room.unread("binh") == 2
    room.see_all("binh")
    assert room.unread("binh") == 0


def test_what_says_the_same_stands_once_and_is_read_at_once(room: Room) -> None:
    thread = room.say("binh")
    for _ in range(3):
        room.send("gop", f"/comments/{thread}/replies", text="Đồng ý")
    assert room.unread("binh") == 3
    page = room.page("binh")
    assert [len(room.news("binh")), page.count("(3 lần)")] == [1, 1]
    link = LINK.search(page)
    assert link is not None
    room.client.get(link[1])
    room.say("gop", mentions=["binh"])
    # What is new is not counted with what was read.
    assert [room.unread("binh"), len(room.news("binh")), room.page("binh").count("(3 lần)")] == [1, 1, 1]


def test_who_leaves_a_document_hears_no_more_of_it(room: Room) -> None:
    room.say("gop", mentions=["khac"])
    assert room.unread("khac") == 1
    room.enter("an")
    assert room.client.delete(f"{room.path}/members/khac").status_code == 204
    assert (room.unread("khac"), room.news("khac")) == (0, [])
    room.send("gop", "/comments", "mention_unknown", text="a", mentions=["khac"], anchor={"on": "document"})


def test_the_oldest_go(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "KEEP", 2)
    for _ in range(4):
        room.say("gop", mentions=["binh"])
    assert room.unread("binh") == 2


def test_nobody_signed_out_is_told_anything(room: Room) -> None:
    room.client.cookies.clear()
    assert room.client.get("/api/notifications/unread").status_code == 401
    assert room.client.get("/notifications", follow_redirects=False).headers["location"].startswith("/login")
    assert 'id="bell"' not in room.client.get("/login").text


def test_without_a_mail_server_no_e_mail_is_offered(room: Room) -> None:
    assert "Địa chỉ thư điện tử" not in room.page("an")
