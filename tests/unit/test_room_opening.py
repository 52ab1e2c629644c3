"""Coming into a room and its closing behind the last one, when something changes in between."""

from __future__ import annotations

import asyncio

import pytest

from duthao.collab.peers import OpenRooms
from duthao.collab.replica import PycrdtEngine, Replica
from duthao.collab.room import Room
from duthao.domain.document import DocumentId
from duthao.store.ports import StoreUnavailable
from tests.support.collab_client import until
from tests.support.house import Beside, Guest, house
from tests.support.server_process import DRAFT


class Meddling(Beside):
    """A neighbour from whom it is heard, so many times, that what was just opened is another history."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times
        self.rooms: OpenRooms | None = None

    def attach(self, rooms: OpenRooms) -> None:
        self.rooms = rooms

    def opened(self, document_id: DocumentId) -> None:
        room = None if self.rooms is None else self.rooms.room(document_id)
        if self.left and room is not None:
            self.left -= 1
            room.give_up()


def test_one_who_comes_while_the_room_is_given_up_is_let_into_the_next() -> None:
    async def scenario() -> None:
        neighbour = Meddling(2)
        async with house(neighbours=neighbour) as h, h.rooms.open(DRAFT) as room:
            assert (room.broken, room.seq, neighbour.left) == (False, 1, 0)

    asyncio.run(scenario())


def test_a_room_that_is_given_up_again_and_again_is_said_to_be_unavailable() -> None:
    async def scenario() -> None:
        async with house(neighbours=Meddling(1000)) as h:
            with pytest.raises(StoreUnavailable, match="again and again"):
                async with h.rooms.open(DRAFT):
                    pass
            assert h.rooms.open_rooms() == []

    asyncio.run(scenario())


def closers() -> list[asyncio.Task[None]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "room-close"]


def test_a_room_given_up_after_the_last_one_left_does_not_take_the_next_one_with_it() -> None:
    async def scenario() -> None:
        async with house(grace=0.05) as h:
            async with h.rooms.open(DRAFT) as room:
                pass
            (closer,) = closers()
            room.give_up()
            async with h.rooms.open(DRAFT) as again:
                assert again is not room
                await closer
                assert (h.rooms.room(DRAFT), again.broken) == (again, False)

    asyncio.run(scenario())


def test_a_load_that_failed_behind_the_last_one_does_not_take_the_next_one_with_it() -> None:
    async def scenario() -> None:
        async with house(grace=0.05) as h:
            slow, settle = asyncio.Event(), h.writer.settle

            async def settles(document_id: DocumentId) -> None:
                await slow.wait()
                await settle(document_id)

            h.writer.settle = settles  # type: ignore[method-assign]
            h.held.away = True

            async def visit() -> Room:
                async with h.rooms.open(DRAFT) as room:
                    return room

            impatient = asyncio.create_task(visit())
            await until(lambda: h.rooms._entries)
            impatient.cancel()
            await asyncio.gather(impatient, return_exceptions=True)
            (closer,) = closers()
            slow.set()
            # Once the load has failed, before the closer looks again.
            await until(lambda: h.rooms._entries[DRAFT].load.done())
            h.held.away = False
            async with h.rooms.open(DRAFT) as room:
                await closer
                assert h.rooms.room(DRAFT) is room

    asyncio.run(scenario())


def test_a_journal_of_which_something_still_waits_is_an_error_and_not_a_part_of_the_document() -> None:
    class Leaning(PycrdtEngine):
        """As if the library kept back some of what it was given."""

        def load(self, checkpoint: bytes | None) -> Replica:
            replica = super().load(checkpoint)
            replica.pending = lambda: True  # type: ignore[method-assign]
            return replica

    async def scenario() -> None:
        async with house(engine=Leaning()) as h:
            with pytest.raises(StoreUnavailable, match="hole"):
                await h.rooms.read(DRAFT)

    asyncio.run(scenario())


def test_what_one_wrote_who_left_at_once_is_there_for_the_next() -> None:
    async def scenario() -> None:
        async with house(grace=0.0) as h:
            h.held.open.clear()
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                an.send(an.update("vội"))
            await until(lambda: not closers())
            h.held.open.set()
            assert (await h.rooms.read(DRAFT))[0].provisions[0].text == "vội"

    asyncio.run(scenario())
