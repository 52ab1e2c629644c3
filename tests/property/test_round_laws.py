"""A round of opinions, whatever people do in whatever order.

No opinion disappears; the figures are those of the records; what comes after the deadline is late; a
private link reaches its own round for its own invitation and nothing else; the frozen draft stays as it is.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

import anyio
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from duthao.domain.document import Document, DocumentId, Kind, Provision, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Verdict
from duthao.domain.rounds import Invited, Item, Said, Way, counts, newest
from duthao.formats.json import document_to_json
from duthao.service.answers import Answers
from duthao.service.letters import Letters
from duthao.service.notifications import Notifications
from duthao.service.ports import Tools
from duthao.service.rounds import LINK_AFTER, Entry, Rounds, Wanted
from duthao.service.versions import Versions
from duthao.settings import Settings
from duthao.store.memory import MemoryStore
from duthao.store.ports import (
    DocumentRecord,
    EpochMillis,
    Membership,
    Role,
    Seq,
    User,
    Version,
    VersionKind,
)

T = TypeVar("T")
DAY = 24 * 3600 * 1000
TREE = document_to_json(
    Document(tuple(Provision(ProvisionId(f"p{n}"), Kind.CLAUSE, f"Khoản {n}") for n in range(3)))
)
LEAD, MEMBER = UserId("lead"), UserId("member")

words = st.sampled_from(["", "bỏ khoản này", "giữ nguyên", "Ý kiến\nhai dòng", "sửa “a” thành “b”"])
saids = st.builds(
    Said,
    st.sampled_from(Verdict),
    words,
    st.lists(
        st.builds(Item, st.sampled_from([None, "p0", "p1"]), words, words), max_size=3
    ).map(tuple),
    st.sampled_from(["", "CV 5, trang 2"]),
)  # fmt: skip


class Round(RuleBasedStateMachine):
    @initialize(silent=st.booleans())
    def begin(self, silent: bool) -> None:
        self.now, numbers = EpochMillis(1_800_000_000_000), itertools.count()
        self.store = MemoryStore()
        store = self.store
        self.people = {id_: User(id_, id_, id_, "", "h", False, "vi", self.now) for id_ in (LEAD, MEMBER)}
        for person in self.people.values():
            store.users.create(person)
        for name in ("draft", "other"):
            record = DocumentRecord(DocumentId(name), "Quy chế", "g", None, LEAD, self.now)
            store.documents.create(record, [Membership(record.id, LEAD, Role.LEAD)])
            sha = hashlib.sha256(TREE).hexdigest()
            store.versions.create(
                Version(f"v-{name}", record.id, Seq(0), VersionKind.NUMBERED, None, "", "", TREE, sha, (),
                        LEAD, self.now)
            )  # fmt: skip
        tools = Tools(store, cast(Any, None), lambda: self.now, lambda: f"n{next(numbers)}", document_to_json)
        versions = Versions(tools)
        self.answers = Answers(tools, versions, cast(Any, None))
        self.answers.hurried = lambda who: None  # type: ignore[method-assign]
        letters = Letters(Settings(), None)
        self.rounds = Rounds(tools, versions, self.answers, Notifications(tools), letters)
        self.deadline = self.now + 5 * DAY
        wanted = Wanted("v-draft", "", "?", self.deadline, [MEMBER], "Sở A\nSở B", silent, silent, links=True)
        issued = self.run(self.rounds.create, self.people[LEAD], "draft", wanted)
        self.id = issued.round.id
        self.own: dict[str, int] = {}
        self.said: list[tuple[str | None, str, str]] = []
        self.alive = dict(issued.links)
        self.dead: set[str] = set()
        self.until = dict.fromkeys(issued.links, self.deadline + LINK_AFTER)
        other = Wanted("v-other", "", "?", self.deadline, [], "Sở A", links=True)
        self.elsewhere = self.run(self.rounds.create, self.people[LEAD], "other", other)

    def run(self, work: Callable[..., Coroutine[Any, Any, T]], *given: object) -> T:
        return anyio.run(work, *given)

    def refused(self, work: Callable[..., Coroutine[Any, Any, object]], *given: object) -> str:
        """The code of the refusal; "" when it was done."""
        try:
            self.run(work, *given)
        except Refusal as refusal:
            return refusal.code
        return ""

    def asked(self) -> list[str]:
        return [one.id for one in self.store.rounds.invitations(self.id)]

    @rule(days=st.sampled_from([0.2, 1, 3, 20]))
    def time_goes_by(self, days: float) -> None:
        self.now = EpochMillis(self.now + int(days * DAY))

    def may_end(self, invitation: str) -> int:
        return max(self.deadline, self.own.get(invitation, 0))

    @rule(who=st.integers(0, 2), said=saids, send=st.booleans())
    def somebody_answers(self, who: int, said: Said, send: bool) -> None:
        id_ = self.asked()[who]
        token = self.alive.get(id_)
        if token is None or self.now >= self.until[id_]:
            return
        asked = self.run(self.answers.by_link, token, "here")
        assert asked.invitation.id == id_
        before = [one for one in self.store.rounds.answers(self.id) if one.way is Way.PAGE]
        mine = [one for one in before if one.invitation_id == id_]
        closed = asked.round.closed_at is not None
        late = self.now > self.may_end(id_)
        work = self.answers.send if send else self.answers.save
        code = self.refused(work, asked, said, asked.invitation.draft_edition)
        if code:
            # Said no for a reason, and nothing of what was sent has changed.
            empty = said.verdict is not Verdict.AGREE and not (
                said.general or any(one.text or one.wording for one in said.items)
            )
            reasons = {"round_closed": closed, "answer_settled": late and bool(mine), "opinion_empty": empty}
            assert reasons[code]
            assert [one for one in self.store.rounds.answers(self.id) if one.way is Way.PAGE] == before
            return
        assert not closed
        if send:
            answer = self.store.rounds.answers(self.id, id_)[-1]
            assert answer.late == late
            self.keep(answer.said)

    def keep(self, said: Said) -> None:
        self.said += [(None, said.general, "")] if said.general else []
        self.said += [(one.provision, one.text, one.wording) for one in said.items]

    @rule(who=st.integers(-1, 2), said=saids, ago=st.sampled_from([0, 1, 6]), meeting=st.booleans())
    def the_clerk_enters(self, who: int, said: Said, ago: int, meeting: bool) -> None:
        way = Way.MEETING if meeting else Way.PAPER
        id_ = self.asked()[who] if who >= 0 else ""
        entry = Entry(way, id_, "Đồng chí A", said, self.now - ago * DAY)
        answer = self.run(self.rounds.enter, self.people[LEAD], self.id, entry)
        assert answer.late == (answer.at > (self.may_end(id_) if id_ else self.deadline))
        self.keep(answer.said)

    @rule(days=st.sampled_from([1, 9]), who=st.integers(-1, 2))
    def the_lead_extends(self, days: int, who: int) -> None:
        id_ = self.asked()[who] if who >= 0 else ""
        to = self.now + days * DAY
        before = self.may_end(id_) if id_ else self.deadline
        code = self.refused(self.rounds.extend, self.people[LEAD], self.id, to, id_)
        if code:
            closed = self.store.rounds.get(self.id).closed_at is not None  # type: ignore[union-attr]
            assert closed if code == "round_closed" else to <= before
            return
        if id_:
            self.own[id_] = to
        else:
            self.deadline = to
        for one in [id_] if id_ else self.alive:
            if one in self.until:
                self.until[one] = max(self.until[one], to + LINK_AFTER)

    @rule()
    def the_lead_closes(self) -> None:
        assert self.refused(self.rounds.close, self.people[LEAD], self.id) in ("", "round_closed")

    @rule(who=st.integers(0, 2), renew=st.booleans())
    def a_link_is_renewed_or_taken_back(self, who: int, renew: bool) -> None:
        id_ = self.asked()[who]
        if id_ in self.alive:
            self.dead.add(self.alive.pop(id_))
            del self.until[id_]
        if renew:
            issued = self.run(self.rounds.link, self.people[LEAD], self.id, id_)
            self.alive[id_] = issued.links[id_]
            self.until[id_] = max(self.may_end(id_), self.now) + LINK_AFTER
        else:
            self.run(self.rounds.revoke, self.people[LEAD], self.id, id_)

    @invariant()
    def no_opinion_disappears(self) -> None:
        every = [(o.provision, o.text, o.wording) for o in self.store.opinions.for_round(self.id, past=True)]
        # Said again in the same words an opinion is the same one; so not more are kept than were said.
        assert set(every) == set(self.said)
        last = newest(self.store.rounds.answers(self.id)).values()
        stand = Counter(
            one
            for answer in last
            for one in (
                *([(answer.id, None, answer.said.general, "")] if answer.said.general else []),
                *((answer.id, i.provision, i.text, i.wording) for i in answer.said.items),
            )
        )
        kept = self.store.opinions.for_round(self.id)
        assert Counter((o.source_id, o.provision, o.text, o.wording) for o in kept) == stand

    @invariant()
    def the_figures_are_those_of_the_records(self) -> None:
        opened = self.run(self.rounds.open, self.people[LEAD], self.id)
        answered = {a.invitation_id for a in self.store.rounds.answers(self.id) if a.invitation_id}
        c = opened.counts
        assert (c.sent, c.answered) == (3, len(answered))
        assert c.answered == c.agree + c.remarks + c.disagree + c.unsaid
        assert c.sent == c.answered + c.silent
        silent = [one for one in self.asked() if one not in answered]
        over = [one for one in silent if self.now > self.may_end(one)]
        assert c.presumed == (len(over) if opened.round.silent_members else 0)
        for name in ("sent", "answered", "agree", "late", "presumed", "opened"):
            assert getattr(c, name) == getattr(opened.members, name) + getattr(opened.units, name)
        assert sum(line.answer is not None and line.answer.late for line in opened.lines) == c.late
        invitations = self.store.rounds.invitations(self.id)
        assert counts(opened.round, invitations, self.store.rounds.answers(self.id), self.now) == c
        assert [one.kind for one in invitations].count(Invited.MEMBER) == opened.members.sent

    @invariant()
    def a_link_reaches_nothing_but_its_round(self) -> None:
        for token in list(self.dead)[:3]:
            with pytest.raises(Refusal, match="link_dead"):
                self.run(self.answers.by_link, token, f"n{len(self.dead)}-{self.now}-{token}")
        for id_, token in self.alive.items():
            if self.now < self.until[id_]:
                asked = self.run(self.answers.by_link, token, "here")
                assert (asked.round.id, asked.invitation.id, asked.texts) == (self.id, id_, ("v-draft",))
        assert self.store.opinions.for_round(self.elsewhere.round.id) == ()

    @invariant()
    def the_frozen_draft_stays(self) -> None:
        version = self.store.versions.get("v-draft")
        assert version is not None
        assert version.tree == TREE


Round.TestCase.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRound = Round.TestCase
