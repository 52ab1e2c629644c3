"""Proposals: people propose wordings beside the text, the drafting team takes them in or answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from anyio import to_thread

from duthao.domain.document import Document, Kind, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.outline import Entry
from duthao.domain.proposals import (
    Accepted,
    Act,
    Change,
    Decided,
    NewProvision,
    Outlook,
    Proposed,
    Wording,
    accepted,
    changes,
    meetings,
    outlook,
    proposed,
)
from duthao.domain.text import clean
from duthao.service.access import Access, Permission, document_for
from duthao.service.notifications import Notifications
from duthao.service.outlines import Outlines, article_of
from duthao.service.people import Colours, people_of
from duthao.service.ports import Tools
from duthao.service.versions import Versions
from duthao.store.ports import EpochMillis, News, Proposal, ProposalState, Seq, User

MAX_WORDING: Final = 20_000
MAX_CELLS: Final = 60
MAX_REASON: Final = 4_000
MAX_ANSWER: Final = 4_000
MAX_OPEN: Final = 2_000
MAX_HERE: Final = 60
"""Open proposals for one provision: each is held against each."""
MAX_IN_ALL: Final = 10_000
PER_MINUTE: Final = 30
MAX_AT_ONCE: Final = 200
MINUTE: Final = 60_000
ABANDONED: Final = 60_000
"""Milliseconds after which accepting that has not ended has come to nothing: its process is gone."""

UNPLACED: Final = (Kind.TABLE, Kind.ROW)
"""Kinds that are not proposed as new: they are more than a line of words."""

EMPTY: Final = Wording()


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. `made_on` is what they saw while they wrote; None: what stands now.

    `kind` is that of a new provision; None: a paragraph, or what was proposed before.
    """

    act: Act
    provision: ProvisionId
    wording: Wording = EMPTY
    made_on: Wording | None = None
    kind: Kind | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as it stands today.

    `path` is where its provision stands, or stood when it is not there any more; `article` the
    article, or the unit at the top, that it belongs to, None when it is gone; `place` sorts in
    reading order. `collide` and `same` are other open proposals, by id; `changes` what a rewording
    makes of the draft of today.
    """

    proposal: Proposal
    path: str
    article: Entry | None
    place: int
    outlook: Outlook | None = None
    collide: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    changes: tuple[tuple[Change, ...], ...] = ()

    @property
    def is_open(self) -> bool:
        return self.outlook is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """All proposals of a document in reading order, and the people they name."""

    seq: Seq
    proposals: tuple[Shown, ...]
    people: Mapping[UserId, User]
    colours: Colours = field(default_factory=Colours)


@dataclass(frozen=True, slots=True)
class Done:
    """One of several decided at once: `refusal` when it was left as it is."""

    proposal_id: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class _Wish:
    """To accept this edition of a proposal."""

    proposal_id: str
    edition: int
    decided: Decided
    answer: str


@dataclass(frozen=True, slots=True)
class _Claimed:
    wish: _Wish
    proposal: Proposal
    behind: frozenset[ProvisionId]


# Inside the class `list` is the use case of that name.
_Claims = list[_Claimed | Refusal]
_Found = list[Proposal | Refusal]
_Rows = list[Seq]
_Steps = list[tuple[Document, UserId | None]]


class Proposals:
    def __init__(
        self, tools: Tools, versions: Versions, notifications: Notifications, outlines: Outlines
    ) -> None:
        self._tools, self._versions = tools, versions
        self._notifications, self._outlines = notifications, outlines

    async def list(self, user: User, document_id: str) -> Listing:
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        document, seq = await self._tools.rooms.read(access.id)
        return await to_thread.run_sync(self._listing, access, document, seq)

    def _listing(self, access: Access, document: Document, seq: Seq) -> Listing:
        found = self._tools.store.proposals.for_document(access.id)
        now = self._tools.clock()
        open_ones = [one for one in found if _is_open(one, now)]
        met = meetings([(one.id, one.what) for one in open_ones], document)
        looks = {one.id: outlook(one.what, document) for one in open_ones}
        read = self._outlines.of(access.id, document)
        at = {entry.provision.id: n for n, entry in enumerate(read.entries)}
        shown = []
        for one in found:
            place = at.get(one.what.provision)
            collide = met.collide.get(one.id, ())
            look = looks.get(one.id)
            shown.append(
                Shown(
                    one,
                    one.path if place is None else read.entries[place].path,
                    None if place is None else article_of(read, place),
                    len(read.entries) if place is None else place,
                    look,
                    collide,
                    met.same.get(one.id, ()),
                    () if look is None else changes(look, [looks[other] for other in collide]),
                )
            )
        shown.sort(key=lambda one: (one.place, one.proposal.created_at, one.proposal.id))
        people = {one.author for one in found} | {one.decided_by for one in found if one.decided_by}
        return Listing(seq, tuple(shown), people_of(self._tools.store, people), access.colours())

    # By those who propose

    async def propose(self, user: User, document_id: str, asked: Asked) -> Proposal:
        """Raises Refusal: as `domain.proposals.proposed`, proposal_kind, wording_too_long,
        reason_too_long, proposals_too_many, proposals_too_often.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)
        document, _ = await self._tools.rooms.read(access.id)
        one = await to_thread.run_sync(self._propose, access, asked, document)
        await self._tools.rooms.proposals_changed(access.id)
        return one

    def _propose(self, access: Access, asked: Asked, document: Document) -> Proposal:
        store, now = self._tools.store, self._tools.clock()
        _check(asked)
        known = store.proposals.for_document(access.id)
        open_ones = [one for one in known if _is_open(one, now)]
        here = sum(one.what.provision == asked.provision for one in open_ones)
        if len(known) >= MAX_IN_ALL or len(open_ones) >= MAX_OPEN or here >= MAX_HERE:
            raise Refusal("proposals_too_many", most=MAX_HERE if here >= MAX_HERE else MAX_OPEN)
        self._check_pace(known, access.user.id, now)
        new = NewProvision(ProvisionId(self._tools.new_id()), asked.kind or Kind.PARAGRAPH)
        what = self._what(asked, document, new)
        place = self._outlines.of(access.id, document).by_id[what.provision]
        one = Proposal(
            self._tools.new_id(), access.id, access.user.id, what, place.path, asked.reason.strip(), now, now
        )
        store.proposals.add(one)
        return one

    def _what(self, asked: Asked, document: Document, new: NewProvision) -> Proposed:
        wording = cleaned(asked.wording)
        own = new if asked.act is Act.INSERT else None
        return proposed(document, asked.act, asked.provision, wording, asked.made_on, own)

    def _check_pace(self, known: Sequence[Proposal], user_id: UserId, now: EpochMillis) -> None:
        recent = sum(one.author == user_id and one.changed_at > now - MINUTE for one in known)
        if recent >= PER_MINUTE:
            raise Refusal("proposals_too_often", most=PER_MINUTE)

    async def amend(
        self, user: User, document_id: str, proposal_id: str, edition: int, asked: Asked | None, reason: str
    ) -> Proposal:
        """The author's open proposal, made on the text of now: another wording (None: the same), a reason.

        Raises Refusal: as `propose`, proposal_not_found, proposal_not_yours, proposal_changed,
        proposal_decided.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)
        document, _ = await self._tools.rooms.read(access.id)

        def amended() -> Proposal:
            one = self._own(access, proposal_id, edition)
            now = self._tools.clock()
            self._check_pace(self._tools.store.proposals.for_document(access.id), user.id, now)
            _check_length(reason, MAX_REASON, "reason_too_long")
            what = one.what
            if asked is not None and what.act is not Act.REMOVE:
                wanted = replace(asked, act=what.act, provision=what.provision)
                _check(wanted)
                new = what.new or NewProvision(what.provision, Kind.PARAGRAPH)
                what = self._what(wanted, document, replace(new, kind=asked.kind or new.kind))
            return self._put(replace(one, what=what, reason=reason.strip(), changed_at=now))

        found = await to_thread.run_sync(amended)
        await self._tools.rooms.proposals_changed(access.id)
        return found

    async def withdraw(self, user: User, document_id: str, proposal_id: str, edition: int) -> None:
        """Raises Refusal: proposal_not_found, proposal_not_yours, proposal_changed, proposal_decided."""
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)

        def withdrawn() -> Proposal:
            one = self._own(access, proposal_id, edition)
            return self._put(replace(one, state=ProposalState.WITHDRAWN, changed_at=self._tools.clock()))

        await to_thread.run_sync(withdrawn)
        await self._tools.rooms.proposals_changed(access.id)

    # By the drafting team

    async def accept(
        self,
        user: User,
        document_id: str,
        proposal_id: str,
        edition: int,
        decided: Decided = Decided(),  # a frozen value
        answer: str = "",
    ) -> Proposal:
        """Take the proposal into the text, its words credited to its author.

        Raises Refusal: as `domain.proposals.accepted`, proposal_not_found, proposal_changed,
        proposal_decided, wording_too_long, answer_too_long.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        _check_length(answer, MAX_ANSWER, "answer_too_long")
        if decided.wording is not None:
            _check_wording(decided.wording)
            decided = replace(decided, wording=cleaned(decided.wording))
        try:
            (done,) = await self._accept(access, [_Wish(proposal_id, edition, decided, answer.strip())])
        finally:
            await self._tools.rooms.proposals_changed(access.id)
        if isinstance(done, Refusal):
            raise done
        return done

    async def _accept(self, access: Access, wishes: Sequence[_Wish]) -> _Found:
        """In one turn of the draft, in this order; each accepted, or why not.

        They are claimed first, so that nobody changes or answers one while it is written into the text.
        Should the process end in between, it is open again and accepting it again changes nothing.
        """
        document, _ = await self._tools.rooms.read(access.id)
        claimed = await to_thread.run_sync(self._claim, access, wishes, document)
        got: dict[str, Accepted | Refusal] = {}

        def revise(now: Document) -> Sequence[tuple[Document, UserId | None]]:
            got.clear()
            steps: _Steps = []
            for one in claimed:
                if isinstance(one, Refusal):
                    continue
                try:
                    made = accepted(now, one.proposal.what, one.wish.decided, one.behind)
                except Refusal as refusal:
                    got[one.proposal.id] = refusal
                    continue
                now, got[one.proposal.id] = made.final, made
                steps += [(made.brought, one.proposal.author), (made.final, None)]
            return steps

        rows: Sequence[Seq] = ()
        try:
            rows = await self._tools.rooms.revise(access.id, revise, access.user.id, "proposal")
        finally:
            found = await to_thread.run_sync(self._settle, claimed, got if rows else {}, [*rows[1::2]])
        return found

    def _settle(
        self, claimed: Sequence[_Claimed | Refusal], got: Mapping[str, Accepted | Refusal], rows: _Rows
    ) -> _Found:
        """What came into the text is marked so, with the row of its last step; the others are open again."""
        found: _Found = []
        for one in claimed:
            if isinstance(one, Refusal):
                found.append(one)
                continue
            made = got.get(one.proposal.id)
            if isinstance(made, Accepted):
                state = ProposalState.ADAPTED if made.adapted else ProposalState.ACCEPTED
                kept = replace(
                    one.proposal, state=state, answer=one.wish.answer, outcome=made.wording, seq=rows.pop(0),
                    decided_at=self._tools.clock(),
                )  # fmt: skip
                found.append(self._put(kept))
                self._tell(kept, News.ADAPTED if made.adapted else News.ACCEPTED)
            else:
                given_back = replace(one.proposal, state=ProposalState.OPEN, decided_by=None, decided_at=None)
                self._tools.store.proposals.put(given_back, one.proposal.edition)
                found.append(made or Refusal("try_again"))
        return found

    def _claim(self, access: Access, wishes: Sequence[_Wish], document: Document) -> _Claims:
        """What is refused now is not claimed at all."""
        found: _Claims = []
        known: Sequence[Proposal] | None = None
        for wish in wishes:
            try:
                one = self._opened(access, wish.proposal_id, wish.edition)
                behind = frozenset[ProvisionId]()
                if one.what.act is Act.INSERT:
                    known = known or self._tools.store.proposals.for_document(access.id)
                    behind = _earlier(one, known)
                document = accepted(document, one.what, wish.decided, behind).final
                now = self._tools.clock()
                claimed = replace(
                    one, state=ProposalState.ACCEPTING, decided_by=access.user.id, decided_at=now
                )
                found.append(_Claimed(wish, self._put(claimed), behind))
            except Refusal as refusal:
                found.append(refusal)
        return found

    async def decline(
        self, user: User, document_id: str, proposal_id: str, edition: int, answer: str
    ) -> None:
        """Leave the text as it is, with a reason for the author.

        Raises Refusal: answer_missing, answer_too_long, proposal_not_found, proposal_changed,
        proposal_decided.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        await self._decline(access, proposal_id, edition, answer)
        await self._tools.rooms.proposals_changed(access.id)

    async def _decline(self, access: Access, proposal_id: str, edition: int, answer: str) -> None:
        if not answer.strip():
            raise Refusal("answer_missing")
        _check_length(answer, MAX_ANSWER, "answer_too_long")

        def declined() -> None:
            one = self._opened(access, proposal_id, edition)
            kept = replace(
                one, state=ProposalState.DECLINED, answer=answer.strip(), decided_by=access.user.id,
                decided_at=self._tools.clock(),
            )  # fmt: skip
            self._put(kept)
            self._tell(kept, News.DECLINED)

        await to_thread.run_sync(declined)

    async def _declined(self, access: Access, proposal_id: str, edition: int, answer: str) -> Refusal | None:
        try:
            await self._decline(access, proposal_id, edition, answer)
        except Refusal as refusal:
            return refusal
        return None

    async def reopen(self, user: User, document_id: str, proposal_id: str, edition: int) -> None:
        """A declined proposal is open again. Raises Refusal: proposal_not_found, proposal_changed,
        proposal_decided (it was not declined).
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)

        def reopened() -> None:
            one = self._kept(access, proposal_id, edition)
            if one.state is not ProposalState.DECLINED:
                raise Refusal("proposal_decided", state=one.state.value)
            self._put(replace(one, state=ProposalState.OPEN, answer="", decided_by=None, decided_at=None))

        await to_thread.run_sync(reopened)
        await self._tools.rooms.proposals_changed(access.id)

    async def decide_all(
        self,
        user: User,
        document_id: str,
        chosen: Mapping[str, int],
        name: str,
        answer: str | None = None,
    ) -> tuple[Done, ...]:
        """Accept these, by id and edition, each as it is; or with an `answer` decline them.

        In the order of their making; one that cannot be is left and told. What the draft was is kept
        first as an automatic version called `name`. Raises Refusal: proposals_too_many, and for all of
        them answer_missing, answer_too_long.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        if len(chosen) > MAX_AT_ONCE:
            raise Refusal("proposals_too_many", most=MAX_AT_ONCE)
        if answer is not None and not answer.strip():
            raise Refusal("answer_missing")
        known = await to_thread.run_sync(self._tools.store.proposals.for_document, access.id)
        order = [one.id for one in known if one.id in chosen]
        if answer is None and len(order) > 1:
            await self._versions.keep_now(access, name)
        done = [Done(id_, Refusal("proposal_not_found")) for id_ in chosen if id_ not in order]
        try:
            if answer is None:
                wishes = [_Wish(id_, chosen[id_], Decided(), "") for id_ in order]
                found = await self._accept(access, wishes)
                left = [one if isinstance(one, Refusal) else None for one in found]
            else:
                left = [await self._declined(access, id_, chosen[id_], answer) for id_ in order]
            done += map(Done, order, left)
        finally:
            await self._tools.rooms.proposals_changed(access.id)
        return tuple(done)

    # What all of them lean on; blocking

    def _kept(self, access: Access, proposal_id: str, edition: int) -> Proposal:
        found = None
        if len(proposal_id) <= 40:
            found = self._tools.store.proposals.get(access.id, proposal_id)
        if found is None:
            raise Refusal("proposal_not_found")
        if found.edition != edition:
            raise Refusal("proposal_changed")
        return found

    def _opened(self, access: Access, proposal_id: str, edition: int) -> Proposal:
        found = self._kept(access, proposal_id, edition)
        if not _is_open(found, self._tools.clock()):
            raise Refusal("proposal_decided", state=found.state.value)
        return replace(found, state=ProposalState.OPEN, decided_by=None, decided_at=None)

    def _own(self, access: Access, proposal_id: str, edition: int) -> Proposal:
        found = self._opened(access, proposal_id, edition)
        if found.author != access.user.id:
            raise Refusal("proposal_not_yours")
        return found

    def _tell(self, decided: Proposal, news: News) -> None:
        """Its author hears what became of it."""
        assert decided.decided_by is not None
        self._notifications.tell(
            decided.document_id, news, decided.decided_by, [decided.author], proposal=decided.id
        )

    def _put(self, one: Proposal) -> Proposal:
        """Raises Refusal proposal_changed when somebody was quicker."""
        if not self._tools.store.proposals.put(one, one.edition):
            raise Refusal("proposal_changed")
        return replace(one, edition=one.edition + 1)


def _is_open(one: Proposal, now: EpochMillis) -> bool:
    if one.state is ProposalState.ACCEPTING:
        return one.decided_at is None or one.decided_at < now - ABANDONED
    return one.state is ProposalState.OPEN


def cleaned(wording: Wording) -> Wording:
    """Words as they may stand in a provision: no line breaks, nothing invisible."""
    return Wording(_line(wording.text), tuple(map(_line, wording.cells)))


def _line(text: str) -> str:
    return " ".join(clean(text).text.split("\n"))


def _check_length(text: str, most: int, code: str) -> None:
    if len(text) > most:
        raise Refusal(code, most=most)


def _check_wording(wording: Wording) -> None:
    _check_length("".join(wording.parts), MAX_WORDING, "wording_too_long")
    if len(wording.cells) > MAX_CELLS:
        raise Refusal("proposal_cells")


def _check(asked: Asked) -> None:
    _check_wording(asked.wording)
    if asked.made_on is not None:
        _check_length("".join(asked.made_on.parts), 10 * MAX_WORDING, "wording_too_long")
    _check_length(asked.reason, MAX_REASON, "reason_too_long")
    if asked.act is Act.INSERT and asked.kind in UNPLACED:
        raise Refusal("proposal_kind")


def _earlier(one: Proposal, known: Sequence[Proposal]) -> frozenset[ProvisionId]:
    """What earlier proposals put behind the same provision: this one comes after it."""
    return frozenset(
        other.what.new.id
        for other in known
        if other.what.new is not None
        and other.what.provision == one.what.provision
        and (other.created_at, other.id) < (one.created_at, one.id)
    )
