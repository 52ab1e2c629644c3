"""Questions asked in the same moment are answered by one reading, and by none that began before."""

import asyncio
import threading
from collections.abc import Mapping, Sequence

import pytest

from duthao.service import together as module
from duthao.service.together import Together
from duthao.store.ports import StoreUnavailable


class Shelf:
    """Answers a word with its length; may be held, and may fail."""

    def __init__(self) -> None:
        self.readings: list[tuple[str, ...]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None

    def read(self, words: Sequence[str]) -> Mapping[str, int]:
        self.readings.append(tuple(words))
        assert self.gate.wait(10)
        if self.failure is not None:
            raise self.failure
        return {word: len(word) for word in words if word}

    async def begun(self, count: int) -> None:
        while len(self.readings) < count:
            await asyncio.sleep(0.001)


def test_many_questions_of_one_moment_are_one_reading() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        ask = Together(shelf.read)
        answers = await asyncio.gather(*map(ask, ["a", "bb", "", "a", "ccc"]))
        assert answers == [1, 2, None, 1, 3]
        assert shelf.readings == [("a", "bb", "", "ccc")]
        assert await ask("dd") == 2

    asyncio.run(scenario())


def test_what_is_asked_during_a_reading_is_read_after_it() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        shelf.gate.clear()
        ask = Together(shelf.read)
        first = asyncio.create_task(ask("a"))
        await shelf.begun(1)
        later = [asyncio.create_task(ask("a")), asyncio.create_task(ask("bb"))]
        await asyncio.sleep(0.01)
        assert shelf.readings == [("a",)]
        shelf.gate.set()
        assert await asyncio.gather(first, *later) == [1, 1, 2]
        assert shelf.readings == [("a",), ("a", "bb")]

    asyncio.run(scenario())


def test_a_reading_that_fails_fails_for_all_who_were_in_it_and_for_nobody_else() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        shelf.failure = StoreUnavailable("away")
        ask = Together(shelf.read)
        answers = await asyncio.gather(ask("a"), ask("bb"), return_exceptions=True)
        assert [type(answer) for answer in answers] == [StoreUnavailable, StoreUnavailable]
        shelf.failure = None
        assert await ask("a") == 1

    asyncio.run(scenario())


def test_one_who_no_longer_waits_takes_nothing_from_the_others() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        shelf.gate.clear()
        ask = Together(shelf.read)
        gone, stays = asyncio.create_task(ask("a")), asyncio.create_task(ask("a"))
        await shelf.begun(1)
        gone.cancel()
        shelf.gate.set()
        assert await stays == 1
        with pytest.raises(asyncio.CancelledError):
            await gone

    asyncio.run(scenario())


def test_a_reading_takes_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)

    async def scenario() -> None:
        shelf = Shelf()
        assert await asyncio.gather(*map(Together(shelf.read), ["a", "b", "c", "d", "e"])) == [1] * 5
        assert [len(words) for words in shelf.readings] == [2, 2, 1]

    asyncio.run(scenario())


def test_who_waits_when_the_loop_ends_is_let_go() -> None:
    async def scenario() -> None:
        shelf = Shelf()
        shelf.gate.clear()
        ask = Together(shelf.read)
        asking = asyncio.create_task(ask("a"))
        await shelf.begun(1)
        assert ask._reading is not None
        ask._reading.cancel()
        shelf.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await ask("bb") == 2

    asyncio.run(scenario())


def test_the_first_of_a_crowd_go_on_while_the_others_wait() -> None:
    async def scenario() -> None:
        shelf, turns = Shelf(), 0
        ask = Together(shelf.read)

        async def turning() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async def come(word: str) -> int:
            await ask(word)
            return turns

        counting = asyncio.create_task(turning())
        went_on = await asyncio.gather(*(come(f"{n:03}") for n in range(2 * module.MOST)))
        counting.cancel()
        assert [len(words) for words in shelf.readings] == [module.MOST, module.MOST]
        assert len(set(went_on)) == 2 * module.MOST // module.AT_ONCE

    asyncio.run(scenario())
