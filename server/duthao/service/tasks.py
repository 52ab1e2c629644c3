"""Tasks of the documents one may read: given by who writes them, reported by whoever does them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from anyio import to_thread

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.tasks import (
    MAX_TASKS,
    Standing,
    Suggested,
    Task,
    checked_day,
    checked_name,
    checked_text,
    standing,
    suggested,
    task_order,
)
from duthao.service.access import ALLOWED, Permission, document_for
from duthao.service.dossiers import process_of, told
from duthao.service.ports import Tools
from duthao.store.ports import DocumentRecord, Role, User


@dataclass(frozen=True, slots=True)
class Shown:
    """A task as somebody sees it; `edits`: may change all of it, `reports`: its report and state."""

    task: Task
    record: DocumentRecord
    standing: Standing
    edits: bool
    reports: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The tasks asked for, how many of all there are in each standing, and where one may give new ones."""

    tasks: tuple[Shown, ...]
    counts: Mapping[Standing, int]
    documents: tuple[DocumentRecord, ...]
    writable: tuple[DocumentRecord, ...]


class Tasks:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def today(self) -> str:
        """The day in Vietnam."""
        return self._tools.today().isoformat()

    async def board(self, user: User, document: str = "", state: str = "", mine: bool = False) -> Board:
        """The tasks of all documents this person may read, or of one; in one standing, or theirs alone.

        Raises Refusal: document_not_found, task_state_unknown.
        """
        if state and state not in tuple(Standing):
            raise Refusal("task_state_unknown")
        return await to_thread.run_sync(self._board, user, document, state, mine)

    def _board(self, user: User, document: str, state: str, mine: bool) -> Board:
        store, today = self._tools.store, self.today()
        readable: dict[DocumentId, tuple[DocumentRecord, Role]] = {
            record.id: (record, membership.role)
            for record, membership in store.documents.for_user(user.id)
            if Permission.READ in ALLOWED[membership.role]
        }
        if document and DocumentId(document) not in readable:
            raise Refusal("document_not_found")
        asked = [DocumentId(document)] if document else list(readable)
        tasks = sorted(store.tasks.of(asked), key=task_order) if asked else []
        if mine:
            tasks = [one for one in tasks if one.doer_id == user.id]
        counts = dict.fromkeys(Standing, 0)
        shown = []
        for task in tasks:
            now = standing(task, today)
            counts[now] += 1
            if not state or now == state:
                record, role = readable[task.document_id]
                edits = Permission.WRITE in ALLOWED[role]
                shown.append(Shown(task, record, now, edits, edits or task.doer_id == user.id))
        documents = tuple(record for record, _ in readable.values())
        writable = tuple(record for record, role in readable.values() if Permission.WRITE in ALLOWED[role])
        return Board(tuple(shown), counts, documents, writable)

    async def suggest(self, user: User, document_id: str) -> tuple[Suggested, ...]:
        """What the draft seems to ask of people, without what is a task already. Raises as `document_for`."""
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        draft, _ = await self._tools.rooms.read(access.id)
        given = await to_thread.run_sync(self._tools.store.tasks.of, (access.id,))
        known = {one.content for one in given}
        return tuple(one for one in suggested(draft) if one.content not in known)

    async def issued(self, user: User, document_id: str) -> str:
        """Number and day under which the document's newest dossier issued it, "" before: what its tasks
        come from. Raises as `document_for`."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        return await to_thread.run_sync(self._issued, access.id)

    def _issued(self, document_id: DocumentId) -> str:
        door = self._tools.store.dossiers
        for one in door.of_documents([document_id]):
            issue = process_of(one, tuple(map(told, door.events(one.id)))).issue if not one.is_open else None
            if issue is not None:
                return f"{issue.number}, {issue.dated:%d/%m/%Y}"
        return ""

    async def give(self, user: User, document_id: str, fields: Mapping[str, str]) -> Task:
        """A new task of a document, from its fields by name.

        Raises Refusal: as `document_for` (writing), task_empty, task_too_long, task_day_bad,
        tasks_too_many (`most`), user_not_found for a doer who has no part in the document.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        made = Task(self._tools.new_id(), access.id, "", created_at=self._tools.clock())
        made = await self._filled(made, fields)

        def add() -> None:
            if len(self._tools.store.tasks.of((access.id,))) >= MAX_TASKS:
                raise Refusal("tasks_too_many", most=MAX_TASKS)
            self._tools.store.tasks.add(made)

        await to_thread.run_sync(add)
        return made

    async def change(self, user: User, task_id: str, seen: int, fields: Mapping[str, str]) -> None:
        """Raises Refusal: task_not_found, not_allowed, task_changed when somebody was quicker; as `give`."""
        task = await self._task(user, task_id, Permission.WRITE)
        await self._put(await self._filled(task, fields), seen)

    async def report(self, user: User, task_id: str, seen: int, report: str, done_on: str) -> None:
        """What was done, and on which day it was finished, "" while it is not. Who writes the document may,
        and who does the task. Raises Refusal: task_not_found, not_allowed, task_changed, task_day_bad.
        """
        task = await self._task(user, task_id, Permission.READ)
        if task.doer_id != user.id:
            await self._task(user, task_id, Permission.WRITE)
        await self._put(replace(task, report=checked_text(report), done_on=checked_day(done_on)), seen)

    async def remove(self, user: User, task_id: str) -> None:
        """Raises Refusal: task_not_found, not_allowed."""
        task = await self._task(user, task_id, Permission.WRITE)
        await to_thread.run_sync(self._tools.store.tasks.remove, task.id)

    async def _task(self, user: User, task_id: str, need: Permission) -> Task:
        task = await to_thread.run_sync(self._tools.store.tasks.get, task_id[:40])
        if task is None:
            raise Refusal("task_not_found")
        try:
            await document_for(self._tools.store, user, task.document_id, need)
        except Refusal as refusal:
            raise Refusal("task_not_found") if refusal.code == "document_not_found" else refusal from None
        return task

    async def _filled(self, task: Task, fields: Mapping[str, str]) -> Task:
        content = checked_text(fields.get("content", ""))
        if not content:
            raise Refusal("task_empty")
        doer, doer_id = checked_name(fields.get("doer", "")), None
        if given := fields.get("doer_id", "")[:40]:
            member = await to_thread.run_sync(
                self._tools.store.documents.membership, task.document_id, UserId(given)
            )
            person = await to_thread.run_sync(self._tools.store.users.get, UserId(given))
            if member is None or person is None:
                raise Refusal("user_not_found")
            doer, doer_id = doer or person.name, person.id
        return replace(
            task, content=content, measure=checked_text(fields.get("measure", "")),
            deadline=checked_day(fields.get("deadline", "")), doer=doer, doer_id=doer_id,
            controller=checked_name(fields.get("controller", "")),
            source=checked_name(fields.get("source", "")),
        )  # fmt: skip

    async def _put(self, task: Task, seen: int) -> None:
        if not await to_thread.run_sync(self._tools.store.tasks.put, task, seen):
            raise Refusal("task_changed")
