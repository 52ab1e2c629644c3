"""Reading the whole log of who did what and sealing it anew, beside everything else that goes on."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from anyio import to_thread

from duthao.domain.audit import Break, Record, Seal, Why, verify
from duthao.service.house import need_admin
from duthao.service.ports import Tools
from duthao.store.ports import EpochMillis, HouseSetting, Store, StoreUnavailable, User

log = logging.getLogger("duthao.audit")

BATCH: Final = 2_000
BREATH: Final = 20
"""Records between two moments in which the event loop may have the interpreter: a millisecond."""
TOLD_EVERY: Final = 1_000
"""Milliseconds between two notes of how far it is."""
SILENT: Final = 15_000
"""Milliseconds after which a reading that tells nothing has died with its process."""
NAME: Final = "audit_verified"


@dataclass(frozen=True, slots=True)
class State:
    """The chain as it was last read: when, how many records it had, up to where, and where it breaks."""

    at: EpochMillis
    records: int
    end: Seal
    broken: Break | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A reading that goes on: how many records of how many."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last whole reading found, and how far the one of now is; None when there is none."""

    state: State | None
    progress: Progress | None


class Stopped(Exception):
    """The service ends before all was read."""


class Verifying:
    """One reading at a time for the whole house, in a thread of its own. Where it is stands in the store:
    with several processes whichever is asked knows it, and after a restart what was found last."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._thread: threading.Thread | None = None
        self._stopping = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """What is being read is given up when the block ends."""
        self._stopping = False
        try:
            yield
        finally:
            self._stopping = True
            await to_thread.run_sync(self.wait)

    async def begin(self, user: User) -> None:
        """Have all of it read, if nobody does so already. Raises Refusal admin_only; StoreUnavailable."""
        need_admin(user)
        await to_thread.run_sync(self._begin, user)

    async def seen(self) -> Seen:
        """Raises StoreUnavailable."""
        return await to_thread.run_sync(self._seen)

    def wait(self) -> None:
        """Until the reading this process has begun has ended. Blocks."""
        if self._thread is not None:
            self._thread.join()

    def _seen(self) -> Seen:
        setting = self._tools.store.house.get(NAME)
        if setting is None:
            return Seen(None, None)
        seen = _read(setting.value)
        alive = setting.changed_at > self._tools.clock() - SILENT
        return seen if alive else Seen(seen.state, None)

    def _begin(self, user: User) -> None:
        seen = self._seen()
        if seen.progress is None:
            self._put(user, seen.state, Progress(0, 0))
            self._thread = threading.Thread(
                target=self._read, args=(user, seen.state), name="duthao-audit-verify", daemon=True
            )
            self._thread.start()

    def _read(self, user: User, before: State | None) -> None:
        last = self._tools.clock()

        def tell(done: int, of: int) -> None:
            nonlocal last
            time.sleep(0)  # the interpreter is the loop's for a moment
            if self._stopping:
                raise Stopped
            if (now := self._tools.clock()) - last >= TOLD_EVERY:
                last = now
                self._put(user, before, Progress(done, of))

        found = before
        try:
            found = verified(self._tools.store, self._tools.clock(), tell=tell)
        except Stopped:
            log.info("audit.verifying_stopped")
        except StoreUnavailable as error:
            log.warning("audit.verifying_failed error=%s", type(error).__name__)
        with suppress(StoreUnavailable):
            self._put(user, found, None)

    def _put(self, user: User, state: State | None, progress: Progress | None) -> None:
        value = json.dumps(_written(Seen(state, progress)))
        self._tools.store.house.put(HouseSetting(NAME, value, user.id, self._tools.clock()))


def _written(seen: Seen) -> dict[str, Any]:
    state, progress = seen.state, seen.progress
    return {
        "state": None if state is None else {
            "at": state.at, "records": state.records, "seq": state.end.seq, "hash": state.end.hash,
            "broken": None if state.broken is None else [state.broken.seq, state.broken.why.value],
        },
        "progress": None if progress is None else [progress.done, progress.of],
    }  # fmt: skip


def _read(value: str) -> Seen:
    given = json.loads(value)
    state, progress = given["state"], given["progress"]
    broken = None if state is None or state["broken"] is None else state["broken"]
    return Seen(
        None if state is None else State(
            EpochMillis(state["at"]), state["records"], Seal(state["seq"], state["hash"]),
            None if broken is None else Break(broken[0], Why(broken[1])),
        ),
        None if progress is None else Progress(*progress),
    )  # fmt: skip


def in_order(store: Store, front: Seal, end: Seal) -> Iterator[Record]:
    """From the first kept up to `end`, oldest first: what is added meanwhile is not ours. Blocks."""
    at = front.seq
    while found := store.audit.after(at, BATCH):
        for one in found:
            if one.seq > end.seq:
                return
            at = one.seq
            yield one


def verified(
    store: Store, now: EpochMillis, known: Seal | None = None,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> State:  # fmt: skip
    """The whole chain read and sealed anew. `known`: a place written down elsewhere, which must be in it.
    `tell` hears every few records how many were read of how many; what it raises ends the reading. Blocks."""
    front, end = store.audit.bounds()
    count, met = 0, known is None or known == front

    def counted() -> Iterator[Record]:
        nonlocal count, met
        for one in in_order(store, front, end):
            count += 1
            if count % BREATH == 0:
                tell(count, end.seq - front.seq)
            met = met or (known is not None and (one.seq, one.hash) == (known.seq, known.hash))
            yield one

    broken = verify(counted(), front, end)
    # What stands after the known end was put there past the door.
    if broken is None and store.audit.bounds()[1] == end and (added := store.audit.after(end.seq, 1)):
        broken = Break(added[0].seq, Why.END)
    if broken is None and not met and known is not None:
        broken = Break(known.seq, Why.CHANGED)
    return State(now, count, end, broken)
