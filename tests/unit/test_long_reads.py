"""An update that takes long to read holds up its own connection, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from duthao.collab import reading, wire
from duthao.collab.close import Close
from duthao.collab.lib0 import uint
from duthao.collab.reading import Slices, Work
from duthao.collab.room import Room
from duthao.collab.update_reader import LIMITS, STEP, STEP_RANGES, MalformedUpdate, read_update
from duthao.collab.update_reader import reading as read_slowly
from duthao.store.ports import Role
from tests.support.collab_client import entry, until
from tests.support.house import Guest, House, PanicException, house
from tests.support.malformed import deletions
from tests.support.server_process import DRAFT


def many_words(guest: Guest, words: int = 400) -> bytes:
    """What somebody wrote who was away: that many places, a struct each."""
    before = guest.replica.state_vector()
    text = guest.replica.provisions["p1"]["text"]
    for n in range(words):
        text.insert(0, f"[{n}]")
    update = guest.replica.diff(before)
    assert len(update) > reading.AT_ONCE
    return update


class Held(Slices):
    """Every step is a slice of its own, and there are none while it is not `open`."""

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self.open = False

    def _slice(self) -> None:
        if self.open:
            super()._slice()
        else:
            asyncio.get_running_loop().call_later(0.001, self._slice)


@dataclass
class Scene:
    """A room with two in it, whose long updates are not read yet."""

    h: House
    slices: Held
    room: Room
    an: Guest
    binh: Guest


def played(scene: Callable[[Scene], Awaitable[None]]) -> None:
    async def scenario() -> None:
        async with house() as h:
            slices = h.rooms._slices = Held()
            async with h.rooms.open(DRAFT) as room:
                await scene(Scene(h, slices, room, Guest(room), Guest(room, "editor1")))

    asyncio.run(scenario())


async def typed(guest: Guest, mark: str, until_stored: int = 1) -> None:
    guest.send(guest.update(mark))
    told: list[bytes] = []

    def stored() -> bool:
        told.extend(guest.waiting())
        return wire.stored(until_stored) in told

    await until(stored)


def text_of(room: Room, place: int = 0) -> str:
    return room.tree().provisions[place].text


def test_others_type_while_a_long_update_is_read_and_its_sender_s_words_keep_their_order() -> None:
    async def scene(s: Scene) -> None:
        s.an.send(many_words(s.an))
        s.an.send(s.an.update("sau"))
        await typed(s.binh, "giữa")
        assert text_of(s.room) == "giữa"
        assert text_of(s.room, 1) == ""
        s.slices.open = True
        await until(lambda: "sau" in text_of(s.room))
        assert text_of(s.room, 1).startswith("[399][398]")
        await until(lambda: wire.stored(2) in s.an.waiting())
        rows = [row.entry.user_id for row in s.h.store.journal.read(DRAFT)[1:]]
        assert rows == ["editor1", "editor0"]

    played(scene)


def test_a_long_update_that_is_refused_ends_its_connection_and_takes_nothing_behind_it() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, binh = Guest(room), Guest(room, "editor1")
            an.send(an.update("trước"))
            room.receive(
                an.connection,
                wire.update(an.update("cùng")),
                wire.update(many_words(an)[:-1] + b"\x05"),
                wire.update(an.update("sau")),
            )
            await until(lambda: an.connection.closing is not None)
            assert an.connection.closing is Close.BAD_MESSAGE
            await typed(binh, "khác")
            assert text_of(room).replace("khác", "") == "trướccùng"
            assert text_of(room, 1) == ""

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("update", "code"),
    [
        (deletions(LIMITS.deletes + 1), Close.TOO_LARGE),
        (deletions(5_000), Close.RESYNC),
        (b"\xff" * 5_000, Close.BAD_MESSAGE),
    ],
    ids=["over a bound", "deletes what is not there", "no update"],
)
def test_how_a_long_update_is_refused(update: bytes, code: Close) -> None:
    async def scene(s: Scene) -> None:
        s.an.send(update)
        s.slices.open = True
        await until(lambda: s.an.connection.closing is not None)
        assert s.an.connection.closing is code
        assert not s.room._reads._queues

    played(scene)


def test_nothing_is_taken_of_who_was_sent_away_nor_by_a_room_given_up() -> None:
    async def scene(s: Scene) -> None:
        s.an.send(many_words(s.an))
        s.an.connection.close(Close.NO_ACCESS)
        s.binh.send(many_words(s.binh))
        s.room.give_up()
        s.slices.open = True
        await until(lambda: not s.slices._works)
        assert len(s.h.store.journal.read(DRAFT)) == 1

    played(scene)


def test_nothing_is_taken_of_who_may_not_write_any_more_and_they_are_told() -> None:
    async def scene(s: Scene) -> None:
        s.an.send(many_words(s.an))
        s.room.set_role(s.an.connection, Role.READER)
        s.slices.open = True
        await until(lambda: not s.slices._works)
        assert {"type": "refused", "code": "read_only"} in s.an.events()
        await typed(s.binh, "khác")
        assert text_of(s.room, 1) == ""
        # Who may again is asked for all they have.
        s.room.set_role(s.an.connection, Role.EDITOR)
        assert s.an.connection.closing is Close.ACCESS_CHANGED

    played(scene)


def test_of_who_has_left_what_was_sent_is_still_taken() -> None:
    async def scene(s: Scene) -> None:
        s.an.send(many_words(s.an))
        s.room.leave(s.an.connection)
        s.slices.open = True
        await until(lambda: text_of(s.room, 1) != "")

    played(scene)


def test_more_than_may_wait_sends_away_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_WAITING", 10_000)

    async def scene(s: Scene) -> None:
        s.an.send(many_words(s.an))
        for n in range(20):
            s.an.send(s.an.update(f"{n}" * 1_000))
            if s.an.connection.closing is not None:
                break
        assert s.an.connection.closing is Close.RESYNC
        s.slices.open = True
        await typed(s.binh, "khác")

    played(scene)


@pytest.mark.parametrize("fault", [RuntimeError, PanicException])
def test_a_fault_in_the_reading_sends_away_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, binh = Guest(room), Guest(room, "editor1")
            monkeypatch.setattr(room._reads, "_read", lambda _update: _broken(fault))
            an.send(many_words(an))
            await until(lambda: an.connection.closing is Close.TRY_AGAIN)
            await typed(binh, "khác")

    asyncio.run(scenario())


def _broken(fault: type[BaseException]) -> Iterator[None]:
    yield
    raise fault


def test_works_have_their_slices_in_turn_and_one_that_fails_ends_alone() -> None:
    done: list[str] = []

    def work(name: str, steps: int) -> Work:
        for _ in range(steps):
            yield
            done.append(name)

    def failing() -> Work:
        yield
        raise PanicException

    async def scenario() -> None:
        slices = Slices(count().__next__)
        for one in (work("a", 3), failing(), work("b", 2)):
            slices.begin(one)
        assert done == []
        await until(lambda: not slices._works)
        assert done == ["a", "a", "b", "a", "b"]
        slices.begin(work("c", 1))
        await until(lambda: done[-1] == "c")

    asyncio.run(scenario())


def test_a_step_of_a_reading_is_short_whatever_the_update_is_made_of() -> None:
    assert len(list(_steps(deletions(20 * STEP_RANGES)))) == 20
    nothing_of_many = b"\x00" + uint(STEP_RANGES) + b"".join(uint(n) + b"\x00" for n in range(STEP_RANGES))
    assert len(list(_steps(nothing_of_many))) == 4
    values = uint(1) + uint(1) + uint(77) + uint(0) + b"\x28\x01\x0aprovisions\x01x" + uint(10 * STEP)
    assert len(list(_steps(values + b"\x7e" * (10 * STEP) + b"\x00"))) >= 10
    parts = b"\x75" + uint(STEP * 4) + b"\x7e" * (STEP * 4)
    assert len(list(_steps(values + parts * (10 * STEP) + b"\x00"))) == 10 * STEP


def _steps(update: bytes) -> Iterator[None]:
    yield from read_slowly(update)


def test_a_value_has_a_bound_of_parts() -> None:
    head = uint(1) + uint(1) + uint(77) + uint(0) + b"\x28\x01\x0aprovisions\x01x\x01"
    at_most = b"\x75" + uint(LIMITS.parts) + b"\x7e" * LIMITS.parts + b"\x00"
    assert read_update(head + at_most).structs == 1
    deeper = b"\x75\x02\x7e\x75" + uint(LIMITS.parts - 1) + b"\x7e" * (LIMITS.parts - 1) + b"\x00"
    with pytest.raises(MalformedUpdate) as refused:
        read_update(head + deeper)
    assert refused.value.reason == "value"


def test_at_the_first_edit_a_loaded_text_is_looked_through_bit_by_bit_and_edits_go_on() -> None:
    async def scenario() -> None:
        async with house(checkpoint_after=1, at_most=1) as h:
            async with h.rooms.open(DRAFT) as room:
                await typed(Guest(room), "đầu")
                await until(lambda: h.store.journal.checkpoint(DRAFT) is not None)
            await until(lambda: h.rooms.room(DRAFT) is None)
            slices = h.rooms._slices = Held()
            async with h.rooms.open(DRAFT) as room:
                an, binh = Guest(room), Guest(room, "editor1")
                assert not slices._works  # who only reads needs none of it
                await typed(an, "chữ")
                assert len(slices._works) == 1
                before = binh.replica.state_vector()
                binh.replica.provisions["mới"] = entry("mới", "điều mới")
                binh.send(binh.replica.diff(before))
                await until(lambda: "điều mới" in str(room.tree()))
                slices.open = True
                await until(lambda: not slices._works)
                await typed(binh, "sau", 2)
                assert [str(room.tree()).count(word) for word in ("chữ", "sau")] == [1, 1]

    asyncio.run(scenario())
