"""A journal and its rooms in one process, and people in them by bytes: for tests of what goes wrong."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from duthao.collab import wire
from duthao.collab.connection import Connection, Outbox
from duthao.collab.journal import JournalWriter, WriterLimits
from duthao.collab.peers import Alone
from duthao.collab.ports import Engine
from duthao.collab.replica import PycrdtEngine, Replica
from duthao.collab.room import Room
from duthao.collab.rooms import Aside, Checkpoints, Rooms
from duthao.collab.session import Person, Session
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import EpochMillis, JournalEntry, Role, Seq, StoreUnavailable
from tests.support.collab_client import PycrdtReplica
from tests.support.server_process import populate


class Held:
    """The memory journal, whose commits and reads can be held or made to fail."""

    def __init__(self, store: MemoryStore) -> None:
        self._append, self._read = store.journal.append, store.journal.read
        self.open, self.away, self.loads = threading.Event(), False, 0
        self.open.set()
        store.journal.append = self.append  # type: ignore[method-assign]
        store.journal.read = self.read  # type: ignore[method-assign,assignment]

    def append(self, entries: Sequence[JournalEntry]) -> list[Seq]:
        self.open.wait(10)
        if self.away:
            raise StoreUnavailable("away")
        return self._append(entries)

    def read(
        self, document_id: DocumentId, after: Seq = Seq(0), upto: Seq | None = None, limit: int = 5000
    ) -> object:
        self.loads += after == 0
        if self.away:
            raise StoreUnavailable("away")
        return self._read(document_id, after, upto, limit)


class PanicException(BaseException):
    """As the library's: no Exception."""


class Brittle(PycrdtEngine):
    """An engine whose replicas die of updates for which `fatal` holds."""

    def __init__(self, fatal: Callable[[bytes], bool]) -> None:
        self.fatal = fatal

    def load(self, checkpoint: bytes | None) -> Replica:
        return self._made_brittle(super().load(checkpoint))

    def _made_brittle(self, replica: Replica) -> Replica:
        apply = replica._apply

        def dying(update: bytes) -> None:
            if self.fatal(update):
                replica._broken = "PanicException"
                raise PanicException
            apply(update)

        replica._apply = dying  # type: ignore[method-assign]
        return replica


class Beside(Alone):
    """As if other processes served the same documents, of which nothing is ever heard."""

    several = True


@dataclass
class House:
    store: MemoryStore
    held: Held
    rooms: Rooms
    writer: JournalWriter


@asynccontextmanager
async def house(
    grace: float = 0.0,
    checkpoint_after: int = 1000,
    patience: float = 30,
    at_most: int = 3000,
    aside: Aside = asyncio.to_thread,
    engine: Engine | None = None,
    pace: Callable[[], float] = lambda: 0.0,
    neighbours: Alone | None = None,
) -> AsyncIterator[House]:
    store = MemoryStore()
    populate(store)
    held = Held(store)

    async def role_of(document_id: DocumentId, user_id: UserId) -> Role | None:
        found = store.documents.membership(document_id, user_id)
        return found.role if found else None

    writer = JournalWriter(store.journal, WriterLimits(patience=patience, farewell=1))
    rooms = Rooms(writer, store, engine or PycrdtEngine(), lambda: EpochMillis(5), role_of, grace=grace,
                  checkpoints=Checkpoints(0.01, checkpoint_after, at_most), aside=aside,
                  pace=pace, neighbours=neighbours)  # fmt: skip
    async with writer, rooms:
        yield House(store, held, rooms, writer)


class Guest:
    """Somebody in a room, with a replica of their own."""

    def __init__(self, room: Room, name: str = "editor0", role: Role = Role.EDITOR) -> None:
        self.outbox = Outbox()
        session = Session(Person(UserId(name), name), role, True, f"c-{name}")
        self.connection = Connection(session, self.outbox)
        self.room, self.replica = room, PycrdtReplica()
        self.replica.apply(room._replica.state())
        room.join(self.connection)

    def update(self, mark: str, provision: str = "p0") -> bytes:
        before = self.replica.state_vector()
        text = self.replica.provisions[provision]["text"]
        text += mark
        return self.replica.diff(before)

    def send(self, update: bytes) -> None:
        self.room.receive(self.connection, wire.update(update))

    def waiting(self) -> list[bytes]:
        found = list(self.outbox.messages)
        self.outbox.clear()
        return found

    def events(self) -> list[object]:
        return [json.loads(f[f.index(b"{") :]) for f in self.waiting() if f[0] == 101]


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0.002)
