"""Deadlines said in time: tasks and steps that are soon due, or overdue, and answers in rounds of opinions
on their last day come as notifications, to units with an address as letters.

Once for each deadline and stage, whatever process looks: what was said is on record before it is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from anyio import to_thread

from duthao.domain import dossiers, tasks
from duthao.domain.days import day_of
from duthao.domain.delegations import DutyPart, deputies_of
from duthao.domain.document import DocumentId, UserId
from duthao.domain.rounds import LAST_DAY, is_to_be_reminded, standing
from duthao.service.background import beside
from duthao.service.dossiers import parts_of
from duthao.service.letters import Letter, Letters
from duthao.service.notifications import Notifications
from duthao.service.ports import Tools
from duthao.store.ports import News, StoreUnavailable

LOOK_EVERY: Final = 1800.0
"""Seconds between two looks: days are what is counted."""
LOOK_AFTER: Final = 300.0
"""Seconds after the start: whoever comes in then goes before."""
LATEST: Final = 60
"""Days after which nobody is told for the first time that something is overdue: a house that begins to be
reminded is not told of all it left behind."""

log = logging.getLogger("duthao.reminding")


@dataclass(frozen=True, slots=True)
class Due:
    """Something due that somebody is to be told of."""

    about: str
    document: DocumentId
    user: UserId
    day: str
    news: News


class Reminding:
    def __init__(self, tools: Tools, notifications: Notifications, letters: Letters) -> None:
        self._tools, self._notifications, self._letters = tools, notifications, letters

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Looks now and then, in the background."""
        async with beside(self._run(), "reminding"):
            yield

    async def _run(self) -> None:
        await asyncio.sleep(LOOK_AFTER)
        while True:
            try:
                await to_thread.run_sync(self.remind)
            except StoreUnavailable as error:
                log.warning("reminding.waiting error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    def remind(self) -> int:
        """Tell everybody what has come to be due; how many were told. Blocks. Raises StoreUnavailable."""
        store, now = self._tools.store, self._tools.clock()
        told, post = 0, list[Letter]()
        try:
            with store.only_one("reminding"):
                for one in self._found(day_of(now)):
                    stage = "overdue" if one.news in (News.TASK_OVERDUE, News.STEP_OVERDUE) else "soon"
                    if store.reminders.once(one.about, one.user, one.day, stage, now):
                        self._notifications.remind(one.document, one.news, one.user)
                        told += 1
                for letter in self._answers(now):
                    told += 1
                    post += [letter] if letter else []
        finally:
            self._letters.deliver_now(post)  # those on record go out, whatever came in between
        if told:
            log.info("reminding.told notifications=%d", told)
        return told

    def _found(self, today: date) -> Iterator[Due]:
        documents = tuple(self._tools.store.documents.ids())
        yield from self._tasks(documents, today)
        yield from self._steps(documents, today)

    def _tasks(self, documents: tuple[DocumentId, ...], today: date) -> Iterator[Due]:
        for one in self._tools.store.tasks.of(documents):
            if one.doer_id is None or not one.deadline:
                continue
            match tasks.standing(one, today.isoformat()):
                case tasks.Standing.SOON:
                    yield Due(one.id, one.document_id, one.doer_id, one.deadline, News.TASK_DUE)
                case tasks.Standing.OVERDUE if _lately(one.deadline, today):
                    yield Due(one.id, one.document_id, one.doer_id, one.deadline, News.TASK_OVERDUE)

    def _steps(self, documents: tuple[DocumentId, ...], today: date) -> Iterator[Due]:
        """Steps of plans and tasks of groups, for who is responsible and who stands for them."""
        store = self._tools.store
        open_ = {one.id: one for one in store.dossiers.of_documents(documents) if one.is_open}
        for id_, rows in store.dossiers.parts(tuple(open_)).items():
            dossier = open_[id_]
            handed = store.delegations.of_document(dossier.document_id)
            for part in parts_of(rows):
                if not isinstance(part, dossiers.PlanStep | dossiers.Person):
                    continue
                if part.user_id is None or part.due is None:
                    continue
                stands = dossiers.standing(part, dossier.state, today)
                if stands is dossiers.Standing.DONE:
                    continue
                day = part.due.isoformat()
                if stands is dossiers.Standing.LATE:
                    if not _lately(day, today):
                        continue
                    news = News.STEP_OVERDUE
                elif (part.due - today).days <= tasks.SOON:
                    news = News.STEP_DUE
                else:
                    continue
                deputies = deputies_of(handed, part.user_id, DutyPart.STEPS, part.id, today.isoformat())
                for user in dict.fromkeys((part.user_id, *(one.deputy for one in deputies))):
                    yield Due(part.id, dossier.document_id, user, day, news)

    def _answers(self, now: int) -> Iterator[Letter | None]:
        """Who is asked in a round and has not answered is told, and counted as reminded: one for each, with
        the letter to be posted for a unit. Who cannot be told is not counted."""
        store = self._tools.store
        for round_ in store.rounds.running(now - LATEST * LAST_DAY):
            asked = [
                one for one in store.rounds.invitations(round_.id) if is_to_be_reminded(round_, one, now)
            ]
            answered = standing(store.rounds.answers(round_.id)) if asked else {}
            record = store.documents.get(round_.document_id) if asked else None
            for one in asked:
                if one.id in answered or record is None:
                    continue
                letter = self._letters.written(record.mailed_title, round_, one, "reminded", None)
                if one.user_id is None and letter is None:
                    continue
                store.rounds.put_invitation(replace(one, reminders=one.reminders + 1, reminded_at=now))
                if one.user_id is not None:
                    self._notifications.remind(record.id, News.ROUND_DUE, one.user_id, round_id=round_.id)
                yield letter


def _lately(day: str, today: date) -> bool:
    return (today - date.fromisoformat(day)).days <= LATEST
