"""Dossiers: where a revision stands, who works on it, its plan, sources and papers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from anyio import to_thread

from duthao.domain.delegations import Delegation, DutyPart, stand_for
from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import (
    MAX_PARTS,
    NAMES,
    Dossier,
    DossierKind,
    Glance,
    Paper,
    Part,
    Person,
    PlanStep,
    checked,
    first_plan,
    glance,
)
from duthao.domain.errors import Refusal
from duthao.domain.process import ACTS, MAX_LINE, Issue, Process, Rules, State, replayed
from duthao.formats.dossier_json import part_from, step_from, to_json
from duthao.service.access import MAX_ID, Access, Permission, document_for
from duthao.service.documents import checked_title
from duthao.service.happenings import Happening, happenings
from duthao.service.notifications import Notifications
from duthao.service.people import people_of
from duthao.service.people_admin import sorted_people
from duthao.service.ports import Tools
from duthao.store.dossiers import Change, Event, PartRow
from duthao.store.ports import DocumentRecord, News, Role, User, Version

STEP_ACTS: Final = frozenset(act.value for act in ACTS.values())


@dataclass(frozen=True, slots=True)
class Opened:
    """A dossier opened for a person: of its document, which they may read, or of its working group.

    `access` is None for who is of the group only: they see the dossier and not the draft.
    """

    dossier: Dossier
    user: User
    access: Access | None

    def may(self, permission: Permission) -> bool:
        return self.access is not None and self.access.may(permission)


@dataclass(frozen=True, slots=True)
class Listed:
    """A dossier in the list, with what is to be done in it."""

    opened: Opened
    glance: Glance
    mine: int


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the trail: the part or step it is about, None for the rest."""

    event: Event
    about: Any
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that came into force: one of the regulation's editions over the terms of office.

    `until` is the day the next one took its place, None for the one in force.
    """

    dossier: Dossier
    issue: Issue
    until: date | None


@dataclass(frozen=True, slots=True)
class View:
    """Everything a dossier's page shows. `versions` are the frozen drafts by id, for who may read them;
    `members` have a role on the draft, `house` is everybody who could be of the group, for the lead.
    """

    opened: Opened
    process: Process
    parts: tuple[Part, ...]
    glance: Glance
    trail: tuple[Told, ...]
    editions: tuple[Edition, ...]
    versions: Mapping[str, Version]
    readable: Mapping[DocumentId, DocumentRecord]
    people: Mapping[UserId, User]
    members: tuple[User, ...]
    house: tuple[User, ...]
    open_rounds: int
    today: date


class Dossiers:
    def __init__(self, tools: Tools, notifications: Notifications) -> None:
        self._tools, self._notifications = tools, notifications

    @property
    def today(self) -> date:
        return self._tools.today()

    async def open(self, user: User, dossier_id: str, need: Permission = Permission.READ) -> Opened:
        """The one guarded way to a dossier.

        Raises Refusal: dossier_not_found, the same whether there is none or it is not theirs to see;
        not_allowed (`role`, `need`) for who sees it but may not do this.
        """
        store = self._tools.store
        found = (
            await to_thread.run_sync(store.dossiers.get, dossier_id) if len(dossier_id) <= MAX_ID else None
        )
        if found is None or user.disabled:
            raise Refusal("dossier_not_found")
        try:
            access = await document_for(store, user, found.document_id, need)
        except Refusal as refusal:
            if refusal.code != "document_not_found":
                raise
            mine = await to_thread.run_sync(store.dossiers.of_user, user.id)
            if found.id not in {one.id for one in mine}:
                raise Refusal("dossier_not_found") from None
            if need is not Permission.READ:
                raise Refusal("not_allowed", role="group", need=need.value) from None
            return Opened(found, user, None)
        return Opened(found, user, access)

    async def of_document(self, user: User, document_id: str) -> Dossier | None:
        """The newest dossier of a document, for its readers and the dossier's group. Raises as
        `document_for`."""
        door = self._tools.store.dossiers
        try:
            access = await document_for(self._tools.store, user, document_id, Permission.READ)
        except Refusal:
            mine = await to_thread.run_sync(door.of_user, user.id)
            found = next((one for one in mine if one.document_id == document_id), None)
            if found is None or user.disabled:
                raise
            return found
        return next(iter(await to_thread.run_sync(door.of_documents, [access.id])), None)

    async def list(self, user: User) -> tuple[Listed, ...]:
        """What this person may see: open ones first, those with something late before the others."""
        return await to_thread.run_sync(self._list, user)

    def _list(self, user: User) -> tuple[Listed, ...]:
        store, today = self._tools.store, self.today
        documents = {
            record.id: Access(record, member, user) for record, member in store.documents.for_user(user.id)
        }
        found = {one.id: one for one in store.dossiers.of_documents(tuple(documents))}
        found |= {one.id: one for one in store.dossiers.of_user(user.id)}
        rows = store.dossiers.parts(tuple(found))
        listed = []
        for id_, one in found.items():
            seen = glance(parts_of(rows[id_]), one.state, today)
            opened = Opened(one, user, documents.get(one.document_id))
            listed.append(Listed(opened, seen, len(seen.of(user.id))))

        def order(one: Listed) -> tuple[bool, bool, int]:
            dossier = one.opened.dossier
            return not dossier.is_open, not one.glance.late, -dossier.created_at

        return tuple(sorted(listed, key=order))

    async def led_by(self, user: User) -> tuple[DocumentRecord, ...]:
        """The documents a person may begin a dossier of."""
        found = await to_thread.run_sync(self._tools.store.documents.for_user, user.id)
        return tuple(record for record, member in found if member.role is Role.LEAD)

    async def begin(
        self, user: User, document_id: str, title: str, kind: str = DossierKind.REVISION, term: str = ""
    ) -> str:
        """A dossier of this document, its plan that of norms A1 or A2; its id.

        Raises Refusal: dossier_exists, title_missing, title_too_long, words_too_long, field_bad.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.MANAGE)
        title, term = checked_title(title or access.record.title), " ".join(term.split())
        if len(term) > MAX_LINE:
            raise Refusal("words_too_long", most=MAX_LINE)
        if kind not in tuple(DossierKind):
            raise Refusal("field_bad", field="kind")
        return await to_thread.run_sync(self._begin, access, title, DossierKind(kind), term)

    def _begin(self, access: Access, title: str, kind: DossierKind, term: str) -> str:
        tools, now, user = self._tools, self._tools.clock(), access.user
        # A resolution is more often put before the meeting itself (norms A2) than a regulation.
        rules = Rules(direct=kind is DossierKind.RESOLUTION)
        made = Dossier(tools.new_id(), access.id, kind, title, term, rules, user.id, now)
        plan: list[Part] = list(first_plan(kind, iter(tools.new_id, None)))
        lead = Person(tools.new_id(), user.name, user.id)
        rows = [row_of(made.id, part) for part in (lead, *plan)]
        event = Event(made.id, now, user.id, "begun", json.dumps({"title": title}, ensure_ascii=False))
        if not tools.store.dossiers.create(made, rows, event):
            raise Refusal("dossier_exists")
        return made.id

    async def view(self, user: User, dossier_id: str) -> View:
        """Raises as `open`."""
        opened = await self.open(user, dossier_id)
        return await to_thread.run_sync(self._view, opened)

    async def beside(self, view: View) -> tuple[Happening, ...]:
        """What happened to the draft's opinions meanwhile, for the story; whose answers came and what a
        meeting concluded only for who may see that.
        """
        opened, dossier = view.opened, view.opened.dossier
        until = None if dossier.is_open or not view.trail else view.trail[-1].event.at

        def found() -> tuple[Happening, ...]:
            return happenings(self._tools.store, dossier.document_id, dossier.created_at, until)

        seen = await to_thread.run_sync(found)
        if opened.access is None:
            return tuple(replace(one, givers=(), said="") for one in seen)
        if not opened.may(Permission.WRITE):
            return tuple(replace(one, givers=()) for one in seen)
        return seen

    def _view(self, opened: Opened) -> View:
        store, dossier, today = self._tools.store, opened.dossier, self.today
        parts = parts_of(store.dossiers.parts([dossier.id])[dossier.id])
        trail = tuple(map(told, store.dossiers.events(dossier.id)))
        process = process_of(dossier, trail)
        readable = {record.id: record for record, _ in store.documents.for_user(opened.user.id)}
        versions = store.versions.for_document(dossier.document_id) if opened.access else ()
        members = store.documents.members(dossier.document_id)
        named = {one.event.by for one in trail} | {one.user_id for one in members}
        named |= {p.user_id for p in parts if isinstance(p, Person | PlanStep) and p.user_id}
        rounds = store.rounds.for_document(dossier.document_id)
        named |= {one.created_by for one in rounds}
        people = people_of(store, named)
        everybody = store.users.all() if opened.may(Permission.MANAGE) else ()
        house = sorted_people(one for one in everybody if not one.disabled)
        open_rounds = sum(one.closed_at is None for one in rounds)
        return View(
            opened, process, parts, glance(parts, process.state, today), trail,
            self._editions(dossier.document_id), {one.id: one for one in versions}, readable,
            people, sorted_people(people[m.user_id] for m in members if m.user_id in people), house,
            open_rounds, today,
        )  # fmt: skip

    def _editions(self, document_id: DocumentId) -> tuple[Edition, ...]:
        """The newest first; each dossier of the document that came to its issue is one."""
        store = self._tools.store
        issued: list[tuple[Dossier, Issue]] = []
        for one in store.dossiers.of_documents([document_id]):
            if not one.is_open:
                process = process_of(one, tuple(map(told, store.dossiers.events(one.id))))
                if process.issue is not None:
                    issued.append((one, process.issue))
        untils: list[date | None] = [None, *(i.in_force or i.dated for _, i in issued)]
        return tuple(
            Edition(dossier, issue, until) for (dossier, issue), until in zip(issued, untils, strict=False)
        )

    # --- what the working group keeps ------------------------------------------------------------

    async def keep_part(self, user: User, dossier_id: str, part: Part) -> Part:
        """Keep a part: a new one when its id is "", else in place of the one of that id.

        Raises Refusal: part_not_found, parts_too_many, part_empty, words_too_long, plan_dates_bad,
        user_not_found; as `open` (who may write the draft may do this); for a paper that is a document
        as `document_for`.
        """
        opened = await self.open(user, dossier_id, Permission.WRITE)
        if isinstance(part, Paper) and part.document_id is not None:
            access = await document_for(self._tools.store, user, part.document_id, Permission.READ)
            part = replace(part, name=part.name.strip() or access.record.title)
        return await to_thread.run_sync(self._keep_part, opened, part)

    def _keep_part(self, opened: Opened, part: Part) -> Part:
        store, dossier = self._tools.store, opened.dossier
        kept = {one.id: one for one in parts_of(store.dossiers.parts([dossier.id])[dossier.id])}
        named = part.user_id if isinstance(part, Person | PlanStep) else None
        if named is not None:
            person = store.users.get(named)
            if person is None or person.disabled:
                raise Refusal("user_not_found")
            if isinstance(part, Person):
                part = replace(part, name=person.name)
        before = kept.get(part.id)
        if part.id and (before is None or type(before) is not type(part)):
            raise Refusal("part_not_found")
        if not part.id:
            if len(kept) >= MAX_PARTS:
                raise Refusal("parts_too_many", most=MAX_PARTS)
            part = replace(part, id=self._tools.new_id())
        if isinstance(part, PlanStep) and isinstance(before, PlanStep):
            # Which of ours a step is, a form does not say.
            part = replace(part, key=before.key)
        part = checked(part)
        if part == before:
            return part
        act = "part_added" if before is None else "part_changed"
        change = Change(self._event(opened, act, part), put=(row_of(dossier.id, part),))
        store.dossiers.keep(dossier.id, change)
        was = before.user_id if isinstance(before, Person | PlanStep) else None
        if named is not None and named != was:
            self._notifications.tell(dossier.document_id, News.TASKED, opened.user.id, [named])
        return part

    async def finish_duty(self, user: User, dossier_id: str, part_id: str, *, done: bool) -> None:
        """A step of the plan, or a task of the group, is done, or it is not after all: said by who is
        responsible for it, who stands for them today, or who writes the draft.

        Raises Refusal: part_not_found, not_allowed; as `open`.
        """
        opened = await self.open(user, dossier_id)
        await to_thread.run_sync(self._finish_duty, opened, part_id[:MAX_ID], done)

    def _finish_duty(self, opened: Opened, part_id: str, done: bool) -> None:
        door, dossier = self._tools.store.dossiers, opened.dossier
        parts = parts_of(door.parts([dossier.id])[dossier.id])
        part = next((one for one in parts if one.id == part_id), None)
        if not isinstance(part, PlanStep | Person):
            raise Refusal("part_not_found")
        if not (opened.may(Permission.WRITE) or self.theirs(opened, [part])):
            raise Refusal("not_allowed", role="group", need=Permission.WRITE.value)
        kept = replace(part, done_on=(part.done_on or self.today) if done else None)
        if kept != part:
            change = Change(self._event(opened, "part_changed", kept), put=(row_of(dossier.id, kept),))
            door.keep(dossier.id, change)

    def theirs(self, opened: Opened, parts: Sequence[Part]) -> tuple[PlanStep | Person, ...]:
        """The steps and tasks this person is responsible for, or stands today for who is. Blocks."""
        handed = self._tools.store.delegations.of_document(opened.dossier.document_id)
        me, day = opened.user.id, self.today.isoformat()
        return tuple(
            one
            for one in parts
            if isinstance(one, PlanStep | Person)
            and (one.user_id == me or one.user_id in stand_for(handed, me, DutyPart.STEPS, one.id, day))
        )

    async def handed(self, opened: Opened) -> tuple[Delegation, ...]:
        """Who does steps of whom today."""
        found = await to_thread.run_sync(
            self._tools.store.delegations.of_document, opened.dossier.document_id
        )
        day = self.today.isoformat()
        return tuple(one for one in found if one.part is DutyPart.STEPS and one.holds(day))

    async def duties_of(self, opened: Opened, parts: Sequence[Part]) -> frozenset[str]:
        """The ids of steps and tasks that are this person's, or of somebody they stand for."""
        return frozenset(one.id for one in await to_thread.run_sync(self.theirs, opened, parts))

    async def remove_part(self, user: User, dossier_id: str, part_id: str) -> None:
        """What it said stays in the trail. Raises Refusal part_not_found, as `open`."""
        opened = await self.open(user, dossier_id, Permission.WRITE)
        await to_thread.run_sync(self._remove_part, opened, part_id)

    def _remove_part(self, opened: Opened, part_id: str) -> None:
        door, dossier = self._tools.store.dossiers, opened.dossier
        kept = next(
            (one for one in parts_of(door.parts([dossier.id])[dossier.id]) if one.id == part_id), None
        )
        if kept is None:
            raise Refusal("part_not_found")
        door.keep(dossier.id, Change(self._event(opened, "part_removed", kept), gone=(part_id,)))

    def _event(self, opened: Opened, act: str, part: Part) -> Event:
        said = json.dumps({"part": NAMES[type(part)], **json.loads(to_json(part))}, ensure_ascii=False)
        return Event(opened.dossier.id, self._tools.clock(), opened.user.id, act, said)

    async def set_rules(self, user: User, dossier_id: str, title: str, term: str, rules: Rules) -> None:
        """Title, term and what the dossier goes by: the lead's to say while no level has decided.

        Raises Refusal: rules_fixed, rules_bad, title_missing, title_too_long, words_too_long,
        dossier_changed; as `open`.
        """
        opened = await self.open(user, dossier_id, Permission.MANAGE)
        title, term = checked_title(title), " ".join(term.split())
        if len(term) > MAX_LINE:
            raise Refusal("words_too_long", most=MAX_LINE)
        if rules.final not in (State.BUREAU, State.COMMITTEE) or not set(rules.voting) <= {
            State.STANDING1, State.STANDING2, State.BUREAU, State.COMMITTEE
        }:  # fmt: skip
            raise Refusal("rules_bad")
        await to_thread.run_sync(
            self._set_rules, opened, replace(opened.dossier, title=title, term=term), rules
        )

    def _set_rules(self, opened: Opened, renamed: Dossier, rules: Rules) -> None:
        store, dossier = self._tools.store, opened.dossier
        process = process_of(dossier, tuple(map(told, store.dossiers.events(dossier.id))))
        if rules != dossier.rules and process.decisions:
            raise Refusal("rules_fixed")
        said = json.dumps({"title": renamed.title, "term": renamed.term, "final": rules.final.value,
                           "majority": rules.majority.value, "direct": rules.direct,
                           "appraised": rules.appraised, "voting": [one.value for one in rules.voting]},
                          ensure_ascii=False)  # fmt: skip
        event = Event(dossier.id, self._tools.clock(), opened.user.id, "rules", said)
        if store.dossiers.keep(dossier.id, Change(event, replace(renamed, rules=rules))) is None:
            raise Refusal("dossier_changed")


def row_of(dossier_id: str, part: Part) -> PartRow:
    """A part as it is kept."""
    user_id = part.user_id if isinstance(part, Person | PlanStep) else None
    return PartRow(part.id, dossier_id, NAMES[type(part)], to_json(part), user_id)


def parts_of(rows: Sequence[PartRow]) -> tuple[Part, ...]:
    return tuple(part_from(row.part, json.loads(row.body)) for row in rows)


def told(event: Event) -> Told:
    """A row of the trail, read. One of a kind that this release does not know is told by its name."""
    said = json.loads(event.body)
    about: Any = None
    if event.act in STEP_ACTS:
        about = step_from(event.act, said)
    elif event.act.startswith("part_"):
        about = part_from(said["part"], said)
    return Told(event, about, said)


def process_of(dossier: Dossier, trail: Sequence[Told]) -> Process:
    """What the steps on record have led to."""
    return replayed(dossier.rules, (one.about for one in trail if one.event.act in STEP_ACTS))
