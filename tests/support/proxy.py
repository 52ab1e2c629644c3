"""TCP proxies that are bad networks: they delay, throttle, cut, fall silent and refuse."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


class Proxy:
    """`async with Proxy(port) as proxy`: connect to `proxy.port`, and be carried to `port` faithfully.

    Bytes of a connection come in order or not at all, as TCP has it.
    """

    def __init__(self, target: int, host: str = "127.0.0.1") -> None:
        self._target, self._host, self.port = target, host, 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._deaf()
        await self._cut_all()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _deaf(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _cut_all(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        try:
            far_in, far_out = await asyncio.open_connection(self._host, self._target)
        except OSError:
            near_out.transport.abort()
            return
        ways = [asyncio.create_task(way) for way in self._ways(near_in, far_out, far_in, near_out)]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            near_out.transport.abort()
            far_out.transport.abort()

    def _ways(
        self, near_in: asyncio.StreamReader, far_out: asyncio.StreamWriter,
        far_in: asyncio.StreamReader, near_out: asyncio.StreamWriter,
    ) -> tuple[Coroutine[Any, Any, None], Coroutine[Any, Any, None]]:  # fmt: skip
        """One connection's two ways; when one ends, both are cut."""
        return self._one_way(near_in, far_out), self._one_way(far_in, near_out)

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()


class Switch(Proxy):
    """A line that can be taken away: `refuse` resets what stands and refuses what comes, `stall` lets
    everything stand still, `back` ends both."""

    def __init__(self, target: int, host: str = "127.0.0.1") -> None:
        super().__init__(target, host)
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def refuse(self) -> None:
        self._deaf()
        await self._cut_all()

    async def stall(self) -> None:
        self._flowing.clear()

    async def back(self) -> None:
        self._flowing.set()
        if self._server is None:
            await self._listen()

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(65536):
            await self._flowing.wait()
            sink.write(piece)
            await sink.drain()


class BadNetwork(Proxy):
    """Delays every piece by up to `delay` seconds and, for each piece with probability `cut`, resets
    the connection."""

    def __init__(self, target: int, chance: random.Random, delay: float = 0.005, cut: float = 0.04) -> None:
        super().__init__(target)
        self._chance, self._delay = chance, delay
        self.cut, self.cuts = cut, 0

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(self._chance.choice((7, 200, 4096))):
            await asyncio.sleep(self._chance.uniform(0, self._delay))
            if self._chance.random() < self.cut:
                self.cuts += 1
                return
            sink.write(piece)
            await sink.drain()


@dataclass(frozen=True)
class Weather:
    """How one connection fares. Seconds, bytes, bytes a second; `after`: bytes until `end` happens.

    `end`: "reset"; "silent": what comes is swallowed, and nobody is told; "none".
    """

    delay: float = 0.0
    throttle: float = float("inf")
    after: int = 0
    end: str = "none"


def weather(chance: random.Random) -> Weather:
    """A connection's weather, of every kind."""
    kind = chance.choice(("calm", "delay", "throttle", "reset", "silent", "all"))
    every = kind == "all"
    return Weather(
        delay=chance.choice((0.002, 0.01, 0.04)) if every or kind == "delay" else 0.0,
        throttle=chance.choice((3_000.0, 20_000.0)) if every or kind == "throttle" else float("inf"),
        # The handshake takes some 300 bytes each way: some die in it, some after the first letters.
        after=int(chance.expovariate(1 / 900)) + 1,
        end=chance.choice(("reset", "silent")) if every else kind if kind in ("reset", "silent") else "none",
    )


class Storm(Proxy):
    """A network on which every connection has a weather of its own, until `calm` is set."""

    def __init__(self, target: int, chance: random.Random) -> None:
        super().__init__(target)
        self._chance = chance
        self.calm = False
        self.seen: Counter[str] = Counter()

    def _ways(
        self, near_in: asyncio.StreamReader, far_out: asyncio.StreamWriter,
        far_in: asyncio.StreamReader, near_out: asyncio.StreamWriter,
    ) -> tuple[Coroutine[Any, Any, None], Coroutine[Any, Any, None]]:  # fmt: skip
        fares = Weather() if self.calm else weather(self._chance)
        self.seen[fares.end] += 1
        self.seen["delay"] += fares.delay > 0
        self.seen["throttle"] += fares.throttle < float("inf")
        left = [fares.after]
        return self._fare(near_in, far_out, fares, left), self._fare(far_in, near_out, fares, left)

    async def _fare(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, fares: Weather, left: list[int]
    ) -> None:
        while piece := await source.read(self._chance.choice((7, 200, 4096))):
            if fares.delay:
                await asyncio.sleep(self._chance.uniform(0, fares.delay))
            if fares.throttle < float("inf"):
                await asyncio.sleep(len(piece) / fares.throttle)
            left[0] -= len(piece)
            if left[0] <= 0 and fares.end == "reset":
                return
            if left[0] <= 0 and fares.end == "silent":
                continue
            sink.write(piece)
            await sink.drain()
