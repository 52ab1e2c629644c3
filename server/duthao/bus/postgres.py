"""PostgreSQL's LISTEN and NOTIFY as the bus, where there is no Redis.

Two connections of its own: NOTIFY waits for no commit of the journal, and no commit for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

PATIENCE: Final = 5
"""Seconds to connect."""


class _Link:
    def __init__(self, sending: AsyncConnection[Any], listening: AsyncConnection[Any], channel: str) -> None:
        self._sending, self._listening, self._channel = sending, listening, channel

    async def send(self, frames: Sequence[bytes]) -> None:
        await self._sending.execute(
            "SELECT pg_notify(%s, frame) FROM unnest(%s::text[]) WITH ORDINALITY AS f(frame, n) ORDER BY n",
            (self._channel, [frame.decode() for frame in frames]),
        )

    async def frames(self) -> AsyncIterator[bytes]:
        async for heard in self._listening.notifies():
            yield heard.payload.encode()


class PostgresBus:
    """`PostgresBus("postgresql://user@host/database", "duthao")`, a libpq address."""

    name = "postgresql"
    largest = 7_999

    def __init__(self, address: str, channel: str) -> None:
        self._address = make_conninfo(
            address, connect_timeout=PATIENCE, application_name="duthao",
            keepalives_idle=10, keepalives_interval=3, keepalives_count=3, tcp_user_timeout=10_000,
        )  # fmt: skip
        self._channel = channel

    @asynccontextmanager
    async def link(self) -> AsyncIterator[_Link]:
        async with await self._connected() as listening, await self._connected() as sending:
            await listening.execute(SQL("LISTEN {}").format(Identifier(self._channel)))
            yield _Link(sending, listening, self._channel)

    async def _connected(self) -> AsyncConnection[Any]:
        return await AsyncConnection.connect(self._address, autocommit=True)
