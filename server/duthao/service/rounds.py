"""Running a round of opinions: who is asked, links, reminders, deadlines, what came on paper."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from anyio import to_thread

from duthao.domain.delegations import Delegation, DutyPart, deputies_of
from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import name_key
from duthao.domain.opinions import MAX_GIVER, Opinion, checked_line, checked_words
from duthao.domain.rounds import (
    MAX_INVITED,
    MAX_NAME,
    MAX_QUESTION,
    Answer,
    Counts,
    File,
    Invitation,
    Invited,
    Round,
    Said,
    Way,
    checked_deadline,
    checked_said,
    counts,
    deadline_of,
    is_late,
    newest,
    opinions_of,
    presumed,
    revised,
    standing,
)
from duthao.service.access import MAX_ID, Access, Permission, document_for
from duthao.service.answers import Answers
from duthao.service.asked import Asked
from duthao.service.letters import Letter, Letters, units_of
from duthao.service.notifications import Notifications
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.service.sessions import MINUTE, hash_of
from duthao.service.versions import Versions
from duthao.store.ports import News, Role, User, Version, VersionKind

MAX_ROUNDS: Final = 200
LINK_AFTER: Final = 30 * 24 * 60 * MINUTE
"""A private link works so long after its deadline: for late answers, and to read what was sent."""
REMIND_EVERY: Final = 60 * MINUTE
"""Nobody is reminded twice within this time."""

log = logging.getLogger("duthao.rounds")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A round as it is asked for: `units` are lines "name; e-mail address", the address optional.

    `bodies` are units and groups of the house: whoever sits in them today is asked as a member. `links`:
    members get private links too, as units always do.
    """

    version: str
    name: str
    question: str
    deadline: int
    members: Sequence[str]
    units: str
    silent_members: bool = False
    silent_units: bool = False
    links: bool = False
    bodies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the clerk enters for somebody: of an `invitation`, or of a `giver` who was not asked.

    `at` is when it came. `answer` is an entry put right, as its edition `seen`; the one before stays on
    record.
    """

    way: Way
    invitation: str
    giver: str
    said: Said
    at: int
    answer: str = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Issued:
    """What has been made, shown once: private links by invitation, and the letters to be posted."""

    round: Round
    links: Mapping[str, str]
    letters: tuple[Letter, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    round: Round
    counts: Counts
    mine: Invitation | None
    version: Version | None


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who is asked, and how it stands with them."""

    invitation: Invitation
    answer: Answer | None
    entries: tuple[Answer, ...]
    files: tuple[File, ...]
    deadline: int
    presumed: bool
    deputies: tuple[Delegation, ...] = ()
    """Who may answer for them today."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A round with everything that came: for who runs it and the drafting team."""

    access: Access
    round: Round
    version: Version
    lines: tuple[Line, ...]
    others: tuple[Answer, ...]
    """What the clerk entered of people who were not asked."""
    counts: Counts
    members: Counts
    units: Counts
    opinions: tuple[Opinion, ...]
    people: Mapping[UserId, User]


class Rounds:
    """`token` is the source of private links."""

    def __init__(
        self,
        tools: Tools,
        versions: Versions,
        answers: Answers,
        notifications: Notifications,
        letters: Letters,
        token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._tools, self._versions, self._answers = tools, versions, answers
        self._notifications, self._letters, self._token = notifications, letters, token

    # --- the way to a round ------------------------------------------------------------------

    async def _reached(self, user: User, round_id: str, need: Permission) -> tuple[Access, Round]:
        """Raises Refusal: round_not_found, also when its document is not theirs to see; not_allowed."""
        store = self._tools.store
        found = await to_thread.run_sync(store.rounds.get, round_id) if len(round_id) <= MAX_ID else None
        if found is None:
            raise Refusal("round_not_found")
        try:
            return await document_for(store, user, found.document_id, need), found
        except Refusal as refusal:
            raise (Refusal("round_not_found") if refusal.code == "document_not_found" else refusal) from None

    async def list(self, user: User, document_id: str) -> tuple[Access, tuple[Summary, ...]]:
        """The document's rounds with their figures, newest first: for everybody on the document."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        return access, await to_thread.run_sync(self._list, access)

    def _list(self, access: Access) -> tuple[Summary, ...]:
        store, now = self._tools.store, self._tools.clock()
        versions = {one.id: one for one in store.versions.for_document(access.id)}
        mine = {round_.id: invitation for round_, invitation in store.rounds.of_user(access.user.id)}
        return tuple(
            Summary(
                one, counts(one, store.rounds.invitations(one.id), store.rounds.answers(one.id), now),
                mine.get(one.id), versions.get(one.version_id),
            )
            for one in store.rounds.for_document(access.id)
        )  # fmt: skip

    async def candidates(self, access: Access) -> tuple[tuple[Version, ...], tuple[User, ...]]:
        """The numbered drafts that can be asked about, newest first, and the people who can be asked."""
        return await to_thread.run_sync(self._candidates, access)

    def _candidates(self, access: Access) -> tuple[tuple[Version, ...], tuple[User, ...]]:
        store = self._tools.store
        versions = [v for v in store.versions.for_document(access.id) if v.kind is VersionKind.NUMBERED]
        people = [p for p in store.users.all() if not p.disabled]
        roles = {m.user_id: m.role for m in store.documents.members(access.id)}
        # Those who comment on the document come first: they are the likeliest to be asked.
        people.sort(key=lambda p: (roles.get(p.id) is not Role.COMMENTER, name_key(p.name), p.id))
        return tuple(versions), tuple(people)

    async def open(self, user: User, round_id: str, need: Permission = Permission.WRITE) -> Opened:
        """Raises Refusal: round_not_found, not_allowed."""
        access, round_ = await self._reached(user, round_id, need)
        return await to_thread.run_sync(self._open, access, round_)

    def _open(self, access: Access, round_: Round) -> Opened:
        store, now = self._tools.store, self._tools.clock()
        version = store.versions.get(round_.version_id)
        if version is None:
            raise Refusal("version_not_found")
        invitations = store.rounds.invitations(round_.id)
        answers = store.rounds.answers(round_.id)
        last, counted = tuple(newest(answers).values()), standing(answers)
        files = store.rounds.files(round_.id)
        handed, day = store.delegations.of_document(access.id), self._tools.today().isoformat()
        lines = tuple(
            Line(
                one, counted.get(one.id), tuple(a for a in last if a.invitation_id == one.id),
                tuple(f for f in files if f.invitation_id == one.id and one.id in counted),
                deadline_of(round_, one),
                one.id not in counted and presumed(round_, one, now),
                deputies_of(handed, one.user_id, DutyPart.ANSWERS, round_.id, day) if one.user_id else (),
            )
            for one in invitations
            if one.withdrawn_at is None or one.id in counted
        )  # fmt: skip
        people = {round_.created_by, *(a.entered_by for a in last if a.entered_by is not None)}
        people |= {deputy.deputy for line in lines for deputy in line.deputies}
        return Opened(
            access, round_, version, lines, tuple(a for a in last if a.invitation_id is None),
            counts(round_, invitations, answers, now),
            counts(round_, invitations, answers, now, Invited.MEMBER),
            counts(round_, invitations, answers, now, Invited.UNIT),
            tuple(store.opinions.for_round(round_.id)), people_of(store, people),
        )  # fmt: skip

    # --- asking ------------------------------------------------------------------------------

    async def create(self, user: User, document_id: str, wanted: Wanted) -> Issued:
        """A round about a frozen numbered draft.

        Raises Refusal: version_not_found, version_not_numbered, name_too_long, opinion_too_long,
        deadline_bad, nobody_asked, invited_too_many, user_not_found, unit_not_found, mail_address_bad,
        rounds_too_many.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        version, _ = await self._versions.open(access, wanted.version)
        if version.kind is not VersionKind.NUMBERED:
            raise Refusal("version_not_numbered")
        issued = await to_thread.run_sync(self._create, access, version, wanted)
        log.info("round.created round=%s document=%s asked=%d", issued.round.id, access.id, len(issued.links))
        return issued

    def _create(self, access: Access, version: Version, wanted: Wanted) -> Issued:
        store, now = self._tools.store, self._tools.clock()
        if len(store.rounds.for_document(access.id)) >= MAX_ROUNDS:
            raise Refusal("rounds_too_many", most=MAX_ROUNDS)
        name = " ".join(wanted.name.split())
        if len(name) > MAX_NAME:
            raise Refusal("name_too_long", most=MAX_NAME)
        current = access.record.current_version
        round_ = Round(
            self._tools.new_id(), access.id, 0, version.id, None if current == version.id else current, name,
            checked_words(wanted.question, "question", MAX_QUESTION), checked_deadline(wanted.deadline, now),
            wanted.silent_members, wanted.silent_units, access.user.id, now,
        )  # fmt: skip
        members = (*wanted.members, *self._sitting(wanted.bodies))
        invitations, links = self._asked(round_, members, wanted.units, links=wanted.links)
        if not invitations:
            raise Refusal("nobody_asked")
        made = store.rounds.create(round_, invitations)
        return self._told(access, made, invitations, links)

    def _sitting(self, bodies: Sequence[str]) -> tuple[UserId, ...]:
        """Who sits in these units and groups of the house, or below them, today. Raises Refusal
        unit_not_found."""
        held, day = self._tools.store.units.read(), self._tools.today().isoformat()
        if any(held.unit(one) is None for one in bodies):
            raise Refusal("unit_not_found")
        there = {id_: None for one in bodies for id_ in held.people(one, day)}
        people = people_of(self._tools.store, there)
        return tuple(id_ for id_ in there if id_ in people and not people[id_].disabled)

    def _asked(
        self, round_: Round, members: Sequence[str], units: str, *, links: bool, already: int = 0
    ) -> tuple[tuple[Invitation, ...], dict[str, str]]:
        store, now = self._tools.store, self._tools.clock()
        made: list[Invitation] = []
        for member in dict.fromkeys(members):
            person = store.users.get(UserId(member)) if len(member) <= MAX_ID else None
            if person is None or person.disabled:
                raise Refusal("user_not_found")
            id_ = self._tools.new_id()
            made.append(Invitation(id_, round_.id, Invited.MEMBER, person.id, person.name, "", now))
        for name, address in units_of(units):
            made.append(Invitation(self._tools.new_id(), round_.id, Invited.UNIT, None, name, address, now))
        if already + len(made) > MAX_INVITED:
            raise Refusal("invited_too_many", most=MAX_INVITED)
        tokens = {one.id: self._token() for one in made if links or one.kind is Invited.UNIT}
        until = round_.deadline + LINK_AFTER
        linked = [
            replace(one, token_hash=hash_of(tokens[one.id]), link_until=until) if one.id in tokens else one
            for one in made
        ]
        return tuple(linked), tokens

    def _told(
        self, access: Access, round_: Round, invitations: Sequence[Invitation], links: Mapping[str, str]
    ) -> Issued:
        whom = [one.user_id for one in invitations if one.user_id is not None]
        self._notifications.tell(access.id, News.INVITED, access.user.id, whom, round_id=round_.id)
        letters = [
            self._letters.written(access.record.mailed_title, round_, one, "invited", links.get(one.id))
            for one in invitations
        ]
        return Issued(round_, links, tuple(one for one in letters if one is not None))

    async def invite(
        self, user: User, round_id: str, members: Sequence[str], units: str, *, links: bool = False,
        bodies: Sequence[str] = (),
    ) -> Issued:  # fmt: skip
        """Ask more; of `bodies` (as in `Wanted`) those who are not asked yet. Raises Refusal: round_closed,
        nobody_asked, asked_already, and as `create`."""
        access, round_ = await self._reached(user, round_id, Permission.MANAGE)
        return await to_thread.run_sync(self._invite, access, round_, members, units, links, bodies)

    def _invite(
        self, access: Access, round_: Round, members: Sequence[str], units: str, links: bool,
        bodies: Sequence[str],
    ) -> Issued:  # fmt: skip
        need_open(round_)
        store = self._tools.store
        before = store.rounds.invitations(round_.id)
        here = {one.user_id for one in before if one.withdrawn_at is None}
        members = (*members, *(id_ for id_ in self._sitting(bodies) if id_ not in here))
        back = {one.user_id: one for one in before if one.user_id in members and one.withdrawn_at is not None}
        new = [member for member in members if member not in back]
        invitations, tokens = self._asked(round_, new, units, links=links, already=len(before))
        if not (invitations or back):
            raise Refusal("nobody_asked")
        try:
            store.rounds.invite(invitations)
        except ValueError:
            raise Refusal("asked_already") from None
        for one in back.values():
            store.rounds.put_invitation(replace(one, withdrawn_at=None))
        return self._told(access, round_, [*invitations, *back.values()], tokens)

    # --- one who is asked --------------------------------------------------------------------

    def _invitation(self, round_: Round, invitation_id: str) -> Invitation:
        found = self._tools.store.rounds.invitation(invitation_id[:MAX_ID])
        if found is None or found.round_id != round_.id or found.withdrawn_at is not None:
            raise Refusal("invitation_not_found")
        return found

    async def link(self, user: User, round_id: str, invitation_id: str) -> Issued:
        """A new private link; the one before leads nowhere from now on. Raises Refusal
        invitation_not_found.
        """
        access, round_ = await self._reached(user, round_id, Permission.MANAGE)
        return await to_thread.run_sync(self._link, access, round_, invitation_id)

    def _link(self, access: Access, round_: Round, invitation_id: str) -> Issued:
        one, token, now = self._invitation(round_, invitation_id), self._token(), self._tools.clock()
        until = max(deadline_of(round_, one), now) + LINK_AFTER
        self._tools.store.rounds.put_invitation(replace(one, token_hash=hash_of(token), link_until=until))
        log.info("link.issued round=%s invitation=%s", round_.id, one.id)
        letter = self._letters.written(access.record.mailed_title, round_, one, "invited", token)
        return Issued(round_, {one.id: token}, (letter,) if letter else ())

    async def revoke(self, user: User, round_id: str, invitation_id: str) -> None:
        """Their link leads nowhere from now on. Raises Refusal invitation_not_found."""
        _, round_ = await self._reached(user, round_id, Permission.MANAGE)

        def revoked() -> None:
            one = self._invitation(round_, invitation_id)
            self._tools.store.rounds.put_invitation(replace(one, token_hash=None, link_until=None))

        await to_thread.run_sync(revoked)
        log.info("link.revoked round=%s invitation=%s", round_.id, invitation_id[:MAX_ID])

    async def withdraw(self, user: User, round_id: str, invitation_id: str) -> None:
        """They were asked by mistake. Raises Refusal: invitation_not_found, answered_already."""
        _, round_ = await self._reached(user, round_id, Permission.MANAGE)

        def withdrawn() -> None:
            store, one = self._tools.store, self._invitation(round_, invitation_id)
            if store.rounds.answers(round_.id, one.id):
                raise Refusal("answered_already")
            gone = replace(one, withdrawn_at=self._tools.clock(), token_hash=None, link_until=None)
            store.rounds.put_invitation(gone)

        await to_thread.run_sync(withdrawn)

    # --- time --------------------------------------------------------------------------------

    async def extend(self, user: User, round_id: str, deadline: int, invitation_id: str = "") -> None:
        """A later deadline for all, which opens a closed round again, or for one; links live longer with it.

        What has come late stays late. Raises Refusal: deadline_bad, invitation_not_found, round_closed,
        round_changed.
        """
        _, round_ = await self._reached(user, round_id, Permission.MANAGE)
        await to_thread.run_sync(self._extend, round_, deadline, invitation_id)

    def _extend(self, round_: Round, deadline: int, invitation_id: str) -> None:
        store, now = self._tools.store, self._tools.clock()
        if invitation_id:
            need_open(round_)
            one = self._invitation(round_, invitation_id)
            own = checked_deadline(deadline, now, deadline_of(round_, one) + 1)
            store.rounds.put_invitation(self._longer(replace(one, deadline=own), own))
            return
        longer = replace(
            round_, deadline=checked_deadline(deadline, now, round_.deadline + 1), closed_at=None
        )
        if not store.rounds.put(longer, round_.edition):
            raise Refusal("round_changed")
        for one in store.rounds.invitations(round_.id):
            store.rounds.put_invitation(self._longer(one, deadline))

    def _longer(self, one: Invitation, deadline: int) -> Invitation:
        return replace(one, link_until=max(one.link_until, deadline + LINK_AFTER)) if one.link_until else one

    async def close(self, user: User, round_id: str) -> None:
        """From now on nobody answers by their page; the clerk may still enter what comes on paper.

        Raises Refusal: round_closed, round_changed.
        """
        _, round_ = await self._reached(user, round_id, Permission.MANAGE)
        need_open(round_)
        closed = replace(round_, closed_at=self._tools.clock())
        if not await to_thread.run_sync(self._tools.store.rounds.put, closed, round_.edition):
            raise Refusal("round_changed")
        log.info("round.closed round=%s", round_.id)

    async def remind(
        self, user: User, round_id: str, invitation_id: str = ""
    ) -> tuple[int, tuple[Letter, ...]]:
        """Remind one, or everybody who has not answered and was not reminded within the hour.

        How many are reminded, and the letters to be posted. Raises Refusal: invitation_not_found,
        round_closed.
        """
        access, round_ = await self._reached(user, round_id, Permission.WRITE)
        return await to_thread.run_sync(self._remind, access, round_, invitation_id)

    def _remind(self, access: Access, round_: Round, invitation_id: str) -> tuple[int, tuple[Letter, ...]]:
        need_open(round_)
        store, now = self._tools.store, self._tools.clock()
        one = self._invitation(round_, invitation_id) if invitation_id else None
        asked = [one] if one else store.rounds.invitations(round_.id)
        answered = standing(store.rounds.answers(round_.id))
        whom = [
            one
            for one in asked
            if one.id not in answered
            and one.withdrawn_at is None
            and (one.reminded_at is None or now - one.reminded_at >= REMIND_EVERY)
        ]
        for one in whom:
            store.rounds.put_invitation(replace(one, reminders=one.reminders + 1, reminded_at=now))
        people = [one.user_id for one in whom if one.user_id is not None]
        self._notifications.tell(access.id, News.REMINDED, access.user.id, people, round_id=round_.id)
        letters = (
            self._letters.written(access.record.mailed_title, round_, one, "reminded", None) for one in whom
        )
        return len(whom), tuple(one for one in letters if one is not None)

    # --- on paper, and by voice --------------------------------------------------------------

    async def enter(self, user: User, round_id: str, entry: Entry) -> Answer:
        """What came on paper or was said in a meeting, word for word. Also after the round is closed.

        Raises Refusal: invitation_not_found, opinion_giver_missing, opinion_empty, deadline_bad for a day
        that has not come, answer_changed, answer_not_found, and as `domain.rounds.checked_said`.
        """
        access, round_ = await self._reached(user, round_id, Permission.WRITE)
        known = await self._answers.provisions(self.seen(access, round_))
        said = checked_said(entry.said, known)
        answer = await to_thread.run_sync(self._enter, access, round_, replace(entry, said=said))
        log.info("opinion.entered round=%s way=%s by=%s", round_.id, answer.way.value, user.id)
        return answer

    def seen(self, access: Access, round_: Round) -> Asked:
        """The round's frozen draft, for somebody of the drafting team."""
        nobody = Invitation("", round_.id, Invited.UNIT, None, "", "", 0)
        return Asked(access.record, round_, nobody, access.user)

    def _enter(self, access: Access, round_: Round, entry: Entry) -> Answer:
        store, now = self._tools.store, self._tools.clock()
        one = self._invitation(round_, entry.invitation) if entry.invitation else None
        giver = one.name if one else checked_line(entry.giver, "giver", MAX_GIVER)
        if not giver:
            raise Refusal("opinion_giver_missing")
        said = entry.said
        if entry.way is Way.PAGE or not (said.verdict or said.general or said.items):
            raise Refusal("opinion_empty")
        if entry.at > now:
            raise Refusal("came_in_future")
        if entry.answer:
            self._entered(round_, entry.answer)
        made = Answer(
            entry.answer or self._tools.new_id(), round_.id, one.id if one else None,
            entry.seen + 1 if entry.answer else 1, entry.way, giver, said, entry.at, now,
            is_late(round_, one, entry.at), access.user.id,
        )  # fmt: skip
        user_id = one.user_id if one else None
        before = store.opinions.of_answer(round_.id, made.id)
        new, gone = revised(before, opinions_of(made, round_, user_id, self._answers.ids()))
        if not store.rounds.send(made, new, [old.id for old in gone]):
            raise Refusal("answer_changed")
        return made

    async def entered(self, user: User, round_id: str, answer_id: str) -> Answer:
        """What the clerk entered, in its last edition. Raises Refusal answer_not_found."""
        _, round_ = await self._reached(user, round_id, Permission.WRITE)
        return await to_thread.run_sync(self._entered, round_, answer_id)

    def _entered(self, round_: Round, answer_id: str) -> Answer:
        found = newest(self._tools.store.rounds.answers(round_.id)).get(answer_id)
        if found is None or found.way is Way.PAGE:
            raise Refusal("answer_not_found")
        return found

    async def file(self, user: User, round_id: str, file_id: str) -> tuple[File, bytes]:
        """A file that came with an answer. Raises Refusal: file_not_found, also for one not sent yet."""
        _, round_ = await self._reached(user, round_id, Permission.WRITE)
        store = self._tools.store

        def read() -> tuple[File, bytes]:
            found = store.rounds.file(round_.id, file_id[:64])
            if found is None or not store.rounds.answers(round_.id, found[0].invitation_id):
                raise Refusal("file_not_found")
            return found

        return await to_thread.run_sync(read)


def need_open(round_: Round) -> None:
    """Raises Refusal round_closed."""
    if round_.closed_at is not None:
        raise Refusal("round_closed")
