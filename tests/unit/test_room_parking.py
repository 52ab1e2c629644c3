"""What leans on rows that another process may have stored: parked until the journal has been read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from duthao.collab.close import Close
from duthao.collab.meter import Meter
from duthao.collab.ports import Engine
from duthao.collab.replica import PycrdtEngine
from duthao.collab.room import Room
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import EpochMillis, JournalEntry, JournalRow, Seq
from tests.support.collab_client import PycrdtReplica, until
from tests.support.house import Beside, Brittle, Guest, House, house
from tests.support.server_process import DRAFT


@dataclass
class Shared:
    """A room of a document that others serve too; it hears of them once `reading` is set."""

    h: House
    room: Room
    reading: asyncio.Event

    def elsewhere(self, mark: str, *, stored: bool = True) -> bytes:
        """Somebody at another process writes this at the beginning of p0."""
        replica = PycrdtReplica()
        for row in self.h.store.journal.read(DRAFT):
            replica.apply(row.entry.payload)
        before = replica.state_vector()
        text = replica.provisions["p0"]["text"]
        text += mark
        update = replica.diff(before)
        if stored:
            clients = tuple(PycrdtEngine().read_update(update).clients)
            entry = JournalEntry(DRAFT, EpochMillis(5), UserId("lead"), "c-lead", clients, update)
            self.h.store.journal.append([entry])
        return update

    def users(self) -> list[str]:
        return [row.entry.user_id for row in self.h.store.journal.read(DRAFT)[1:]]

    def text(self) -> str:
        return self.room.tree().provisions[0].text


@asynccontextmanager
async def shared(engine: Engine | None = None, *, apart: bool = False) -> AsyncIterator[Shared]:
    engine = engine or PycrdtEngine()
    async with house() as h:
        reading = asyncio.Event()

        async def read(document_id: DocumentId, after: Seq) -> Sequence[JournalRow]:
            await reading.wait()
            return h.store.journal.read(document_id, after, None, 500)

        replica = engine.load(None)
        replica.apply(h.store.journal.read(DRAFT)[0].entry.payload)
        room = Room(
            DRAFT, "g", replica, Seq(1), {}, engine, h.writer, lambda: EpochMillis(5), apart=apart,
            read_rows=read, neighbours=Beside(), meter=Meter(),
        )  # fmt: skip
        yield Shared(h, room, reading)
        room.give_up()


def leaning(s: Shared, update: bytes, *names: str) -> list[Guest]:
    """People who have come from the other process, each with the update seen there."""
    guests = [Guest(s.room, name) for name in names]
    for guest in guests:
        guest.replica.apply(update)
    return guests


def test_what_leans_on_a_colleagues_words_that_nobody_stored_is_a_hole() -> None:
    async def scenario() -> None:
        async with shared() as s:
            (binh,) = leaning(s, s.elsewhere("mất ", stored=False), "editor1")
            binh.send(binh.update("hai"))
            assert binh.connection.closing is None
            s.reading.set()
            await until(lambda: binh.connection.closing is Close.RESYNC)
            assert (s.text(), s.users()) == ("", [])

    asyncio.run(scenario())


def test_who_is_sent_away_while_their_words_are_parked_is_not_written_and_the_others_are() -> None:
    async def scenario() -> None:
        async with shared() as s:
            an, binh = leaning(s, s.elsewhere("một "), "editor0", "editor1")
            an.send(an.update("của An "))
            binh.send(binh.update("của Bình"))
            an.connection.close(Close.NO_ACCESS)
            s.reading.set()
            await until(lambda: len(s.users()) == 2)
            assert (s.users(), s.text()) == (["lead", "editor1"], "một của Bình")

    asyncio.run(scenario())


def test_where_each_is_taken_by_itself_so_is_what_was_parked() -> None:
    async def scenario() -> None:
        async with shared(apart=True) as s:
            an, binh = leaning(s, s.elsewhere("một "), "editor0", "editor1")
            an.send(an.update("An "))
            binh.send(binh.update("Bình "))
            s.reading.set()
            await until(lambda: len(s.users()) == 3)
            assert s.users() == ["lead", "editor0", "editor1"]
            assert sorted(s.text().split()) == ["An", "Bình", "một"]

    asyncio.run(scenario())


def test_parked_words_that_break_the_room_stop_their_sender_and_the_others_come_again() -> None:
    async def scenario() -> None:
        async with shared(Brittle(lambda update: b"bom" in update), apart=True) as s:
            an, binh = leaning(s, s.elsewhere("một "), "editor0", "editor1")
            an.send(an.update("bom"))
            binh.send(binh.update("hai"))
            s.reading.set()
            await until(lambda: binh.connection.closing is not None)
            assert (an.connection.closing, binh.connection.closing) == (Close.BAD_MESSAGE, Close.TRY_AGAIN)
            assert s.users() == ["lead"]

    asyncio.run(scenario())


def test_no_more_is_parked_of_one_person_than_the_bound() -> None:
    async def scenario() -> None:
        async with shared() as s:
            an, binh = leaning(s, s.elsewhere("một "), "editor0", "editor1")
            an.send(an.update("An"))
            for mark in ("Bình", "x" * 600_000, "y" * 600_000):
                assert binh.connection.closing is None
                binh.send(binh.update(mark))
            assert binh.connection.closing is Close.RESYNC
            s.reading.set()
            await until(lambda: len(s.users()) == 2)
            assert s.text() == "một An"

    asyncio.run(scenario())


def test_while_a_reading_looks_for_its_place_what_arrives_waits_and_is_not_lost() -> None:
    """Others wrote between our rows: were what comes taken in meanwhile, the two would never be one."""

    async def scenario() -> None:
        async with shared() as s:
            an, binh = Guest(s.room), Guest(s.room, "editor1")
            s.elsewhere("khác ")
            an.send(an.update("trước ", "p1"))
            await until(lambda: s.users() == ["lead", "editor0"])
            reading = asyncio.create_task(s.room.read())
            await until(lambda: s.room._held)
            binh.send(binh.update("sau", "p2"))
            s.reading.set()
            document, seq = await reading
            assert ([p.text for p in document.provisions[:3]], seq) == (["khác ", "trước ", ""], 3)
            document, seq = await s.room.read()
            assert ([p.text for p in document.provisions[:3]], seq) == (["khác ", "trước ", "sau"], 4)
            assert binh.connection.closing is None

    asyncio.run(scenario())
