"""Replicas for tests: an engine for rooms on pycrdt, and a client that resends like ours."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import websockets
from pycrdt import Doc, Map, Text

from duthao.collab import wire
from duthao.collab.lib0 import Reader
from duthao.domain.document import Document, Kind, Provision, ProvisionId

LETTER = "ữ"
"""What is typed behind a mark to be taken back: three bytes of UTF-8, one unit of UTF-16."""


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

    def changed(self, act: Callable[[], None]) -> bytes:
        """What `act` does to the copy, as browsers send it: a difference to the state before would bring
        along all that was ever deleted."""
        found: list[bytes] = []
        heard = self.doc.observe(lambda event: found.append(bytes(event.update)))
        try:
            with self.doc.transaction():
                act()
        finally:
            self.doc.unobserve(heard)
        return found[0]

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
    """A client over a socket, who types marks and takes letters back that he typed behind them.

    `acknowledged`: the marks whose updates the server stored. `gone`: what can stand in no text any more,
    because the server stored that a letter of it was taken back: a mark with so many letters. `to_take_back`:
    provision and mark of what still has letters behind it. `on_stored` hears when each was sent.
    """

    def __init__(self, address: str, user: str, cookie: str = "") -> None:
        self.address, self.user, self.cookie = address, user, cookie or f"user={user}"
        self.replica = PycrdtReplica()
        self.acknowledged: set[str] = set()
        self.gone: set[str] = set()
        self.to_take_back: list[tuple[str, str]] = []
        # What was typed, or what is gone by it -> number of its update on this connection
        self.unacknowledged: dict[str, int] = {}
        self.on_stored: Callable[[float], None] = lambda began: None
        self._begun: dict[str, float] = {}
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
        self.sent, self.stored, self.code = 0, 0, None
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
            backs = {mark for mark in done if mark.endswith(LETTER)}
            self.gone |= backs
            self.acknowledged |= done - backs
            self.unacknowledged = {m: c for m, c in self.unacknowledged.items() if m not in done}
            for mark in done:
                self.on_stored(self._begun.pop(mark))
        elif kind == wire.EVENT:
            self.events.append(json.loads(reader.blob()))
        elif kind == wire.GENERATION:
            self.generation = reader.string()

    async def type(self, provision: str, mark: str, first: bool = False, letters: int = 0) -> None:
        """Put `mark` at the end of a provision, or at its beginning, and send the update.

        `letters`: how many letters follow that are there to be taken back.
        """
        text = self.replica.provisions[provision]["text"]
        at = 0 if first else len(text)
        update = self.replica.changed(lambda: text.insert(at, mark + letters * LETTER))
        if letters:
            self.to_take_back.append((provision, mark))
        await self._sends(mark, update)

    async def take_back(self) -> None:
        """Take away the last letter behind the mark that was last typed with some."""
        provision, mark = self.to_take_back[-1]
        text = self.replica.provisions[provision]["text"]
        run = re.search(f"{re.escape(mark)}{LETTER}*", str(text))
        assert run is not None, f"{mark} is gone"
        if run[0] in (mark, mark + LETTER):
            self.to_take_back.pop()
        if run[0] == mark:
            return
        end = len(run.string[: run.end()].encode())
        letter = slice(end - len(LETTER.encode()), end)
        await self._sends(run[0], self.replica.changed(lambda: text.__delitem__(letter)))

    async def _sends(self, what: str, update: bytes) -> None:
        self.sent += 1
        self.unacknowledged[what], self._begun[what] = self.sent, time.monotonic()
        await self._send(wire.update(update))

    async def raw(self, frame: bytes) -> None:
        await self._send(frame)


async def until(condition: Any, seconds: float = 20.0) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
