"""Processes beside one another when what is heard is odd, doubled, late or of no concern here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from duthao.collab import peers as peers_module
from duthao.collab.bus import Access, Event, Here, Link, frames
from duthao.collab.peers import Peers
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import Membership, Role
from tests.support.collab_client import until
from tests.support.houses import QUICK, House, HubBus
from tests.support.server_process import DRAFT
from tests.unit.test_peers import Two, Watcher, scenario, two

ELSEWHERE = DocumentId("elsewhere")
PATIENT = replace(QUICK, fade=60, deaf=60)
"""Where turns come late a link is thought lost now and then: not where it is told but once."""


async def heard_all(t: Two, mark: str) -> None:
    """Return when the second process has heard what the first has told until now."""
    marked = {"type": mark}

    def heard() -> bool:
        # Where turns come late the link is thought lost now and then: nothing is told then.
        t.first.peers.tell(Event(DRAFT, marked))
        return marked in t.binh.events

    await until(heard)


async def judged() -> None:
    """Return when nothing is being found out beside the loop about who is where and may do what."""
    await until(lambda: not any(task.get_name() == "bus-judge" for task in asyncio.all_tasks()))


def test_rubbish_on_the_bus_is_counted_and_the_rest_is_heard() -> None:
    async def work() -> None:
        async with two() as t:
            t.first.peers._every = t.second.peers._every = PATIENT
            t.hub.spread(b"\xff{")
            t.hub.spread(b'{"p":"first","m":[["of a later release"]]}')
            await until(lambda: t.second.peers.unread == 2)
            await heard_all(t, "comments")

    scenario(work)


def test_no_more_processes_are_listened_to_than_can_be() -> None:
    async def work() -> None:
        async with two() as t:
            t.first.peers._every = t.second.peers._every = PATIENT
            # What was thought lost just before is linked again, and nothing is from here on.
            await asyncio.sleep(3 * QUICK.beat)
            await until(lambda: t.first.peers.is_linked and t.second.peers.is_linked)
            await until(lambda: t.second.peers.processes == 1)
            for n in range(peers_module.MAX_PROCESSES + 5):
                (frame,) = frames(f"p{n}", [Event(DRAFT, {"type": f"from-{n}"})], 1000)
                t.hub.spread(frame)
            await heard_all(t, "comments")
            assert t.second.peers.processes == peers_module.MAX_PROCESSES
            told = [event for event in t.binh.events if event["type"].startswith("from-")]
            assert len(told) == peers_module.MAX_PROCESSES - 1

    scenario(work)


def test_what_concerns_documents_that_nobody_has_open_here_is_passed_over() -> None:
    async def work() -> None:
        async with two() as t:
            t.binh.events.clear()
            asked: list[DocumentId] = []
            judge = t.second.rooms.judge_again

            async def judge_again(document_id: DocumentId, user_id: UserId | None) -> None:
                asked.append(document_id)
                await judge(document_id, user_id)

            t.second.rooms.judge_again = judge_again  # type: ignore[method-assign]

            def told() -> bool:
                t.first.peers.tell(Event(ELSEWHERE, {"type": "not here"}))
                for document_id in (ELSEWHERE, DRAFT):
                    t.first.peers.tell(Access(document_id, UserId("editor1")))
                return DRAFT in asked

            await until(told)
            # Somebody may be on the way into the other one: they are judged again when they are in.
            assert set(asked) == {ELSEWHERE, DRAFT}
            assert t.second.rooms.room(ELSEWHERE) is None
            assert {"type": "not here"} not in t.binh.events

    scenario(work)


class Counting(Watcher):
    """A visitor who counts how often anybody was shown."""

    shown = 0

    async def _hear(self, frame: bytes) -> None:
        self.shown += frame[0] == 1
        await super()._hear(frame)


def test_presence_that_is_told_twice_is_shown_once() -> None:
    async def work() -> None:
        async with two() as t:
            t.first.peers._every = t.second.peers._every = PATIENT
            chi = Counting("editor2")
            await chi.enter(t.second)
            await t.an.appear(7)
            await until(lambda: chi.seen == {7: "editor0"})
            assert t.an.room is not None
            people, before = t.an.room.showing.people(), chi.shown
            (frame,) = frames("first", [Here(DRAFT, tuple(people)), Event(DRAFT, {"type": "twice"})], 5000)
            t.hub.spread(frame)
            await until(lambda: {"type": "twice"} in chi.events)
            assert (chi.shown, chi.seen) == (before, {7: "editor0"})
            await chi.leave()

    scenario(work)


def test_a_process_that_stops_takes_away_only_who_was_there() -> None:
    async def work() -> None:
        async with two() as t:
            third, chi = House(t.store, t.hub, "third"), Watcher("editor2")
            async with third:
                await chi.enter(third)
                await t.binh.appear(8)
                await until(lambda: t.an.seen == {8: "editor1"})
                await chi.appear(9)
                await until(lambda: t.an.seen == {8: "editor1", 9: "editor2"})
                # Nobody of it is at the document any more when it stops, and a fourth never had anybody.
                await chi.leave()
                await until(lambda: t.an.seen == {8: "editor1"})
                async with House(t.store, t.hub, "fourth"):
                    await until(lambda: t.first.peers.processes == 3)
            await until(lambda: t.first.peers.processes == 1 and t.an.seen == {8: "editor1"})
            await t.second.end()
            await until(lambda: t.an.seen == {})

    scenario(work)


def test_whoever_is_doubted_when_the_last_one_leaves_is_told_of_anew_to_the_next() -> None:
    async def work() -> None:
        async with two() as t:
            await t.binh.appear(8)
            await until(lambda: t.an.seen == {8: "editor1"})
            t.second.peers._every = PATIENT
            links = t.second.peers.links
            t.hub.cut()
            await until(lambda: t.second.peers.links > links and t.first.peers.is_linked)
            await t.an.leave()
            await judged()
            again = Watcher("editor0")
            await again.enter(t.first)
            await until(lambda: again.seen == {8: "editor1"})
            await again.leave()

    scenario(work)


def test_whoever_was_at_a_process_that_died_is_not_shown_to_one_who_comes_back() -> None:
    async def work() -> None:
        async with two() as t:
            await t.binh.appear(8)
            await until(lambda: t.an.seen == {8: "editor1"})
            # Only the new link makes them doubtful; the last one here leaves before that is settled.
            t.first.peers._every = replace(QUICK, fade=60)
            await t.second.end(killed=True)
            links = t.first.peers.links
            t.hub.cut()
            await until(lambda: t.first.peers.links > links)
            await t.an.leave()
            await judged()
            again = Watcher("editor0")
            await again.enter(t.first)
            await until(again.synced.is_set)
            assert again.seen == {}
            await again.leave()

    scenario(work)


def test_roles_read_before_a_change_was_told_are_old_and_not_put_back() -> None:
    async def work() -> None:
        async with two() as t:
            reading, go = list[Sequence[DocumentId]](), threading.Event()
            roles = t.store.documents.roles

            def slow(ids: Sequence[DocumentId]) -> Mapping[DocumentId, Mapping[UserId, Role]]:
                found = roles(ids)
                reading.append(ids)
                go.wait(10)
                return found

            await until(lambda: {"type": "access", "role": "editor"} in t.binh.events)
            t.binh.events.clear()
            t.store.documents.roles = slow  # type: ignore[method-assign]
            await until(lambda: len(reading) == 2)  # both processes, each one look at a time
            t.store.documents.set_member(Membership(DRAFT, UserId("editor1"), Role.READER))
            await t.second.rooms.access_changed(DRAFT, UserId("editor1"))
            t.store.documents.roles = roles  # type: ignore[method-assign]
            go.set()
            # A look that begins after this reads it; one that put back what was old would be told before.
            t.store.documents.set_member(Membership(DRAFT, UserId("editor1"), Role.COMMENTER))
            await until(lambda: {"type": "access", "role": "commenter"} in t.binh.events)
            told = [event["role"] for event in t.binh.events if event["type"] == "access"]
            assert told == ["reader", "commenter"]

    scenario(work)


def test_a_link_that_merely_ends_is_made_anew() -> None:
    class EndingLink:
        """It gives back one frame and is at its end, as a bus does that is taken down in good order."""

        def __init__(self) -> None:
            self._sent: asyncio.Queue[bytes] = asyncio.Queue()

        async def send(self, frames: Sequence[bytes]) -> None:
            for frame in frames:
                self._sent.put_nowait(frame)

        async def frames(self) -> AsyncIterator[bytes]:
            yield await self._sent.get()

    class EndingBus:
        name, largest = "ending", HubBus.largest

        @asynccontextmanager
        async def link(self) -> AsyncIterator[Link]:
            yield EndingLink()

    async def work() -> None:
        async with Peers(EndingBus(), MemoryStore(), "only", QUICK) as peers:
            await until(lambda: peers.links >= 3)
            assert peers.processes == 0

    scenario(work)
