"""What takes long to read is read in slices, so that nobody waits for another's words to be read.

Somebody who was away for a day hands in thousands of changes at once, and who comes back to an old
document brings all that was ever deleted there: tens of milliseconds in which no letter of a
colleague would be taken in. What this connection sends behind it waits for it; nobody else does.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Final

from duthao.collab.close import Close
from duthao.collab.connection import Connection
from duthao.collab.joining import Offered, Piece
from duthao.collab.update_reader import Reading
from duthao.domain.errors import Refusal

logger = logging.getLogger("duthao.room")

AT_ONCE: Final = 2**11
"""Bytes of an update that are read without more ado: a millisecond at most."""
MAX_WAITING: Final = 4 * 2**20
"""Bytes of one connection that may wait to be read."""
SLICE: Final = 0.001
"""Seconds of reading after which the loop does something else, for as long."""

Work = Generator[None, None, None]


class Slices:
    """Long work on the loop's thread, the works in turn, a slice at a time. What a work raises ends it."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._works: deque[Work] = deque()
        self._under_way = False

    def begin(self, work: Work) -> None:
        """Its first slice now, unless other work is under way; the rest bit by bit."""
        self._works.append(work)
        if not self._under_way:
            self._under_way = True
            self._slice()

    def _slice(self) -> None:
        until = self._clock() + SLICE
        while self._works:
            work = self._works.popleft()
            try:
                next(work)
            except StopIteration:
                continue
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # pycrdt's PanicException is no Exception
                logger.error("slices.failed kind=%s", type(error).__name__)
                continue
            self._works.append(work)
            if self._clock() >= until:
                # Not at once: the thread that stores what others typed needs the interpreter too.
                asyncio.get_running_loop().call_later(SLICE, self._slice)
                return
        self._under_way = False


@dataclass(slots=True)
class _Queue:
    """Updates of one connection, which offered `count` others before them; `size` in bytes."""

    count: int
    updates: deque[bytes] = field(default_factory=deque)
    size: int = 0


class LongReads:
    """What the people of one room have sent that is not read yet.

    `read` reads an update step by step; `take` gets what has been read, in order: for a connection
    how many updates it had offered before, and those.
    """

    def __init__(
        self,
        slices: Slices,
        read: Callable[[bytes], Reading],
        take: Callable[[Connection, int, Sequence[Offered]], None],
    ) -> None:
        self._slices, self._read, self._take = slices, read, take
        self._queues: dict[Connection, _Queue] = {}

    def concern(self, connection: Connection, updates: Sequence[bytes]) -> bool:
        """Whether these have to be read here: one is long, or they stand behind what is."""
        return connection in self._queues or any(len(update) > AT_ONCE for update in updates)

    def put(self, connection: Connection, count: int, updates: Sequence[bytes]) -> None:
        """Read these, which came after `count` others, behind what waits of this connection."""
        queue = self._queues.get(connection)
        is_first = queue is None
        if queue is None:
            queue = self._queues[connection] = _Queue(count)
        queue.updates.extend(updates)
        queue.size += sum(map(len, updates))
        if is_first:
            self._slices.begin(self._work(connection))
        elif queue.size > MAX_WAITING:
            connection.close(Close.RESYNC)

    def close(self) -> None:
        """Nothing that is read after this is taken."""
        self._queues = {}

    def _work(self, connection: Connection) -> Work:
        try:
            while (queue := self._wanted(connection)) is not None and queue.updates:
                yield from self._first(connection, queue)
        except Refusal as refusal:
            connection.close(close_for(refusal))
        except (GeneratorExit, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # pycrdt's PanicException is no Exception
            # It would wait for ever: nothing of it is taken, and it comes again.
            logger.error("room.reading_failed kind=%s", type(error).__name__)
            connection.close(Close.TRY_AGAIN)
        finally:
            left = self._queues.pop(connection, None)
            if left is not None and left.updates and connection.closing is None:
                connection.event({"type": "refused", "code": "read_only"})

    def _first(self, connection: Connection, queue: _Queue) -> Work:
        """Read the first of the queue if it is long, and let the short ones behind it go with it."""
        first: Offered = queue.updates[0]
        if len(queue.updates[0]) > AT_ONCE:
            steps = self._read(queue.updates[0])
            while True:
                try:
                    next(steps)
                except StopIteration as done:
                    first = Piece(done.value, queue.updates[0])
                    break
                yield
                if self._wanted(connection) is None:
                    return
        taken = [first]
        queue.size -= len(queue.updates.popleft())
        while queue.updates and len(queue.updates[0]) <= AT_ONCE:
            taken.append(queue.updates.popleft())
            queue.size -= len(taken[-1])
        count = queue.count
        queue.count += len(taken)
        self._take(connection, count, taken)

    def _wanted(self, connection: Connection) -> _Queue | None:
        """What waits of a connection, unless it is closed, may not write now, or the room is given up."""
        wanted = connection.closing is None and connection.session.may_write
        return self._queues.get(connection) if wanted else None


def close_for(refusal: Refusal) -> Close:
    """How a connection is closed whose update is refused for this."""
    return Close.TOO_LARGE if refusal.code.endswith("too_large") else Close.BAD_MESSAGE
