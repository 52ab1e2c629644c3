"""How records reach the log: a thread of its own, woken by the first that waits, gone when none is left.

The event loop never waits for a disk. What may be told a moment later is gathered for `PAUSE` seconds and
stored as one; what must stand before an answer goes out brings the rest along at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from duthao.domain.audit import Record
from duthao.store.ports import StoreUnavailable

log = logging.getLogger("duthao.audit")

PAUSE: Final = 1.0
AT_ONCE: Final = 1_000
MOST: Final = 20_000
"""Records waiting before those who read wait for theirs too, and are refused while none can be stored."""
LAST_TRIES: Final = 3

_Waiting = tuple[Record, "Future[None] | None", bool]


class Recorder:
    """`append` blocks, seals and stores; it raises StoreUnavailable when it cannot."""

    def __init__(self, append: Callable[[Sequence[Record]], object], pause: float = PAUSE) -> None:
        self._append, self._pause = append, pause
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._thread: threading.Thread | None = None
        self._hurry = self._closing = False

    def note(self, record: Record) -> None:
        """Stored within a second or two; tried again while it cannot be."""
        self._put(record, None, True)

    def record(self, record: Record, *, keep: bool) -> Future[None]:
        """Done once it is stored. `keep`: what it tells has happened, so it is tried again after the future
        has failed; else it is forgotten then."""
        future: Future[None] = Future()
        self._put(record, future, keep)
        return future

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= MOST

    def flush(self) -> Future[None]:
        """Done once all that waits now is stored."""
        future: Future[None] = Future()
        with self._changed:
            if not self._waiting and self._thread is None:
                future.set_result(None)
                return future
            self._waiting.append((_NOTHING, future, False))
            self._wake(True)
        return future

    def close(self) -> None:
        """Everything is stored, or the log of the process says how many records were not."""
        with self._changed:
            self._closing = True
            thread = self._thread
            self._changed.notify_all()
        if thread is not None:
            thread.join(10 * self._pause)
        with self._changed:
            # Open again: a service may be begun anew in one process.
            self._closing = False

    def _put(self, record: Record, future: Future[None] | None, keep: bool) -> None:
        with self._changed:
            self._waiting.append((record, future, keep))
            self._wake(future is not None)

    def _wake(self, hurry: bool) -> None:
        self._hurry = self._hurry or hurry
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="duthao-audit", daemon=True)
            self._thread.start()
        elif hurry:
            self._changed.notify_all()

    def _run(self) -> None:
        failed = 0
        while True:
            with self._changed:
                if failed or not self._hurry:
                    self._changed.wait_for(lambda: self._hurry or self._closing, self._pause)
                batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
                self._hurry = any(future is not None for _, future, _ in self._waiting)
                if not batch:
                    self._thread = None
                    return
            error = self._stored([record for record, _, _ in batch if record is not _NOTHING])
            if error is None:
                failed = 0
            else:
                failed += 1
                log.error("audit.unstored records=%d error=%s", len(batch), type(error).__name__)
                again: list[_Waiting] = [(record, None, True) for record, _, keep in batch if keep]
                with self._changed:
                    if self._closing and failed >= LAST_TRIES:
                        log.critical("audit.lost records=%d", len(again))
                    else:
                        self._waiting[:0] = again
            for _, future, _ in batch:
                if future is not None and error is not None:
                    future.set_exception(error)
                elif future is not None:
                    future.set_result(None)

    def _stored(self, records: Sequence[Record]) -> Exception | None:
        try:
            if records:
                self._append(records)
        except StoreUnavailable as error:
            return error
        except Exception as error:
            if len(records) > 1:
                # One that no store takes must not keep the others from being stored.
                return next(filter(None, [self._stored([one]) for one in records]), None)
            log.critical("audit.lost records=1 what=%s error=%s", records[0].what, type(error).__name__)
        return None


_NOTHING = Record(0, "", "", None, "")  # type: ignore[arg-type]  # a place in the row, never stored
