"""Proposals over HTTP: who proposes, who decides, what comes into the text and to whose credit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.domain.document import DocumentId, UserId
from duthao.service import proposals as service
from duthao.settings import Settings
from duthao.store.ports import ProposalState
from tests.support.meeting import Json, Meeting, document_of, house_of_people
from tests.support.served import signed_in

TEXT = (
    "QUY CHẾ\nLàm việc\n\nĐiều 1. Chế độ họp\n1. Ban Thường vụ họp thường kỳ mỗi tháng một lần.\n"
    "2. Thường trực họp hằng tuần.\nĐiều 2. Kinh phí\n1. Kinh phí do ngân sách bảo đảm."
)
MONTH = "Ban Thường vụ họp thường kỳ mỗi tháng một lần."
QUARTER = "Ban Thường vụ họp thường kỳ mỗi quý một lần."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return house_of_people(tmp_path_factory.mktemp("house"))


@pytest.fixture
def document(settings: Settings) -> DocumentId:
    return document_of(settings, TEXT)


class Room(Meeting):
    def post(self, name: str, to: str, expect: int | str = 200, **body: Any) -> Json:
        return self.send(name, f"/proposals{to}", expect, **body)

    def texts(self) -> list[str]:
        return [one["text"] for one in self.provisions()]

    def ids(self) -> list[str]:
        return [one["id"] for one in self.provisions()]

    def list(self, name: str = "an") -> list[Json]:
        self.enter(name)
        answer = self.client.get(f"{self.path}/proposals")
        assert answer.status_code == 200
        found: list[Json] = answer.json()["proposals"]
        return found

    def one(self, proposal: str) -> Json:
        return next(one for one in self.list() if one["id"] == proposal)

    def wish(
        self, name: str, text: str = QUARTER, clause: int = 1, expect: int | str = 201, **more: Any
    ) -> str:
        self.enter(name)
        made = self.post(name, "", expect, act="replace", provision=self.ids()[clause], text=text, **more)
        return str(made.get("id", ""))

    def wrote(self, provision: str) -> list[tuple[str, str]]:
        found = self.client.get(f"{self.path}/provisions/{provision}/authors").json()
        return [(found["text"][w["start"] : w["end"]], w["user"]) for w in found["written"]]


@pytest.fixture
def room(settings: Settings, document: DocumentId) -> Iterator[Room]:
    with signed_in(settings, "an") as client:
        yield Room(client, document)


def test_a_proposal_is_shown_with_its_words_its_author_and_its_reason(room: Room) -> None:
    made = room.wish("gop", reason="Mỗi tháng là quá dày.")
    (one,) = room.list("xem")
    assert one["id"] == made
    assert one["spans"] == [
        [["=", "Ban Thường vụ họp thường kỳ mỗi "], ["-", "tháng"], ["+", "quý"], ["=", " một lần."]]
    ]
    assert (one["author"]["name"], one["reason"]) == ("Ông gop", "Mỗi tháng là quá dày.")
    assert (one["where"], one["article"]["where"]) == ("khoản 1 Điều 1", "Điều 1")
    assert (one["state"], one["outlook"]["standing"], one["outlook"]["now"]) == ("open", "clean", None)
    assert MONTH in room.texts()  # and the text itself is as it was


def test_only_who_may_proposes_and_decides(room: Room) -> None:
    room.wish("xem", expect="not_allowed")
    room.wish("an", expect=201)
    made = room.wish("gop")
    room.enter("la")
    assert room.client.get(f"{room.path}/proposals").status_code == 404
    for name in ("gop", "khac", "xem"):
        room.post(name, f"/{made}/accept", "not_allowed", edition=1)
        room.post(name, f"/{made}/decline", "not_allowed", edition=1, answer="Không")
        room.post(name, "/decide", "not_allowed", proposals=[{"id": made, "edition": 1}])
    room.post("khac", f"/{made}/withdraw", "proposal_not_yours", edition=1)
    room.post("an", f"/{made}/withdraw", "proposal_not_yours", edition=1)
    assert MONTH in room.texts()


def test_accepted_words_are_the_authors_and_the_row_is_of_who_accepted(room: Room) -> None:
    made = room.wish("gop")
    done = room.post("binh", f"/{made}/accept", edition=1)
    assert done["state"] == "accepted"
    assert QUARTER in room.texts()
    clause = room.ids()[1]
    assert ("quý", "gop") in room.wrote(clause)
    assert {user for _, user in room.wrote(clause)} == {"an", "gop"}
    sittings = room.client.get(f"{room.path}/timeline").json()["sittings"]
    assert [(s["user"], s["reason"]) for s in sittings] == [("an", "seed"), ("binh", "proposal")]
    one = room.one(made)
    assert (one["state"], one["decided"]["by"]["name"], one["seq"]) == ("accepted", "Ông binh", done["seq"])
    assert one["outcome"]["text"] == QUARTER
    room.post("binh", f"/{made}/accept", "proposal_decided", edition=one["edition"])
    room.post("gop", f"/{made}/withdraw", "proposal_decided", edition=one["edition"])


def test_accepted_with_changes_each_has_their_own_words(room: Room) -> None:
    made = room.wish("gop")
    changed = "Ban Thường vụ họp thường kỳ mỗi quý một lần tại trụ sở."
    done = room.post(
        "binh", f"/{made}/accept", edition=1, text=changed, made_on={"text": MONTH}, answer="Thêm nơi họp."
    )
    assert done["state"] == "adapted"
    assert changed in room.texts()
    wrote = room.wrote(room.ids()[1])
    assert ("quý", "gop") in wrote
    assert any("trụ sở" in words and user == "binh" for words, user in wrote)
    one = room.one(made)
    assert (one["outcome"]["text"], one["answer"]) == (changed, "Thêm nơi họp.")
    rows = room.client.get(f"{room.path}/timeline").json()
    assert [s["user"] for s in rows["sittings"]] == ["an", "binh", "binh"]


def test_on_a_text_changed_meanwhile_it_is_joined_or_a_person_decides(room: Room) -> None:
    first, second, third = (
        room.wish("gop"),
        room.wish("khac"),
        room.wish("khac", MONTH.replace("tháng", "năm")),
    )
    place = room.wish("khac", MONTH.replace("lần.", "lần tại trụ sở."))
    listed = {one["id"]: one for one in room.list()}
    assert (listed[first]["same"], listed[first]["collide"]) == ([second], [third])
    assert listed[place]["collide"] == []
    assert listed[first]["changes"] == [
        [
            {"text": "Ban Thường vụ họp thường kỳ mỗi "},
            {"was": "tháng", "now": "quý", "disputed": True},
            {"text": " một lần."},
        ]
    ]
    assert [c.get("disputed") for c in listed[place]["changes"][0]] == [None, False, None]
    room.post("an", f"/{first}/accept", edition=1)
    listed = {one["id"]: one for one in room.list()}
    assert listed[second]["outlook"]["standing"] == "done"
    assert listed[third]["outlook"]["standing"] == "conflict"
    (conflict,) = [piece for piece in listed[third]["outlook"]["pieces"][0] if piece["sort"] == "conflict"]
    assert [conflict[side] for side in ("base", "theirs", "ours")] == [" tháng", " năm", " quý"]
    room.post("an", f"/{place}/accept", edition=1)
    assert "Ban Thường vụ họp thường kỳ mỗi quý một lần tại trụ sở." in room.texts()
    room.post("an", f"/{third}/accept", "proposal_conflict", edition=1)
    assert room.one(third)["edition"] == 1  # refused before anybody was told that it is being accepted
    room.post("an", f"/{second}/accept", edition=1)
    assert room.one(second)["state"] == "accepted"


def test_words_written_over_others_than_those_that_stand_there_are_refused(room: Room) -> None:
    first, second = room.wish("gop"), room.wish("khac", MONTH.replace("một lần", "hai lần"))
    room.post("an", f"/{first}/accept", edition=1)
    room.post(
        "binh", f"/{second}/accept", "proposal_conflict", edition=1,
        text=MONTH.replace("tháng", "tuần"), made_on={"text": MONTH},
    )  # fmt: skip
    assert QUARTER in room.texts()
    room.post(
        "binh", f"/{second}/accept", edition=1, text=MONTH.replace("tháng", "tuần"), made_on={"text": QUARTER}
    )
    assert MONTH.replace("tháng", "tuần") in room.texts()


def test_a_new_provision_and_a_removal(room: Room) -> None:
    room.enter("gop")
    ids = room.ids()
    new = room.post(
        "gop", "", 201, act="insert", provision=ids[1], text="Khi cần thì họp trực tuyến.", kind="clause"
    )["id"]
    again = room.post(
        "khac", "", 201, act="insert", provision=ids[1], text="Có ghi biên bản.", kind="clause"
    )["id"]
    gone = room.post("khac", "", 201, act="remove", provision=ids[3])["id"]
    assert [one["act"] for one in room.list()] == ["insert", "insert", "remove"]
    assert [stood["text"] for stood in room.one(gone)["base"]] == [
        "Kinh phí",
        "Kinh phí do ngân sách bảo đảm.",
    ]
    for proposal in (new, again, gone):
        room.post("an", f"/{proposal}/accept", edition=1)
    assert room.texts() == [
        "Chế độ họp", MONTH, "Khi cần thì họp trực tuyến.", "Có ghi biên bản.", "Thường trực họp hằng tuần."
    ]  # fmt: skip
    assert room.wrote(room.ids()[2]) == [("Khi cần thì họp trực tuyến.", "gop")]
    moved = room.one(gone)
    assert (moved["where"], moved["article"], moved["state"]) == ("Điều 2", None, "accepted")


def test_what_is_removed_is_what_was_seen(room: Room) -> None:
    room.enter("khac")
    gone = room.post("khac", "", 201, act="remove", provision=room.ids()[1])["id"]
    room.post("an", f"/{room.wish('gop')}/accept", edition=1)
    look = room.one(gone)["outlook"]
    assert (look["standing"], [now["text"] for now in look["now"]]) == ("conflict", [QUARTER])
    room.post("an", f"/{gone}/accept", "proposal_conflict", edition=1)
    room.post("an", f"/{gone}/accept", "proposal_conflict", edition=1, seen="0" * 16)
    room.post("an", f"/{gone}/accept", edition=1, seen=look["seen"])
    assert QUARTER not in room.texts()


def test_an_answer_gives_its_reason_and_may_be_taken_back(room: Room) -> None:
    made = room.wish("gop")
    room.post("binh", f"/{made}/decline", "answer_missing", edition=1, answer="  ")
    room.post("binh", f"/{made}/decline", 204, edition=1, answer="Giữ theo Quy định 22.")
    one = room.one(made)
    assert (one["state"], one["answer"], one["outlook"]) == ("declined", "Giữ theo Quy định 22.", None)
    assert MONTH in room.texts()
    room.post("gop", f"/{made}/reopen", "not_allowed", edition=2)
    room.post("an", f"/{made}/reopen", 204, edition=2)
    assert (room.one(made)["state"], room.one(made)["answer"]) == ("open", "")
    room.post("an", f"/{made}/reopen", "proposal_decided", edition=3)


def test_its_author_edits_and_withdraws_it(room: Room) -> None:
    made = room.wish("gop", reason="Lý do")
    year = MONTH.replace("tháng", "năm")
    room.enter("gop")
    put = room.client.put(
        f"{room.path}/proposals/{made}", json={"edition": 1, "text": year, "reason": "Khác"}
    )
    assert put.json() == {"id": made, "edition": 2}
    put = room.client.put(f"{room.path}/proposals/{made}", json={"edition": 2, "reason": "Chỉ lý do"})
    assert put.status_code == 200
    one = room.one(made)
    assert (one["wording"]["text"], one["reason"], one["edition"]) == (year, "Chỉ lý do", 3)
    room.post("an", f"/{made}/accept", "proposal_changed", edition=1)  # they saw an earlier one
    room.enter("khac")
    foreign = room.client.put(f"{room.path}/proposals/{made}", json={"edition": 3, "text": QUARTER})
    assert foreign.json()["error"]["code"] == "proposal_not_yours"
    room.post("gop", f"/{made}/withdraw", 204, edition=3)
    assert room.one(made)["state"] == "withdrawn"
    room.post("an", f"/{made}/accept", "proposal_decided", edition=4)


def test_several_at_once_with_what_the_draft_was_kept_before(room: Room) -> None:
    ones = [room.wish("gop"), room.wish("khac", MONTH.replace("tháng", "năm"))]
    ones.append(room.wish("gop", "Thường trực họp đầu tuần.", 2))
    chosen = [{"id": id_, "edition": 1} for id_ in (*ones, "nobody")]
    done = {one["id"]: one["left"] for one in room.post("an", "/decide", proposals=chosen)["decided"]}
    assert done[ones[0]] is done[ones[2]] is None
    assert done[ones[1]]["code"] == "proposal_conflict"
    assert done["nobody"]["code"] == "proposal_not_found"
    assert {QUARTER, "Thường trực họp đầu tuần."} <= set(room.texts())
    kept = room.client.get(f"{room.path}/versions").json()["versions"]
    assert (kept[0]["kind"], kept[0]["name"]) == ("automatic", "Trước khi tiếp thu 4 đề nghị sửa")
    left = [{"id": ones[1], "edition": 1}]
    room.post("an", "/decide", "answer_missing", proposals=left, answer=" ")
    room.post("an", "/decide", proposals=left, answer="Đã tiếp thu phương án khác.")
    assert room.one(ones[1])["state"] == "declined"


def test_words_are_cleaned_and_bounded(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    made = room.wish("gop", "Ban Thường vụ\nho\u0323p\u200b thường kỳ mỗi quý một lần.")
    assert room.one(made)["wording"]["text"] == QUARTER
    room.wish("gop", MONTH, expect="proposal_empty")
    room.wish("gop", "x" * 20_001, expect="wording_too_long")
    room.wish("gop", reason="x" * 4_001, expect="reason_too_long")
    room.post("gop", "", "provision_not_found", act="replace", provision="p" * 65, text="x")
    room.post("gop", "", "field_bad", act="shout", provision="p", text="x")
    room.post("gop", "", "field_bad", act="replace", provision="p", text=["x"])
    room.post("gop", "", "proposal_kind", act="insert", provision=room.ids()[0], text="x", kind="row")
    room.post("an", "/decide", "field_bad", proposals=[])
    room.post("an", "/nobody/accept", "proposal_not_found", edition=1)
    monkeypatch.setattr(service, "MAX_HERE", 1)
    room.wish("khac", expect="proposals_too_many")
    monkeypatch.setattr(service, "PER_MINUTE", 1)
    room.wish("gop", "Thường trực họp.", 2, expect="proposals_too_often")


def test_made_while_others_wrote_it_is_of_what_stands_there_now(room: Room) -> None:
    fixed = MONTH.replace("thường kỳ", "định kỳ")
    room.post("an", f"/{room.wish('khac', fixed)}/accept", edition=1)
    made = room.wish("gop", QUARTER, made_on={"text": MONTH})
    one = room.one(made)
    assert one["base"][0]["text"] == fixed
    assert one["wording"]["text"] == QUARTER.replace("thường kỳ", "định kỳ")
    other = MONTH.replace("thường kỳ", "bất thường")
    room.wish("gop", other, made_on={"text": MONTH}, expect="proposal_text_moved")


def test_another_site_cannot_propose(room: Room) -> None:
    room.enter("gop")
    body = {"act": "remove", "provision": room.ids()[1]}
    path = f"{room.path}/proposals"
    for answer in (
        room.client.post(path, json=body, headers={"Origin": "https://khac.example"}),
        room.client.post(
            path, content="act=remove", headers={"Content-Type": "application/x-www-form-urlencoded"}
        ),
    ):
        assert answer.status_code in (403, 415)
    assert room.list() == []


def test_accepting_that_was_cut_off_is_open_again_and_done_once(
    settings: Settings, document: DocumentId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends after the text is written and before the proposal is marked."""

    async def story() -> None:
        async with open_services(settings) as services:
            store = services.tools.store
            gop, an = (
                found for name in ("gop", "an") if (found := store.users.get(UserId(name))) is not None
            )
            draft, _ = await services.tools.rooms.read(document)
            clause = draft.provisions[1].id
            asked = service.Asked(service.Act.REPLACE, clause, service.Wording(QUARTER))
            one = await services.proposals.propose(gop, document, asked)
            put, states = store.proposals.put, []

            def cut(proposal: Any, seen: int) -> bool:
                states.append(proposal.state)
                if proposal.state is not ProposalState.ACCEPTING:
                    raise KeyboardInterrupt
                return put(proposal, seen)

            monkeypatch.setattr(store.proposals, "put", cut)
            with pytest.raises(KeyboardInterrupt):
                await services.proposals.accept(an, document, one.id, 1)
            monkeypatch.setattr(store.proposals, "put", put)
            assert states == [ProposalState.ACCEPTING, ProposalState.ACCEPTED]
            (shown,) = (await services.proposals.list(an, document)).proposals
            assert not shown.is_open
            monkeypatch.setattr(service, "ABANDONED", -1)
            (shown,) = (await services.proposals.list(an, document)).proposals
            assert shown.is_open
            _, end = await services.tools.rooms.read(document)
            again = await services.proposals.accept(an, document, one.id, shown.proposal.edition)
            assert (again.state, again.seq) == (ProposalState.ACCEPTED, end)
            draft, _ = await services.tools.rooms.read(document)
            assert draft.provisions[1].text == QUARTER

    anyio.run(story)
