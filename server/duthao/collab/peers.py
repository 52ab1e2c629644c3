"""This process among the others that serve the same documents (decision 12).

Everything that must last is in the database; what is told over the bus only makes it quick. So
beside listening, the journal and the roles are looked at every second, and more often while the
bus is down: then edits arrive a little later, presence from elsewhere fades, and nothing is lost.
That comments, proposals, versions or pairings changed stands in no journal: while the bus is down,
and once it is back, whoever shows them is told to ask anew.

A process hears itself: a bus that takes frames and gives none back is found out as one that is
gone. No wall clock is compared with another's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence, Set
from dataclasses import dataclass
from typing import Protocol, Self

from duthao.collab.awareness import Entry, Everybody
from duthao.collab.bus import (
    Access,
    Bus,
    Bye,
    Event,
    Hello,
    Here,
    Link,
    Message,
    Rows,
    SignedOut,
    Who,
    frames,
    read_frame,
)
from duthao.collab.room import Room
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import Seq, Store, StoreUnavailable

logger = logging.getLogger("duthao.peers")

MAX_PROCESSES = 1000
ASKED_ANEW = ("comments", "proposals", "versions", "comparison")
"""Kinds of events that say no more than that something changed."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds. `look`: between two looks at the database; `look_alone`: while the bus is down;
    `beat`: between two signs of life; `deaf`: without hearing ourselves, until the link is made
    anew; `fade`: until people at a process of which nothing is heard are no longer shown; `ask`: while
    the bus is down, between two times that people are told to ask anew."""

    look: float = 1.0
    look_alone: float = 0.25
    beat: float = 0.5
    deaf: float = 2.0
    fade: float = 5.0
    ask: float = 5.0
    first_pause: float = 0.1
    longest_pause: float = 2.0


class OpenRooms(Protocol):
    """The rooms of this process."""

    def open_rooms(self) -> list[Room]: ...
    def room(self, document_id: DocumentId) -> Room | None: ...
    async def judge_again(self, document_id: DocumentId, user_id: UserId | None) -> None: ...


class Alone:
    """No other process serves these documents."""

    several = False

    def __init__(self) -> None:
        self.on_signed_out: Callable[[UserId], None] = lambda _user_id: None
        """Told who has signed out at another process."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exit: object) -> None:
        pass

    def attach(self, rooms: OpenRooms) -> None:
        pass

    def opened(self, document_id: DocumentId) -> None:
        pass

    def closed(self, document_id: DocumentId) -> None:
        pass

    def stored(self, document_id: DocumentId, seq: Seq) -> None:
        pass

    def showed(self, document_id: DocumentId, entries: Sequence[Entry]) -> None:
        pass

    def others(self, document_id: DocumentId) -> Sequence[Entry]:
        return ()

    def tell(self, message: Message) -> None:
        pass

    def judged(self) -> None:
        pass


class Peers(Alone):
    """`async with Peers(bus, store, process)`: links, listens and looks as long as the block.

    `process` names this process and no other, ever.
    """

    several = True

    def __init__(self, bus: Bus, store: Store, process: str, intervals: Intervals | None = None) -> None:
        super().__init__()
        self.is_linked = False
        """Whether the bus works: we hear ourselves."""
        self.unread = 0
        self.links = 0
        self._bus, self._store, self._process = bus, store, process
        self._every = intervals or Intervals()
        self._rooms: OpenRooms | None = None
        self._outgoing: list[Message] = []
        self._hints: dict[DocumentId, Seq] = {}
        self._showing: dict[DocumentId, dict[int, Entry]] = {}
        self._wake, self._look_now = asyncio.Event(), asyncio.Event()
        self._heard: dict[str, float] = {}
        self._elsewhere: dict[DocumentId, dict[str, Everybody]] = {}
        self._judged = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._judging: set[asyncio.Task[None]] = set()
        self._doubted: set[tuple[DocumentId, str, int]] = set()
        self._link: Link | None = None
        self._echo = 0.0
        """When we last heard ourselves."""

    @property
    def processes(self) -> int:
        """Other processes that have been heard of lately."""
        return len(self._heard)

    @property
    def waiting(self) -> int:
        """Messages not yet given to the bus."""
        return len(self._outgoing) + len(self._hints) + sum(map(len, self._showing.values()))

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(self._keep_linked(), name="bus-link"),
            loop.create_task(self._keep_looking(), name="bus-look"),
        ]
        return self

    async def __aexit__(self, *_exit: object) -> None:
        self.tell(Bye())
        if self._link is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(1):
                    await self._link.send(self._gathered())
        for task in (*self._tasks, *self._judging):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._judging, return_exceptions=True)

    def attach(self, rooms: OpenRooms) -> None:
        self._rooms = rooms

    # What we tell

    def tell(self, message: Message) -> None:
        """Best effort: while the bus is down only hints are kept, and presence is told again later."""
        if self.is_linked or isinstance(message, Bye):
            self._outgoing.append(message)
            self._wake.set()

    def stored(self, document_id: DocumentId, seq: Seq) -> None:
        if self.is_linked:
            self._hints[document_id] = max(seq, self._hints.get(document_id, Seq(0)))
            self._wake.set()

    def showed(self, document_id: DocumentId, entries: Sequence[Entry]) -> None:
        if self.is_linked:
            self._showing.setdefault(document_id, {}).update((e.client, e) for e in entries)
            self._wake.set()

    def opened(self, document_id: DocumentId) -> None:
        self.tell(Who(document_id))

    def closed(self, document_id: DocumentId) -> None:
        self._elsewhere.pop(document_id, None)

    def others(self, document_id: DocumentId) -> Sequence[Entry]:
        here = self._elsewhere.get(document_id, {})
        return [entry for everybody in here.values() for entry in everybody.entries.values()]

    def _gathered(self) -> list[bytes]:
        messages: list[Message] = [Rows(d, seq) for d, seq in self._hints.items()]
        for document_id, entries in self._showing.items():
            messages.extend(Here(document_id, (entry,)) for entry in entries.values())
        messages.extend(self._outgoing)
        self._hints, self._showing, self._outgoing = {}, {}, []
        return list(frames(self._process, messages, self._bus.largest))

    # The link

    async def _keep_linked(self) -> None:
        pause = self._every.first_pause
        while True:
            try:
                async with self._bus.link() as link:
                    self._link = link
                    await _first(self._send(link), self._listen(link), self._watch())
            except Exception as error:  # whatever a bus's client raises, it is gone
                logger.log(
                    logging.WARNING if self.is_linked or not self.links else logging.DEBUG,
                    "bus.lost bus=%s cause=%s", self._bus.name, type(error).__name__,
                )  # fmt: skip
            self._link = None
            pause = self._every.first_pause if self.is_linked else min(2 * pause, self._every.longest_pause)
            self._lost()
            await asyncio.sleep(pause)

    async def _send(self, link: Link) -> None:
        while True:
            self._wake.clear()
            await link.send(self._gathered())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every.beat):
                    await self._wake.wait()

    async def _listen(self, link: Link) -> None:
        async for raw in link.frames():
            frame = read_frame(raw)
            if frame is None:
                self.unread += 1
                continue
            self.unread += frame.unread
            if frame.process == self._process:
                self._echoed()
                continue
            if frame.process in self._heard or len(self._heard) < MAX_PROCESSES:
                self._heard[frame.process] = asyncio.get_running_loop().time()
                for message in frame.messages:
                    self._hear(frame.process, message)

    def _echoed(self) -> None:
        self._echo = asyncio.get_running_loop().time()
        if not self.is_linked:
            self.is_linked = True
            self.links += 1
            if self.links > 1:
                self._ask_anew()
            logger.info("bus.linked bus=%s", self._bus.name)
            self._look_now.set()
            self._doubt(self._heard)
            self.tell(Hello())
            for room in self._open_rooms():
                self.tell(Who(room.id))
                self.showed(room.id, room.showing.people())

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._echo = loop.time()
        while True:
            await asyncio.sleep(self._every.beat)
            now = loop.time()
            if now - self._echo > self._every.deaf:
                raise TimeoutError("the bus gives nothing back")
            for process in [p for p, at in self._heard.items() if now - at > self._every.fade]:
                self._gone(process)

    def _lost(self) -> None:
        self.is_linked = False
        self._hints, self._showing, self._outgoing = {}, {}, []
        self._look_now.set()

    # What we hear

    def _hear(self, process: str, message: Message) -> None:
        match message:
            case Rows(document_id, seq):
                room = self._room(document_id)
                if room is not None:
                    room.follower.hear(seq)
            case Here(document_id, entries):
                room = self._room(document_id)
                if room is not None:
                    self._doubted.difference_update((document_id, process, e.client) for e in entries)
                    here = self._elsewhere.setdefault(document_id, {})
                    changed = here.setdefault(process, Everybody()).merge(entries)
                    if changed:
                        room.showing.show_all(changed)
            case Who(document_id):
                room = self._room(document_id)
                if room is not None:
                    self.showed(document_id, room.showing.people())
            case Event(document_id, event):
                room = self._room(document_id)
                if room is not None:
                    room.publish(event)
            case Access(document_id, user_id):
                self._judged += 1
                if self._rooms is not None:
                    # Without a room too: somebody may be on the way into it.
                    self._soon(self._rooms.judge_again(document_id, user_id))
            case SignedOut(user_id):
                self.on_signed_out(user_id)
            case Hello():
                self._doubt((process,))
                # What changed there while it had no link was told to nobody.
                self._ask_anew()
            case Bye():
                self._gone(process)

    def _ask_anew(self) -> None:
        for room in self._open_rooms():
            for kind in ASKED_ANEW:
                room.publish({"type": kind})

    def _doubt(self, processes: Collection[str]) -> None:
        """Somebody may have left there unheard: who is not told of again soon is shown no more."""
        doubted = {
            (document_id, process, client)
            for document_id, here in self._elsewhere.items()
            for process, everybody in here.items()
            if process in processes
            for client in everybody.entries
        }
        if doubted:
            self._doubted |= doubted
            self._soon(self._sweep(doubted))

    async def _sweep(self, doubted: Set[tuple[DocumentId, str, int]]) -> None:
        await asyncio.sleep(self._every.deaf)
        left, self._doubted = doubted & self._doubted, self._doubted - doubted
        for document_id, process, client in left:
            everybody = self._elsewhere.get(document_id, {}).get(process)
            room = self._room(document_id)
            if everybody is not None and room is not None and (gone := everybody.remove([client])):
                room.showing.show_all(gone)

    def _gone(self, process: str) -> None:
        self._heard.pop(process, None)
        for document_id, here in self._elsewhere.items():
            everybody = here.pop(process, None)
            room = self._room(document_id)
            if everybody is not None and room is not None:
                gone = everybody.remove(list(everybody.entries))
                if gone:
                    room.showing.show_all(gone)

    def _soon(self, work: Awaitable[None]) -> None:
        async def done() -> None:
            with contextlib.suppress(StoreUnavailable):  # the next look judges
                await work

        task = asyncio.get_running_loop().create_task(done(), name="bus-judge")
        self._judging.add(task)
        task.add_done_callback(self._judging.discard)

    # Looking at the database

    async def _keep_looking(self) -> None:
        loop = asyncio.get_running_loop()
        deaf_since: float | None = None
        asked = loop.time()
        while True:
            self._look_now.clear()
            if self.is_linked:
                deaf_since = None
            elif deaf_since is None:
                deaf_since = asked = loop.time()
            else:
                if loop.time() - deaf_since > self._every.fade:
                    for process in list(self._heard):
                        self._gone(process)
                if loop.time() - asked > self._every.ask:
                    asked = loop.time()
                    self._ask_anew()
            try:
                await self._look()
            except StoreUnavailable as error:
                logger.debug("peers.look_failed cause=%s", error)
            except Exception as error:
                logger.error("peers.look_failed kind=%s", type(error).__name__)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every.look if self.is_linked else self._every.look_alone):
                    await self._look_now.wait()

    async def _look(self) -> None:
        """Where journals end, whether a document is still of this lineage, and who may do what."""
        reached = {room: room.seq for room in self._open_rooms()}
        if not reached:
            return
        ids = [room.id for room in reached]
        standing = await asyncio.to_thread(self._store.journal.standing, ids)
        for room, seq in reached.items():
            found = standing.get(room.id)
            if found is None or found.generation != room.generation or found.end < seq:
                # Restored from a backup while we were away: what is open here is another history.
                logger.error("room.other_lineage document=%s", room.id)
                room.give_up()
            else:
                room.follower.hear(found.end)
        crowded = [room for room in reached if room.connections and not room.broken]
        if not crowded:
            return
        judged = self._judged
        roles = await asyncio.to_thread(self._store.documents.roles, [room.id for room in crowded])
        if judged != self._judged:
            self._look_now.set()  # a change has been told meanwhile: what was read may be older
            return
        for room in crowded:
            now = roles.get(room.id, {})
            for connection in list(room.connections):
                room.set_role(connection, now.get(connection.session.person.id))

    def judged(self) -> None:
        """Roles are being judged anew here: what a look has read before is old."""
        self._judged += 1

    def _open_rooms(self) -> list[Room]:
        return [] if self._rooms is None else self._rooms.open_rooms()

    def _room(self, document_id: DocumentId) -> Room | None:
        return None if self._rooms is None else self._rooms.room(document_id)


async def _first(*works: Coroutine[None, None, None]) -> None:
    """Run these until one ends, which ends all; its exception is raised."""
    tasks = [asyncio.get_running_loop().create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
