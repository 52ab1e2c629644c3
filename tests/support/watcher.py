"""A client that also sees who is at the document."""

from __future__ import annotations

from functools import cached_property

from duthao.collab import lib0, wire
from duthao.collab.awareness import decode
from tests.support.collab_client import Typist


class Watcher(Typist):
    """`seen`: the user of each awareness client shown to it."""

    @cached_property
    def seen(self) -> dict[int, str]:
        return {}

    async def _hear(self, frame: bytes) -> None:
        await super()._hear(frame)
        if frame[0] == wire.AWARENESS:
            for entry in decode(lib0.Reader(frame[1:]).blob()):
                if entry.state is None:
                    self.seen.pop(entry.client, None)
                else:
                    user = entry.state["user"]
                    assert isinstance(user, dict)
                    self.seen[entry.client] = user["id"]

    async def appear(self, client: int, clock: int = 1) -> None:
        await self.raw(
            wire.awareness(lib0.uint(1) + lib0.uint(client) + lib0.uint(clock) + lib0.string("{}"))
        )
