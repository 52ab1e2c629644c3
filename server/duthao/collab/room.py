"""A document that people are at: its replica, its connections, and the way of an update.

An update is read strictly, authorised, checked for holes, applied, journalled, acknowledged
after the commit, and only then shown to others: nobody ever sees, or builds on, what a power
cut could still take away. What arrives in one turn is taken in as one (`joining`), is one row
for each connection, and leaves as one message, encoded once for all.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from duthao.collab import wire
from duthao.collab.close import Close
from duthao.collab.connection import Connection, Parcel
from duthao.collab.following import Follower, Parking, ReadRows
from duthao.collab.joining import MAX_STRUCTS, Offered, Piece, joined, ordered, pieces
from duthao.collab.journal import JournalWriter
from duthao.collab.line import InLine, Turn, fail, nothing, resolve
from duthao.collab.meter import Meter
from duthao.collab.place import Clocks, Place, Sent
from duthao.collab.ports import Engine, Neighbours, Replica
from duthao.collab.reading import LongReads, Slices, close_for
from duthao.collab.session import AnswerState, AskPresence, Ignore, Offer, Refuse, Show
from duthao.collab.showing import Showing
from duthao.collab.update_reader import UpdateFacts
from duthao.domain.document import Document, DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import EpochMillis, JournalEntry, JournalRow, Role, Seq, StoreUnavailable

logger = logging.getLogger("duthao.room")

CHANGED_EVERY = 0.3
ANSWERS_KEPT = 5.0
MAX_JOINED = 2**19
HOLD = 2.0
T = TypeVar("T")


Offers = Mapping[Connection, Sequence[bytes]]
"""What each of several people sent in one turn."""
Suspect = Callable[["Room", Offers], None]


class Room:
    """One open document. All methods belong to the event loop's thread.

    `pace` says how many seconds a turn gathers; with 0 what arrives is taken in at once. `apart`:
    what several people sent is not taken in as one. `suspect` is given what each of several offered
    when the library failed on all of it as one: it finds out whose it was, and gives the room up.
    """

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
        pace: Callable[[], float] = lambda: 0.0,
        apart: bool = False,
        suspect: Suspect | None = None,
        *,
        read_rows: ReadRows,
        neighbours: Neighbours,
        meter: Meter,
        slices: Slices | None = None,
    ) -> None:
        self.id, self.generation = document_id, generation
        self._place, self._neighbours = Place(seq), neighbours
        self.follower = Follower(document_id, self._place, read_rows, self._take_rows)
        self._parking = Parking(self.follower, self._unparked)
        self._held = 0
        self._meter = meter
        self._began, self._oldest = 0.0, math.inf
        self.connections: set[Connection] = set()
        self.broken = False
        self._replica, self._owners = replica, dict(owners)
        self._engine, self._writer, self._clock, self._pace = engine, writer, clock, pace
        self._apart, self._suspect = apart, suspect
        self._inbox: dict[Connection, tuple[int, list[Offered]]] = {}
        self._line: deque[InLine] = deque()
        self._fresh: list[tuple[frozenset[Connection], bytes]] = []
        self._acknowledged: dict[Connection, int] = {}
        self.showing = Showing(document_id, self.connections, neighbours)
        self._answers: dict[bytes, Parcel] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._slices, self._preparing = slices or Slices(), [replica.preparing()]
        self._reads = LongReads(self._slices, engine.reading, self._offered)
        self._changed_at = 0.0

    @property
    def seq(self) -> Seq:
        """Every row of the journal up to here is in the room."""
        return self._place.seq

    # People come and go

    def join(self, connection: Connection) -> None:
        self.connections.add(connection)
        opening = connection.session.opening(self.generation, self._replica.state_vector())
        if opening:
            connection.send(*map(Parcel, opening))
        if not self._writer.healthy:
            connection.event({"type": "storage", "ok": False})
        self.showing.to(connection)

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self.showing.forget(connection)
        gone = connection.session.presence.gone()
        if gone is not None:
            self.showing.show(connection, gone)

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

    def receive(self, connection: Connection, *frames: bytes) -> None:
        """Frames of a client, in order. Whatever is wrong with one ends this connection only."""
        if self.broken or connection.closing is not None:
            return
        session = connection.session
        offered: list[bytes] = []
        for frame in frames:
            update = session.offers(frame)
            if update is not None:
                offered.append(update)
                continue
            match session.receive(frame):
                case Offer(_, update):
                    offered.append(update)
                case AnswerState(vector):
                    self._answer(connection, vector)
                case Show(entry):
                    self.showing.show(connection, entry)
                case Ignore():
                    pass
                case AskPresence():
                    self.showing.to(connection)
                case Refuse(code):
                    self._meter.refused[code] += 1
                    connection.event({"type": "refused", "code": code})
                case end:
                    self._taken(connection, offered)
                    connection.close(end.close)
                    return
        self._taken(connection, offered)

    def _taken(self, connection: Connection, offered: list[bytes]) -> None:
        if not offered:
            return
        count = connection.session.offered - len(offered)
        self._meter.updates += len(offered)
        if self._reads.concern(connection, offered):
            self._reads.put(connection, count, offered)
        else:
            self._offered(connection, count, offered)

    def _offered(self, connection: Connection, count: int, offered: Sequence[Offered]) -> None:
        """What a connection sent, for the next turn; `count`: how many it had offered before."""
        if connection in self._parking:
            self._park(connection, count, offered)
            return
        if not self._inbox:
            self._began = asyncio.get_running_loop().time()
        self._inbox.setdefault(connection, (count, []))[1].extend(offered)
        if "turn" not in self._timers:
            delay = self._pace()
            if delay:
                self._later("turn", delay, self._take_in)
            else:
                self._take_in()

    def _answer(self, connection: Connection, vector: bytes) -> None:
        """The same state, asked for by many at once, is encoded once."""
        answer = self._answers.get(vector)
        if answer is None:
            try:
                answer = Parcel(wire.sync_step_2(self._replica.diff(vector)))
            except Refusal:
                connection.close(Close.BAD_MESSAGE)
                return
            if not self._answers:
                self._later("answers", ANSWERS_KEPT, self._answers.clear)
                self._answers[vector] = answer
        # It may hold what is not stored yet, so it waits its turn.
        self._after(lambda _seq: connection.send_state(answer))

    def _take_in(self) -> None:
        """The turn: everything offered since the last one."""
        self._cancel("turn")
        if self._held:
            return
        inbox, self._inbox = self._inbox, {}
        if not inbox or self.broken:
            return
        turn = Turn()
        for connection, (count, updates) in inbox.items():
            turn = self._read(connection, count, updates, turn)
            if self._apart and not self.broken and self._finish(turn):
                turn = Turn()
            if self.broken:
                return
        self._finish(turn)

    def _park(self, connection: Connection, count: int, updates: Sequence[Offered]) -> None:
        """These lean on what is not here: unless another process may have stored it, that is a hole."""
        if not self._neighbours.several or not self._parking.put(connection, count, updates):
            connection.close(Close.RESYNC)

    def _unparked(self, parked: Mapping[Connection, tuple[int, list[Offered]]]) -> None:
        """The journal has been read: what is still missing is nowhere."""
        turn = Turn()
        for connection, (count, updates) in parked.items():
            if connection.closing is None and not self.broken:
                turn = self._read(connection, count, updates, turn, last=True)
                if self._apart and not self.broken and self._finish(turn):
                    turn = Turn()
        if not self.broken:
            self._finish(turn)

    def _read(
        self, connection: Connection, count: int, updates: Sequence[Offered], turn: Turn, last: bool = False
    ) -> Turn:
        """Read one connection's updates strictly into the turn, up to the first that is refused.

        `count`: how many it had offered before these. `last`: what they lean on is here or nowhere.
        """
        session, before = connection.session, count
        try:
            for piece in pieces(updates, self._engine.read_update):
                refused = self._objection(session.person.id, piece.facts, len(piece.payload) + turn.size)
                if refused is not None:
                    if refused is Close.RESYNC and not last:
                        self._park(connection, count, updates[count - before :])
                    else:
                        connection.close(refused)
                    break
                full = turn.structs + piece.facts.structs > MAX_STRUCTS or turn.size > MAX_JOINED
                if full and turn.pieces:
                    if not self._finish(turn):
                        return turn
                    turn = Turn()
                has_effect = self._replica.admit(piece.facts)
                count += piece.stands_for
                if has_effect:
                    # What is refused claims no client id: neither a colleague's nor memory.
                    for client in piece.facts.clients:
                        self._owners.setdefault(client, session.person.id)
                    turn.pieces.append(piece)
                    turn.rows.setdefault(connection, []).append(piece)
                    turn.structs += piece.facts.structs
                    turn.size += len(piece.payload)
                turn.told.append((connection, count))
        except Refusal as refusal:
            if refusal.code == "update_hole":
                if last:
                    connection.close(Close.RESYNC)
                else:
                    self._park(connection, count, updates[count - before :])
            else:
                connection.close(close_for(refusal))
        return turn

    def _objection(self, user_id: UserId, facts: UpdateFacts, size: int) -> Close | None:
        known = self._replica.clocks()
        for client, (first, end) in facts.clients.items():
            have = known.get(client, 0)
            if first > have:
                return Close.RESYNC
            if end > have and self._owners.get(client, user_id) != user_id:
                return Close.BAD_MESSAGE
        return None if self._writer.has_room(size) else Close.TRY_AGAIN

    def _finish(self, turn: Turn) -> bool:
        """Apply what the turn holds as one update, journal a row for each connection, and wait in line."""
        if not turn.pieces:
            told = turn.told
            if told:
                self._after(lambda _seq: self._acknowledge(told))
            return True
        update = joined(turn.pieces)
        if update is None:
            update = self._engine.merge([piece.payload for piece in turn.pieces])
        if not self._apply(update, turn.rows):
            return False
        while self._preparing:  # at the first edit: who only reads needs none of it
            self._slices.begin(self._preparing.pop())
        entries = []
        for connection, mine in turn.rows.items():
            payload = update if len(turn.rows) == 1 else joined(mine)
            session = connection.session
            if payload is None:
                payload = self._engine.merge([piece.payload for piece in mine])
            clients = {client for piece in mine for client in piece.facts.clients}
            entries.append(self._entry(session.person.id, session.connection, clients, payload, "edit"))
        content = [piece.facts.clients for piece in turn.pieces]
        senders = frozenset(turn.rows)
        self._store(
            entries, update, content, senders, lambda _seq: self._acknowledge(turn.told), began=self._began
        )
        return True

    def _apply(self, update: bytes, rows: Mapping[Connection, Sequence[Piece]]) -> bool:
        """Into the replica. There is no rollback: when it fails, the room is given up."""
        self._answers.clear()
        try:
            self._replica.apply_admitted(update)
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except BaseException as error:  # pycrdt's PanicException is no Exception
            logger.error("room.update_failed document=%s kind=%s", self.id, type(error).__name__)
            if len(rows) > 1 and self._suspect is not None:
                self.broken = True
                offers = {sender: [piece.payload for piece in mine] for sender, mine in rows.items()}
                self._suspect(self, offers)
                return False
            for sender in rows:
                sender.close(Close.BAD_MESSAGE)
            self.give_up()
            return False
        return True

    def _entry(
        self, user_id: UserId, connection: str, clients: Iterable[int], update: bytes, reason: str,
        credited: UserId | None = None,
    ) -> JournalEntry:  # fmt: skip
        # Only clients that are this person's: content of others may be repeated, not claimed.
        own = tuple(c for c in clients if self._owners.setdefault(c, user_id) == user_id)
        return JournalEntry(self.id, self._clock(), user_id, connection, own, update, reason, credited)

    def _acknowledge(self, told: Sequence[tuple[Connection, int]]) -> None:
        for connection, count in told:
            if connection.session.extras:
                self._soon_out()
                self._acknowledged[connection] = count

    def take(
        self, update: bytes, user_id: UserId, reason: str, credited: UserId | None = None
    ) -> Awaitable[Seq]:
        """Apply and spread an update of the service; its seq, when stored. Raises StoreUnavailable."""
        self._take_in()
        self._check_standing()
        facts = self._engine.read_update(update)
        if not self._writer.has_room(len(update)):
            raise StoreUnavailable("the room cannot store now")
        self._replica.admit(facts)
        if not self._apply(update, {}):
            raise StoreUnavailable("the room cannot store now")
        done: asyncio.Future[Seq] = asyncio.get_running_loop().create_future()
        entry = self._entry(user_id, "server", facts.clients, update, reason, credited)
        self._store(
            [entry], update, [facts.clients], frozenset(),
            lambda seq: resolve(done, seq), lambda: fail(done),
        )  # fmt: skip
        return done

    async def restore(self, target: Document, user_id: UserId) -> Seq:
        """Change forward until the draft reads as `target`; its seq, when stored. Raises StoreUnavailable."""
        self._take_in()
        return await self.take(self._replica.towards(target, user_id), user_id, "restore")

    def tree(self) -> Document:
        """The draft now, with what is still being stored."""
        self._take_in()
        return self._replica.tree()

    def state(self) -> bytes:
        """The state that `tree` reads, asked in the same moment."""
        return self._replica.state()

    async def read(self) -> tuple[Document, Seq]:
        """The draft and exactly its place in the journal. Raises StoreUnavailable."""
        return await self._exactly(self._replica.tree)

    async def snapshot(self) -> tuple[bytes, Document, Seq]:
        """The state to checkpoint, its tree and its place, everything in it stored."""
        (state, tree), seq = await self._exactly(lambda: (self._replica.state(), self._replica.tree()))
        return state, tree, seq

    async def _exactly(self, take: Callable[[], T]) -> tuple[T, Seq]:
        """Something of the replica and the place of which it is; what it held then is stored."""
        self._take_in()
        self._check_standing()
        taken, foreign = take(), self._place.foreign
        seq = await self._settled(foreign)
        if seq is not None:
            return taken, seq
        # Others wrote between our rows. What comes now waits, a commit long, until both are one.
        self._held += 1
        try:
            async with asyncio.timeout(HOLD):
                while not self._place.is_exact or self.broken:
                    await self._settled(self._place.foreign)
                    await self.follower.catch_up()
                return take(), self._place.seq
        except TimeoutError:
            raise StoreUnavailable("the journal does not settle") from None
        finally:
            self._held -= 1
            self._take_in()

    def _check_standing(self) -> None:
        if self.broken:
            raise StoreUnavailable("the room was given up")

    async def _settled(self, foreign: int) -> Seq | None:
        """The place reached once what is here is stored; None when it is not that alone."""
        self._check_standing()
        done: asyncio.Future[Seq | None] = asyncio.get_running_loop().create_future()

        def reached(seq: Seq) -> None:
            resolve(done, None if self._place.has_gap or self._place.foreign != foreign else seq)

        self._after(reached, lambda: fail(done))
        return await done

    def publish(self, event: Mapping[str, object]) -> None:
        """An event to everybody who speaks `duthao.1`; encoded once."""
        parcel = Parcel(wire.event(event))
        for connection in self.connections:
            if connection.session.extras:
                connection.send(parcel)

    def give_up(self, code: Close = Close.TRY_AGAIN) -> None:
        """The replica no longer equals the journal, or the server stops: all reconnect."""
        self.broken = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self.showing.close()
        self._inbox.clear()
        self._reads.close()
        self._parking.close()
        self.follower.close()
        for connection in self.connections:
            connection.close(code)
        line, self._line = self._line, deque()
        for item in line:
            item.failed()

    # The line of what waits for commits

    def _store(
        self,
        entries: list[JournalEntry],
        update: bytes,
        content: Sequence[Clocks],
        senders: frozenset[Connection],
        then: Callable[[Seq], None],
        failed: Callable[[], None] = nothing,
        *,
        began: float = math.inf,
    ) -> None:
        """`began`: when the turn of people's updates did, which is measured; not for our own."""

        def committed(seq: Seq) -> None:
            self._oldest = min(self._oldest, began)
            then(seq)
            self._spread(senders, update)

        item = InLine(committed, failed, waits=True)
        self._line.append(item)
        sent = self._place.sends(entries, content)
        self._writer.store(entries, lambda seqs: self._stored(item, sent, seqs))

    def _stored(self, item: InLine, sent: Sent, seqs: list[Seq] | None) -> None:
        """The news of a commit, in the order in which they were asked for."""
        if self.broken:
            return
        if seqs is None:
            self.give_up()
            return
        item.waits, item.seq = False, seqs[-1]
        self._place.stored(sent, seqs)
        self._advance()
        self._neighbours.stored(self.id, seqs[-1])
        if self._place.is_behind:
            self.follower.hear(seqs[-1])

    def _after(self, then: Callable[[Seq], None], failed: Callable[[], None] = nothing) -> None:
        self._line.append(InLine(then, failed))
        self._advance()

    def _advance(self) -> None:
        while self._line and not self._line[0].waits and not self.broken:
            item = self._line.popleft()
            item.then(self.seq if item.seq is None else item.seq)

    # What other processes have stored

    def _take_rows(self, rows: Sequence[JournalRow]) -> None:
        """Rows read from the journal, in order: those of others are applied and shown like any."""
        for row in rows:
            try:
                if not self._place.is_news(row):
                    continue
                applied = self._replica.apply_stored(row.entry.payload)
            except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
                raise
            except BaseException as error:  # pycrdt's PanicException is no Exception
                logger.error("room.row_failed document=%s kind=%s", self.id, type(error).__name__)
                self.give_up()
                return
            if self._place.contradicts(applied.facts.clients):
                logger.warning("room.content_twice document=%s seq=%s", self.id, row.seq)
                self.give_up()
                return
            self._place.took(row)
            self._meter.rows_read += 1
            for client in row.entry.client_ids:
                self._owners.setdefault(client, row.entry.user_id)
            if applied.has_effect:
                self._answers.clear()
                # Behind what of ours is still being stored: it may lean on that.
                self._after(partial(self._spread, frozenset(), ordered(row.entry.payload, applied.facts)))

    # What the others see

    def _spread(self, senders: frozenset[Connection], update: bytes, _seq: Seq = Seq(0)) -> None:
        self._soon_out()
        self._fresh.append((senders, update))  # its deleted ranges in order (`joining.in_order`)

    def _soon_out(self) -> None:
        if not self._fresh and not self._acknowledged:
            # One turn later: what the same commit stored goes out as one message.
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        fresh, self._fresh = self._fresh, []
        acknowledged, self._acknowledged = self._acknowledged, {}
        news: Parcel | None = None
        only: Connection | None = None
        if fresh:
            updates = [update for _, update in fresh]
            whole = updates[0] if len(updates) == 1 else self._engine.merge_ordered(updates)
            news = Parcel(wire.update(whole))
            senders = fresh[0][0]
            # Only whose own words are all of it has nothing to learn from it: the service edits too.
            if len(senders) == 1 and all(who == senders for who, _ in fresh):
                (only,) = senders
        changed = self._changed() if fresh and not self.broken else None
        for connection in self.connections if news is not None else tuple(acknowledged):
            parcels = [] if news is None or connection is only else [news]
            count = acknowledged.get(connection)
            if count is not None:
                parcels.append(Parcel(wire.stored(count)))
            if changed is not None and connection.session.extras:
                parcels.append(changed)
            if parcels:
                connection.send(*parcels)
        if self._oldest < math.inf:
            self._meter.fan_out.add(asyncio.get_running_loop().time() - self._oldest)
            self._oldest = math.inf

    def _changed(self) -> Parcel | None:
        """How far the journal is, told with the news when that is due, by a timer when none come."""
        now = asyncio.get_running_loop().time()
        if "changed" not in self._timers:
            self._changed_at = now + CHANGED_EVERY
            self._later("changed", CHANGED_EVERY, self._tell_changed)
        elif now >= self._changed_at:
            self._cancel("changed")
            return Parcel(wire.event({"type": "changed", "seq": self.seq}))
        return None

    def _tell_changed(self) -> None:
        self._cancel("changed")
        self.publish({"type": "changed", "seq": self.seq})

    # Timers, by name, all of which end with the room

    def _later(self, name: str, delay: float, act: Callable[[], None]) -> None:
        self._cancel(name)
        self._timers[name] = asyncio.get_running_loop().call_later(delay, act)

    def _cancel(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()
