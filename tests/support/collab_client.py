"""Replicas for tests: an engine for rooms on pycrdt, and a client that resends like ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import websockets
from pycrdt import Doc, Map, Text

from duthao.collab import wire
from duthao.collab.lib0 import Reader
from duthao.domain.document import Document, Kind, Provision, ProvisionId


def entry(key: str, text: str) -> Map[Any]:
    """A provision as the protocol has it, its key also its order."""
    return Map({"kind": "paragraph", "order": key, "text": Text(text)})


class PycrdtReplica:
    """A client's copy: what any pycrdt program would hold."""

    def __init__(self) -> None:
        self.doc: Any = Doc(skip_gc=True)
        self.provisions: Any = self.doc.get("provisions", type=Map)

    def apply(self, update: bytes) -> None:
        self.doc.apply_update(update)

    def state_vector(self) -> bytes:
        return bytes(self.doc.get_state())

    def diff(self, vector: bytes) -> bytes:
        return bytes(self.doc.get_update(vector))

    def state(self) -> bytes:
        return bytes(self.doc.get_update())

    def texts(self) -> dict[str, str]:
        """The provisions' texts; what a vandal has put among them and is none is passed over."""
        found = {key: self.provisions[key] for key in sorted(self.provisions.keys())}
        return {key: str(one["text"]) for key, one in found.items() if isinstance(one, Map) and "text" in one}

    def tree(self) -> Document:
        found = self.texts().items()
        return Document(tuple(Provision(ProvisionId(key), Kind.PARAGRAPH, text) for key, text in found))


def seed(texts: Mapping[str, str]) -> bytes:
    """A first update with these provisions."""
    replica = PycrdtReplica()
    for key, text in texts.items():
        replica.provisions[key] = entry(key, text)
    return replica.state()


class Typist:
    """A client over a socket. `acknowledged` holds the marks whose updates the server stored."""

    def __init__(self, address: str, user: str, cookie: str = "") -> None:
        self.address, self.user, self.cookie = address, user, cookie or f"user={user}"
        self.replica = PycrdtReplica()
        self.acknowledged: set[str] = set()
        self.unacknowledged: dict[str, int] = {}  # mark -> number of its update on this connection
        self.events: list[dict[str, Any]] = []
        self.stored = 0
        self.generation = ""
        self.sent = 0
        self.synced = asyncio.Event()
        self.code: int | None = None
        self._socket: Any = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._socket = await websockets.connect(
            self.address, subprotocols=[websockets.Subprotocol("duthao.1")], max_size=None,
            additional_headers={"Cookie": self.cookie}, compression=None,
        )  # fmt: skip
        self.sent = self.stored = 0
        # What was not acknowledged travels with the answer to the server's step 1.
        self.synced.clear()
        self._task = asyncio.create_task(self._listen())
        await self._send(wire.sync_step_1(self.replica.state_vector()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _send(self, frame: bytes) -> None:
        await self._socket.send(frame)

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                await self._hear(bytes(frame))
        except websockets.ConnectionClosed:
            pass
        finally:
            self.code = self._socket.close_code

    async def _hear(self, frame: bytes) -> None:
        reader = Reader(frame, "frame_malformed")
        kind = reader.uint()
        if kind == wire.SYNC:
            step, body = reader.uint(), reader.blob()
            if step == wire.STEP_1:
                self.sent += 1
                self.unacknowledged = dict.fromkeys(self.unacknowledged, self.sent)
                await self._send(wire.sync_step_2(self.replica.diff(body)))
            else:
                self.replica.apply(body)
                if step == wire.STEP_2:
                    self.synced.set()
        elif kind == wire.STORED:
            self.stored = reader.uint()
            done = {mark for mark, count in self.unacknowledged.items() if count <= self.stored}
            self.acknowledged |= done
            self.unacknowledged = {m: c for m, c in self.unacknowledged.items() if m not in done}
        elif kind == wire.EVENT:
            self.events.append(json.loads(reader.blob()))
        elif kind == wire.GENERATION:
            self.generation = reader.string()

    async def type(self, provision: str, mark: str, first: bool = False) -> None:
        """Put `mark` at the end of a provision, or at its beginning, and send the update."""
        before = self.replica.state_vector()
        text = self.replica.provisions[provision]["text"]
        text.insert(0 if first else len(text), mark)
        self.sent += 1
        self.unacknowledged[mark] = self.sent
        await self._send(wire.update(self.replica.diff(before)))

    async def raw(self, frame: bytes) -> None:
        await self._send(frame)


async def until(condition: Any, seconds: float = 20.0) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
