"""Processes beside one another: presence, roles, events and lineage, with the bus and without."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from duthao.collab.bus import SignedOut
from duthao.collab.close import Close
from duthao.domain.document import UserId
from duthao.store.memory import MemoryStore
from duthao.store.ports import Membership, Role, Seq, StoreUnavailable
from tests.support.collab_client import until
from tests.support.houses import QUICK, House, Hub, Visitor
from tests.support.server_process import DRAFT, populate
from tests.support.watcher import Watcher as Watching


class Watcher(Watching, Visitor):
    """A visitor who sees who is there."""


@dataclass
class Two:
    store: MemoryStore
    hub: Hub
    first: House
    second: House
    an: Watcher
    binh: Watcher


@asynccontextmanager
async def two() -> AsyncIterator[Two]:
    """Two houses with somebody in each."""
    store, hub = MemoryStore(), Hub(random.Random(1))
    populate(store)
    first, second = House(store, hub, "first"), House(store, hub, "second")
    an, binh = Watcher("editor0"), Watcher("editor1")
    async with first, second:
        await until(lambda: first.peers.is_linked and second.peers.is_linked)
        await an.enter(first)
        await binh.enter(second)
        yield Two(store, hub, first, second, an, binh)
        await an.leave()
        await binh.leave()


def scenario(work: object) -> None:
    asyncio.run(work())  # type: ignore[operator]


def test_people_at_different_processes_see_each_other_write_and_come_and_go() -> None:
    async def work() -> None:
        async with two() as t:
            await t.an.appear(7)
            await until(lambda: t.binh.seen == {7: "editor0"})
            await t.binh.appear(8)
            await until(lambda: t.an.seen == {8: "editor1"})
            late = Watcher("editor2")
            await late.enter(t.second)
            await until(lambda: late.seen == {7: "editor0", 8: "editor1"})
            await t.an.type("p0", "xin chào")
            await until(lambda: t.binh.replica.texts()["p0"] == late.replica.texts()["p0"] == "xin chào")
            await t.an.leave()
            await until(lambda: late.seen == {8: "editor1"} and t.binh.seen == {})
            await late.leave()

    scenario(work)


def test_people_at_a_process_that_died_fade_and_those_of_one_that_stopped_go_at_once() -> None:
    async def work() -> None:
        async with two() as t:
            third = House(t.store, t.hub, "third")
            await third.__aenter__()
            chi = Watcher("editor2")
            await chi.enter(third)
            await chi.appear(9)
            await until(lambda: t.an.seen == {9: "editor2"})
            patient = replace(QUICK, fade=60, deaf=60)
            t.first.peers._every = patient
            await third.end(killed=True)
            assert t.an.seen == {9: "editor2"}
            t.first.peers._every = QUICK
            await until(lambda: t.an.seen == {})
            await t.binh.appear(8)
            await until(lambda: t.an.seen == {8: "editor1"})
            t.first.peers._every = patient
            await t.second.end()
            await until(lambda: t.an.seen == {})
            await chi.leave()

    scenario(work)


def test_who_left_while_the_bus_was_away_is_not_shown_for_ever() -> None:
    async def work() -> None:
        async with two() as t:
            await t.binh.appear(8)
            await until(lambda: t.an.seen == {8: "editor1"})
            t.hub.manners.lost = 1.0
            await t.binh.leave()
            t.hub.cut()
            await until(lambda: not t.second.peers.is_linked)
            t.hub.manners.lost = 0.0
            await until(lambda: t.an.seen == {}, 2)

    scenario(work)


@pytest.mark.parametrize("bus", ["works", "down", "deaf"])
def test_a_role_taken_away_at_one_process_holds_at_the_others(bus: str) -> None:
    async def work() -> None:
        async with two() as t:
            if bus != "works":
                t.hub.down, t.hub.deaf = bus == "down", bus == "deaf"
                if t.hub.down:
                    t.hub.cut()
                await until(lambda: not t.first.peers.is_linked)
            t.store.documents.set_member(Membership(DRAFT, UserId("editor1"), Role.READER))
            await t.first.rooms.access_changed(DRAFT, UserId("editor1"))
            await until(lambda: {"type": "access", "role": "reader"} in t.binh.events, 2)
            t.store.documents.remove_member(DRAFT, UserId("editor1"))
            await t.first.rooms.access_changed(DRAFT, UserId("editor1"))
            await until(lambda: t.binh.closing is Close.NO_ACCESS, 2)

    scenario(work)


def test_somebody_disabled_behind_our_back_is_sent_away_too() -> None:
    async def work() -> None:
        async with two() as t:
            user = t.store.users.get(UserId("editor1"))
            assert user is not None
            t.store.users.update(replace(user, disabled=True))
            await until(lambda: t.binh.closing is Close.NO_ACCESS, 2)

    scenario(work)


def test_events_and_the_end_of_a_sign_in_are_told_everywhere() -> None:
    async def work() -> None:
        async with two() as t:
            await t.first.rooms.versions_changed(DRAFT)
            await t.first.rooms.comparison_changed(DRAFT)
            await t.first.rooms.comments_changed(DRAFT)
            told = [{"type": what} for what in ("versions", "comparison", "comments")]
            await until(lambda: all(event in t.binh.events for event in told))
            assert {"type": "versions"} in t.an.events
            heard: list[UserId] = []
            t.second.peers.on_signed_out = heard.append

            def told_of_it() -> bool:
                # Where turns come late the link is thought lost now and then: nothing is told then.
                t.first.peers.tell(SignedOut(UserId("editor1")))
                return set(heard) == {"editor1"}

            await until(told_of_it)

    scenario(work)


def test_what_stands_in_no_journal_is_asked_for_anew_while_the_bus_is_down_and_when_it_is_back() -> None:
    async def work() -> None:
        news = [{"type": what} for what in ("comments", "proposals", "versions", "comparison")]
        async with two() as t:
            t.hub.down = True
            t.hub.cut()
            await until(lambda: not (t.first.peers.is_linked or t.second.peers.is_linked))
            t.binh.events.clear()
            await t.first.rooms.comments_changed(DRAFT)
            await until(lambda: all(event in t.binh.events for event in news))
            # Told in the last moment without a link: only its return can tell of it.
            t.second.peers._every = replace(QUICK, ask=1e9)
            await t.first.rooms.proposals_changed(DRAFT)
            t.binh.events.clear()
            t.hub.down = False
            await until(lambda: all(event in t.binh.events for event in news))

    scenario(work)


def test_what_a_process_changed_before_its_link_came_back_is_asked_for_at_the_others() -> None:
    async def work() -> None:
        async with two() as t:
            t.binh.events.clear()
            t.first.peers._lost()
            await t.first.rooms.comments_changed(DRAFT)
            await until(lambda: t.first.peers.is_linked and {"type": "comments"} in t.binh.events)

    scenario(work)


def test_what_leans_on_rows_not_read_yet_waits_for_them_and_a_hole_is_still_refused() -> None:
    async def work() -> None:
        async def blind() -> None:
            """He shall hear of it by nothing but the hole."""

        async with two() as t:
            t.hub.deaf, t.second.peers._look = True, blind  # type: ignore[method-assign]
            await t.an.type("p0", "một")
            await until(lambda: not t.an.unacknowledged)
            # Bình learns of it past us, as somebody does who was just at the other process.
            room = t.binh.room
            assert room is not None
            assert room.seq == 1
            t.binh.replica.apply(t.an.replica.state())
            await t.binh.type("p0", " hai")
            await until(lambda: not t.binh.unacknowledged)
            assert t.binh.is_here
            assert room.tree().provisions[0].text == "một hai"
            binh = t.binh.replica
            before = binh.state_vector()
            text = binh.provisions["p0"]["text"]
            text += "never sent"
            await t.binh.type("p0", "x")
            assert before != binh.state_vector()
            await until(lambda: t.binh.closing is Close.RESYNC)

    scenario(work)


def test_a_house_restored_behind_our_back_gives_its_rooms_up() -> None:
    async def work() -> None:
        async with two() as t:
            record = t.store.documents.get(DRAFT)
            assert record is not None
            t.store._tables.documents[DRAFT] = replace(record, generation="another")
            await until(lambda: t.an.closing is t.binh.closing is Close.TRY_AGAIN, 2)

    scenario(work)


def test_rows_that_contradict_ours_have_the_room_loaded_anew() -> None:
    async def work() -> None:
        async with two() as t:
            t.hub.deaf = True
            t.binh.replica.apply(t.an.replica.state())
            twin = t.an.replica.doc.client_id
            t.binh.replica.doc = type(t.binh.replica.doc)(client_id=twin, skip_gc=True)
            t.binh.replica.provisions = t.binh.replica.doc.get(
                "provisions", type=type(t.binh.replica.provisions)
            )
            t.binh.replica.apply(t.an.replica.state())
            t.an.user = t.binh.user
            t.second.journal.dead = True  # his rows come behind hers
            await t.binh.type("p0", "B")
            await t.an.type("p0", "A")
            await until(lambda: not t.an.unacknowledged)
            t.second.journal.dead = False
            await until(lambda: t.binh.closing is Close.TRY_AGAIN)
            tree, seq = await t.second.rooms.read(DRAFT)
            assert tree == (await t.first.rooms.read(DRAFT))[0]
            assert seq == t.store.journal.end(DRAFT)

    scenario(work)


def test_a_store_that_is_away_does_not_stop_people_coming_to_an_open_room() -> None:
    async def work() -> None:
        async with two() as t:
            read = t.store.journal.read

            def away(*_given: object, **_named: object) -> object:
                raise StoreUnavailable("away")

            t.store.journal.read = away  # type: ignore[method-assign,assignment]
            chi = Watcher("editor2")
            await chi.enter(t.first)
            await until(chi.synced.is_set)
            t.store.journal.read = read  # type: ignore[method-assign]
            await t.binh.type("p1", "lại")
            await until(lambda: chi.replica.texts()["p1"] == "lại")
            assert t.first.rooms.room(DRAFT).seq == Seq(2)  # type: ignore[union-attr]
            await chi.leave()

    scenario(work)
