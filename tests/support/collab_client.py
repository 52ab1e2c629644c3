"""Replicas for tests: an engine for rooms on pycrdt, and a client that resends like ours."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import websockets
from pycrdt import Doc, Map, Text, merge_updates

from duthao.collab.room import UpdateFacts
from duthao.collab.session import (
    EVENT,
    GENERATION,
    STEP_1,
    STEP_2,
    STORED,
    SYNC,
    UPDATE,
    Malformed,
    Reader,
    sync_frame,
)
from duthao.domain.document import Document, Kind, Provision, ProvisionId, UserId
from duthao.domain.errors import Refusal


def _skip_any(reader: Reader) -> None:
    tag = reader._data[reader._at]
    reader._at += 1
    if tag == 125:
        while reader._data[reader._at] & 0x80:
            reader._at += 1
        reader._at += 1
    elif tag in (124, 123, 122):
        reader._at += 4 if tag == 124 else 8
    elif tag in (119, 116):
        reader.bytes()
    elif tag == 118:
        for _ in range(reader.number()):
            reader.bytes()
            _skip_any(reader)
    elif tag == 117:
        for _ in range(reader.number()):
            _skip_any(reader)


def _struct_length(reader: Reader) -> int:
    info = reader._data[reader._at]
    reader._at += 1
    kind = info & 31
    if kind in (0, 10):
        return reader.number()
    for bit in (0x80, 0x40):
        if info & bit:
            reader.number(), reader.number()
    if not info & 0xC0:
        if reader.number() == 1:
            reader.bytes()
        else:
            reader.number(), reader.number()
        if info & 0x20:
            reader.bytes()
    if kind == 1:
        return reader.number()
    if kind == 4:
        return len(reader.bytes().decode().encode("utf-16-le")) // 2
    if kind in (3, 5):
        reader.bytes()
    elif kind == 6:
        reader.bytes(), reader.bytes()
    elif kind == 7:
        if reader.number() in (3, 5):
            reader.bytes()
    elif kind in (2, 8):
        count = reader.number()
        for _ in range(count):
            reader.bytes() if kind == 2 else _skip_any(reader)
        return count
    else:
        raise Malformed
    return 1


def read_update(update: bytes) -> UpdateFacts:
    """First and end clocks by client. Raises Refusal update_malformed."""
    try:
        reader, clients, deletes = Reader(update), {}, 0
        for _ in range(reader.number()):
            structs, client, first = reader.number(), reader.number(), reader.number()
            clients[client] = (first, first + sum(_struct_length(reader) for _ in range(structs)))
        for _ in range(reader.number()):
            reader.number()
            for _ in range(reader.number()):
                reader.number(), reader.number()
                deletes += 1
        reader.end()
    except (Malformed, IndexError, UnicodeDecodeError):
        raise Refusal("update_malformed") from None
    return UpdateFacts(clients, not clients and not deletes)


def clocks_of(vector: bytes) -> dict[int, int]:
    reader = Reader(vector)
    try:
        found = {reader.number(): reader.number() for _ in range(min(reader.number(), 5000))}
        reader.end()
    except Malformed:
        raise Refusal("state_vector_malformed") from None
    return found


def entry(key: str, text: str) -> Map[Any]:
    """A provision as the protocol has it, its key also its order."""
    return Map({"kind": "paragraph", "order": key, "text": Text(text)})


class PycrdtReplica:
    def __init__(self) -> None:
        self.doc: Any = Doc(skip_gc=True)
        self.provisions: Any = self.doc.get("provisions", type=Map)

    def apply(self, update: bytes) -> None:
        self.doc.apply_update(update)

    def pending(self) -> bool:
        return False

    def clocks(self) -> Mapping[int, int]:
        return clocks_of(self.doc.get_state())

    def state_vector(self) -> bytes:
        return bytes(self.doc.get_state())

    def diff(self, vector: bytes) -> bytes:
        clocks_of(vector)
        return bytes(self.doc.get_update(vector))

    def state(self) -> bytes:
        return bytes(self.doc.get_update())

    def texts(self) -> dict[str, str]:
        return {key: str(self.provisions[key]["text"]) for key in sorted(self.provisions.keys())}

    def tree(self) -> Document:
        found = self.texts().items()
        return Document(tuple(Provision(ProvisionId(key), Kind.PARAGRAPH, text) for key, text in found))

    def towards(self, target: Document, user_id: UserId) -> bytes:
        copy = PycrdtReplica()
        copy.apply(self.state())
        before = copy.state_vector()
        for provision in target.provisions:
            copy.provisions[provision.id] = entry(provision.id, provision.text)
        return copy.diff(before)


class PycrdtEngine:
    """The room's engine on pycrdt, for tests of what is around it."""

    def replica(self) -> PycrdtReplica:
        return PycrdtReplica()

    def read_update(self, update: bytes) -> UpdateFacts:
        return read_update(update)

    def merge(self, updates: list[bytes]) -> bytes:
        return bytes(merge_updates(*updates))


def seed(texts: Mapping[str, str]) -> bytes:
    """A first update with these provisions."""
    replica = PycrdtReplica()
    for key, text in texts.items():
        replica.provisions[key] = entry(key, text)
    return replica.state()


class Typist:
    """A client over a socket. `acknowledged` holds the marks whose updates the server stored."""

    def __init__(self, address: str, user: str) -> None:
        self.address, self.user = address, user
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
            additional_headers={"Cookie": f"user={self.user}"}, compression=None,
        )  # fmt: skip
        self.sent = self.stored = 0
        # What was not acknowledged travels with the answer to the server's step 1.
        self.synced.clear()
        self._task = asyncio.create_task(self._listen())
        await self._send(sync_frame(STEP_1, self.replica.state_vector()))
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
        reader = Reader(frame)
        kind = reader.number()
        if kind == SYNC:
            step, body = reader.number(), reader.bytes()
            if step == STEP_1:
                self.sent += 1
                self.unacknowledged = dict.fromkeys(self.unacknowledged, self.sent)
                await self._send(sync_frame(STEP_2, self.replica.diff(body)))
            else:
                self.replica.apply(body)
                if step == STEP_2:
                    self.synced.set()
        elif kind == STORED:
            self.stored = reader.number()
            done = {mark for mark, count in self.unacknowledged.items() if count <= self.stored}
            self.acknowledged |= done
            self.unacknowledged = {m: c for m, c in self.unacknowledged.items() if m not in done}
        elif kind == EVENT:
            self.events.append(json.loads(reader.bytes()))
        elif kind == GENERATION:
            self.generation = reader.bytes().decode()

    async def type(self, provision: str, mark: str) -> None:
        """Put `mark` at the end of a provision and send the update."""
        before = self.replica.state_vector()
        text = self.replica.provisions[provision]["text"]
        text += mark  # not on the map's item: that would set a new text under the key
        self.sent += 1
        self.unacknowledged[mark] = self.sent
        await self._send(sync_frame(UPDATE, self.replica.diff(before)))

    async def raw(self, frame: bytes) -> None:
        await self._send(frame)


async def until(condition: Any, seconds: float = 20.0) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
