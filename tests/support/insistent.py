"""People who type and take back, whatever happens to their connection, as our browser code does."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import websockets

from duthao.collab.close import Close
from tests.support.collab_client import LETTER, Typist, until

MARK = re.compile(r"<[^<>]*>")
LETTERS = re.compile(f"(<[^<>]*>)({LETTER}+)")
STOPS = frozenset({Close.BAD_MESSAGE, Close.SIGNED_OUT, Close.NO_ACCESS, Close.NO_SUCH_DOCUMENT})


class Insistent(Typist):
    """A typist who reconnects. `silence`: seconds without an answer after which the line is dead.

    `elsewhere`: addresses of which each connection takes one. `restless`: the share of deeds after which
    this one goes, without waiting for what is unanswered.
    """

    def __init__(
        self, address: str, user: str, chance: random.Random, silence: float = 5.0,
        elsewhere: Sequence[str] = (), restless: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__(address, user)
        self.silence, self.typed, self.connections = silence, 0, 0
        self.elsewhere, self.restless = elsewhere, restless
        self.codes: Counter[int | None] = Counter()
        self._chance = chance

    def where(self) -> str:
        """The provision of the next mark."""
        return f"p{self._chance.randrange(3)}"

    async def deed(self) -> None:
        """A new mark, often with letters behind it; or one such letter is taken back."""
        if self.to_take_back and self._chance.random() < 0.6:
            await self.take_back()
            return
        self.typed += 1
        letters = self._chance.choice((0, 0, 1, 3))
        await self.type(self.where(), f"<{self.user}.{self.typed}>", letters=letters)

    async def live(
        self, marks: int | asyncio.Event, pause: float, leave: asyncio.Event | None = None
    ) -> None:
        """Type so many marks, or until the event is set, and stay until all of it is stored.

        `pause`: seconds between two deeds, on average. `leave`: who has done all of it stays until it is
        set. Ends early only when the server says stop.
        """

        def done() -> bool:
            return self._nothing_left(marks) and (leave is None or leave.is_set())

        while not done():
            self.code = None
            if self.elsewhere:
                self.address = self._chance.choice(self.elsewhere)
            with contextlib.suppress(OSError, EOFError, TimeoutError, websockets.WebSocketException):
                async with asyncio.timeout(self.silence):
                    await self.__aenter__()
                self.connections += 1
                await self._stay(marks, pause, done)
            self.abort()
            self.codes[self.code] += 1
            if self.code in STOPS:
                return
            if not done():
                await asyncio.sleep(self._chance.uniform(0.02, 0.2))

    def _enough(self, marks: int | asyncio.Event) -> bool:
        return marks.is_set() if isinstance(marks, asyncio.Event) else self.typed >= marks

    def _nothing_left(self, marks: int | asyncio.Event) -> bool:
        return self._enough(marks) and not self.to_take_back and not self.unacknowledged

    async def _stay(self, marks: int | asyncio.Event, pause: float, done: Callable[[], bool]) -> None:
        await until(lambda: self.synced.is_set() or self.code is not None, self.silence)
        stored, heard = self.stored, time.monotonic()
        while self.code is None and not done():
            if not self._enough(marks):
                await self.deed()
            elif self.to_take_back:
                await self.take_back()
            if self.stored != stored or not self.unacknowledged:
                stored, heard = self.stored, time.monotonic()
            elif time.monotonic() - heard > self.silence:
                return
            await asyncio.sleep(self._chance.uniform(0, 2 * pause))
            if self.restless and not self._enough(marks) and self._chance.random() < self.restless:
                return

    def abort(self) -> None:
        """Gone without a word: a close would wait for an answer that does not come."""
        if self._socket is not None:
            self._socket.transport.abort()
        if self._task is not None:
            self._task.cancel()
        self.synced.clear()


async def witness(address: str, cookie: str = "") -> dict[str, str]:
    """What a newcomer, who has nothing, is shown."""
    newcomer = Typist(address, "lead", cookie)
    async with newcomer:
        await newcomer.synced.wait()
    return newcomer.replica.texts()


async def astray(
    people: Iterable[Typist], address: str, seconds: float = 30.0, cookie: str = ""
) -> list[str]:
    """Who, still connected and with all of it done, reads something else than a newcomer.

    To be asked before anybody connects anew: that mends a copy which lacks something it was never sent.
    `seconds`: in which all must be connected and done, else TimeoutError; and in which they must agree.
    """
    people = list(people)
    await until(lambda: all(map(_at_rest, people)), seconds)
    found = await witness(address, cookie)
    with contextlib.suppress(TimeoutError):
        await until(lambda: all(one.replica.texts() == found for one in people), seconds)
    return [one.user for one in people if one.replica.texts() != found]


def _at_rest(one: Typist) -> bool:
    here = one.synced.is_set() and one.code is None
    return here and not one.unacknowledged and not one.to_take_back


async def agree(people: Iterable[Typist], address: str, seconds: float = 30.0) -> dict[str, str]:
    """Everybody connected anew reads the same in the end; what they read. Raises TimeoutError."""
    people = list(people)
    async with contextlib.AsyncExitStack() as stack:
        for typist in people:
            await stack.enter_async_context(typist)
        await until(lambda: all(t.synced.is_set() and not t.unacknowledged for t in people), seconds)
        found = await witness(address)
        await until(lambda: all(t.replica.texts() == found for t in people), seconds)
    return found


def counted(texts: dict[str, str]) -> Counter[str]:
    """How often each mark stands in the text."""
    return Counter(MARK.findall("".join(texts.values())))


def standing(texts: dict[str, str]) -> set[str]:
    """Every mark in the text with each number of its letters: what of `Typist.gone` is not gone."""
    runs = LETTERS.findall("".join(texts.values()))
    return {mark + LETTER * count for mark, letters in runs for count in range(1, len(letters) + 1)}


def wrong(people: Iterable[Typist], texts: dict[str, str]) -> dict[str, int]:
    """Acknowledged marks that do not stand in the text exactly once, marks that stand twice, and letters
    that stand though it was acknowledged that they were taken back."""
    people = list(people)
    times = counted(texts)
    acknowledged = set().union(*(typist.acknowledged for typist in people))
    gone = set().union(*(typist.gone for typist in people))
    found = {mark: times[mark] for mark in acknowledged | set(times) if times[mark] != 1}
    return found | dict.fromkeys(gone & standing(texts), 1)
