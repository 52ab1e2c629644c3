"""Comments over HTTP: who says what, where it stands while the draft is edited, who may do what with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from duthao.collab.rooms import Rooms
from duthao.domain.document import DocumentId
from duthao.service import comments as service
from duthao.settings import Settings
from tests.support.meeting import Json, Meeting, document_of, house_of_people
from tests.support.served import signed_in

TEXT = (
    "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n"
    "2. Thường trực họp hằng tuần 😀 tại trụ sở.\nĐiều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm."
)
MONTH = "Ban Thường vụ họp thường kỳ mỗi tháng một lần."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_of_people(tmp_path_factory.mktemp("house"))


@pytest.fixture
def document(settings: Settings) -> DocumentId:
    return document_of(settings, TEXT)


class Room(Meeting):
    def listing(self, name: str = "an") -> Json:
        self.enter(name)
        answer = self.client.get(f"{self.path}/comments")
        assert answer.status_code == 200
        found: Json = answer.json()
        return found

    def thread(self, id_: str = "") -> Json:
        threads = self.listing()["threads"]
        found: Json = next(one for one in threads if id_ in ("", one["id"]))
        return found

    def say(
        self, name: str, words: str = "mỗi tháng", at: int = 1, expect: int | str = 201, **more: Any
    ) -> Json:
        """A comment on these words of provision number `at`."""
        self.enter("an")
        place = self.provisions()[at]
        start = place["text"].index(words)
        anchor = {"on": "words", "provision": place["id"], "start": start, "end": start + len(words)}
        body = {"text": "Có nên giữ không?", "anchor": anchor} | more
        return self.send(name, "/comments", expect, **body)

    def rewrite(self, at: int, text: str) -> None:
        """The drafting team writes it so: a proposal of theirs, taken in."""
        self.enter("binh")
        id_ = self.provisions()[at]["id"]
        made = self.send("binh", "/proposals", act="replace", provision=id_, text=text)
        self.send("binh", f"/proposals/{made['id']}/accept", 200, edition=1)

    def marked(self, id_: str) -> str:
        """The words a thread stands on, in their provision."""
        anchor = self.thread(id_)["anchor"]
        text = next(p["text"] for p in self.provisions() if p["id"] == anchor["provision"])
        return f"{text[: anchor['start']]}[{text[anchor['start'] : anchor['end']]}]{text[anchor['end'] :]}"


@pytest.fixture
def room(settings: Settings, document: DocumentId) -> Iterator[Room]:
    with signed_in(settings, "an") as client:
        yield Room(client, document)


def test_a_comment_is_shown_on_its_words_with_its_author(room: Room) -> None:
    made = room.say("gop", mentions=["binh", "an"], assigned="binh")
    got = room.listing("xem")
    (one,) = got["threads"]
    assert (one["id"], one["state"], one["edition"]) == (made["id"], "open", 1)
    assert one["anchor"] == {
        "on": "words",
        "quote": "mỗi tháng",
        "made_on": {"seq": got["seq"], "version": None, "name": None},
        "standing": "here",
        "provision": room.provisions()[1]["id"],
        "cell": None,
        "start": MONTH.index("mỗi"),
        "end": MONTH.index("mỗi") + len("mỗi tháng"),
        "rest": [],
    }
    assert (one["where"], one["article"]["where"]) == ("khoản 1 Điều 1", "Điều 1")
    assert (one["author"]["name"], one["assigned"]["id"]) == ("Ông gop", "binh")
    (said,) = one["comments"]
    assert (said["id"], said["text"], said["mentions"]) == (
        made["comment"], "Có nên giữ không?", ["binh", "an"],
    )  # fmt: skip
    assert (said["edited"], said["removed"], said["edition"]) == (None, False, 1)
    assert {one["id"] for one in got["people"]} == {"an", "binh", "gop", "khac", "xem"}


def test_readers_and_strangers_say_nothing(room: Room) -> None:
    room.say("xem", expect="not_allowed")
    room.say("la", expect="document_not_found")
    made = room.say("gop")
    path = f"/comments/{made['id']}"
    room.send("xem", f"{path}/replies", "not_allowed", text="Tôi cũng vậy")
    room.send("xem", f"{path}/resolve", "not_allowed", edition=1)
    room.enter("la")
    assert room.client.get(f"{room.path}/comments").status_code == 404
    assert len(room.thread()["comments"]) == 1


def test_the_words_are_followed_while_the_draft_is_edited(room: Room) -> None:
    made = room.say("gop", "họp thường kỳ mỗi tháng")["id"]
    room.rewrite(1, "Ban Thường vụ Đảng ủy họp thường kỳ, trực tiếp, mỗi tháng một lần.")
    assert room.marked(made) == ("Ban Thường vụ Đảng ủy [họp thường kỳ, trực tiếp, mỗi tháng] một lần.")
    room.rewrite(1, "Ban Thường vụ Đảng ủy làm việc một lần.")
    assert room.marked(made) == "Ban Thường vụ Đảng ủy [làm việc] một lần."
    room.rewrite(1, "Ban Thường vụ Đảng ủy một lần.")
    one = room.thread(made)
    assert (one["anchor"]["standing"], one["anchor"]["start"], one["anchor"]["quote"]) == (
        "orphaned", None, "họp thường kỳ mỗi tháng",
    )  # fmt: skip
    assert one["anchor"]["provision"] == room.provisions()[1]["id"]
    room.rewrite(1, MONTH)
    assert room.marked(made) == "Ban Thường vụ [họp thường kỳ mỗi tháng] một lần."


def test_a_provision_that_goes_keeps_its_comment_which_comes_back_with_it(room: Room) -> None:
    words = room.say("gop", "ngân sách", 4)["id"]
    whole = {"on": "provision", "provision": room.provisions()[4]["id"]}
    of_it = room.send("khac", "/comments", text="Cả khoản này?", anchor=whole)["id"]
    seq = room.listing()["seq"]
    gone = room.send("binh", "/proposals", act="remove", provision=whole["provision"])
    room.send("binh", f"/proposals/{gone['id']}/accept", 200, edition=1)
    for id_ in (words, of_it):
        one = room.thread(id_)
        assert one["anchor"]["standing"] == "orphaned"
        assert (one["anchor"]["provision"], one["article"], one["where"]) == (None, None, "khoản 1 Điều 2")
    room.send("binh", "/restore", 200, seq=seq)
    assert room.marked(words) == "Kinh phí do [ngân sách] bảo đảm."
    assert room.thread(of_it)["anchor"]["standing"] == "here"


def test_threads_are_listed_as_one_reads(room: Room) -> None:
    all_of_it = room.send("gop", "/comments", text="Nhìn chung", anchor={"on": "document"})["id"]
    second = room.say("gop", "😀 tại trụ", 2)["id"]
    late, early = (room.say("gop", words)["id"] for words in ("một lần", "Ban Thường vụ"))
    lost = room.say("gop", "kỳ")["id"]
    room.rewrite(1, MONTH.replace(" thường kỳ", ""))
    assert [one["id"] for one in room.listing()["threads"]] == [early, late, lost, second, all_of_it]
    assert room.marked(second).endswith("[😀 tại trụ] sở.")
    assert room.thread(all_of_it)["where"] == ""


def test_a_comment_on_a_frozen_draft_stands_on_the_live_one(room: Room) -> None:
    version = room.send("an", "/versions", name="trình", numbered=True)["id"]
    there = room.provisions()[1]["id"]
    room.rewrite(1, "Theo quy định, Ban Thường vụ họp thường kỳ mỗi tháng một lần.")
    start = MONTH.index("mỗi tháng")
    anchor = {"on": "words", "provision": there, "start": start, "end": start + len("mỗi tháng")}
    made = room.send("gop", "/comments", text="Ở bản trình", version=version, anchor=anchor)["id"]
    assert room.marked(made) == "Theo quy định, Ban Thường vụ họp thường kỳ [mỗi tháng] một lần."
    made_on = room.thread(made)["anchor"]["made_on"]
    assert (made_on["version"], made_on["name"]) == (version, "Dự thảo lần 1: trình")
    room.send("gop", "/comments", "version_not_found", text="a", version="x" * 90, anchor=anchor)


def test_what_was_typed_while_the_comment_was_written_is_followed(room: Room) -> None:
    there = room.provisions()[1]["id"]
    start = MONTH.index("mỗi tháng")
    anchor = {"on": "words", "provision": there, "start": start, "end": start + 9, "made_on": MONTH}
    room.rewrite(1, f"Nói chung {MONTH}")
    made = room.send("gop", "/comments", text="a", anchor=anchor)["id"]
    assert room.marked(made) == "Nói chung Ban Thường vụ họp thường kỳ [mỗi tháng] một lần."
    room.rewrite(1, "Nói chung không họp.")
    room.send("gop", "/comments", "comment_place_gone", text="a", anchor=anchor)
    room.send("gop", "/comments", "comment_place_gone", text="a", anchor=anchor | {"provision": "x"})


@pytest.mark.parametrize(
    ("anchor", "code"),
    [
        ({"start": 5, "end": 5}, "comment_anchor_bad"),
        ({"start": 7, "end": 4}, "comment_anchor_bad"),
        ({"start": -1, "end": 4}, "comment_anchor_bad"),
        ({"start": 0, "end": 4000}, "comment_anchor_bad"),
        ({"start": 3, "end": 4}, "comment_anchor_bad"),  # a space
        ({"start": 0, "end": 3, "cell": 2}, "comment_place_gone"),
        ({"start": 0, "end": 30, "made_on": "Ban"}, "comment_anchor_bad"),
        ({"start": True, "end": 3}, "field_bad"),
        ({"start": 0, "end": 3, "on": "thought"}, "comment_anchor_bad"),
        ({"start": 0, "end": 3, "provision": "x" * 99}, "comment_anchor_bad"),
        ({"start": 0, "end": 3, "provision": 7}, "field_bad"),
    ],
)
def test_a_place_that_is_none_is_refused(room: Room, anchor: Json, code: str) -> None:
    here = {"on": "words", "provision": room.provisions()[1]["id"]} | anchor
    room.send("gop", "/comments", code, text="a", anchor=here)
    assert room.listing()["threads"] == []


def test_words_are_one_s_own_to_edit_and_to_remove(room: Room) -> None:
    made = room.say("gop")
    path = f"/comments/{made['id']}"
    reply = room.send("khac", f"{path}/replies", text="Nên\n\ngiữ.", mentions=["gop"])
    words = f"{path}/words/{made['comment']}"
    room.send("khac", words, "comment_not_yours", "PUT", edition=1, text="Khác")
    room.send("gop", words, "comment_changed", "PUT", edition=2, text="Khác")
    assert room.send("gop", words, 200, "PUT", edition=1, text="  Bỏ đi. ") == {"edition": 2}
    first, second = room.thread()["comments"]
    assert (first["text"], first["edited"] is None, second["text"]) == ("Bỏ đi.", False, "Nên\n\ngiữ.")
    room.send("khac", f"{words}/remove", "comment_not_yours", edition=2)
    room.send("binh", f"{words}/remove", "comment_not_yours", edition=2)
    room.send("an", f"{words}/remove", 204, edition=2)
    first, second = room.thread()["comments"]
    assert (first["removed"], first["text"], second["removed"]) == (True, "", False)
    room.send("gop", words, "comment_not_found", "PUT", edition=3, text="Nữa")
    room.send("khac", f"{path}/words/{reply['comment']}/remove", 204, edition=1)
    assert room.listing()["threads"] == []
    room.send("gop", f"{path}/replies", "comment_not_found", text="Còn ai không?")


def test_a_thread_is_resolved_by_who_began_it_has_it_or_writes(room: Room) -> None:
    made = room.say("gop", assigned="khac")["id"]
    other = room.say("binh", "một lần")["id"]
    room.send("khac", f"/comments/{other}/resolve", "comment_not_yours", edition=1)
    room.send("khac", f"/comments/{made}/resolve", 204, edition=1)
    one = room.thread(made)
    assert (one["state"], one["resolved"]["by"]["id"], one["edition"]) == ("resolved", "khac", 2)
    room.send("gop", f"/comments/{made}/reopen", "comment_changed", edition=1)
    room.send("gop", f"/comments/{made}/resolve", "comment_changed", edition=2)
    room.send("gop", f"/comments/{made}/reopen", 204, edition=2)
    room.send("binh", f"/comments/{made}/assign", 204, edition=3, to="an")
    room.send("khac", f"/comments/{made}/assign", "comment_not_yours", edition=4, to="khac")
    room.send("gop", f"/comments/{made}/assign", 204, edition=4, to=None)
    one = room.thread(made)
    assert (one["state"], one["resolved"], one["assigned"], one["edition"]) == ("open", None, None, 5)


def test_bad_words_and_unknown_people_are_refused(room: Room) -> None:
    room.say("gop", expect="comment_empty", text=" \u200b\n ")
    room.say("gop", expect="comment_too_long", text="a" * 4001)
    room.say("gop", expect="comment_too_long", text="a" * 9000)
    room.say("gop", expect="mention_unknown", mentions=["la"])
    room.say("gop", expect="mention_unknown", assigned="ai đó")
    room.say("gop", expect="field_bad", mentions="an")
    room.say("gop", expect="field_bad", text=7)
    assert room.listing()["threads"] == []


def test_there_are_bounds(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    made = room.say("gop")["id"]
    monkeypatch.setattr(service, "MAX_OPEN", 1)
    room.say("khac", expect="comments_too_many")
    monkeypatch.setattr(service, "MAX_REPLIES", 1)
    room.send("khac", f"/comments/{made}/replies", text="a")
    room.send("khac", f"/comments/{made}/replies", "comments_too_many", text="a")
    monkeypatch.setattr(service, "MAX_REPLIES", 9)
    monkeypatch.setattr(service, "PER_MINUTE", 1)
    room.send("khac", f"/comments/{made}/replies", "comments_too_often", text="a")
    monkeypatch.setattr(service, "PER_MINUTE", 9)
    monkeypatch.setattr(service, "MAX_IN_ALL", 2)
    room.send("khac", f"/comments/{made}/replies", "comments_too_many", text="a")


def test_words_far_from_where_they_were_made_are_held_on_the_way(
    room: Room, settings: Settings, document: DocumentId
) -> None:
    """Edit by edit nothing of the first wording is left, and the comment is still where it was."""
    made = room.say("gop", "họp thường kỳ")["id"]
    for text in (
        "Ban Thường vụ họp thường xuyên mỗi tháng một lần.",
        "Ban Thường vụ Tỉnh ủy họp thường xuyên vào ngày đầu tháng.",
        "Thường trực Tỉnh ủy làm việc thường xuyên vào ngày đầu tháng.",
        "Thường trực Tỉnh ủy làm việc liên tục vào ngày đầu tháng, trừ ngày lễ.",
    ):
        room.rewrite(1, text)
        room.listing()
    assert room.marked(made) == ("Thường trực Tỉnh ủy [làm việc liên tục] vào ngày đầu tháng, trừ ngày lễ.")
    assert room.thread(made)["anchor"]["quote"] == "họp thường kỳ"


def test_everybody_at_the_document_is_told_of_every_change(
    room: Room, document: DocumentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[DocumentId] = []

    async def tell(_: Rooms, document_id: DocumentId) -> None:
        told.append(document_id)

    monkeypatch.setattr(Rooms, "comments_changed", tell)
    made = room.say("gop")
    path, words = f"/comments/{made['id']}", f"/comments/{made['id']}/words/{made['comment']}"
    room.send("khac", f"{path}/replies", text="a")
    room.send("gop", words, 200, "PUT", edition=1, text="b")
    room.send("gop", f"{path}/assign", 204, edition=1, to="an")
    room.send("an", f"{path}/resolve", 204, edition=2)
    room.send("an", f"{path}/reopen", 204, edition=3)
    room.send("gop", f"{words}/remove", 204, edition=2)
    room.send("gop", f"{words}/remove", "comment_not_found", edition=3)
    assert told == [document] * 7
