"""An event loop whose clock and whose threads a test holds in its hand: nothing happens by itself."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from duthao.collab.journal import JournalWriter
from duthao.store.ports import Journal, Seq, StoreUnavailable


class _Held(ThreadPoolExecutor):
    """What is given to a thread waits until `one` runs it, here."""

    def __init__(self) -> None:
        super().__init__(1)
        self.waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **more)))
        return future

    def one(self) -> None:
        future, job = self.waiting.popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            found = job()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(found)


class HeldLoop(asyncio.SelectorEventLoop):
    """`pass_time` moves the clock, `work` runs what threads were asked for, `settle` what is ready."""

    def __init__(self) -> None:
        self.now = 1000.0
        super().__init__()
        self.threads = _Held()
        self.set_default_executor(self.threads)
        self.errors: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _loop, context: self.errors.append(context))

    def time(self) -> float:
        return self.now

    def settle(self, turns: int = 12) -> None:
        async def idle() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        self.run_until_complete(idle())
        assert self.errors == []

    def do(self, act: Callable[..., object], *given: object) -> None:
        """Call something that expects to be called by the loop."""

        async def acting() -> None:
            act(*given)

        self.run_until_complete(acting())
        self.settle()

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.settle()

    def work(self) -> None:
        """One thing that a thread was asked for; nothing when there is none."""
        if self.threads.waiting:
            self.threads.one()
        self.settle()


class Desk:
    """A journal writer's thread, in the test's hand: batches wait until they are answered."""

    def __init__(self, writer: JournalWriter, journal: Journal, loop: asyncio.AbstractEventLoop) -> None:
        self.waiting: deque[list[Any]] = deque()
        self._writer, self._journal = writer, journal
        writer._loop, writer._jobs = loop, self  # type: ignore[assignment]

    def put(self, batch: list[Any]) -> None:
        self.waiting.append(batch)

    def answer(self, stored: bool, told: bool) -> None:
        """The oldest batch is stored or not, and its answer comes or is lost; nothing when none waits."""
        if not self.waiting:
            return
        batch = self.waiting.popleft()
        seqs: list[Seq] = []
        if stored:
            seqs = self._journal.append([entry for waiting in batch for entry in waiting.entries])
        self._writer._answered(batch, seqs, None if stored and told else StoreUnavailable("away"))
