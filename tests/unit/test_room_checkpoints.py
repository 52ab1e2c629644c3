"""When an open room is checkpointed, and what that leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

import pytest

from duthao.collab import rooms as rooms_module
from duthao.collab.past import sealed
from duthao.collab.replica import PycrdtEngine
from duthao.domain.document import DocumentId
from duthao.store.ports import (
    Checkpoint,
    Seq,
)
from tests.support.collab_client import until
from tests.support.house import Guest, House, house
from tests.support.server_process import DRAFT


def test_a_closed_room_leaves_a_checkpoint_that_opens_again_the_same() -> None:
    async def scenario() -> None:
        async with house(checkpoint_after=3) as h:
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                for n in range(6):
                    an.send(an.update(f"{n} "))
                await room.read()
            while h.rooms._entries:
                await asyncio.sleep(0.005)
            checkpoint = h.store.journal.checkpoint(DRAFT)
            assert checkpoint is not None
            assert checkpoint.seq == 7
            async with h.rooms.open(DRAFT) as again:
                assert (again.tree(), again.seq) == (room.tree(), 7)

    asyncio.run(scenario())


async def until_checkpoint(h: House, seq: int) -> None:
    await until(lambda: getattr(h.store.journal.checkpoint(DRAFT), "seq", 0) == seq)


def test_an_open_room_is_checkpointed_after_a_pause_and_one_checkpoint_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms_module, "KEPT_EVERY", 8)
    busy = [0.0]

    async def scenario() -> None:
        async with house(checkpoint_after=3, pace=lambda: busy[0]) as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            for end in (5, 8, 15):
                busy[0] = 0.01  # a commit that takes long is no pause
                while (await room.read())[1] < end:
                    an.send(an.update("x"))
                    await room.read()
                busy[0] = 0.0
                await until_checkpoint(h, end)
            # 8 and 15 are of the same eight rows, so 8 gave way; 5 is the last of its own.
            assert getattr(h.store.journal.checkpoint(DRAFT, Seq(14)), "seq", None) == 5
            assert (await h.rooms.read_at(DRAFT, Seq(15))) == room.tree()

    asyncio.run(scenario())


def test_a_room_in_which_nobody_pauses_is_checkpointed_too() -> None:
    async def scenario() -> None:
        # After a pause it would take a thousand rows: on a busy machine a commit may look like one.
        async with house(checkpoint_after=1000, at_most=20) as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            async with asyncio.timeout(30):
                while h.store.journal.checkpoint(DRAFT) is None:
                    an.send(an.update("x"))
                    await room.read()
                    await asyncio.sleep(0.001)
            checkpoint = h.store.journal.checkpoint(DRAFT)
            assert checkpoint is not None
            assert checkpoint.seq >= 20

    asyncio.run(scenario())


def test_while_the_loop_is_busy_a_pause_is_no_reason_for_a_checkpoint_but_many_rows_are() -> None:
    busy = [0.01]

    async def scenario() -> None:
        async with (
            house(checkpoint_after=3, at_most=20, pace=lambda: busy[0]) as h,
            h.rooms.open(DRAFT) as room,
        ):
            an = Guest(room)
            for end in range(2, 12):
                an.send(an.update("x"))
                while (await room.read())[1] < end:
                    await asyncio.sleep(0.001)
            await asyncio.sleep(0.1)
            assert h.store.journal.checkpoint(DRAFT) is None
            for end in range(12, 24):
                an.send(an.update("x"))
                while (await room.read())[1] < end:
                    await asyncio.sleep(0.001)
            async with asyncio.timeout(30):
                while h.store.journal.checkpoint(DRAFT) is None:
                    await asyncio.sleep(0.005)
            busy[0] = 0.0
            for _ in range(4):
                an.send(an.update("y"))
            end = (await room.read())[1]
            await until_checkpoint(h, end)

    asyncio.run(scenario())


def test_a_checkpoint_that_cannot_be_made_is_named_and_the_room_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(work: object, /, *given: object) -> bytes | None:
        raise BrokenProcessPool

    async def scenario() -> None:
        async with house(checkpoint_after=3, aside=broken) as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            for _ in range(4):
                an.send(an.update("x"))
            await room.read()
            while "checkpoint.skipped" not in caplog.text:
                await asyncio.sleep(0.005)
            an.send(an.update("y"))
            assert (await room.read())[0].provisions[0].text == "xxxxy"
            assert h.store.journal.checkpoint(DRAFT) is None

    asyncio.run(scenario())


def test_a_damaged_checkpoint_is_passed_over() -> None:
    async def scenario() -> None:
        async with house() as h:
            h.store.journal.save_checkpoint(Checkpoint(DRAFT, Seq(1), b"\x00\x00", "00" * 32))
            document, seq = await h.rooms.read(DRAFT)
            assert (len(document.provisions), seq) == (10, 1)

    asyncio.run(scenario())


@pytest.mark.parametrize(("theirs", "ours"), [(9, None), (8, None), (4, 9)])
def test_where_another_process_has_left_a_checkpoint_only_the_rows_behind_it_count(
    theirs: int, ours: int | None
) -> None:
    """Its checkpoint of all rows was met with at every look anew, all of the document read each time."""
    busy, looks, fetched = [0.01], [0], list[DocumentId]()

    def pace() -> float:
        looks[0] += 1
        return busy[0]

    async def scenario() -> None:
        async with house(checkpoint_after=3, pace=pace) as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            while (await room.read())[1] < 9:
                an.send(an.update("x"))
            state, _, _ = await h.rooms.state_at(DRAFT, Seq(theirs))
            h.store.journal.save_checkpoint(sealed(DRAFT, Seq(theirs), state))
            checkpoint = h.store.journal.checkpoint

            def counted(document_id: DocumentId, upto: Seq | None = None) -> Checkpoint | None:
                fetched.append(document_id)
                return checkpoint(document_id, upto)

            h.store.journal.checkpoint = counted  # type: ignore[method-assign]
            busy[0] = 0.0
            await until(lambda: fetched)
            seen = looks[0]
            await until(lambda: looks[0] > seen + 20)
            assert fetched == [DRAFT]
            last = checkpoint(DRAFT, None)
            assert last is not None
            assert last.seq == (ours or theirs)

    asyncio.run(scenario())


def test_a_state_that_does_not_read_the_same_is_no_checkpoint(caplog: pytest.LogCaptureFixture) -> None:
    class Differing(PycrdtEngine):
        def folded(self, checkpoint: bytes | None, rows: Sequence[bytes]) -> None:
            return None

    async def scenario() -> None:
        async with house(checkpoint_after=3, engine=Differing()) as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            for _ in range(4):
                an.send(an.update("x"))
            await until(lambda: "checkpoint.differs document=draft" in caplog.text)
            assert h.store.journal.checkpoint(DRAFT) is None
            assert (await room.read())[0].provisions[0].text == "xxxx"

    asyncio.run(scenario())
