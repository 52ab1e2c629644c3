"""Reading what other processes have stored of one document, one reading at a time.

A message of the bus, a look at the journal or a gap before our own row only says that there is
something: what it is comes from the journal, from the last row that the replica holds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from duthao.collab.connection import Connection
from duthao.collab.joining import Offered, size_of
from duthao.collab.place import Place
from duthao.domain.document import DocumentId
from duthao.store.ports import JournalRow, Seq, StoreUnavailable

logger = logging.getLogger("duthao.room")

PAGE = 500
SLICE = 50
"""Rows applied before the loop may do something else."""
MAX_PARKED = 2**20
"""Bytes of one connection that may wait for a reading of the journal."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0

ReadRows = Callable[[DocumentId, Seq], Awaitable[Sequence[JournalRow]]]
"""The rows after a place, in order, at most `PAGE`. Raises StoreUnavailable."""


class Follower:
    """Keeps one replica up with the journal. `take` puts rows into it; all by the loop's thread."""

    def __init__(
        self,
        document_id: DocumentId,
        place: Place,
        read: ReadRows,
        take: Callable[[Sequence[JournalRow]], None],
    ) -> None:
        self._id, self._place, self._read, self._take = document_id, place, read, take
        self._task: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._closed = False

    def hear(self, end: Seq) -> None:
        """The journal reaches `end`."""
        if self._place.heard(end):
            self._start()

    async def catch_up(self) -> None:
        """Return when all that was stored before this call is in the replica.

        Raises StoreUnavailable when the store does not answer, or the room is given up.
        """
        if self._closed:
            raise StoreUnavailable("the room was given up")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.add_done_callback(lambda future: future.cancelled() or future.exception())
        self._waiting.append(done)
        self._start()
        await done

    def close(self) -> None:
        """Nothing that is read after this is taken: the reading is cancelled where it waits."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
        self._answer(self._waiting, StoreUnavailable("the room was given up"))
        self._waiting = []

    def _start(self) -> None:
        if self._task is None and not self._closed:
            self._task = asyncio.get_running_loop().create_task(self._follow(), name="room-follow")
            self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled():
            task.exception()  # known to the log already, or the process is ending
        if self._waiting or self._place.is_behind:
            self._start()

    async def _follow(self) -> None:
        pause = FIRST_PAUSE
        while (self._waiting or self._place.is_behind) and not self._closed:
            asked, self._waiting = self._waiting, []
            try:
                while len(rows := await self._read(self._id, self._place.seq)) >= PAGE:
                    await self._take_slowly(rows)
                await self._take_slowly(rows)
            except Exception as error:
                if not isinstance(error, StoreUnavailable):
                    logger.error("room.reading_failed document=%s kind=%s", self._id, type(error).__name__)
                self._answer(asked, StoreUnavailable("the journal cannot be read"))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            except BaseException:
                self._answer(asked, StoreUnavailable("the room was given up"))
                raise
            else:
                self._answer(asked, None)
                pause = FIRST_PAUSE

    async def _take_slowly(self, rows: Sequence[JournalRow]) -> None:
        for at in range(0, len(rows), SLICE):
            self._take(rows[at : at + SLICE])
            if at + SLICE < len(rows):
                await asyncio.sleep(0)

    def _answer(self, asked: list[asyncio.Future[None]], error: StoreUnavailable | None) -> None:
        for done in asked:
            if done.done():
                continue
            if error is None and not self._closed:
                done.set_result(None)
            else:
                done.set_exception(error or StoreUnavailable("the room was given up"))


class Parking:
    """Updates that lean on what the replica lacks, until the journal has been read once more.

    `ready` gets them then: for each connection how many it had offered before, and its updates.
    """

    def __init__(
        self, follower: Follower, ready: Callable[[Mapping[Connection, tuple[int, list[Offered]]]], None]
    ) -> None:
        self._follower, self._ready = follower, ready
        self._parked: dict[Connection, tuple[int, list[Offered]]] = {}
        self._task: asyncio.Task[None] | None = None

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._parked

    def put(self, connection: Connection, count: int, updates: Sequence[Offered]) -> bool:
        """Keep these behind what is kept of this connection. False, and none are, when it is too much."""
        _, parked = self._parked.setdefault(connection, (count, []))
        parked.extend(updates)
        if size_of(parked) > MAX_PARKED:
            del self._parked[connection]
            return False
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._wait(), name="room-parking")
        return True

    def close(self) -> None:
        self._parked = {}
        if self._task is not None:
            self._task.cancel()

    async def _wait(self) -> None:
        try:
            await self._follower.catch_up()
        except StoreUnavailable:
            pass  # judged by what is here
        finally:
            self._task = None
        parked, self._parked = self._parked, {}
        self._ready(parked)
