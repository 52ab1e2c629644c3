"""A room against its model: opening, loading, editing, committing, failing, leaving, in any order.

Clock, threads and the journal's answers are in the test's hand, so a failing order is found again.
Held after every step: what is acknowledged, and what anybody is shown, stands in the journal; there
is one room; at the end, when all is well again, everybody reads the same, every word once, and the
rooms that were closed are gone from memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import weakref
from itertools import count
from typing import Any
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from duthao.collab import wire
from duthao.collab.close import Close
from duthao.collab.connection import Connection, Outbox
from duthao.collab.journal import JournalWriter, WriterLimits
from duthao.collab.lib0 import Reader
from duthao.collab.reading import Slices
from duthao.collab.replica import PycrdtEngine
from duthao.collab.room import Room
from duthao.collab.rooms import Checkpoints, Rooms
from duthao.collab.session import Person, Session
from duthao.domain.document import Document, DocumentId, Provision, UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import EpochMillis, Role, Seq, StoreUnavailable
from tests.support.collab_client import PycrdtReplica
from tests.support.held_loop import Desk, HeldLoop
from tests.support.insistent import MARK
from tests.support.server_process import DRAFT, populate

GRACE, PATIENCE = 1.0, 3.0
CHAFF = "UVXYZW"
PEOPLE = 3
CLIENTS = st.integers(0, PEOPLE - 1)


def marks_of(replica: PycrdtReplica) -> list[str]:
    return MARK.findall("".join(replica.texts().values()))


class Client:
    """One person's browser: a copy that outlives its connections."""

    def __init__(self, name: str) -> None:
        self.name, self.replica = name, PycrdtReplica()
        self.typed: list[str] = []
        self.unacknowledged: dict[str, int] = {}
        self.acknowledged: set[str] = set()
        self.connection: Connection | None = None
        self.outbox = Outbox()
        self.sent, self.ready, self.stopped = 0, False, False
        self.task: asyncio.Task[None] | None = None
        self.leaving = asyncio.Event()
        self.room: Room | None = None

    @property
    def here(self) -> bool:
        return self.connection is not None and self.connection.closing is None

    async def visit(self, rooms: Rooms, met: list[weakref.ref[Room]]) -> None:
        try:
            async with rooms.open(DRAFT) as room:
                met.append(weakref.ref(room))
                self.outbox, self.sent, self.ready = Outbox(), 0, False
                session = Session(Person(UserId(self.name), self.name), Role.EDITOR, True, "c")
                self.connection, self.room = Connection(session, self.outbox), room
                self.connection.on_close = lambda _code: self.leaving.set()
                room.join(self.connection)
                room.receive(self.connection, wire.sync_step_1(self.replica.state_vector()))
                await self.leaving.wait()
                room.leave(self.connection)
        except StoreUnavailable:
            pass
        finally:
            self.stopped |= self.connection is not None and self.connection.closing is Close.BAD_MESSAGE
            self.connection = self.room = None

    def say(self, frame: bytes) -> None:
        assert self.room is not None
        assert self.connection is not None
        self.room.receive(self.connection, frame)

    def type(self, provision: str, at_start: bool, chaff: str = "") -> None:
        """A mark, which nobody ever takes back, and letters behind it that may be."""
        before = self.replica.state_vector()
        mark = f"<{self.name}.{len(self.typed)}>"
        self.typed.append(mark)
        text = self.replica.provisions[provision]["text"]
        if at_start:
            text.insert(0, mark + chaff)
        else:
            text += mark + chaff
        self._sends(before, mark)

    def take_back(self, provision: str, letters: int) -> None:
        """The last letters that are not of a mark, one after another, each an update of its own."""
        for _ in range(letters):
            text = self.replica.provisions[provision]["text"]
            found = [at for at, letter in enumerate(str(text)) if letter in CHAFF]
            if not found:
                return
            before = self.replica.state_vector()
            del text[found[-1] : found[-1] + 1]
            self._sends(before, f"back {self.name}.{self.sent}.{self.replica.state_vector().hex()}")

    def _sends(self, before: bytes, mark: str) -> None:
        self.unacknowledged[mark] = 0  # not sent
        if self.ready and self.here:
            self.sent += 1
            self.unacknowledged[mark] = self.sent
            self.say(wire.update(self.replica.diff(before)))

    def hear(self) -> None:
        """Everything that has come."""
        frames = list(self.outbox.messages)
        self.outbox.clear()
        for frame in frames:
            reader = Reader(frame, "frame_malformed")
            kind = reader.uint()
            if kind == wire.SYNC:
                step, body = reader.uint(), reader.blob()
                if step != wire.STEP_1:
                    self.replica.apply(body)
                elif self.here:
                    self.sent += 1
                    self.ready = True
                    self.unacknowledged = dict.fromkeys(self.unacknowledged, self.sent)
                    self.say(wire.sync_step_2(self.replica.diff(body)))
            elif kind == wire.STORED:
                stored = reader.uint()
                done = {mark for mark, count in self.unacknowledged.items() if 0 < count <= stored}
                self.acknowledged |= done
                self.unacknowledged = {m: c for m, c in self.unacknowledged.items() if m not in done}


class RoomModel(RuleBasedStateMachine):
    pace = 0.0
    """Seconds that a turn gathers."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = HeldLoop()
        self.store = MemoryStore()
        populate(self.store)
        self.loads_fail = False
        read = self.store.journal.read

        def reading(
            document_id: DocumentId, after: Seq = Seq(0), upto: Seq | None = None, limit: int = 5000
        ) -> Any:
            if self.loads_fail:
                raise StoreUnavailable("away")
            return read(document_id, after, upto, limit)

        self.store.journal.read = reading  # type: ignore[method-assign,assignment]
        self.writer = JournalWriter(self.store.journal, WriterLimits(patience=PATIENCE))
        self.desk = Desk(self.writer, self.store.journal, self.loop)

        async def role_of(_document_id: DocumentId, _user_id: UserId) -> Role | None:
            return Role.EDITOR

        self.rooms = Rooms(
            self.writer, self.store, PycrdtEngine(), lambda: EpochMillis(5), role_of,
            grace=GRACE, checkpoints=Checkpoints(0.5, 3, 10), pace=lambda: self.pace,
        )  # fmt: skip
        self.loop.run_until_complete(self.rooms.__aenter__())
        self.clients = [Client(f"editor{n}") for n in range(PEOPLE)]
        self.met: list[weakref.ref[Room]] = []
        self.server_marks: set[str] = set()
        self.server_tasks: list[asyncio.Task[None]] = []
        self.server_count = 0
        # The truth: the journal's rows, replayed one after another.
        self.truth, self.rows, self.truth_marks = PycrdtReplica(), 0, set[str]()

    # What people do

    @initialize()
    def somebody_opens(self) -> None:
        self.comes(0)
        self.loop.work()

    @rule(client=CLIENTS)
    def comes(self, client: int) -> None:
        one = self.clients[client]
        if (one.task is None or one.task.done()) and not one.stopped:
            one.leaving = asyncio.Event()
            one.task = self.loop.create_task(one.visit(self.rooms, self.met))
            self.loop.settle()

    @rule(client=CLIENTS)
    def goes(self, client: int) -> None:
        self.clients[client].leaving.set()
        self.loop.settle()

    @rule(
        client=CLIENTS, provision=st.sampled_from(["p0", "p1"]), at_start=st.booleans(),
        chaff=st.sampled_from(["", CHAFF]),
    )  # fmt: skip
    def types(self, client: int, provision: str, at_start: bool, chaff: str) -> None:
        one = self.clients[client]
        if provision in one.replica.texts():
            self.loop.do(one.type, provision, at_start, chaff)

    @rule(client=CLIENTS, provision=st.sampled_from(["p0", "p1"]), letters=st.integers(1, 5))
    def takes_back(self, client: int, provision: str, letters: int) -> None:
        one = self.clients[client]
        if provision in one.replica.texts():
            self.loop.do(one.take_back, provision, letters)

    @precondition(lambda self: self.pace)
    @rule(provision=st.sampled_from(["p0", "p1"]), turns=st.integers(2, 4))
    def all_take_back(self, provision: str, turns: int) -> None:
        """In several turns, while the disk is at the first."""
        for _ in range(turns):
            for client in range(PEOPLE):
                self.types(client, provision, False, CHAFF)
                self.takes_back(client, provision, 4)
            self.time_passes(0.06)

    @rule(client=CLIENTS)
    def hears(self, client: int) -> None:
        self.loop.do(self.clients[client].hear)

    @rule()
    def the_service_edits(self) -> None:
        """A forward change of the service's own, as restoring is one."""
        self.server_count += 1
        mark = f"<server.{self.server_count}>"

        async def edit() -> None:
            with contextlib.suppress(StoreUnavailable):
                async with self.rooms.open(DRAFT) as room:
                    # What is read is changed at once: a target of some moments ago would undo people's words.
                    await room.restore(_with_mark(room.tree(), mark), UserId("lead"))
                    self.server_marks.add(mark)

        self.server_tasks.append(self.loop.create_task(edit()))
        self.loop.settle()

    # What the machine does

    @rule(stored=st.booleans(), told=st.booleans())
    def the_disk_answers(self, stored: bool, told: bool) -> None:
        self.loop.do(self.desk.answer, stored, told)

    @precondition(lambda self: self.desk.waiting)
    @rule()
    def the_disk_stores(self) -> None:
        self.loop.do(self.desk.answer, True, True)

    @precondition(lambda self: self.loop.threads.waiting)
    @rule()
    def a_thread_works(self) -> None:
        self.loop.work()

    @rule(seconds=st.sampled_from([0.06, 0.4, GRACE + 0.1, PATIENCE + 0.1]))
    def time_passes(self, seconds: float) -> None:
        self.loop.pass_time(seconds)

    @rule(fail=st.booleans())
    def loading_fails_from_now(self, fail: bool) -> None:
        self.loads_fail = fail

    # What must be true

    def _read_truth(self) -> None:
        failing, self.loads_fail = self.loads_fail, False
        rows = self.store.journal.read(DRAFT, Seq(self.rows))
        self.loads_fail = failing
        for row in rows:
            self.truth.apply(row.entry.payload)
            self.rows = row.seq
        if rows:
            self.truth_marks = set(marks_of(self.truth))

    @invariant()
    def what_is_acknowledged_or_shown_is_in_the_journal(self) -> None:
        self._read_truth()
        for one in self.clients:
            marks = {mark for mark in one.acknowledged if mark[0] == "<"}
            assert marks <= self.truth_marks, "acknowledged, and not stored"
            seen = set(marks_of(one.replica)) - set(one.typed)
            assert seen <= self.truth_marks, "shown, and not stored"
        assert self.server_marks <= self.truth_marks

    @invariant()
    def no_word_stands_twice(self) -> None:
        for replica in (self.truth, *(one.replica for one in self.clients)):
            found = marks_of(replica)
            assert len(found) == len(set(found)), "applied twice"

    @invariant()
    def there_is_one_room(self) -> None:
        standing = [room for ref in self.met if (room := ref()) is not None and not room.broken]
        assert len(set(map(id, standing))) <= 1

    @invariant()
    def nobody_honest_is_stopped(self) -> None:
        assert not any(one.stopped for one in self.clients)

    def teardown(self) -> None:
        try:
            self._heal()
            self._all_gone()
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.settle()
            self.loop.run_until_complete(self.rooms.__aexit__(None, None, None))
            self.loop.close()

    def _heal(self) -> None:
        """All is well again: everybody comes, and reads the same."""
        self.loads_fail = False
        for _ in range(60):
            while self.desk.waiting:
                self.loop.do(self.desk.answer, True, True)
            while self.loop.threads.waiting:
                self.loop.work()
            for n, one in enumerate(self.clients):
                self.comes(n)
                self.loop.do(one.hear)
            self.loop.pass_time(0.1)
            if all(one.here and one.ready and not one.unacknowledged for one in self.clients):
                texts = [one.replica.texts() for one in self.clients]
                self._read_truth()
                if all(text == self.truth.texts() for text in texts):
                    break
        else:
            raise AssertionError("not everybody reads the same")
        self.what_is_acknowledged_or_shown_is_in_the_journal()
        self.no_word_stands_twice()
        for one in self.clients:
            assert {mark for mark in one.acknowledged if mark[0] == "<"} == set(one.typed)
        assert all(task.done() for task in self.server_tasks), "somebody waits for ever"
        for task in self.server_tasks:
            task.result()

    def _all_gone(self) -> None:
        for n in range(PEOPLE):
            self.goes(n)
        self.server_tasks.clear()
        for _ in range(10):
            self.loop.pass_time(GRACE + 0.1)
            while self.loop.threads.waiting:
                self.loop.work()
        assert not self.rooms._entries
        for one in self.clients:
            one.task = None
        gc.collect()
        assert [ref for ref in self.met if ref() is not None] == []


def _with_mark(tree: Document, mark: str) -> Document:
    """The same draft, with this mark at its end."""
    *others, last = tree.provisions
    return Document((*others, Provision(last.id, last.kind, last.text + mark)))


class Gathering(RoomModel):
    """Turns that take in what comes in a while, as under load: joined, and merged before they are shown."""

    pace = 0.05


class SlowReadings(RoomModel):
    """Every update is read as long ones are: a struct at a time, with pauses in which anything happens."""

    def __init__(self) -> None:
        self.patches = contextlib.ExitStack()
        for constant in ("reading.AT_ONCE", "update_reader.STEP"):
            self.patches.enter_context(patch(f"duthao.collab.{constant}", 0))
        super().__init__()
        self.rooms._slices = Slices(count().__next__)

    def teardown(self) -> None:
        with self.patches:
            super().teardown()


TestRoom = RoomModel.TestCase
TestRoom.settings = settings(max_examples=25, stateful_step_count=40)
TestGathering = Gathering.TestCase
TestGathering.settings = settings(max_examples=25, stateful_step_count=40)
TestSlowReadings = SlowReadings.TestCase
TestSlowReadings.settings = settings(max_examples=25, stateful_step_count=40)
