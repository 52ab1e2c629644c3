"""Serving until told to stop, and stopping so that nobody loses anything (docs/operate/several.md)."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn

YOUNG, MIDDLE, OLD = 50_000, 20, 50
HAND_OVER = 0.0005


def settle_memory() -> None:
    """What has been made so far lasts as long as the process: the collector need not look at it again.

    Called once, before serving. Python's collector visits everything there is each time
    enough new objects have outlived its younger passes; with 200 documents open that
    stopped the loop for 170 to 340 ms (decision 16). Rooms and connections are let go by
    counting references, so it has little to find; it still runs, seldom.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def settle_threads() -> None:
    """A thread that wants the interpreter has it after half a millisecond instead of five.

    The thread that stores what is typed wants it several times for each commit, and the loop
    after each wait: while a thread draws a page each of these took the whole five (decision 16).
    """
    sys.setswitchinterval(HAND_OVER)


class Server(uvicorn.Server):
    """On the first signal: `drain` at once, then `seconds` of going on, `farewell`, and the end.

    A second signal ends the waiting, a third one (Ctrl+C) everything.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        drain: Callable[[], None],
        farewell: Callable[[], Awaitable[None]],
        seconds: float,
    ) -> None:
        super().__init__(config)
        self._drain, self._farewell, self._seconds = drain, farewell, seconds
        self._signals, self._told_at = 0, 0.0
        self._draining = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._signals += 1
        if self._signals == 1:
            self._told_at = time.monotonic()
            self._captured_signals.append(sig)
        elif self._signals == 2:
            self._seconds = 0.0
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self._signals and not self._draining:
            self._draining = True
            self._drain()
        if self._draining and time.monotonic() - self._told_at >= self._seconds:
            await self._farewell()
            self.should_exit = True
            return True
        return bool(await super().on_tick(counter))
