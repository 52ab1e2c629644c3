"""A document that people are at: its replica, its connections, and the way of an update.

An update is read strictly, authorised, checked for holes, applied, journalled as received,
acknowledged after the commit, and only then shown to others: nobody ever sees, or builds
on, what a power cut could still take away.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from duthao.collab import wire
from duthao.collab.awareness import Entry, encode
from duthao.collab.close import Close
from duthao.collab.journal import JournalWriter
from duthao.collab.session import AnswerState, AskPresence, End, Ignore, Offer, Refuse, Session, Show
from duthao.collab.update_reader import UpdateFacts
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import EpochMillis, JournalEntry, Role, Seq, StoreUnavailable

logger = logging.getLogger("duthao.room")

CHANGED_EVERY = 0.3
MAX_OUTBOX = 4 * 2**20


class Replica(Protocol):
    """A document's CRDT, used by one thread."""

    def apply(self, update: bytes) -> object: ...
    def pending(self) -> bool:
        """Whether something applied waits for content that is not there."""
        ...

    def clocks(self) -> Mapping[int, int]: ...
    def state_vector(self) -> bytes: ...
    def diff(self, vector: bytes) -> bytes:
        """What `vector` lacks. Raises Refusal when it is malformed."""
        ...

    def state(self) -> bytes: ...
    def tree(self) -> Document: ...
    def towards(self, target: Document, user_id: UserId) -> bytes:
        """An update that changes this document forward until it reads as `target`; not applied."""
        ...


class Engine(Protocol):
    """Where replicas come from, and the strict reading of what clients send."""

    def replica(self) -> Replica: ...
    def read_update(self, update: bytes) -> UpdateFacts:
        """Raises Refusal when the update is malformed or over a bound."""
        ...

    def merge(self, updates: list[bytes]) -> bytes: ...


class Connection:
    """One client in a room: its session and what waits to be sent to it, bounded."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.closing: Close | None = None
        self.overrun = asyncio.Event()
        """Set when it is dropped for not reading."""
        self._outbox: deque[bytes] = deque()
        self._size = 0
        self._ready = asyncio.Event()

    def send(self, frame: bytes) -> None:
        if self.closing is not None:
            return
        # A first frame always goes: a whole document may be larger than the bound.
        if self._outbox and self._size + len(frame) > MAX_OUTBOX:
            self.close(Close.TOO_SLOW)
            return
        self._outbox.append(frame)
        self._size += len(frame)
        self._ready.set()

    def event(self, event: Mapping[str, object]) -> None:
        if self.session.extras:
            self.send(wire.event(event))

    def close(self, code: Close) -> None:
        """End it. What waits is dropped for a slow one, sent before the close otherwise."""
        if self.closing is None:
            self.closing = code
            if code is Close.TOO_SLOW:
                self._outbox.clear()
                self._size = 0
                self.overrun.set()
            self._ready.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._outbox and self.closing is None

    async def next(self) -> bytes | Close:
        """The next frame to send, or how to close."""
        while not self._outbox:
            if self.closing is not None:
                return self.closing
            self._ready.clear()
            await self._ready.wait()
        frame = self._outbox.popleft()
        self._size -= len(frame)
        return frame


@dataclass(slots=True)
class _InLine:
    """Something that happens after all updates before it are stored."""

    stored: asyncio.Future[Seq] | None
    then: Callable[[Seq], None]
    failed: Callable[[], None]


def _nothing() -> None:
    pass


class Room:
    """One open document. All methods belong to the event loop's thread."""

    def __init__(
        self,
        document_id: DocumentId,
        generation: str,
        replica: Replica,
        seq: Seq,
        owners: Mapping[int, UserId],
        engine: Engine,
        writer: JournalWriter,
        clock: Callable[[], EpochMillis],
    ) -> None:
        self.id, self.generation, self.seq = document_id, generation, seq
        self.connections: set[Connection] = set()
        self.broken = False
        self._replica, self._owners = replica, dict(owners)
        self._engine, self._writer, self._clock = engine, writer, clock
        self._line: deque[_InLine] = deque()
        self._last_stored: asyncio.Future[Seq] | None = None
        self._fresh: list[tuple[Connection | None, bytes]] = []
        self._changed_timer: asyncio.TimerHandle | None = None

    # People come and go

    def join(self, connection: Connection) -> None:
        self.connections.add(connection)
        for frame in connection.session.opening(self.generation, self._replica.state_vector()):
            connection.send(frame)
        if not self._writer.healthy:
            connection.event({"type": "storage", "ok": False})
        self._show_everybody(connection)

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        gone = connection.session.presence.gone()
        if gone is not None:
            self._broadcast(_shown(gone))

    def set_role(self, connection: Connection, role: Role | None) -> None:
        """A person's role is now this; None: they may no longer see the document."""
        session = connection.session
        if role is None:
            connection.close(Close.NO_ACCESS)
        elif role is not session.role:
            could_write, session.role = session.may_write, role
            connection.event({"type": "access", "role": role.value})
            if session.may_write and not could_write:
                # It was never asked for what it has, and may have had updates refused.
                connection.close(Close.ACCESS_CHANGED)

    # What they send

    def receive(self, connection: Connection, frame: bytes) -> None:
        """One frame of a client. Whatever is wrong with it ends this connection only."""
        if self._doomed() or connection.closing is not None:
            return
        match connection.session.receive(frame):
            case Offer(count, update):
                self._offered(connection, count, update)
            case AnswerState(vector):
                self._answer(connection, vector)
            case Show(entry):
                self._broadcast(_shown(entry), besides=connection)
            case Ignore():
                pass
            case AskPresence():
                self._show_everybody(connection)
            case Refuse(code):
                connection.event({"type": "refused", "code": code})
            case End(close):
                connection.close(close)

    def _answer(self, connection: Connection, vector: bytes) -> None:
        try:
            answer = wire.sync_step_2(self._replica.diff(vector))
        except Refusal:
            connection.close(Close.BAD_MESSAGE)
            return
        # It may hold what is not stored yet, so it waits its turn.
        self._after(lambda _seq: connection.send(answer))

    def _offered(self, connection: Connection, count: int, update: bytes) -> None:
        session = connection.session
        try:
            facts = self._engine.read_update(update)
        except Refusal as refusal:
            large = refusal.code.endswith("too_large")
            connection.close(Close.TOO_LARGE if large else Close.BAD_MESSAGE)
            return
        refused = self._objection(session.person.id, facts, len(update))
        if refused is not None:
            connection.close(refused)
        elif facts.empty:
            self._after(lambda _seq: self._acknowledge(connection, count))
        elif self._apply(update, connection):
            entry = self._entry(session.person.id, session.connection, facts, update, "edit")
            self._store(entry, connection, lambda _seq: self._acknowledge(connection, count))

    def _objection(self, user_id: UserId, facts: UpdateFacts, size: int) -> Close | None:
        known = self._replica.clocks()
        for client, (first, end) in facts.clients.items():
            if first > known.get(client, 0):
                return Close.RESYNC
            if end > known.get(client, 0) and self._owners.get(client, user_id) != user_id:
                return Close.BAD_MESSAGE
        return None if self._writer.has_room(size) else Close.TRY_AGAIN

    def _apply(self, update: bytes, sender: Connection | None) -> bool:
        """Into the replica. There is no rollback: when it fails, the room is given up."""
        try:
            self._replica.apply(update)
            whole = not self._replica.pending()
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except BaseException as error:  # pycrdt's PanicException is no Exception
            logger.error("room.update_failed document=%s kind=%s", self.id, type(error).__name__)
            if sender is not None:
                sender.close(Close.BAD_MESSAGE)
            self.give_up()
            return False
        if not whole:
            if sender is not None:
                sender.close(Close.RESYNC)
            self.give_up()
        return whole

    def _entry(
        self, user_id: UserId, connection: str, facts: UpdateFacts, update: bytes, reason: str
    ) -> JournalEntry:
        for client in facts.clients:
            self._owners.setdefault(client, user_id)
        # Only clients that are this person's: content of others may be repeated, not claimed.
        own = tuple(c for c in facts.clients if self._owners[c] == user_id)
        return JournalEntry(self.id, self._clock(), user_id, connection, own, update, reason)

    def _acknowledge(self, connection: Connection, count: int) -> None:
        if connection.session.extras:
            connection.send(wire.stored(count))

    # What the service itself does

    async def apply_server_update(self, update: bytes, user_id: UserId, reason: str) -> Seq:
        """Apply and spread an update of our own; its seq, when stored. Raises StoreUnavailable."""
        facts = self._engine.read_update(update)
        if self._doomed() or not self._writer.has_room(len(update)) or not self._apply(update, None):
            raise StoreUnavailable("the room cannot store now")
        done: asyncio.Future[Seq] = asyncio.get_running_loop().create_future()
        entry = self._entry(user_id, "server", facts, update, reason)
        self._store(entry, None, lambda seq: _resolve(done, seq), lambda: _fail(done))
        return await done

    async def restore(self, target: Document, user_id: UserId) -> Seq:
        """Change forward until the draft reads as `target`; its seq, when stored."""
        return await self.apply_server_update(self._replica.towards(target, user_id), user_id, "restore")

    def tree(self) -> Document:
        """The draft now, with what is still being stored."""
        return self._replica.tree()

    async def read(self) -> tuple[Document, Seq]:
        """The draft and exactly its place in the journal. Raises StoreUnavailable."""
        tree = self._replica.tree()
        return tree, await self._settled()

    async def snapshot(self) -> tuple[bytes, Document, Seq]:
        """The state to checkpoint, its tree and its place, everything in it stored."""
        state, tree = self._replica.state(), self._replica.tree()
        return state, tree, await self._settled()

    async def _settled(self) -> Seq:
        if self.broken:
            raise StoreUnavailable("the room was given up")
        done: asyncio.Future[Seq] = asyncio.get_running_loop().create_future()
        self._after(lambda seq: _resolve(done, seq), lambda: _fail(done))
        return await done

    def publish(self, event: Mapping[str, object]) -> None:
        """An event to everybody who speaks `duthao.1`; encoded once."""
        frame = wire.event(event)
        for connection in self.connections:
            if connection.session.extras:
                connection.send(frame)

    def give_up(self, code: Close = Close.TRY_AGAIN) -> None:
        """The replica no longer equals the journal, or the server stops: all reconnect."""
        self.broken = True
        if self._changed_timer is not None:
            self._changed_timer.cancel()
            self._changed_timer = None
        for connection in self.connections:
            connection.close(code)
        line, self._line = self._line, deque()
        for item in line:
            item.failed()

    # The line of what waits for commits

    def _store(
        self,
        entry: JournalEntry,
        sender: Connection | None,
        then: Callable[[Seq], None],
        failed: Callable[[], None] = _nothing,
    ) -> None:
        stored = self._last_stored = self._writer.submit(entry)

        def committed(seq: Seq) -> None:
            self.seq = Seq(max(seq, self.seq))
            then(seq)
            self._spread(sender, entry.payload)

        self._line.append(_InLine(stored, committed, failed))
        stored.add_done_callback(lambda _future: self._advance())

    def _doomed(self) -> bool:
        """Whether an update was given up and the room has not been told yet.

        Its news comes a turn of the loop later; what is taken in meanwhile would be stored
        without what it builds on.
        """
        last = self._last_stored
        if last is not None and last.done() and (last.cancelled() or last.exception() is not None):
            self.give_up()
        return self.broken

    def _after(self, then: Callable[[Seq], None], failed: Callable[[], None] = _nothing) -> None:
        self._line.append(_InLine(None, then, failed))
        self._advance()

    def _advance(self) -> None:
        while self._line and not self.broken:
            stored = self._line[0].stored
            if stored is not None and not stored.done():
                return
            if stored is not None and (stored.cancelled() or stored.exception() is not None):
                self.give_up()
                return
            item = self._line.popleft()
            item.then(self.seq if stored is None else stored.result())

    # What the others see

    def _spread(self, sender: Connection | None, update: bytes) -> None:
        if not self._fresh:
            # One turn later: what the same commit stored goes out as one frame.
            asyncio.get_running_loop().call_soon(self._flush)
        self._fresh.append((sender, update))

    def _flush(self) -> None:
        fresh, self._fresh = self._fresh, []
        updates = [update for _, update in fresh]
        frame = wire.update(updates[0] if len(updates) == 1 else self._engine.merge(updates))
        senders = {sender for sender, _ in fresh}
        self._broadcast(frame, besides=senders.pop() if len(senders) == 1 else None)
        if self._changed_timer is None and not self.broken:
            self._changed_timer = asyncio.get_running_loop().call_later(CHANGED_EVERY, self._tell_changed)

    def _tell_changed(self) -> None:
        self._changed_timer = None
        self.publish({"type": "changed", "seq": self.seq})

    def _broadcast(self, frame: bytes, besides: Connection | None = None) -> None:
        for connection in self.connections:
            if connection is not besides:
                connection.send(frame)

    def _show_everybody(self, connection: Connection) -> None:
        entries = [c.session.presence.entry for c in self.connections if c is not connection]
        here = [entry for entry in entries if entry is not None and entry.state is not None]
        if here:
            connection.send(_shown(*here))


def _shown(*entries: Entry) -> bytes:
    return wire.awareness(encode(entries))


def _resolve(done: asyncio.Future[Seq], seq: Seq) -> None:
    if not done.done():
        done.set_result(seq)


def _fail(done: asyncio.Future[Seq]) -> None:
    if not done.done():
        done.set_exception(StoreUnavailable("the room was given up"))
