"""uvicorn's HTTP protocol, which ends connections that never say what they want.

Measured on the stock one: a connection that sends half a request, or nothing, stays for ever and
holds a file and up to 64 KiB; some thousands of them leave no file for the database.
"""

from __future__ import annotations

import asyncio
from asyncio.transports import Transport

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
MAX_HEAD = 32 * 1024
"""Bytes of a request's head: cookies and, over requests, a state vector."""


class SafeHttpProtocol(H11Protocol):
    """A request's head has to be complete `head_seconds` after the connection, or the request, began.

    Over uvicorn's `limit_concurrency` a new connection is ended at once, whatever it would ask for.
    """

    head_seconds = HEAD_SECONDS
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency:
            transport.abort()
            return
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._expect_head()
        else:
            self._forget()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        # Once for a head, however often a few bytes of it arrive.
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _forget(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
