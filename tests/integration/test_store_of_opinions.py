"""Opinions and rounds of opinions in every store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import UserId
from duthao.domain.opinions import Opinion, Source, Verdict
from duthao.domain.rounds import Answer, File, Invitation, Invited, Item, Round, Said, Way
from duthao.store.ports import EpochMillis, News, Notification, Store
from tests.support.stores import AN, BINH, DRAFT, OTHER

LATE = 2**41


def opinion(id_: str, at: int = 1) -> Opinion:
    return Opinion(
        id_, DRAFT, Source.ROUND, "a", "r", "Sở Nội vụ", BINH, "v", "p1", "Đề nghị\nbỏ “khoản 3”", "Họp",
        "CV số 5", True, LATE + at,
    )  # fmt: skip


def round_(id_: str = "r") -> Round:
    return Round(
        id_, DRAFT, 0, "v", None, "Lấy ý kiến lần 1", "Đồng chí có đồng ý không?", LATE, True, False, AN, 5
    )


def asked(id_: str, user: UserId | None = None, round_id: str = "r") -> Invitation:
    kind = Invited.UNIT if user is None else Invited.MEMBER
    return Invitation(id_, round_id, kind, user, f"Ông {id_}", "a@b.vn", LATE, deadline=LATE + 1)


def answer(id_: str = "a", edition: int = 1, invitation: str | None = "i") -> Answer:
    said = Said(Verdict.REMARKS, "Chung", (Item("p1", "bỏ", "x"), Item(None, "", "ạ")), "CV 1")
    return Answer(id_, "r", invitation, edition, Way.PAPER, "Ông i", said, LATE, LATE + edition, True, AN)


class TestOpinions:
    def test_come_back_as_they_were_oldest_first_and_once(self, populated: Store) -> None:
        first, second = opinion("b", 1), replace(opinion("a", 2), round_id=None, user_id=None, provision=None)
        populated.opinions.add([second, first])
        populated.opinions.add([replace(first, text="anders"), replace(first, id="c", at=LATE + 3)])
        third = replace(first, id="c", at=LATE + 3)
        assert list(populated.opinions.for_document(DRAFT)) == [first, second, third]
        assert list(populated.opinions.for_round("r")) == [first, third]
        assert list(populated.opinions.for_document(OTHER)) == []
        assert populated.opinions.get("a") == second
        assert populated.opinions.get("nobody") is None
        populated.opinions.add([])
        with pytest.raises(ValueError):
            populated.opinions.add([replace(first, id="d", document_id=OTHER)])


class TestRounds:
    def test_are_numbered_and_change_by_editions(self, populated: Store) -> None:
        door = populated.rounds
        first = door.create(round_(), [asked("i"), asked("h", BINH)])
        second = door.create(round_("s"), [])
        assert (first, second.number) == (replace(round_(), number=1), 2)
        assert list(door.for_document(DRAFT)) == [second, first]
        assert list(door.for_document(OTHER)) == []
        assert list(door.running(LATE)) == [first, second]
        assert list(door.running(LATE + 1)) == []
        assert door.put(replace(first, deadline=LATE + 9, closed_at=LATE + 10, name="x"), 1)
        assert not door.put(first, 1)
        kept = replace(first, deadline=LATE + 9, closed_at=LATE + 10, edition=2)
        assert door.get("r") == kept
        assert list(door.running(LATE)) == [second], "a closed one is not"
        assert door.get("nobody") is None
        assert list(door.of_user(BINH)) == [(kept, asked("h", BINH))]
        with pytest.raises(ValueError):
            door.create(replace(round_("t"), document_id=OTHER), [])
        with pytest.raises(ValueError):
            door.create(round_("t"), [asked("j", UserId("nobody"), "t")])
        assert door.get("t") is None

    def test_nobody_is_asked_twice(self, populated: Store) -> None:
        door = populated.rounds
        door.create(round_(), [asked("i", BINH), asked("k")])
        door.invite([asked("h", AN), asked("g")])
        assert [one.id for one in door.invitations("r")] == ["i", "k", "h", "g"]
        for twice in ([asked("x"), asked("j", BINH)], [asked("y", None, "nowhere")], [asked("i")]):
            with pytest.raises(ValueError):
                door.invite(twice)
        assert len(door.invitations("r")) == 4

    def test_what_the_lead_and_the_person_change_does_not_touch(self, populated: Store) -> None:
        door = populated.rounds
        door.create(round_(), [asked("i", BINH)])
        seen = door.invitation("i")
        assert seen == asked("i", BINH)
        door.opened("i", 7)
        door.opened("i", 9)
        door.opened("nobody", 9)
        said = Said(Verdict.DISAGREE, "không\nđồng ý", (Item("p1", "a", "b"),), "CV 5")
        assert door.save_draft("i", said, 8, 0)
        assert not door.save_draft("i", said, 8, 0)
        assert not door.save_draft("nobody", said, 8, 0)
        door.put_invitation(replace(seen, token_hash="h", link_until=LATE, reminders=1, reminded_at=LATE))
        kept = replace(
            seen, token_hash="h", link_until=LATE, reminders=1, reminded_at=LATE, opened_at=7, seen_at=9,
            draft=said, draft_edition=1, draft_at=8,
        )  # fmt: skip
        assert door.invitation("i") == kept
        assert door.by_token("h") == kept
        assert door.by_token("g") is None
        door.put_invitation(replace(kept, withdrawn_at=LATE, token_hash=None))
        assert list(door.of_user(BINH)) == []
        assert door.by_token("h") is None

    def test_no_answer_and_no_opinion_disappears(self, populated: Store) -> None:
        door = populated.rounds
        door.create(round_(), [asked("i")])
        old, new = opinion("o1"), opinion("o2", 2)
        assert door.send(answer(), [old], [])
        assert not door.send(answer(), [new], ["o1"])
        assert list(populated.opinions.for_document(DRAFT)) == [old]
        assert door.send(answer(edition=2), [new], ["o1"])
        assert door.send(answer("b", 1, None), [], [])
        assert list(populated.opinions.for_document(DRAFT)) == [new]
        assert list(populated.opinions.for_round("r", past=True)) == [old, new]
        assert populated.opinions.get("o1") == old
        assert list(door.answers("r")) == [answer(), answer("b", 1, None), answer(edition=2)]
        assert list(door.answers("s")) == []
        with pytest.raises(ValueError):
            door.send(replace(answer("c"), round_id="nowhere"), [], [])

    def test_files_come_back_byte_for_byte(self, populated: Store) -> None:
        door = populated.rounds
        door.create(round_(), [asked("i"), asked("j")])
        first = File("f", "r", "i", "Công văn.pdf", 3, "0" * 64, 1)
        second = replace(first, id="e", invitation_id="j", at=2)
        door.add_file(second, b"\x00\xff1")
        door.add_file(first, b"abc")
        assert list(door.files("r")) == [first, second]
        assert list(door.files("r", "j")) == [second]
        assert door.file("r", "e") == (second, b"\x00\xff1")
        assert door.file("s", "e") is None
        assert not door.remove_file("s", "e")
        assert door.remove_file("r", "e")
        assert list(door.files("r")) == [first]
        with pytest.raises(ValueError):
            door.add_file(replace(first, id="g", invitation_id="nobody"), b"")

    def test_who_is_asked_is_told_though_no_member(self, populated: Store) -> None:
        populated.rounds.create(round_(), [asked("i", BINH)])
        told = Notification("n", BINH, DRAFT, News.INVITED, AN, EpochMillis(1), round_id="r")
        populated.notifications.add([told, replace(told, id="m", round_id="s")], 9)
        assert list(populated.notifications.for_user(BINH)) == [told]
        assert populated.notifications.unread(BINH) == 1
        invitation = populated.rounds.invitation("i")
        assert invitation is not None
        populated.rounds.put_invitation(replace(invitation, withdrawn_at=5))
        assert populated.notifications.unread(BINH) == 0
