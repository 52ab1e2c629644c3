"""The steps of a dossier: submitting, deciding, appraising, issuing. Each is the lead's to take."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from anyio import to_thread

from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.dossiers import PlanStep, Standing, standing
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Source
from duthao.domain.process import (
    ACTS,
    ANSWERED,
    Again,
    Appraisal,
    Decision,
    Finishing,
    Gathered,
    Issue,
    Process,
    State,
    Step,
    Submission,
    Watching,
    take,
    targets,
)
from duthao.domain.synthesis.groups import Synthesis
from duthao.formats.dossier_json import to_json
from duthao.formats.json import document_to_json
from duthao.formats.meeting_papers import date_line
from duthao.messages import Catalogue
from duthao.service.access import Access, Permission
from duthao.service.comparison import DRAFT, Comparisons
from duthao.service.dossiers import Dossiers, Opened, Told, parts_of, process_of, told
from duthao.service.notifications import Notifications
from duthao.service.ports import Tools
from duthao.service.review import Reviews
from duthao.service.versions import Versions, checked_name
from duthao.store.dossiers import Change, Event
from duthao.store.ports import News, ProposalState, Role, Seq, Store, User, VersionKind

log = logging.getLogger("duthao.dossiers")

STEP: Final = None
"""What a step needs: the lead, or the responsibility for it that a lead gave."""
Unanswered = Callable[[DocumentId], Awaitable[int]]
MAX_TABLE = 64 * 1024 * 1024
"""Bytes of a frozen table when unpacked."""


def unanswered_in(store: Store) -> Unanswered:
    """How many opinions on a document have no answer, and open proposals nobody has gathered yet."""

    def count(document_id: DocumentId) -> int:
        opinions = tuple(store.opinions.for_document(document_id))
        groups = tuple(store.syntheses.groups(document_id))
        pieces = tuple(store.syntheses.pieces(document_id))
        gathered = {one.source_id for one in opinions if one.source is Source.PROPOSAL}
        waiting = (
            one
            for one in store.proposals.for_document(document_id)
            if one.state is ProposalState.OPEN and one.id not in gathered
        )
        return Synthesis(opinions, groups, pieces).unanswered + sum(1 for _ in waiting)

    async def unanswered(document_id: DocumentId) -> int:
        return await to_thread.run_sync(count, document_id)

    return unanswered


def _hash(document: Document) -> str:
    return hashlib.sha256(document_to_json(document)).hexdigest()


@dataclass(frozen=True, slots=True)
class Form:
    """How the live draft stands to the checks of its form."""

    sha256: str
    findings: int
    good: bool


class DossierSteps:
    """`seen`: the edition of the dossier that whoever takes a step has before them; None asks for none."""

    def __init__(
        self, tools: Tools, dossiers: Dossiers, versions: Versions, comparisons: Comparisons,
        reviews: Reviews, notifications: Notifications, table: Callable[[Comparison, None], bytes],
        unanswered: Unanswered,
    ) -> None:  # fmt: skip
        self._tools, self._dossiers, self._versions = tools, dossiers, versions
        self._comparisons, self._reviews, self._notifications = comparisons, reviews, notifications
        self._table, self.unanswered = table, unanswered
        # What is written into a document is in its language, whoever writes it.
        self._say = Catalogue("vi")

    async def submit(
        self, user: User, dossier_id: str, to: str, name: str = "", note: str = "", seen: int | None = None
    ) -> Submission:
        """Freeze the live draft as the next numbered one, with its table, and put it before a level.

        Raises Refusal as `domain.process.take`, `Dossiers.open`, `Comparisons.compared`; name_too_long,
        dossier_changed.
        """
        opened, access, process = await self._opened(user, dossier_id, seen)
        name, note = checked_name(name, note, optional=True)
        if to not in tuple(State) or State(to) not in targets(process):
            raise Refusal("step_not_now", state=process.state.value, act="submit")
        level = State(to)
        unanswered = await self.unanswered(access.id) if level in ANSWERED else 0
        before = await self._comparisons.side(access, access.record.current_version, DRAFT)
        after = await self._comparisons.side(access, None, DRAFT)
        sha256 = await to_thread.run_sync(_hash, after.document)
        tried = Submission(level, 0, "", sha256, before.id, "", note, unanswered)
        # Refused before anything is frozen: a numbered draft stays for ever.
        take(process, tried, self._dossiers.today)
        comparison = await self._comparisons.of_texts(access, before, after)
        table = await to_thread.run_sync(self._table, comparison, None)
        version = await self._versions.seal(
            access, VersionKind.NUMBERED, name, note, after.document, after.seq
        )
        step = replace(
            tried, number=version.number or 0, version_id=version.id, sha256=version.sha256,
            table_sha256=hashlib.sha256(table).hexdigest(),
        )  # fmt: skip
        packed = await to_thread.run_sync(zlib.compress, table)
        await self._take(opened, process, step, packed)
        return step

    async def decide(self, user: User, dossier_id: str, decision: Decision, seen: int | None = None) -> State:
        """What the level decided. Raises as `domain.process.take` and `Dossiers.open`; dossier_changed."""
        return await self._plainly(user, dossier_id, decision, seen)

    async def gathered(self, user: User, dossier_id: str, note: str = "", seen: int | None = None) -> State:
        """Opinions are in: rounds that are still open are closed with it. Raises as `decide`."""
        state = await self._plainly(user, dossier_id, Gathered(note.strip()), seen)
        opened = await self._dossiers.open(user, dossier_id)
        await to_thread.run_sync(self._close_rounds, opened.dossier.document_id)
        return state

    def _close_rounds(self, document_id: DocumentId) -> None:
        door, now = self._tools.store.rounds, self._tools.clock()
        for one in door.for_document(document_id):
            # Who closes or extends it in this very moment has had the later word.
            if one.closed_at is None and door.put(replace(one, closed_at=now), one.edition):
                log.info("round.closed round=%s by=step", one.id)

    async def again(self, user: User, dossier_id: str, reason: str, seen: int | None = None) -> State:
        """Opinions are asked for once more. Raises as `decide`."""
        return await self._plainly(user, dossier_id, Again(reason.strip()), seen)

    async def finish(self, user: User, dossier_id: str, note: str = "", seen: int | None = None) -> State:
        """The adopted text is put into its final form. Raises as `decide`."""
        return await self._plainly(user, dossier_id, Finishing(note.strip()), seen)

    async def watch(self, user: User, dossier_id: str, who: str, seen: int | None = None) -> State:
        """Who watches for the next revision. Raises as `decide`."""
        return await self._plainly(user, dossier_id, Watching(who.strip()), seen)

    async def form_of(self, user: User, dossier_id: str) -> Form:
        """What the checks find in the live draft, less what people have put aside. Raises as `appraise`."""
        opened, access, process = await self._opened(user, dossier_id, None, Permission.READ)
        return await self._form(opened, access, process)

    async def _form(self, opened: Opened, access: Access, process: Process) -> Form:
        found = await self._reviews.of(opened.user, access.id)
        sealed = await to_thread.run_sync(_hash, found.after.document)
        left = [one for one in found.review.findings if one.key not in found.aside]
        return Form(sealed, len(left), process.is_appraised(sealed))

    async def appraise(
        self, user: User, dossier_id: str, text: str, *, good: bool, seen: int | None = None
    ) -> Appraisal:
        """What was said of the form of the live draft as it is now, with what the checks find in it.

        Raises as `decide`, and as `Comparisons.reviewed`.
        """
        opened, access, process = await self._opened(user, dossier_id, seen)
        form = await self._form(opened, access, process)
        step = Appraisal(form.sha256, form.findings, good, text.strip())
        await self._take(opened, process, step)
        return step

    async def issue(
        self, user: User, dossier_id: str, number: str, dated: date, in_force: date | None = None,
        seen: int | None = None,
    ) -> Issue:  # fmt: skip
        """The live draft, appraised as it is, gets number and date and becomes the text in force.

        Raises as `decide`; appraisal_missing also when somebody writes in this very moment.
        """
        opened, access, process = await self._opened(user, dossier_id, seen, Permission.MANAGE)
        document, seq = await self._tools.rooms.read(access.id)
        number, replaced = " ".join(number.split()), access.record.current_version or ""
        owed = await self.unanswered(access.id)
        appraised = await to_thread.run_sync(_hash, document)
        tried = Issue(number, dated, "", appraised, replaced, in_force, owed)
        take(process, tried, self._dossiers.today)
        document, seq = await self._numbered(access, document, tried)
        version = await self._versions.seal(
            access, VersionKind.CURRENT, access.record.title, f"{number} · {dated:%d/%m/%Y}", document, seq
        )
        step = replace(tried, version_id=version.id, sealed_sha256=version.sha256)
        await self._take(opened, process, step, current=version.id)
        await self._tools.rooms.comparison_changed(access.id)
        return step

    async def _numbered(self, access: Access, draft: Document, issue: Issue) -> tuple[Document, Seq]:
        """The live draft with this number and date in its head, and its place in the journal."""
        dated = date_line(issue.dated, self._say)

        def revise(now: Document) -> list[tuple[Document, UserId | None]]:
            return [(replace(now, front=replace(now.front, number=issue.number, date=dated)), None)]

        (seq,) = await self._tools.rooms.revise(access.id, revise, access.user.id, "issue")
        document = await self._tools.rooms.read_at(access.id, seq)
        was = replace(document, front=draft.front)
        if await to_thread.run_sync(_hash, was) != issue.sha256:
            raise Refusal("appraisal_missing")
        return document, seq

    async def table(self, user: User, dossier_id: str, number: int) -> bytes:
        """The frozen table of a numbered draft, as JSON. Raises submission_not_found, table_damaged."""
        opened = await self._dossiers.open(user, dossier_id)
        if opened.access is None:
            raise Refusal("not_allowed", role="group", need=Permission.READ.value)
        return await to_thread.run_sync(self._frozen, opened, number)

    def _frozen(self, opened: Opened, number: int) -> bytes:
        door = self._tools.store.dossiers
        for one in map(told, door.events(opened.dossier.id)):
            if isinstance(one.about, Submission) and one.about.number == number:
                packed = door.frozen(opened.dossier.id, one.event.place) or b""
                table = zlib.decompressobj().decompress(packed, MAX_TABLE)
                if hashlib.sha256(table).hexdigest() != one.about.table_sha256:
                    raise Refusal("table_damaged")
                return table
        raise Refusal("submission_not_found")

    # --- taking one --------------------------------------------------------------------------------

    async def _opened(
        self, user: User, dossier_id: str, seen: int | None, need: Permission | None = STEP
    ) -> tuple[Opened, Access, Process]:
        # Of the steps all but the issue are also for who is responsible for the step the dossier is at.
        least = Permission.WRITE if need is STEP else need
        opened = await self._dossiers.open(user, dossier_id, least)
        if opened.access is None:
            raise Refusal("not_allowed", role="group", need=least.value)
        if need is STEP:
            await self.need_taker(opened)
        if seen is not None and seen != opened.dossier.edition:
            raise Refusal("dossier_changed")
        events = await to_thread.run_sync(self._tools.store.dossiers.events, opened.dossier.id)
        return opened, opened.access, process_of(opened.dossier, tuple(map(told, events)))

    async def need_taker(self, opened: Opened) -> None:
        """Raises Refusal not_allowed for who takes no step of the dossier as it stands."""
        if not opened.may(Permission.MANAGE) and not await self.is_responsible(opened):
            role = opened.access.role.value if opened.access else "group"
            raise Refusal("not_allowed", role=role, need=Permission.MANAGE.value)

    async def is_responsible(self, opened: Opened) -> bool:
        """Whether a lead has named this person, or whom they stand for, responsible for the step of the plan
        that belongs to the state the dossier is in, and it is not done.
        """
        return await to_thread.run_sync(self._is_responsible, opened)

    def _is_responsible(self, opened: Opened) -> bool:
        store, dossier, today = self._tools.store, opened.dossier, self._dossiers.today
        parts = parts_of(store.dossiers.parts([dossier.id])[dossier.id])
        steps = [
            one
            for one in self._dossiers.theirs(opened, parts)
            if isinstance(one, PlanStep)
            and one.stage is dossier.state
            and standing(one, dossier.state, today) is not Standing.DONE
        ]
        if not steps:
            return False
        leads = {one.user_id for one in store.documents.members(dossier.document_id) if one.role is Role.LEAD}
        events = tuple(map(told, store.dossiers.events(dossier.id)))
        return any(_named_by(events, one) in leads for one in steps)

    async def _plainly(self, user: User, dossier_id: str, step: Step, seen: int | None) -> State:
        opened, _, process = await self._opened(user, dossier_id, seen)
        return await self._take(opened, process, step)

    async def _take(
        self, opened: Opened, process: Process, step: Step, frozen: bytes | None = None,
        current: str | None = None,
    ) -> State:  # fmt: skip
        """The step, if it may be taken, on record; whose turn it is now is told so."""
        after = take(process, step, self._dossiers.today)
        await to_thread.run_sync(self._kept, opened, after, step, frozen, current)
        return after.state

    def _kept(
        self, opened: Opened, after: Process, step: Step, frozen: bytes | None, current: str | None
    ) -> None:
        store, dossier = self._tools.store, opened.dossier
        act = ACTS[type(step)].value
        event = Event(dossier.id, self._tools.clock(), opened.user.id, act, to_json(step))
        changed = replace(dossier, state=after.state)
        if store.dossiers.keep(dossier.id, Change(event, changed, (), (), frozen, current)) is None:
            raise Refusal("dossier_changed")
        if after.state is dossier.state:
            return
        plan = parts_of(store.dossiers.parts([dossier.id])[dossier.id])
        today = self._dossiers.today
        waited_for = [
            part.user_id
            for part in plan
            if isinstance(part, PlanStep)
            and part.user_id is not None
            and part.stage is after.state
            and standing(part, after.state, today) is not Standing.DONE
        ]
        self._notifications.tell(dossier.document_id, News.WAITING, opened.user.id, waited_for)


def _named_by(events: Sequence[Told], step: PlanStep) -> UserId | None:
    """Who made this step's responsible person responsible: whoever wrote the first of the last changes that
    name them. Else any editor could name themselves.
    """
    by: UserId | None = None
    for one in events:
        about = one.about
        if isinstance(about, PlanStep) and about.id == step.id:
            if about.user_id != step.user_id:
                by = None
            elif by is None:
                by = one.event.by
    return by
