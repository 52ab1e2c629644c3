"""All open rooms: one load for everybody who asks, closing after the last one, checkpoints."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Protocol, Self, TypeVar

from duthao.collab.bus import Access, Event
from duthao.collab.close import Close
from duthao.collab.edits import brought_back
from duthao.collab.following import PAGE as ROWS
from duthao.collab.journal import JournalWriter
from duthao.collab.meter import Meter
from duthao.collab.past import KEPT_EVERY, Past, sealed, sound
from duthao.collab.peers import Alone
from duthao.collab.ports import Engine, Replica
from duthao.collab.reading import Slices
from duthao.collab.revising import Revise, revised
from duthao.collab.room import Offers, Room
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import Checkpoint, EpochMillis, JournalRow, Role, Seq, Store, StoreUnavailable

logger = logging.getLogger("duthao.rooms")
T = TypeVar("T")

PAGE = 5000
SLICE = 128
"""Rows that a load applies before others have their turn: about 3 ms."""
JUDGED_WITHIN = 5.0
"""Seconds in which it is found out on whose update the library failed: nobody waits longer for that."""
FRESHEN = 1.0
"""Seconds one who comes waits at most for what others have stored."""
ENTERING = 3
RoleOf = Callable[[DocumentId, UserId], Awaitable[Role | None]]


class Aside(Protocol):
    """Runs a function of the module level, or a method of a value, elsewhere, and waits for it."""

    def __call__(self, work: Callable[..., T], /, *given: object) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """When a document is checkpointed: looked at `every` so many seconds, it is after a pause in the
    writing with `after` rows since the last one, and with `at_most` rows in any case."""

    every: float = 2.0
    after: int = 200
    at_most: int = 3000


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What storage has of a document."""

    generation: str
    checkpoint: Checkpoint | None
    rows: tuple[JournalRow, ...]
    owners: dict[int, UserId]

    @property
    def state(self) -> bytes | None:
        return None if self.checkpoint is None else self.checkpoint.state


class _Entry:
    def __init__(self, load: asyncio.Task[Room]) -> None:
        self.load, self.users = load, 0
        self.closer: asyncio.Task[None] | None = None
        self.checkpointed, self.looked_at = Seq(0), Seq(0)


class Rooms:
    """`async with Rooms(writer, store, engine, clock, role_of) as rooms`.

    A document without journal rows does not exist (Refusal document_not_found); one that
    cannot be loaded raises StoreUnavailable and is never empty. `grace` (seconds) is how
    long a room stays open after the last one left. `aside` runs long work off the loop.
    `pace` is how many seconds a room's turn gathers just now, `neighbours` what is told to
    and heard from other processes.
    """

    def __init__(
        self,
        writer: JournalWriter,
        store: Store,
        engine: Engine,
        clock: Callable[[], EpochMillis],
        role_of: RoleOf,
        *,
        grace: float = 30.0,
        checkpoints: Checkpoints = Checkpoints(),  # a frozen value
        aside: Aside = asyncio.to_thread,
        pace: Callable[[], float] = lambda: 0.0,
        neighbours: Alone | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._writer, self._store, self._engine = writer, store, engine
        self._clock, self._role_of, self._pace = clock, role_of, pace
        self._grace, self._checkpoints, self._aside = grace, checkpoints, aside
        self._entries: dict[DocumentId, _Entry] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._apart: set[DocumentId] = set()
        self._judging: set[asyncio.Task[None]] = set()
        self.judgements = 0
        """How often roles have been judged anew. One who was judged before they joined a room is judged
        again if it has changed: what came in between was told to those who sat there."""
        self._past = Past(store, engine)
        self._slices = Slices()
        self._neighbours, self._meter = neighbours or Alone(), meter or Meter()
        self._neighbours.attach(self)

    async def __aenter__(self) -> Self:
        self._writer.on_health = self._storage_health
        self._keeper = asyncio.create_task(self._keep_checkpoints(), name="checkpoints")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.on_health = lambda _healthy: None
        self.going_away()
        entries, self._entries = list(self._entries.values()), {}
        tasks = [
            task
            for task in (self._keeper, *(task for e in entries for task in (e.load, e.closer)))
            if task is not None and not task.done()
        ]
        tasks += self._judging
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def going_away(self) -> None:
        """The server stops: everybody is told to come back."""
        for room in self.open_rooms():
            room.give_up(Close.GOING_AWAY)

    @asynccontextmanager
    async def open(self, document_id: DocumentId) -> AsyncIterator[Room]:
        """The room, open as long as the block. Raises Refusal, StoreUnavailable."""
        entry, room = await self._enter(document_id)
        try:
            yield room
        finally:
            self._leave(document_id, entry)

    async def _enter(self, document_id: DocumentId) -> tuple[_Entry, Room]:
        for _ in range(ENTERING):
            entry = self._entry(document_id)
            entry.users += 1
            try:
                # Shielded: one who leaves while it loads must not take it from the others.
                room = await asyncio.shield(entry.load)
                if self._neighbours.several:
                    await self._freshen(room)
            except BaseException:
                self._leave(document_id, entry)
                raise
            if not room.broken:
                return entry, room
            # What others have stored did not go with what was here.
            self._leave(document_id, entry)
        raise StoreUnavailable("the room is given up again and again")

    def _leave(self, document_id: DocumentId, entry: _Entry) -> None:
        entry.users -= 1
        if entry.users == 0 and self._entries.get(document_id) is entry:
            self._left(document_id, entry)

    async def _freshen(self, room: Room) -> None:
        """Whoever comes from another process finds here what was stored there."""
        with contextlib.suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(FRESHEN):
                await room.follower.catch_up()

    def _entry(self, document_id: DocumentId) -> _Entry:
        entry = self._entries.get(document_id)
        if entry is None or _useless(entry.load):
            entry = _Entry(asyncio.create_task(self._load(document_id), name="room-load"))
            entry.load.add_done_callback(partial(self._loaded, document_id))
            self._entries[document_id] = entry
        if entry.closer is not None:
            entry.closer.cancel()
            entry.closer = None
        return entry

    def _loaded(self, document_id: DocumentId, load: asyncio.Task[Room]) -> None:
        if not load.cancelled() and load.exception() is None:
            self._neighbours.opened(document_id)

    def _left(self, document_id: DocumentId, entry: _Entry) -> None:
        if entry.load.done() and _useless(entry.load):
            del self._entries[document_id]
        else:
            entry.closer = asyncio.create_task(self._close(document_id, entry), name="room-close")

    async def _close(self, document_id: DocumentId, entry: _Entry) -> None:
        await asyncio.sleep(self._grace)
        try:
            room = await asyncio.shield(entry.load)
        except (Refusal, StoreUnavailable):  # they left before it failed: whoever comes loads anew
            if self._entries.get(document_id) is entry:
                del self._entries[document_id]
            return
        if not room.broken and room.seq - entry.checkpointed >= self._checkpoints.after:
            await self._checkpoint(document_id, entry)
        # Looked at again after every await: somebody may have come, or replaced the entry.
        if entry.users == 0 and self._entries.get(document_id) is entry:
            del self._entries[document_id]
            self._apart.discard(document_id)
            self._neighbours.closed(document_id)
            room.give_up()

    # On whose update the library failed

    def _suspect(self, room: Room, offers: Offers) -> None:
        """Several people's updates broke a room as one: only who broke it is stopped for good.

        The room that follows takes each person's by itself: it may be the joining that failed.
        """
        self._apart.add(room.id)
        task = asyncio.get_running_loop().create_task(self._judge(room, offers), name="room-judge")
        self._judging.add(task)
        task.add_done_callback(self._judging.discard)

    async def _judge(self, room: Room, offers: Offers) -> None:
        try:
            async with asyncio.timeout(JUDGED_WITHIN):
                await self._writer.settle(room.id)
                guilty = await self._guilty(room.id, list(offers.values()))
            for connection, broke in zip(offers, guilty, strict=True):
                if broke:
                    connection.close(Close.BAD_MESSAGE)
        except (TimeoutError, Refusal, StoreUnavailable) as error:
            logger.error("room.nobody_judged document=%s kind=%s", room.id, type(error).__name__)
        finally:
            room.give_up()  # the others come again, with all that was not acknowledged

    async def _guilty(self, document_id: DocumentId, offers: Sequence[Sequence[bytes]]) -> list[bool]:
        """For each person's updates whether the library fails on them, applied to what is stored."""
        loaded = await asyncio.to_thread(self._fetch, document_id)
        replica, _ = await self._replay(loaded)
        guilty = []
        for updates in offers:
            guilty.append(not _stands(replica, updates))
            if guilty[-1]:
                replica, _ = await self._replay(loaded)
        return guilty

    async def _load(self, document_id: DocumentId) -> Room:
        # A room given up may have left updates in the queue: they belong to what is read here.
        await self._writer.settle(document_id)
        loaded = await asyncio.to_thread(self._fetch, document_id)
        replica, seq = await self._replay(loaded)
        entry = self._entries.get(document_id)
        if entry is not None and loaded.checkpoint is not None:
            entry.checkpointed = loaded.checkpoint.seq
        return Room(
            document_id, loaded.generation, replica, seq, loaded.owners,
            self._engine, self._writer, self._clock, self._pace,
            apart=document_id in self._apart, suspect=self._suspect,
            read_rows=self._read_rows, neighbours=self._neighbours, meter=self._meter, slices=self._slices,
        )  # fmt: skip

    async def _read_rows(self, document_id: DocumentId, after: Seq) -> Sequence[JournalRow]:
        return await asyncio.to_thread(self._store.journal.read, document_id, after, None, ROWS)

    def _fetch(self, document_id: DocumentId) -> _Loaded:
        journal = self._store.journal
        record = self._store.documents.get(document_id)
        checkpoint = sound(journal.checkpoint(document_id))
        rows: list[JournalRow] = []
        after = checkpoint.seq if checkpoint else Seq(0)
        while page := journal.read(document_id, after, None, PAGE):
            rows.extend(page)
            after = page[-1].seq
        if record is None or (checkpoint is None and not rows):
            raise Refusal("document_not_found")
        owners = dict(journal.client_owners(document_id))
        return _Loaded(record.generation, checkpoint, tuple(rows), owners)

    async def _replay(self, loaded: _Loaded) -> tuple[Replica, Seq]:
        try:
            replica = self._engine.load(loaded.state)
            for count, row in enumerate(loaded.rows):
                replica.apply_stored(row.entry.payload)
                if count % SLICE == SLICE - 1:
                    await asyncio.sleep(0)  # others type meanwhile
            if loaded.rows and replica.pending():
                raise StoreUnavailable("the journal has a hole")
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError, StoreUnavailable):
            raise
        except BaseException as error:  # pycrdt's PanicException is no Exception
            raise StoreUnavailable(f"the journal does not replay: {type(error).__name__}") from None
        if loaded.rows:
            return replica, loaded.rows[-1].seq
        return replica, loaded.checkpoint.seq if loaded.checkpoint else Seq(0)

    # Checkpoints: made from the journal, in a process of their own, never from a room

    async def _keep_checkpoints(self) -> None:
        while True:
            await asyncio.sleep(self._checkpoints.every)
            await self._look_at_rooms()

    async def _look_at_rooms(self) -> None:
        """Checkpoint open documents after a pause in the writing, or when much has been written.

        While the loop is busy only the one that needs it most, and only for its rows: a
        checkpoint takes a core for as long as it lasts, and those who write need it.
        """
        for document_id, entry in self._due():
            await self._checkpoint(document_id, entry)
            if self._pace() > 0:
                return

    def _due(self) -> list[tuple[DocumentId, _Entry]]:
        """What is to be checkpointed now, the most rows first."""
        due: list[tuple[int, DocumentId, _Entry]] = []
        busy = self._pace() > 0
        for document_id, entry in self._entries.items():
            room = self.room(document_id)
            if room is None or room.broken:
                continue
            rows, paused = room.seq - entry.checkpointed, room.seq == entry.looked_at
            entry.looked_at = room.seq
            if rows >= (self._checkpoints.after if paused and not busy else self._checkpoints.at_most):
                due.append((rows, document_id, entry))
        due.sort(key=lambda one: (-one[0], one[1]))
        return [(document_id, entry) for _, document_id, entry in due[: 1 if busy else None]]

    async def _checkpoint(self, document_id: DocumentId, entry: _Entry) -> None:
        """Save the state that the journal gives, if it reads the same after a reload."""
        try:
            loaded = await asyncio.to_thread(self._fetch, document_id)
            last = loaded.checkpoint
            if last is not None and last.seq > entry.checkpointed:
                # Another process has been here: what is left may be too little for another one.
                entry.checkpointed = last.seq
                if len(loaded.rows) < self._checkpoints.after:
                    return
            seq = entry.checkpointed = loaded.rows[-1].seq
            payloads = [row.entry.payload for row in loaded.rows]
            state = await self._aside(self._engine.folded, loaded.state, payloads)
            if state is None:
                logger.error("checkpoint.differs document=%s seq=%s", document_id, seq)
                return
            saved = sealed(document_id, seq, state)
            # One for every so many rows is enough to reach any moment of the past.
            spare = last is not None and last.seq // KEPT_EVERY == seq // KEPT_EVERY
            await asyncio.to_thread(
                self._store.journal.save_checkpoint, saved, last.seq if last is not None and spare else None
            )
        except Exception as error:  # a checkpoint only speeds up loading: the room goes on without it
            logger.warning("checkpoint.skipped document=%s kind=%s", document_id, type(error).__name__)

    # What the use cases ask for

    async def read(self, document_id: DocumentId) -> tuple[Document, Seq]:
        """The live draft and the journal's end it shows."""
        async with self.open(document_id) as room:
            return await room.read()

    async def read_at(self, document_id: DocumentId, seq: Seq) -> Document:
        """The draft as it was when the journal ended at `seq`."""
        return await asyncio.to_thread(self._past.tree, document_id, seq)

    async def state_at(self, document_id: DocumentId, seq: Seq | None = None) -> tuple[bytes, Document, Seq]:
        """The state, the tree it reads as, and its place: now, or when the journal ended at `seq`."""
        if seq is None:
            async with self.open(document_id) as room:
                return await room.snapshot()
        return await asyncio.to_thread(self._past.state, document_id, seq)

    async def restore(self, document_id: DocumentId, target: Document, user_id: UserId) -> Seq:
        """Change the draft forward until it reads as `target`; stored when this returns."""
        async with self.open(document_id) as room:
            return await room.restore(target, user_id)

    async def bring_back(
        self, document_id: DocumentId, past: Document, ids: Collection[ProvisionId], user_id: UserId
    ) -> Seq:
        """As `restore`, only these provisions. Raises Refusal provision_not_found."""
        async with self.open(document_id) as room:
            return await room.restore(brought_back(room.tree(), past, ids), user_id)

    async def revise(
        self, document_id: DocumentId, revise: Revise, user_id: UserId, reason: str
    ) -> tuple[Seq, ...]:
        """As `revising.revised`."""
        async with self.open(document_id) as room:
            return await revised(room, revise, user_id, reason)

    async def access_changed(self, document_id: DocumentId, user_id: UserId | None = None) -> None:
        """Judge again everybody at the document, or one person, here and at every process."""
        self._neighbours.tell(Access(document_id, user_id))
        await self.judge_again(document_id, user_id)

    async def judge_again(self, document_id: DocumentId, user_id: UserId | None) -> None:
        """The same, here only."""
        self.judgements += 1
        room = self.room(document_id)
        self._neighbours.judged()
        for connection in list(room.connections) if room else []:
            person = connection.session.person.id
            if room is not None and user_id in (None, person):
                room.set_role(connection, await self._role_of(document_id, person))

    async def proposals_changed(self, document_id: DocumentId) -> None:
        """Something was proposed, changed, withdrawn or decided: what shows proposals asks anew."""
        self._publish(document_id, {"type": "proposals"})

    async def comments_changed(self, document_id: DocumentId) -> None:
        """Something was said, edited, assigned or resolved: what shows comments asks anew."""
        self._publish(document_id, {"type": "comments"})

    async def versions_changed(self, document_id: DocumentId) -> None:
        self._publish(document_id, {"type": "versions"})

    async def comparison_changed(self, document_id: DocumentId) -> None:
        """A pairing was corrected by hand, or a finding put aside or taken back: what is open asks anew."""
        self._publish(document_id, {"type": "comparison"})

    def _publish(self, document_id: DocumentId, event: Mapping[str, object]) -> None:
        """An event to everybody at the document, at every process."""
        self._neighbours.tell(Event(document_id, event))
        room = self.room(document_id)
        if room is not None:
            room.publish(event)

    def _storage_health(self, healthy: bool) -> None:
        for room in self.open_rooms():
            room.publish({"type": "storage", "ok": healthy})

    def room(self, document_id: DocumentId) -> Room | None:
        entry = self._entries.get(document_id)
        return entry.load.result() if entry and entry.load.done() and not _useless(entry.load) else None

    def open_rooms(self) -> list[Room]:
        return [room for room in map(self.room, list(self._entries)) if room is not None]


def _stands(replica: Replica, updates: Sequence[bytes]) -> bool:
    """Whether the library takes these updates; what we refuse ourselves is no failure of it."""
    try:
        for update in updates:
            replica.apply(update)
    except Refusal:
        return True
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # pycrdt's PanicException is no Exception
        return False
    return True


def _useless(load: asyncio.Task[Room]) -> bool:
    return load.done() and (load.cancelled() or load.exception() is not None or load.result().broken)
