"""Proposals, comments and notifications in every store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.anchors import Anchor, On, Spot, Stretch
from duthao.domain.document import CharOffset, Kind, ProvisionId, UserId
from duthao.domain.proposals import Act, NewProvision, Proposed, Stood, Wording
from duthao.store.ports import (
    Comment,
    EpochMillis,
    MailWish,
    Membership,
    News,
    Notification,
    Proposal,
    ProposalState,
    Role,
    Seq,
    Store,
    Tally,
    Thread,
)
from tests.support.stores import AN, BINH, DRAFT, OTHER


class TestProposals:
    def proposal(self, proposal_id: str, at: int = 1) -> Proposal:
        stood = Stood(ProvisionId("p1"), Kind.ROW, "Điều 5.", Wording("", ("Họp\u0301", "100.000 đồng")))
        what = Proposed(Act.REPLACE, (stood, replace(stood, id=ProvisionId("p2"))), Wording("", ("a", "ạ")))
        return Proposal(
            proposal_id,
            DRAFT,
            BINH,
            what,
            "dieu:5/khoan:2",
            "vì “thực tiễn”",
            EpochMillis(at),
            EpochMillis(at),
        )

    def test_come_back_as_they_were_oldest_first(self, populated: Store) -> None:
        first, second = self.proposal("b", 1), self.proposal("a", 2)
        new = replace(
            second.what, act=Act.INSERT, new=NewProvision(ProvisionId("n"), Kind.CLAUSE), wording=Wording("x")
        )
        second = replace(second, what=new)
        for one in (second, first):
            populated.proposals.add(one)
        assert list(populated.proposals.for_document(DRAFT)) == [first, second]
        assert list(populated.proposals.for_document(OTHER)) == []
        assert populated.proposals.get(DRAFT, "a") == second
        assert populated.proposals.get(OTHER, "a") is None
        assert populated.proposals.get(DRAFT, "nobody") is None

    def test_of_two_who_saw_one_edition_the_first_changes_it(self, populated: Store) -> None:
        one = self.proposal("a")
        populated.proposals.add(one)
        decided = replace(
            one, state=ProposalState.ADAPTED, answer="Tiếp thu một phần", decided_by=AN,
            decided_at=EpochMillis(2**41), outcome=Wording("", ("b", "c")), seq=Seq(2**33),
        )  # fmt: skip
        assert populated.proposals.put(decided, 1)
        assert not populated.proposals.put(replace(one, state=ProposalState.WITHDRAWN), 1)
        assert populated.proposals.get(DRAFT, "a") == replace(decided, edition=2)
        assert populated.proposals.put(replace(decided, answer="Đã sửa"), 2)
        assert not populated.proposals.put(replace(decided, document_id=OTHER), 3)

    def test_belong_to_a_document_and_a_person(self, populated: Store) -> None:
        for lost in (
            replace(self.proposal("a"), document_id=OTHER), replace(self.proposal("a"), author=UserId("x"))
        ):  # fmt: skip
            with pytest.raises(ValueError):
                populated.proposals.add(lost)
        populated.proposals.add(self.proposal("a"))
        with pytest.raises(ValueError):
            populated.proposals.add(self.proposal("a"))


class TestComments:
    def thread(self, thread_id: str, at: int = 1) -> Thread:
        made = Stretch(Spot(ProvisionId("p1"), 2), "Họp\u0301 😀 “tuần”", CharOffset(4), CharOffset(5), 3)
        return Thread(
            thread_id,
            DRAFT,
            BINH,
            Anchor(On.WORDS, made),
            "dieu:5/khoan:2",
            Seq(2**33),
            "v1",
            EpochMillis(at),
        )

    def comment(self, comment_id: str, thread_id: str = "t", at: int = 1) -> Comment:
        return Comment(comment_id, DRAFT, thread_id, BINH, "Vì\n“thực tiễn”", (AN, BINH), EpochMillis(at))

    def test_come_back_as_they_were_oldest_first(self, populated: Store) -> None:
        first, second = self.thread("b", 1), self.thread("a", 2)
        second = replace(second, anchor=Anchor(On.DOCUMENT), path="", version=None)
        late, early = self.comment("c", "a", 5), self.comment("d", "b", 4)
        populated.comments.add(second, late)
        populated.comments.add(first, early)
        assert list(populated.comments.threads(DRAFT)) == [first, second]
        assert list(populated.comments.for_document(DRAFT)) == [early, late]
        assert list(populated.comments.for_document(DRAFT, "a")) == [late]
        assert list(populated.comments.threads(OTHER)) == []
        assert list(populated.comments.for_document(OTHER)) == []
        assert populated.comments.thread(DRAFT, "a") == second
        assert populated.comments.thread(OTHER, "a") is None
        assert populated.comments.thread(DRAFT, "nobody") is None

    def test_of_two_who_saw_one_edition_the_first_changes_it(self, populated: Store) -> None:
        thread, comment = self.thread("t"), self.comment("c")
        populated.comments.add(thread, comment)
        done = replace(thread, assigned=AN, resolved_by=AN, resolved_at=EpochMillis(2**41))
        assert populated.comments.put_thread(done, 1)
        assert not populated.comments.put_thread(replace(done, assigned=None), 1)
        assert not populated.comments.put_thread(replace(done, document_id=OTHER), 2)
        assert populated.comments.thread(DRAFT, "t") == replace(done, edition=2)
        edited = replace(comment, text="", mentions=(), edited_at=EpochMillis(2**41), removed=True)
        assert populated.comments.put_comment(edited, 1)
        assert not populated.comments.put_comment(replace(edited, text="x"), 1)
        assert not populated.comments.put_comment(replace(edited, document_id=OTHER), 2)
        assert list(populated.comments.for_document(DRAFT)) == [replace(edited, edition=2)]

    def test_where_words_are_held_is_no_change_of_their_thread(self, populated: Store) -> None:
        thread = self.thread("t")
        populated.comments.add(thread, self.comment("c"))
        held = (
            Stretch(Spot(ProvisionId("p2")), "một", CharOffset(0), CharOffset(3), 2),
            Stretch(Spot(ProvisionId("p3"), 0), "hai", CharOffset(1), CharOffset(2)),
        )
        populated.comments.hold(DRAFT, {"t": held, "nobody": ()})
        populated.comments.hold(OTHER, {"t": ()})
        assert populated.comments.put_thread(replace(thread, assigned=AN), 1)
        assert populated.comments.thread(DRAFT, "t") == replace(thread, held=held, assigned=AN, edition=2)

    def test_go_with_their_thread(self, populated: Store) -> None:
        for id_ in ("t", "s"):
            populated.comments.add(self.thread(id_), self.comment(f"{id_}1", id_))
            populated.comments.reply(self.comment(f"{id_}2", id_, 2))
        populated.comments.remove(OTHER, "t")
        populated.comments.remove(DRAFT, "t")
        assert [one.id for one in populated.comments.threads(DRAFT)] == ["s"]
        assert [one.id for one in populated.comments.for_document(DRAFT)] == ["s1", "s2"]
        with pytest.raises(ValueError):
            populated.comments.reply(self.comment("t3", "t"))

    def test_are_counted(self, populated: Store) -> None:
        populated.comments.add(self.thread("t"), self.comment("c", "t", 5))
        populated.comments.add(self.thread("s"), replace(self.comment("d", "s", 7), author=AN))
        populated.comments.put_thread(
            replace(self.thread("s"), resolved_by=AN, resolved_at=EpochMillis(9)), 1
        )
        populated.comments.reply(self.comment("e", "s", 9))
        assert populated.comments.tally(DRAFT, BINH, EpochMillis(5)) == Tally(open=1, comments=3, recent=1)
        populated.comments.put_comment(replace(self.comment("c"), edited_at=EpochMillis(6)), 1)
        assert populated.comments.tally(DRAFT, BINH, EpochMillis(5)) == Tally(open=1, comments=3, recent=2)
        assert populated.comments.tally(OTHER, BINH, EpochMillis(0)) == Tally(0, 0, 0)

    def test_belong_to_a_document_a_thread_and_a_person(self, populated: Store) -> None:
        for lost in (
            (replace(self.thread("t"), document_id=OTHER), self.comment("c")),
            (replace(self.thread("t"), author=UserId("x")), self.comment("c")),
            (self.thread("t"), replace(self.comment("c"), author=UserId("x"))),
        ):
            with pytest.raises(ValueError):
                populated.comments.add(*lost)
        assert list(populated.comments.threads(DRAFT)) == []
        populated.comments.add(self.thread("t"), self.comment("c"))
        for twice in (self.comment("c"), replace(self.comment("d"), document_id=OTHER)):
            with pytest.raises(ValueError):
                populated.comments.reply(twice)
        with pytest.raises(ValueError):
            populated.comments.add(self.thread("t"), self.comment("d"))


class TestNotifications:
    def told(self, id_: str, at: int = 1, **other: object) -> Notification:
        made = Notification(id_, AN, DRAFT, News.MENTIONED, BINH, EpochMillis(2**41 + at), "t", None)
        return replace(made, **other)  # type: ignore[arg-type]

    def test_come_newest_first_and_are_read(self, populated: Store) -> None:
        first, second = (
            self.told("b", 1),
            self.told("a", 2, news=News.DECLINED, thread_id=None, proposal_id="q"),
        )
        populated.notifications.add([first, second], 9)
        assert list(populated.notifications.for_user(AN)) == [second, first]
        assert populated.notifications.unread(AN) == 2
        populated.notifications.mark_seen(BINH)
        populated.notifications.mark_seen(AN, ["b"])
        populated.notifications.mark_seen(AN, ["nobody"])
        assert list(populated.notifications.for_user(AN)) == [second, replace(first, seen=True)]
        populated.notifications.mark_seen(AN)
        assert populated.notifications.unread(AN) == 0
        assert list(populated.notifications.for_user(BINH)) == []

    def test_the_newest_are_kept_of_each(self, populated: Store) -> None:
        populated.documents.set_member(Membership(DRAFT, BINH, Role.READER))
        for n in range(5):
            populated.notifications.add([self.told(f"n{n}", n)], 3)
        populated.notifications.add([self.told("b", 0, user_id=BINH), self.told("c", 9)], 3)
        populated.notifications.add([], 3)
        assert [one.id for one in populated.notifications.for_user(AN)] == ["c", "n4", "n3"]
        assert [one.id for one in populated.notifications.for_user(BINH)] == ["b"]

    def test_who_has_no_part_in_a_document_is_told_nothing_of_it(self, populated: Store) -> None:
        populated.notifications.put_mail_wish(MailWish(BINH, "b@x.vn", True))
        populated.notifications.add([self.told("a", user_id=BINH)], 3)
        assert list(populated.notifications.for_user(BINH)) == []
        assert (populated.notifications.unread(BINH), list(populated.notifications.unmailed())) == (0, [])

    def test_who_wants_e_mail_is_sent_what_they_have_not_seen_once(self, populated: Store) -> None:
        populated.notifications.add([self.told("a", 2), self.told("b", 1), self.told("c", 3)], 9)
        assert list(populated.notifications.unmailed()) == []
        populated.notifications.put_mail_wish(MailWish(AN, "an@x.vn", False))
        assert list(populated.notifications.unmailed()) == []
        wish = MailWish(AN, "an@y.vn", True, EpochMillis(2**41))
        populated.notifications.put_mail_wish(wish)
        assert populated.notifications.mail_wish(AN) == wish
        assert populated.notifications.mail_wish(BINH) is None
        populated.notifications.mark_seen(AN, ["c"])
        assert [one.id for one in populated.notifications.unmailed()] == ["b", "a"]
        populated.notifications.mailed(["b", "nobody"])
        populated.notifications.mailed([])
        assert [one.id for one in populated.notifications.unmailed()] == ["a"]

    def test_belong_to_a_person_and_a_document(self, populated: Store) -> None:
        for lost in (self.told("a", document_id=OTHER), self.told("a", user_id=UserId("x"))):
            with pytest.raises(ValueError):
                populated.notifications.add([lost], 9)
        with pytest.raises(ValueError):
            populated.notifications.put_mail_wish(MailWish(UserId("x"), "x@x.vn", True))
