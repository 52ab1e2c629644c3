"""The log of who did what: recording, looking through it, verifying, and how long it is kept."""

from __future__ import annotations

import asyncio
import getpass
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from anyio import to_thread

from duthao.domain.audit import Action, Record, said
from duthao.domain.days import VIETNAM
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.refusals import Refusals
from duthao.service.access import Access
from duthao.service.audit_verifying import BATCH, Verifying
from duthao.service.background import beside
from duthao.service.house import need_admin
from duthao.service.ports import Tools
from duthao.service.recorder import Recorder
from duthao.settings import Settings
from duthao.store.audit import ANY, AuditPage, Place, Wanted
from duthao.store.ports import Store, StoreUnavailable, User

log = logging.getLogger("duthao.audit")

DAY: Final = 24 * 3600 * 1000
TIDY_EVERY: Final = 3600.0
COUNTED_EVERY: Final = 5.0
PAGE: Final = 50
MAX_WORDS: Final = 100
BEFORE: Final = frozenset((Action.EXPORT, Action.PRINT))
"""Recorded before they are handed over: what cannot be recorded is not handed over."""
COMMAND: Final = "command line"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed beside the log, as typed."""

    person: str = ""
    document: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the log; `titles` of the documents it names, as they are called today."""

    page: AuditPage
    titles: Mapping[str, str]


class Audit:
    def __init__(self, tools: Tools, settings: Settings) -> None:
        self._tools, self._days = tools, settings.audit_days
        self._recorder = Recorder(self._append)
        self._refusals = Refusals()
        self.verifying = Verifying(tools)

    # --- recording -------------------------------------------------------------------------

    def made(
        self, user: User | None, action: Action, what: str, document: str = "",
        details: Mapping[str, object] | None = None, address: str = "",
    ) -> Record:  # fmt: skip
        """A record of now, not stored yet."""
        return Record(
            self._tools.clock(), user.id if user else "", user.name if user else "", action, what,
            document[:80], said(details or {}), address[:64],
        )  # fmt: skip

    async def record(self, record: Record) -> None:
        """Reading and changing are stored a moment later, the rest when this returns.

        Raises StoreUnavailable for what must not be handed over unrecorded; what has happened is tried again.
        """
        if record.action in (Action.READ, Action.CHANGE) and not self._recorder.is_full:
            self._recorder.note(record)
            return
        before = record.action in BEFORE
        try:
            await asyncio.wrap_future(self._recorder.record(record, keep=not before))
        except StoreUnavailable:
            if before or self._recorder.is_full:
                raise

    def in_room(
        self, user_id: UserId, name: str, document: DocumentId, address: str, what: str,
        details: Mapping[str, object],
    ) -> None:  # fmt: skip
        """Somebody came into a live room, wrote there (told once) or went: stored a moment later. Or was
        not let in: counted."""
        now = self._tools.clock()
        if what == "refused":
            made = Record(now, user_id, name, Action.REFUSE, "joined", document[:80], "{}", address[:64])
            self._refusals.add(made, document or what)
            return
        action = Action.CHANGE if what == "wrote" else Action.READ
        self._recorder.note(Record(now, user_id, name, action, what, document, said(details), address[:64]))

    def refused(
        self, user: User | None, what: str, thing: str, document: str, details: Mapping[str, object],
        address: str,
    ) -> None:  # fmt: skip
        """Somebody asked for what is not theirs: stored within a minute or so, with how often."""
        self._refusals.add(self.made(user, Action.REFUSE, what, document, details, address), thing)

    def _tell_refused(self, records: Sequence[Record]) -> None:
        for one in records:
            self._recorder.note(one)

    async def beside(self, find: Callable[[str], User | None], name: str) -> User | None:
        """Whom a name that was typed belongs to; nobody while the store does not answer."""
        try:
            return await to_thread.run_sync(find, name)
        except StoreUnavailable:
            return None

    async def flush(self) -> None:
        """All that was recorded until now can be read."""
        self._tell_refused(self._refusals.all())
        with suppress(StoreUnavailable):
            await asyncio.wrap_future(self._recorder.flush())

    def _append(self, records: Sequence[Record]) -> None:
        self._tools.store.audit.append([self._placed(one) for one in records])

    def _placed(self, record: Record) -> Record:
        """Of a dossier, a round or a private link: with the document it belongs to, so that its lead sees
        it, and of a link with whom it was sent to."""
        store = self._tools.store
        of, _, id_ = record.document_id.rpartition(":")
        details = record.details
        if of == LINK:
            invitation = store.rounds.by_token(id_)
            of, id_ = ROUND, "" if invitation is None else invitation.round_id
            if invitation is not None:
                details = said({**json.loads(details), "invitation": invitation.id, "round": id_})
        if of == DOSSIER:
            dossier = store.dossiers.get(id_)
            id_ = "" if dossier is None else dossier.document_id
        elif of == ROUND:
            round_ = store.rounds.get(id_)
            id_ = "" if round_ is None else round_.document_id
        elif record.action is Action.REFUSE and id_ and store.documents.get(DocumentId(id_)) is None:
            id_ = ""  # nobody's: what was typed may be any words
        return replace(record, document_id=id_, details=details)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Old records go now and then; what waits is stored before the block has ended."""
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self.verifying.running())
                await stack.enter_async_context(beside(self._count(), "audit-refused"))
                if self._days:
                    await stack.enter_async_context(beside(self._tidy(), "audit-tidy"))
                yield
        finally:
            self._tell_refused(self._refusals.all())
            await to_thread.run_sync(self._recorder.close)

    async def _count(self) -> None:
        while True:
            await asyncio.sleep(COUNTED_EVERY)
            self._tell_refused(self._refusals.due(self._tools.clock()))

    async def _tidy(self) -> None:
        while True:
            try:
                await to_thread.run_sync(self.drop_old)
            except StoreUnavailable as error:
                log.warning("audit.kept_longer error=%s", type(error).__name__)
            await asyncio.sleep(TIDY_EVERY)

    def drop_old(self) -> int:
        """Forget what is older than the setting says, and record that. Blocks."""
        if not self._days:
            return 0
        limit = self._tools.clock() - self._days * DAY
        with self._tools.store.only_one("audit"):
            dropped = self._tools.store.audit.drop_before(limit)
            if dropped:
                details = {"records": dropped, "days": self._days}
                self._tools.store.audit.append(
                    [self.made(None, Action.ADMINISTER, "audit_dropped", details=details)]
                )
        return dropped

    # --- looking through it ----------------------------------------------------------------

    async def of_house(self, user: User, asked: Asked, after: Place | None = None) -> Shown:
        """Raises Refusal admin_only, audit_field_bad (`field`)."""
        need_admin(user)
        return await self._shown(asked, after, None)

    async def of_document(self, access: Access, asked: Asked, after: Place | None = None) -> Shown:
        """`access`: a lead's. Raises Refusal audit_field_bad (`field`)."""
        return await self._shown(replace(asked, document=""), after, access.id)

    async def _shown(self, asked: Asked, after: Place | None, document: str | None) -> Shown:
        await self.flush()
        return await to_thread.run_sync(self._page, asked, after, document)

    def _page(self, asked: Asked, after: Place | None, document: str | None) -> Shown:
        page = self._tools.store.audit.page(self._wanted(asked, document), after, PAGE)
        ids = sorted({one.document_id for one in page.records if one.document_id})
        found = ((id_, self._tools.store.documents.get(DocumentId(id_))) for id_ in ids)
        return Shown(page, {id_: one.title for id_, one in found if one is not None})

    def _wanted(self, asked: Asked, document: str | None) -> Wanted:
        users: frozenset[str] | None = None
        if person := asked.person.strip().casefold():
            users = frozenset(
                one.id for one in self._tools.store.users.all()
                if person in one.name.casefold() or person == one.username
            )  # fmt: skip
        if asked.action and asked.action not in tuple(Action):
            raise Refusal("audit_field_bad", field="action")
        until = _day(asked.until, "until")
        return Wanted(
            users, document or asked.document.strip()[:64], Action(asked.action) if asked.action else None,
            _millis(_day(asked.since, "since")),
            _millis(until + timedelta(days=1) if until else None), asked.words.strip()[:MAX_WORDS],
        )  # fmt: skip

    async def exported(self, user: User, asked: Asked) -> Iterator[Record]:
        """All that is asked for, newest first; read in pieces while it is taken, which blocks.

        Raises as `of_house`.
        """
        need_admin(user)
        await self.flush()
        wanted = await to_thread.run_sync(self._wanted, asked, None)
        return all_of(self._tools.store, wanted)


DOSSIER: Final = "dossier"
ROUND: Final = "round"
LINK: Final = "link"
"""Before a colon and the id of what stands for its document until the record is stored. A link's is the hash
of its token, as the store has it: the token opens it and is in no record."""


def all_of(store: Store, wanted: Wanted = ANY) -> Iterator[Record]:
    """Newest first. Blocks."""
    after: Place | None = None
    while True:
        page = store.audit.page(wanted, after, BATCH)
        yield from page.records
        after = page.after
        if after is None:
            return


def record_command(store: Store, now: int, action: Action, what: str, document: str = "",
                   **details: object) -> None:  # fmt: skip
    """What was done on the command line, stored when this returns. Blocks."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = ""
    store.audit.append([Record(now, "", name[:200], action, what, document, said(details), COMMAND)])


def _day(typed: str, field: str) -> datetime | None:
    if not typed.strip():
        return None
    try:
        return datetime.strptime(typed.strip()[:10], "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError:
        raise Refusal("audit_field_bad", field=field) from None


def _millis(day: datetime | None) -> int | None:
    return None if day is None else int(day.timestamp() * 1000)
