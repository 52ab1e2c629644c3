"""A process beside the server, for work that would stop the loop: made when needed, ended when idle."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

T = TypeVar("T")
BEHIND = 10
"""How much nicer than the server: what is done aside waits for those who write, never they for it."""


def end_with_parent() -> None:
    """For a pool's process, at its start: it ends when the one that made it is gone.

    A parent that is killed tells its pool nothing: the process would wait for work for ever, since it holds
    the other end of the pipe itself.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _give_way() -> None:
    end_with_parent()
    if hasattr(os, "nice"):  # Windows knows no such thing
        os.nice(BEHIND)


class AsideProcess:
    """`await aside(function, *given)`: both must pickle. Not for many calls at once: one at a time.

    A process that dies fails what it was doing (BrokenProcessPool) and is made anew for the next.
    """

    def __init__(self, idle: float = 60.0) -> None:
        self._idle = idle
        self._pool: ProcessPoolExecutor | None = None
        self._ending: asyncio.TimerHandle | None = None

    async def __call__(self, work: Callable[..., T], /, *given: object) -> T:
        self._keep()
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _give_way)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, work, *given)
        except BrokenProcessPool:
            self.close()
            raise
        finally:
            self._keep()
            self._ending = loop.call_later(self._idle, self.close)

    def _keep(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def close(self) -> None:
        """End the process; what it does now is let go."""
        self._keep()
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
