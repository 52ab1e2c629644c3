"""What one turn of a room takes in, from people and from the service, and what it does not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from duthao.collab import lib0, wire
from duthao.collab.awareness import decode
from duthao.collab.close import Close
from duthao.domain.document import Document, Kind, Provision, ProvisionId, UserId
from duthao.store.ports import StoreUnavailable
from tests.support.collab_client import until
from tests.support.house import Brittle, Guest, House, house, turns
from tests.support.server_process import DRAFT

LARGE = 200_000
"""Three such updates are more than is joined into one."""


def reads(text: str) -> Document:
    return Document((Provision(ProvisionId("p0"), Kind.PARAGRAPH, text),))


async def text(h: House) -> str:
    return (await h.rooms.read(DRAFT))[0].provisions[0].text


def test_a_turn_with_more_than_is_joined_into_one_is_taken_in_parts_and_wholly() -> None:
    async def scenario() -> None:
        async with house(pace=lambda: 0.02) as h, h.rooms.open(DRAFT) as room:
            an, told = Guest(room), list[bytes]()
            for letter in "abcd":
                an.send(an.update(letter * LARGE))

            def acknowledged() -> bool:
                told.extend(an.waiting())
                return wire.stored(4) in told

            await until(acknowledged)
            assert await text(h) == "".join(letter * LARGE for letter in "abcd")
            sizes = [len(row.entry.payload) for row in h.store.journal.read(DRAFT)[1:]]
            assert [round(size / LARGE) for size in sizes] == [3, 1]

    asyncio.run(scenario())


def test_what_two_take_back_letter_by_letter_is_gone_for_the_third_too() -> None:
    """Turns that are joined, and stored in one commit, leave as one message: every deletion is in it."""

    async def scenario() -> None:
        async with house(pace=lambda: 0.01) as h, h.rooms.open(DRAFT) as room:
            an, binh, chi = (Guest(room, f"editor{n}") for n in range(3))
            an.send(an.update("chu tri. " * 9))
            binh.send(binh.update("dieu hanh. " * 9, "p1"))
            await until(lambda: "hanh" in str(room.tree()))
            h.held.open.clear()
            for _ in range(4):
                for who, place in ((an, "p0"), (binh, "p1")):
                    for _ in range(5):
                        before = who.replica.state_vector()
                        text = who.replica.provisions[place]["text"]
                        del text[len(text) - 1 : len(text)]
                        who.send(who.replica.diff(before))
                await turns(10)
            h.held.open.set()
            wanted = {str(one.id): one.text for one in room.tree().provisions}
            assert len(wanted["p0"]) == 9 * 9 - 20

            def same() -> bool:
                for frame in chi.waiting():
                    if frame[:2] == b"\x00\x02":
                        chi.replica.apply(lib0.Reader(frame[2:]).blob())
                return chi.replica.texts() == wanted

            await until(same)

    asyncio.run(scenario())


def test_what_comes_behind_the_part_that_broke_the_room_is_not_looked_at() -> None:
    async def scenario() -> None:
        engine = Brittle(lambda update: b"bom" in update)
        async with house(pace=lambda: 0.02, engine=engine) as h:
            async with h.rooms.open(DRAFT) as room:
                an, binh = Guest(room), Guest(room, "editor1")
                for mark in ("bom" * LARGE, "b" * LARGE, "c" * LARGE):
                    an.send(an.update(mark))
                binh.send(binh.update("vô can"))
                await until(lambda: room.broken)
                assert (an.connection.closing, binh.connection.closing) == (
                    Close.BAD_MESSAGE, Close.TRY_AGAIN,
                )  # fmt: skip
            assert await text(h) == ""

    asyncio.run(scenario())


@pytest.mark.parametrize("company", [False, True])
def test_what_is_sent_once_more_together_with_what_follows_it_stands_once(company: bool) -> None:
    """A client that was cut off sends all it has, in the same turn as what had arrived already."""

    async def scenario() -> None:
        async with house(pace=lambda: 0.02) as h, h.rooms.open(DRAFT) as room:
            an, binh = Guest(room), Guest(room, "editor1")
            beginning = an.replica.state_vector()
            an.send(an.update("một "))
            an.update("hai")
            an.send(an.replica.diff(beginning))
            if company:
                binh.send(binh.update("ba", "p1"))
            document, _ = await room.read()
            assert [p.text for p in document.provisions[:2]] == ["một hai", "ba" if company else ""]
            rows = h.store.journal.read(DRAFT)[1:]
            assert [row.entry.user_id for row in rows] == ["editor0", "editor1"][: 1 + company]
            await turns()
            assert wire.stored(2) in an.waiting()
            again = Guest(room, "reader")
            assert again.replica.texts()["p0"] == "một hai"

    asyncio.run(scenario())


def shown(frames: list[bytes]) -> list[tuple[int, int, Any]]:
    """Who is shown in these frames: client, clock, and where they are."""
    return [
        (entry.client, entry.clock, (entry.state or {}).get("at"))
        for frame in frames
        if frame[0] == wire.AWARENESS
        for entry in decode(lib0.Reader(frame[1:]).blob())
    ]


def test_old_news_of_somebody_changes_nothing_and_whoever_asks_is_shown_the_newest() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, binh = Guest(room), Guest(room, "editor1")
            binh.waiting()
            for clock, at in ((5, "p5"), (4, "p4")):
                state = lib0.uint(7) + lib0.uint(clock) + lib0.string(f'{{"at":"{at}"}}')
                room.receive(an.connection, wire.awareness(lib0.uint(1) + state))
            assert shown(binh.waiting()) == [(7, 5, "p5")]
            room.receive(binh.connection, bytes((wire.QUERY_AWARENESS,)))
            assert shown(binh.waiting()) == [(7, 5, "p5")]
            # One's own presence is nothing to be told of.
            an.waiting()
            room.receive(an.connection, bytes((wire.QUERY_AWARENESS,)))
            assert shown(an.waiting()) == []

    asyncio.run(scenario())


def test_the_service_changes_nothing_while_the_queue_of_the_journal_is_full() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            limits = h.writer.limits
            h.writer.limits = replace(limits, entries=0)
            with pytest.raises(StoreUnavailable):
                await h.rooms.restore(DRAFT, reads("mới"), UserId("lead"))
            assert (room.tree().provisions[0].text, room.broken) == ("", False)
            h.writer.limits = limits
            assert await h.rooms.restore(DRAFT, reads("mới"), UserId("lead")) == 2
            assert room.tree().provisions[0].text == "mới"

    asyncio.run(scenario())


def test_a_change_of_the_service_on_which_the_library_fails_is_not_made_and_all_come_again() -> None:
    async def scenario() -> None:
        async with house(engine=Brittle(lambda update: b"bom" in update)) as h:
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                with pytest.raises(StoreUnavailable):
                    await h.rooms.restore(DRAFT, reads("bom"), UserId("lead"))
                assert an.connection.closing is Close.TRY_AGAIN
            assert await text(h) == ""
            assert h.store.journal.end(DRAFT) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("fails", [False, True])
def test_one_who_waits_no_longer_for_a_change_of_the_service_disturbs_nobody(fails: bool) -> None:
    async def scenario() -> None:
        troubles: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, told: troubles.append(told))
        async with house(patience=0.0) as h:
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                h.held.open.clear()
                waiting = asyncio.create_task(h.rooms.restore(DRAFT, reads("mới"), UserId("lead")))
                await until(lambda: h.writer.waiting[0])
                an.send(an.update("sau", "p1"))
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
                h.held.away = fails
                h.held.open.set()
                if fails:
                    await until(lambda: an.connection.closing is Close.TRY_AGAIN)
                else:
                    await until(lambda: wire.stored(1) in an.waiting())
            h.held.away = False
            await until(lambda: h.writer.waiting == (0, 0))
            assert await text(h) == ("" if fails else "mới")
            assert troubles == []

    asyncio.run(scenario())
