"""A TCP proxy that is a bad network: it delays, throttles and cuts, by a seeded plan."""

from __future__ import annotations

import asyncio
import random
from types import TracebackType
from typing import Self


class BadNetwork:
    """`async with BadNetwork(port, chance) as network`: connect to `network.port` instead.

    Bytes of a connection come in order or not at all, as TCP has it: it delays every piece
    by up to `delay` seconds and, for each piece with probability `cut`, resets the connection.
    """

    def __init__(self, target: int, chance: random.Random, delay: float = 0.005, cut: float = 0.04) -> None:
        self._target, self._chance, self._delay = target, chance, delay
        self.cut, self.cuts, self.port = cut, 0, 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        far_in, far_out = await asyncio.open_connection("127.0.0.1", self._target)
        ways = [
            asyncio.create_task(self._one_way(near_in, far_out)),
            asyncio.create_task(self._one_way(far_in, near_out)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            near_out.transport.abort()
            far_out.transport.abort()

    async def _one_way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(self._chance.choice((7, 200, 4096))):
            await asyncio.sleep(self._chance.uniform(0, self._delay))
            if self._chance.random() < self.cut:
                self.cuts += 1
                return
            sink.write(piece)
            await sink.drain()
