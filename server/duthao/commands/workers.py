"""`duthao serve --workers N`: so many processes at one address, each begun anew when it ends.

The operating system shares new connections out among them (SO_REUSEPORT). A process that ends
too soon is begun anew after a growing pause; when this one ends, in whatever way, so do they.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO, Final

BRIEF: Final = 5.0
"""Seconds within which an end is too soon."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
LOOK: Final = 0.1
STOP: Final = 15.0
"""Seconds a process has to stop in order, beyond `drain_seconds`."""
REFUSED: Final = 2
"""Exit code of a process that has said what is wrong; to begin it again would not help."""

Start = Callable[[int], "subprocess.Popen[bytes]"]


def start_worker(number: int) -> subprocess.Popen[bytes]:
    """A process that serves with these settings, and ends when our end of its input is closed."""
    command = [sys.executable, "-m", "duthao.cli", "serve", "--worker", str(number)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 (our own program)


def end_with_parent(parent: BinaryIO) -> None:
    """For the process begun: once `parent` (its standard input) is closed, stop in order."""

    def wait() -> None:
        while parent.read(1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


class _Worker:
    def __init__(self, number: int, start: Start, now: float) -> None:
        self.number, self._start = number, start
        self.pause, self.begin_at = FIRST_PAUSE, now
        self.process: subprocess.Popen[bytes] | None = None
        self.begun_at = now

    def begin(self, now: float) -> None:
        self.process, self.begun_at = self._start(self.number), now

    def look(self, now: float) -> int | None:
        """Begin it when it is time. The exit code with which it has just ended."""
        if self.process is None:
            if now >= self.begin_at:
                self.begin(now)
            return None
        code = self.process.poll()
        if code is None:
            return None
        _close(self.process)
        brief = now - self.begun_at < BRIEF
        self.pause = min(2 * self.pause, LONGEST_PAUSE) if brief else FIRST_PAUSE
        self.process, self.begin_at = None, now + (self.pause if brief else 0.0)
        return code


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()


class Supervisor:
    """`Supervisor(4).run()` returns the exit code once all have stopped. `drain` in seconds."""

    def __init__(
        self, count: int, drain: float = 0.0, start: Start = start_worker,
        say: Callable[[int, int], None] = lambda _number, _code: None,
    ) -> None:  # fmt: skip
        self._stop = threading.Event()
        self._patience, self._say = STOP + drain, say
        self.workers = [_Worker(number, start, time.monotonic()) for number in range(count)]

    def stop(self, *_signal: object) -> None:
        self._stop.set()

    def run(self) -> int:
        before = {s: signal.signal(s, self.stop) for s in (signal.SIGTERM, signal.SIGINT)}
        code = 0
        try:
            while not self._stop.wait(LOOK):
                for worker in self.workers:
                    ended = worker.look(time.monotonic())
                    if ended is None:
                        continue
                    self._say(worker.number, ended)
                    if ended == REFUSED:
                        code = REFUSED
                        self.stop()
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)
        return code

    def _end(self) -> None:
        """All are told at once, and those that do not stop are ended."""
        running = [worker.process for worker in self.workers if worker.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + self._patience
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _close(process)
