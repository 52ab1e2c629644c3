"""Redis publish/subscribe as the bus: one channel, nothing kept (docs/operate/several.md).

Redis may be restarted, flushed or away: what it carries is told again or found in the journal.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.client import PubSub

PATIENCE: Final = 2.0
"""Seconds to connect, and to have a frame taken."""


class _Link:
    def __init__(self, sending: Redis, listening: PubSub, channel: str) -> None:
        self._sending, self._listening, self._channel = sending, listening, channel

    async def send(self, frames: Sequence[bytes]) -> None:
        async with self._sending.pipeline(transaction=False) as pipeline:
            for frame in frames:
                pipeline.publish(self._channel, frame)
            await pipeline.execute()

    async def frames(self) -> AsyncIterator[bytes]:
        while True:
            # None after a second of silence; a lost connection raises.
            heard = await self._listening.get_message(ignore_subscribe_messages=True, timeout=1.0)
            if heard is not None and isinstance(heard["data"], bytes):
                yield heard["data"]


class RedisBus:
    """`RedisBus("redis://host:6379/0", "duthao")`. Raises ValueError for another kind of address."""

    name = "redis"
    largest = 2**19

    def __init__(self, address: str, channel: str) -> None:
        self._address, self._channel = address, channel
        self._client()

    def _client(self) -> Redis:
        found: Redis = Redis.from_url(
            self._address, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, health_check_interval=0
        )
        return found

    @asynccontextmanager
    async def link(self) -> AsyncIterator[_Link]:
        """Clients of its own each time: the library's own reconnecting would hide what was missed."""
        sending, hearing = self._client(), self._client()
        listening = hearing.pubsub()
        try:
            await listening.subscribe(self._channel)
            yield _Link(sending, listening, self._channel)
        finally:
            await listening.aclose()  # type: ignore[no-untyped-call]
            await hearing.aclose()
            await sending.aclose()
