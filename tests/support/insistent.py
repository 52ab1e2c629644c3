"""People who go on typing whatever happens to their connection, as our browser code does."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import Iterable

import websockets

from duthao.collab.close import Close
from tests.support.collab_client import Typist, until

MARK = re.compile(r"<[^<>]*>")
STOPS = frozenset({Close.BAD_MESSAGE, Close.SIGNED_OUT, Close.NO_ACCESS, Close.NO_SUCH_DOCUMENT})


class Insistent(Typist):
    """A typist who reconnects. `silence`: seconds without an answer after which the line is dead."""

    def __init__(self, address: str, user: str, chance: random.Random, silence: float = 5.0) -> None:
        super().__init__(address, user)
        self.silence, self.typed, self.connections = silence, 0, 0
        self.codes: Counter[int | None] = Counter()
        self._chance = chance

    async def live(self, marks: int | asyncio.Event, pause: float, provisions: int = 3) -> None:
        """Type so many marks, or until the event is set, and stay until all of them are stored.

        `pause`: seconds between two marks, on average. Ends early only when the server says stop.
        """
        while not self._done(marks) or self.unacknowledged:
            self.code = None
            with contextlib.suppress(OSError, EOFError, TimeoutError, websockets.WebSocketException):
                async with asyncio.timeout(self.silence):
                    await self.__aenter__()
                self.connections += 1
                await self._stay(marks, pause, provisions)
            self.abort()
            self.codes[self.code] += 1
            if self.code in STOPS:
                return
            if not self._done(marks) or self.unacknowledged:
                await asyncio.sleep(self._chance.uniform(0.02, 0.2))

    def _done(self, marks: int | asyncio.Event) -> bool:
        return marks.is_set() if isinstance(marks, asyncio.Event) else self.typed >= marks

    async def _stay(self, marks: int | asyncio.Event, pause: float, provisions: int) -> None:
        await until(lambda: self.synced.is_set() or self.code is not None, self.silence)
        stored, heard = self.stored, time.monotonic()
        while self.code is None:
            if not self._done(marks):
                self.typed += 1
                provision = f"p{self._chance.randrange(provisions)}"
                await self.type(provision, f"<{self.user}.{self.typed}>")
            elif not self.unacknowledged:
                return
            if self.stored != stored or not self.unacknowledged:
                stored, heard = self.stored, time.monotonic()
            elif time.monotonic() - heard > self.silence:
                return
            await asyncio.sleep(self._chance.uniform(0, 2 * pause))

    def abort(self) -> None:
        """Gone without a word: a close would wait for an answer that does not come."""
        if self._socket is not None:
            self._socket.transport.abort()
        if self._task is not None:
            self._task.cancel()


async def witness(address: str, user: str = "lead") -> dict[str, str]:
    """What a newcomer, who has nothing, is shown."""
    newcomer = Typist(address, user)
    async with newcomer:
        await newcomer.synced.wait()
    return newcomer.replica.texts()


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


def wrong(people: Iterable[Typist], texts: dict[str, str]) -> dict[str, int]:
    """Acknowledged marks that do not stand in the text exactly once; and marks that stand twice."""
    times = counted(texts)
    acknowledged = set().union(*(typist.acknowledged for typist in people))
    return {mark: times[mark] for mark in acknowledged | set(times) if times[mark] != 1}
