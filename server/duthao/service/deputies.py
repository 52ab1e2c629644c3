"""Handing one's part to another for a time, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anyio import to_thread

from duthao.domain.delegations import MAX_GIVEN, Delegation, DutyPart, checked
from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import Person, PlanStep
from duthao.domain.errors import Refusal
from duthao.service.access import ALLOWED, Permission
from duthao.service.dossiers import parts_of
from duthao.service.notifications import Notifications
from duthao.service.people import people_of
from duthao.service.people_admin import sorted_people
from duthao.service.ports import Tools
from duthao.store.ports import DocumentRecord, News, Store, User


@dataclass(frozen=True, slots=True)
class Handable:
    """A part this person can hand over: a round called `said`, a step or task (`duty`), or, `about` "",
    all of its kind on the document.
    """

    part: DutyPart
    document: DocumentRecord
    about: str
    said: str = ""
    duty: PlanStep | Person | None = None

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.part.value}:{self.document.id}:{self.about}"


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody handed over and what was handed to them, with what they can hand over."""

    given: tuple[Delegation, ...]
    received: tuple[Delegation, ...]
    parts: tuple[Handable, ...]
    people: Mapping[UserId, User]
    documents: Mapping[DocumentId, DocumentRecord]
    house: tuple[User, ...]
    today: str


class Deputies:
    def __init__(self, tools: Tools, notifications: Notifications) -> None:
        self._tools, self._notifications = tools, notifications

    def today(self) -> str:
        """The day in Vietnam."""
        return self._tools.today().isoformat()

    async def mine(self, user: User) -> Mine:
        return await to_thread.run_sync(self._mine, user)

    def _mine(self, user: User) -> Mine:
        store = self._tools.store
        found = store.delegations.of_person(user.id)
        parts = tuple(_parts(store, user))
        documents = {one.document.id: one.document for one in parts}
        for id_ in {one.document_id for one in found} - set(documents):
            record = store.documents.get(id_)
            if record is not None:
                documents[id_] = record
        named = {one.giver for one in found} | {one.deputy for one in found}
        everybody = sorted_people(one for one in store.users.all() if not one.disabled and one.id != user.id)
        return Mine(
            tuple(one for one in found if one.giver == user.id),
            tuple(one for one in found if one.deputy == user.id and one.holds(self.today())),
            parts, people_of(store, named), documents, everybody, self.today(),
        )  # fmt: skip

    async def give(self, user: User, fields: Mapping[str, str]) -> Delegation:
        """Hand a part over: `part` as `Handable.value`, `deputy`, `begins` (today if ""), `ends`, `reason`.

        Raises Refusal: deputy_part_unknown, user_not_found, deputy_self, deputy_days_bad, deputy_no_part
        (who does steps or opinions needs a part in the document), deputy_asked_too, deputies_too_many.
        """
        made = await to_thread.run_sync(self._give, user, fields)
        tell = self._notifications.tell
        await to_thread.run_sync(tell, made.document_id, News.DEPUTY, user.id, [made.deputy])
        return made

    def _give(self, user: User, fields: Mapping[str, str]) -> Delegation:
        store, today = self._tools.store, self.today()
        wanted = fields.get("part", "")
        part = next((one for one in _parts(store, user) if one.value == wanted), None)
        if part is None:
            raise Refusal("deputy_part_unknown")
        deputy = store.users.get(UserId(fields.get("deputy", "")[:40]))
        if deputy is None or deputy.disabled:
            raise Refusal("user_not_found")
        made = checked(
            Delegation(
                self._tools.new_id(), part.document.id, user.id, deputy.id, part.part, part.about,
                fields.get("begins", ""), fields.get("ends", ""), fields.get("reason", ""), user.id,
                self._tools.clock(),
            ),
            today,
        )  # fmt: skip
        self._check(part, deputy)
        held = [one for one in store.delegations.of_person(user.id) if one.giver == user.id]
        if sum(one.ended_at is None and one.ends >= today for one in held) >= MAX_GIVEN:
            raise Refusal("deputies_too_many", most=MAX_GIVEN)
        store.delegations.add(made)
        return made

    def _check(self, part: Handable, deputy: User) -> None:
        store = self._tools.store
        if part.part is DutyPart.ANSWERS:
            asked = {round_.id for round_, _ in store.rounds.of_user(deputy.id)}
            if part.about in asked:
                raise Refusal("deputy_asked_too")
            return
        member = store.documents.membership(part.document.id, deputy.id)
        need = Permission.WRITE if part.part is DutyPart.OPINIONS else Permission.READ
        if member is None or need not in ALLOWED[member.role]:
            raise Refusal("deputy_no_part")

    async def end(self, user: User, delegation_id: str) -> Delegation:
        """Taken back by who gave it, or given up by the deputy. Raises Refusal delegation_not_found."""
        return await to_thread.run_sync(self._end, user, delegation_id[:40])

    def _end(self, user: User, delegation_id: str) -> Delegation:
        store = self._tools.store
        found = store.delegations.get(delegation_id)
        if found is None or user.id not in (found.giver, found.deputy):
            raise Refusal("delegation_not_found")
        store.delegations.end(found.id, self._tools.clock())
        return found


def _parts(store: Store, user: User) -> Iterator[Handable]:
    """Rounds one is asked in, steps and tasks of dossiers, and the opinions of drafts one writes. Blocks."""
    for round_, _ in store.rounds.of_user(user.id):
        record = None if round_.closed_at else store.documents.get(round_.document_id)
        if record is not None:
            yield Handable(DutyPart.ANSWERS, record, round_.id, round_.name or str(round_.number))
    documents = {record.id: (record, member) for record, member in store.documents.for_user(user.id)}
    dossiers = {one.id: one for one in store.dossiers.of_documents(tuple(documents)) if one.is_open}
    for id_, rows in store.dossiers.parts(tuple(dossiers)).items():
        record, _ = documents[dossiers[id_].document_id]
        mine = [
            one
            for one in parts_of(rows)
            if isinstance(one, Person | PlanStep) and one.user_id == user.id and one.done_on is None
        ]
        if mine:
            yield Handable(DutyPart.STEPS, record, "")
        for one in mine:
            if isinstance(one, PlanStep) or one.task:
                yield Handable(DutyPart.STEPS, record, one.id, duty=one)
    for record, member in documents.values():
        if Permission.WRITE in ALLOWED[member.role]:
            yield Handable(DutyPart.OPINIONS, record, "")
