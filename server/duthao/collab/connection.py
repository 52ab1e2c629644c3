"""One client in a room, and the door through which its messages leave."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

from duthao.collab import wire
from duthao.collab.close import Close
from duthao.collab.session import Session

MAX_OUTBOX = 4 * 2**20
"""Bytes that may wait for one client, a state on its way not counted: over it, it is dropped and
synchronises anew."""


class Parcel:
    """A message for several clients. `packed` is what their outlet made of it, made once for all."""

    __slots__ = ("message", "packed")

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.packed: bytes | None = None


class Outlet(Protocol):
    """A client's side of a transport; nothing here ever waits."""

    def put(self, *parcels: Parcel) -> None: ...
    def waiting(self) -> int:
        """Bytes that the network has not taken yet."""
        ...


class Outbox:
    """The outlet of a client that comes for its messages by itself."""

    def __init__(self) -> None:
        self.messages: deque[bytes] = deque()
        self.closing: Close | None = None
        self._size = 0
        self._ready = asyncio.Event()

    def put(self, *parcels: Parcel) -> None:
        for parcel in parcels:
            self.messages.append(parcel.message)
            self._size += len(parcel.message)
        self._ready.set()

    def waiting(self) -> int:
        return self._size

    def close(self, code: Close) -> None:
        """What waits goes before the close, but not to one who did not come for it."""
        self.closing = code
        if code is Close.TOO_SLOW:
            self.clear()
        self._ready.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self.messages and self.closing is None

    async def next(self) -> bytes | Close:
        """The next message to send, or how to close."""
        while not self.messages:
            if self.closing is not None:
                return self.closing
            self._ready.clear()
            await self._ready.wait()
        message = self.messages.popleft()
        self._size -= len(message)
        return message

    def clear(self) -> None:
        self.messages.clear()
        self._size = 0


class Connection:
    """A session and its outlet. `on_close` is told once, with the code; what waits goes first,
    except for a client that does not read."""

    __slots__ = ("__weakref__", "_ahead", "closing", "on_close", "outlet", "session")

    def __init__(self, session: Session, outlet: Outlet) -> None:
        self.session, self.outlet = session, outlet
        self.closing: Close | None = None
        self.on_close: Callable[[Close], None] = lambda _code: None
        self._ahead = 0  # no more of what waits belongs to a state on its way

    def send(self, *parcels: Parcel) -> None:
        if self.closing is not None:
            return
        waiting = self.outlet.waiting()
        self._ahead = min(self._ahead, waiting)
        if waiting and waiting + sum(len(p.message) for p in parcels) > MAX_OUTBOX + self._ahead:
            self.close(Close.TOO_SLOW)
        else:
            self.outlet.put(*parcels)

    def send_state(self, parcel: Parcel) -> None:
        """A state, which may be larger than the bound. While it travels others write on: were it
        counted, whoever opens a large document on a thin line would be dropped again and again."""
        if self.closing is not None:
            return
        waiting = self.outlet.waiting()
        if waiting > MAX_OUTBOX:
            self.close(Close.TOO_SLOW)
            return
        self.outlet.put(parcel)
        self._ahead = waiting + len(parcel.message)

    def event(self, event: Mapping[str, object]) -> None:
        if self.session.extras:
            self.send(Parcel(wire.event(event)))

    def close(self, code: Close) -> None:
        if self.closing is None:
            self.closing = code
            self.on_close(code)
