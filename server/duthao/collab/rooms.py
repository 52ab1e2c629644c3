"""All open rooms: one load for everybody who asks, closing after the last one, checkpoints."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from duthao.collab.close import Close
from duthao.collab.journal import JournalWriter
from duthao.collab.room import Engine, Replica, Room
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import Checkpoint, EpochMillis, JournalRow, Role, Seq, Store, StoreUnavailable

logger = logging.getLogger("duthao.rooms")

PAGE = 5000
RoleOf = Callable[[DocumentId, UserId], Awaitable[Role | None]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What storage has of a document."""

    generation: str
    checkpoint: Checkpoint | None
    rows: tuple[JournalRow, ...]
    owners: dict[int, UserId]


class _Entry:
    def __init__(self, load: asyncio.Task[Room]) -> None:
        self.load, self.users = load, 0
        self.closer: asyncio.Task[None] | None = None
        self.checkpointed = Seq(0)


class Rooms:
    """`async with Rooms(writer, store, engine, clock, role_of) as rooms`.

    A document without journal rows does not exist (Refusal document_not_found); one that
    cannot be loaded raises StoreUnavailable and is never empty. `grace` (seconds) is how
    long a room stays open after the last one left, `checkpoint_after` (rows) when a
    closing room is checkpointed. `pace` is how many seconds a room's turn gathers just now.
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
        checkpoint_after: int = 200,
        pace: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._writer, self._store, self._engine = writer, store, engine
        self._clock, self._role_of, self._pace = clock, role_of, pace
        self._grace, self._checkpoint_after = grace, checkpoint_after
        self._entries: dict[DocumentId, _Entry] = {}

    async def __aenter__(self) -> Self:
        self._writer.on_health = self._storage_health
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.on_health = lambda _healthy: None
        self.going_away()
        entries, self._entries = list(self._entries.values()), {}
        tasks = [t for e in entries for t in (e.load, e.closer) if t is not None and not t.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def going_away(self) -> None:
        """The server stops: everybody is told to come back."""
        for room in self._open_rooms():
            room.give_up(Close.GOING_AWAY)

    @asynccontextmanager
    async def open(self, document_id: DocumentId) -> AsyncIterator[Room]:
        """The room, open as long as the block. Raises Refusal, StoreUnavailable."""
        entry = self._entry(document_id)
        entry.users += 1
        try:
            # Shielded: one who leaves while it loads must not take it from the others.
            yield await asyncio.shield(entry.load)
        finally:
            entry.users -= 1
            if entry.users == 0 and self._entries.get(document_id) is entry:
                self._left(document_id, entry)

    def _entry(self, document_id: DocumentId) -> _Entry:
        entry = self._entries.get(document_id)
        if entry is None or _useless(entry.load):
            entry = _Entry(asyncio.create_task(self._load(document_id), name="room-load"))
            entry.load.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._entries[document_id] = entry
        if entry.closer is not None:
            entry.closer.cancel()
            entry.closer = None
        return entry

    def _left(self, document_id: DocumentId, entry: _Entry) -> None:
        if entry.load.done() and _useless(entry.load):
            del self._entries[document_id]
        else:
            entry.closer = asyncio.create_task(self._close(document_id, entry), name="room-close")

    async def _close(self, document_id: DocumentId, entry: _Entry) -> None:
        await asyncio.sleep(self._grace)
        room = await asyncio.shield(entry.load)
        try:
            await self._checkpoint(entry, room)
        except Exception as error:  # a checkpoint only speeds up loading: the room closes without it
            logger.warning("checkpoint.skipped document=%s kind=%s", document_id, type(error).__name__)
        # Looked at again after every await: somebody may have come, or replaced the entry.
        if entry.users == 0 and self._entries.get(document_id) is entry:
            del self._entries[document_id]
            room.give_up()

    async def _load(self, document_id: DocumentId) -> Room:
        # A room given up may have left updates in the queue: they belong to what is read here.
        await self._writer.settle(document_id)
        loaded = await asyncio.to_thread(self._fetch, document_id)
        replica, seq = self._replay(loaded)
        entry = self._entries.get(document_id)
        if entry is not None and loaded.checkpoint is not None:
            entry.checkpointed = loaded.checkpoint.seq
        return Room(
            document_id, loaded.generation, replica, seq, loaded.owners,
            self._engine, self._writer, self._clock, self._pace,
        )  # fmt: skip

    def _fetch(self, document_id: DocumentId, upto: Seq | None = None) -> _Loaded:
        journal = self._store.journal
        record = self._store.documents.get(document_id)
        checkpoint = journal.checkpoint(document_id, upto)
        if checkpoint is not None and hashlib.sha256(checkpoint.state).hexdigest() != checkpoint.sha256:
            logger.error("checkpoint.damaged document=%s seq=%s", document_id, checkpoint.seq)
            checkpoint = None
        rows: list[JournalRow] = []
        after = checkpoint.seq if checkpoint else Seq(0)
        while page := journal.read(document_id, after, upto, PAGE):
            rows.extend(page)
            after = page[-1].seq
        if record is None or (checkpoint is None and not rows):
            raise Refusal("document_not_found")
        owners = dict(journal.client_owners(document_id))
        return _Loaded(record.generation, checkpoint, tuple(rows), owners)

    def _replay(self, loaded: _Loaded) -> tuple[Replica, Seq]:
        states = [loaded.checkpoint.state] if loaded.checkpoint else []
        try:
            replica = self._engine.load((*states, *(row.entry.payload for row in loaded.rows)))
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except BaseException as error:  # pycrdt's PanicException is no Exception
            raise StoreUnavailable(f"the journal does not replay: {type(error).__name__}") from None
        if loaded.rows:
            return replica, loaded.rows[-1].seq
        return replica, loaded.checkpoint.seq if loaded.checkpoint else Seq(0)

    async def _checkpoint(self, entry: _Entry, room: Room) -> None:
        """Save the state if it reads the same after a reload; never from a broken room."""
        if room.broken or room.seq - entry.checkpointed < self._checkpoint_after:
            return
        state, tree, seq = await room.snapshot()
        checkpoint = Checkpoint(room.id, seq, state, hashlib.sha256(state).hexdigest())
        if await asyncio.to_thread(self._reloads_as, state, tree):
            await asyncio.to_thread(self._store.journal.save_checkpoint, checkpoint)
            entry.checkpointed = seq
        else:
            logger.error("checkpoint.differs document=%s seq=%s", room.id, seq)

    def _reloads_as(self, state: bytes, tree: Document) -> bool:
        return self._engine.load([state]).tree() == tree

    # What the use cases ask for

    async def read(self, document_id: DocumentId) -> tuple[Document, Seq]:
        """The live draft and the journal's end it shows."""
        async with self.open(document_id) as room:
            return await room.read()

    async def read_at(self, document_id: DocumentId, seq: Seq) -> Document:
        """The draft as it was when the journal ended at `seq`."""
        loaded = await asyncio.to_thread(self._fetch, document_id, seq)
        return self._replay(loaded)[0].tree()

    async def state_at(self, document_id: DocumentId, seq: Seq | None = None) -> tuple[bytes, Document, Seq]:
        """The state, the tree it reads as, and its place: now, or when the journal ended at `seq`."""
        if seq is None:
            async with self.open(document_id) as room:
                return await room.snapshot()
        loaded = await asyncio.to_thread(self._fetch, document_id, seq)
        replica, reached = self._replay(loaded)
        return replica.state(), replica.tree(), reached

    async def restore(self, document_id: DocumentId, target: Document, user_id: UserId) -> Seq:
        """Change the draft forward until it reads as `target`; stored when this returns."""
        async with self.open(document_id) as room:
            return await room.restore(target, user_id)

    async def access_changed(self, document_id: DocumentId, user_id: UserId | None = None) -> None:
        """Judge again everybody at the document, or one person."""
        room = self._room(document_id)
        for connection in list(room.connections) if room else []:
            person = connection.session.person.id
            if room is not None and user_id in (None, person):
                room.set_role(connection, await self._role_of(document_id, person))

    async def session_ended(self, user_id: UserId) -> None:
        """Close every connection of somebody who has signed out."""
        for room in self._open_rooms():
            for connection in room.connections:
                if connection.session.person.id == user_id:
                    connection.close(Close.SIGNED_OUT)

    async def versions_changed(self, document_id: DocumentId) -> None:
        room = self._room(document_id)
        if room is not None:
            room.publish({"type": "versions"})

    async def comparison_changed(self, document_id: DocumentId) -> None:
        """A pairing was corrected by hand: open tables are asked for anew."""
        room = self._room(document_id)
        if room is not None:
            room.publish({"type": "comparison"})

    def _storage_health(self, healthy: bool) -> None:
        for room in self._open_rooms():
            room.publish({"type": "storage", "ok": healthy})

    def _room(self, document_id: DocumentId) -> Room | None:
        entry = self._entries.get(document_id)
        return entry.load.result() if entry and entry.load.done() and not _useless(entry.load) else None

    def _open_rooms(self) -> list[Room]:
        return [room for room in map(self._room, list(self._entries)) if room is not None]


def _useless(load: asyncio.Task[Room]) -> bool:
    return load.done() and (load.cancelled() or load.exception() is not None or load.result().broken)
