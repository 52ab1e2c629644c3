"""When the library fails on what several people sent as one, only who broke it is stopped for good."""

from __future__ import annotations

import asyncio

from duthao.collab.close import Close
from duthao.collab.room import Room
from duthao.store.ports import StoreUnavailable
from tests.support.house import Brittle, Guest, House, house, turns
from tests.support.server_process import DRAFT


async def one_turn(room: Room, guests: list[Guest], marks: list[str]) -> None:
    """What these people type, all in one turn of the room."""
    room._pace = lambda: 0.02
    for guest, mark in zip(guests, marks, strict=True):
        guest.send(guest.update(mark))
    for _ in range(500):
        if all(guest.connection.closing is not None for guest in guests):
            return
        await asyncio.sleep(0.005)


async def text(h: House) -> str:
    return (await h.rooms.read(DRAFT))[0].provisions[0].text


async def again(h: House, guests: list[Guest]) -> list[Guest]:
    """These people in the room anew, sending what they have as a reconnecting client does."""
    async with h.rooms.open(DRAFT) as room:
        room._pace = lambda: 0.02
        back = []
        for guest in guests:
            came = Guest(room, guest.connection.session.person.id)
            came.send(guest.replica.diff(room._replica.state_vector()))
            back.append(came)
        await asyncio.sleep(0.03)
        await room.read()
    return back


def test_one_guilty_sender_is_stopped_and_the_others_lose_nothing() -> None:
    async def scenario() -> None:
        async with house(engine=Brittle(lambda update: b"bom" in update)) as h:
            async with h.rooms.open(DRAFT) as room:
                guests = [Guest(room, f"editor{n}") for n in range(4)]
                bystander = Guest(room, "reader")
                await one_turn(room, guests, ["an ", "bom ", "chi ", "danh "])
                assert [guest.connection.closing for guest in guests] == [
                    Close.TRY_AGAIN, Close.BAD_MESSAGE, Close.TRY_AGAIN, Close.TRY_AGAIN,
                ]  # fmt: skip
                assert bystander.connection.closing is Close.TRY_AGAIN
            assert len(h.store.journal.read(DRAFT)) == 1
            innocent = [guest for guest in guests if guest is not guests[1]]
            back = await again(h, innocent)
            assert [guest.connection.closing for guest in back] == [None] * 3
            draft = await text(h)
            assert sorted(draft.split()) == ["an", "chi", "danh"]

    asyncio.run(scenario())


def test_two_guilty_senders_are_both_found() -> None:
    async def scenario() -> None:
        engine = Brittle(lambda update: b"bom" in update)
        async with house(engine=engine) as h, h.rooms.open(DRAFT) as room:
            guests = [Guest(room, f"editor{n}") for n in range(3)]
            await one_turn(room, guests, ["bom1 ", "an ", "bom2 "])
            assert [guest.connection.closing for guest in guests] == [
                Close.BAD_MESSAGE, Close.TRY_AGAIN, Close.BAD_MESSAGE,
            ]  # fmt: skip

    asyncio.run(scenario())


def test_when_only_the_joining_fails_nobody_is_stopped_and_the_next_room_joins_nothing() -> None:
    async def scenario() -> None:
        engine = Brittle(lambda update: b"mot" in update and b"hai" in update)
        async with house(engine=engine) as h:
            async with h.rooms.open(DRAFT) as room:
                guests = [Guest(room, f"editor{n}") for n in range(2)]
                await one_turn(room, guests, ["mot ", "hai "])
                assert [guest.connection.closing for guest in guests] == [Close.TRY_AGAIN] * 2
            back = await again(h, guests)
            assert [guest.connection.closing for guest in back] == [None, None]
            assert sorted((await text(h)).split()) == ["hai", "mot"]
            assert len(h.store.journal.read(DRAFT)) == 3

    asyncio.run(scenario())


def test_where_each_is_taken_by_itself_who_breaks_the_room_is_known_at_once() -> None:
    async def scenario() -> None:
        engine = Brittle(lambda update: b"bom" in update or (b"mot" in update and b"hai" in update))
        async with house(engine=engine) as h:
            async with h.rooms.open(DRAFT) as room:
                await one_turn(room, [Guest(room, f"editor{n}") for n in range(2)], ["mot ", "hai "])
            async with h.rooms.open(DRAFT) as apart:
                guests = [Guest(apart, f"editor{n}") for n in range(3)]
                await one_turn(apart, guests, ["an ", "bom ", "chi "])
                assert [guest.connection.closing for guest in guests] == [
                    Close.TRY_AGAIN, Close.BAD_MESSAGE, Close.TRY_AGAIN,
                ]  # fmt: skip
            # What came before the guilty one is in the journal; what came behind was not looked at.
            assert await text(h) == "an "

    asyncio.run(scenario())


def test_when_the_journal_is_away_nobody_is_judged_and_all_come_again() -> None:
    async def scenario() -> None:
        async with house(engine=Brittle(lambda update: b"bom" in update), patience=0.0) as h:
            async with h.rooms.open(DRAFT) as room:
                guests = [Guest(room, f"editor{n}") for n in range(2)]
                h.held.away = True
                await one_turn(room, guests, ["an ", "bom "])
                assert [guest.connection.closing for guest in guests] == [Close.TRY_AGAIN] * 2
            h.held.away = False

    asyncio.run(scenario())


def test_a_server_that_stops_meanwhile_closes_everybody() -> None:
    async def scenario() -> None:
        engine = Brittle(lambda update: b"bom" in update)
        async with house(engine=engine) as h, h.rooms.open(DRAFT) as room:
            guests = [Guest(room, f"editor{n}") for n in range(2)]
            room._pace = lambda: 0.001
            h.held.open.clear()
            for guest, mark in zip(guests, ("an ", "bom "), strict=True):
                guest.send(guest.update(mark))
            while not room.broken:
                await asyncio.sleep(0.001)
            waiting = asyncio.create_task(room.read())
            h.held.open.set()
        assert [guest.connection.closing is None for guest in guests] == [False, False]
        try:
            await waiting
        except StoreUnavailable:
            return
        raise AssertionError("a room that was given up was read")

    asyncio.run(scenario())


def test_one_alone_who_breaks_a_room_is_known_at_once() -> None:
    async def scenario() -> None:
        async with house(engine=Brittle(lambda update: b"bom" in update)) as h:
            async with h.rooms.open(DRAFT) as room:
                an, binh = Guest(room), Guest(room, "editor1")
                an.send(an.update("bom"))
                assert (an.connection.closing, binh.connection.closing) == (
                    Close.BAD_MESSAGE, Close.TRY_AGAIN,
                )  # fmt: skip
            await turns()
            assert await text(h) == ""

    asyncio.run(scenario())
