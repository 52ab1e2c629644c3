"""A house served in this process, for a browser: its clock is in the test's hand, and its rooms."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import uvicorn

from duthao import bootstrap
from duthao.bootstrap import House, build_app
from duthao.settings import Settings
from duthao.store.ports import EpochMillis
from duthao.web.uvicorn_protocol import server_config
from tests.support.live_server import free_port

T = TypeVar("T")
DAY = 24 * 3600 * 1000


@dataclass
class Clock:
    """The time of day, and as much later as the test says."""

    later: int = 0

    def __call__(self) -> EpochMillis:
        return EpochMillis(time.time_ns() // 1_000_000 + self.later)


class AtHand:
    """`address` answers once this is there."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings, self.clock = settings, clock
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._app = build_app(settings)
        self.house: House = self._app.state.house
        self._server = uvicorn.Server(server_config(self._app, "127.0.0.1", self.port))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve()

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server ended"
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives, in the loop of the server."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


@contextmanager
def at_hand(settings: Settings) -> Iterator[AtHand]:
    """This house served, until the end."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "now", clock)
        served = AtHand(settings, clock)
    served.start()
    try:
        yield served
    finally:
        served.stop()
