"""Several processes of the service in one: rooms over one store, joined by a bus that misbehaves."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Self

from duthao.collab import wire
from duthao.collab.bus import Link
from duthao.collab.close import Close
from duthao.collab.connection import Connection, Parcel
from duthao.collab.journal import JournalWriter, WriterLimits
from duthao.collab.peers import Intervals, Peers
from duthao.collab.replica import PycrdtEngine
from duthao.collab.room import Room
from duthao.collab.rooms import Rooms
from duthao.collab.session import Person, Session
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import EpochMillis, Journal, JournalEntry, Role, Seq, StoreUnavailable
from tests.support.collab_client import Typist
from tests.support.server_process import DRAFT

QUICK = Intervals(
    look=0.05, look_alone=0.02, beat=0.02, deaf=0.4, fade=0.8, ask=0.2, first_pause=0.01, longest_pause=0.05
)


@dataclass
class Manners:
    """How often (of 1) the bus loses a frame, says it twice, or is late by up to `delay` seconds."""

    lost: float = 0.0
    twice: float = 0.0
    late: float = 0.0
    delay: float = 0.03


class Hub:
    """The bus in memory. `down` refuses links; `deaf` takes frames and gives none."""

    def __init__(self, chance: random.Random, manners: Manners | None = None) -> None:
        self.chance, self.manners = chance, manners or Manners()
        self.down = self.deaf = False
        self.links: set[asyncio.Queue[bytes | None]] = set()

    def cut(self) -> None:
        for queue in self.links:
            queue.put_nowait(None)

    def spread(self, frame: bytes) -> None:
        if self.deaf:
            return
        for queue in self.links:
            if self.chance.random() < self.manners.lost:
                continue
            for _ in range(1 + (self.chance.random() < self.manners.twice)):
                if self.chance.random() < self.manners.late:
                    delay = self.chance.random() * self.manners.delay
                    asyncio.get_running_loop().call_later(delay, queue.put_nowait, frame)
                else:
                    queue.put_nowait(frame)


class HubLink:
    def __init__(self, hub: Hub, queue: asyncio.Queue[bytes | None]) -> None:
        self._hub, self._queue = hub, queue

    async def send(self, frames: Sequence[bytes]) -> None:
        if self._hub.down:
            raise ConnectionError
        for frame in frames:
            self._hub.spread(frame)

    async def frames(self) -> AsyncIterator[bytes]:
        while (frame := await self._queue.get()) is not None:
            yield frame
        raise ConnectionError


class HubBus:
    name = "memory"
    largest = 7_999

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @asynccontextmanager
    async def link(self) -> AsyncIterator[Link]:
        if self._hub.down:
            raise ConnectionError
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._hub.links.add(queue)
        try:
            yield HubLink(self._hub, queue)
        finally:
            self._hub.links.discard(queue)


class Mortal:
    """A journal as one process reaches it: `dead` from a moment on, like the process."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self.dead = journal, False

    def append(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        if self.dead:
            raise StoreUnavailable("dead")
        found = self._journal.append(entries)
        if self.dead:
            raise StoreUnavailable("dead")  # committed, but nobody is told
        return found


class House:
    """One process: its rooms, its writer, its ear on the bus."""

    def __init__(self, store: MemoryStore, hub: Hub, name: str) -> None:
        self.store, self.name = store, name
        self.journal = Mortal(store.journal)
        self.writer = JournalWriter(self.journal, WriterLimits(farewell=0.5))  # type: ignore[arg-type]
        self.peers = Peers(HubBus(hub), store, name, QUICK)
        self.rooms = Rooms(
            self.writer, store, PycrdtEngine(), lambda: EpochMillis(5), self._role_of, grace=0.0,
            neighbours=self.peers,
        )  # fmt: skip
        self._stack = AsyncExitStack()
        self.ended = False

    async def _role_of(self, document_id: DocumentId, user_id: UserId) -> Role | None:
        found = self.store.documents.membership(document_id, user_id)
        return found.role if found else None

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.peers)
        await self._stack.enter_async_context(self.writer)
        await self._stack.enter_async_context(self.rooms)
        return self

    async def __aexit__(self, *_exit: object) -> None:
        if not self.ended:
            await self.end()

    async def end(self, *, killed: bool = False) -> None:
        self.ended = True
        if killed:
            self.journal.dead = True
            self.peers.tell = lambda message: None  # type: ignore[method-assign]
            self.writer.limits = WriterLimits(farewell=0.0)
        await self._stack.aclose()


class Visitor(Typist):
    """A client that is at a house without a socket, and can go to another."""

    def __init__(self, user: str) -> None:
        super().__init__("", user)
        self.room: Room | None = None
        self.connection: Connection | None = None
        self._stay = AsyncExitStack()
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()

    def put(self, *parcels: Parcel) -> None:
        for parcel in parcels:
            self._frames.put_nowait(parcel.message)

    def waiting(self) -> int:
        return 0

    async def enter(self, house: House) -> None:
        """Raises StoreUnavailable when the room cannot be opened."""
        await self.leave()
        self.room = await self._stay.enter_async_context(house.rooms.open(DRAFT))
        session = Session(Person(UserId(self.user), self.user), Role.EDITOR, True, f"c-{random.random()}")
        self.connection = Connection(session, self)
        self._frames, self.sent, self.stored = asyncio.Queue(), 0, 0
        self.synced.clear()
        self._task = asyncio.create_task(self._hearing(self._frames))
        self._stay.callback(self._task.cancel)
        self.room.join(self.connection)
        self._stay.callback(self.room.leave, self.connection)
        await self._send(wire.sync_step_1(self.replica.state_vector()))

    async def leave(self) -> None:
        stay, self._stay = self._stay, AsyncExitStack()
        self.room = self.connection = None
        with contextlib.suppress(StoreUnavailable):
            await stay.aclose()

    @property
    def is_here(self) -> bool:
        return self.connection is not None and self.connection.closing is None

    @property
    def closing(self) -> Close | None:
        return None if self.connection is None else self.connection.closing

    async def _hearing(self, frames: asyncio.Queue[bytes]) -> None:
        while True:
            await self._hear(await frames.get())

    async def _send(self, frame: bytes) -> None:
        if self.room is not None and self.connection is not None:
            self.room.receive(self.connection, frame)
