"""Bytes of the load: WebSocket frames, updates of one keystroke, and counting them again.

Written for speed and for all servers alike; it shares no code with the product but lib0's numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duthao.collab.lib0 import Reader, sized, string, uint

MASK = b"\x5a\xc3\x17\x88"
SEEDER = 7
"""The CRDT client that made the first state of every document."""

News = list[tuple[int, int, int]]
"""What an update carries: (client, first clock, end clock)."""


def masked(payload: bytes) -> bytes:
    """A client's binary frame."""
    size = len(payload)
    if size < 126:
        head = bytes((0x82, 0x80 | size))
    elif size < 65536:
        head = b"\x82\xfe" + size.to_bytes(2, "big")
    else:
        head = b"\x82\xff" + size.to_bytes(8, "big")
    key = int.from_bytes((MASK * (size // 4 + 1))[:size], "big")
    return head + MASK + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")


def keystroke(client: int, clock: int, parent: tuple[int, int], letter: bytes = b"a") -> bytes:
    """An update: `client` types one letter after its last, the first one at the start of `parent`."""
    if clock == 0:
        struct = b"\x04\x00" + uint(parent[0]) + uint(parent[1])
    else:
        struct = b"\x84" + uint(client) + uint(clock - 1)
    return b"\x01\x01" + uint(client) + uint(clock) + struct + sized(letter) + b"\x00"


def carried(update: bytes) -> News:
    """Which clocks of which clients an update brings; deletes are not counted."""
    reader = Reader(update)
    news: News = []
    for _ in range(reader.uint()):
        structs, client, clock = reader.uint(), reader.uint(), reader.uint()
        first = clock
        for _ in range(structs):
            info = reader.byte()
            length = _length(reader, info)
            if info & 31 == 10:
                if clock > first:
                    news.append((client, first, clock))
                first = clock + length
            clock += length
        if clock > first:
            news.append((client, first, clock))
    return news


def _length(reader: Reader, info: int) -> int:
    kind = info & 31
    if kind in (0, 10):
        return reader.uint()
    if info & 0x80:
        reader.uint(), reader.uint()
    if info & 0x40:
        reader.uint(), reader.uint()
    if not info & 0xC0:
        if reader.uint():
            reader.blob()
        else:
            reader.uint(), reader.uint()
        if info & 0x20:
            reader.blob()
    if kind == 1:
        return reader.uint()
    if kind == 4:
        raw = reader.blob()
        return len(raw) if raw.isascii() else len(raw.decode().encode("utf-16-le")) // 2
    if kind == 6:
        reader.blob(), reader.blob()
        return 1
    if kind == 7:
        reader.uint()
        return 1
    if kind == 8:
        count = reader.uint()
        for _ in range(count):
            reader.any()
        return count
    raise ValueError(f"content kind {kind}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a server's message says: an update, the answer to step 1, or that n are stored."""

    kind: str
    body: bytes = b""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Dialect:
    """y-protocols as a server speaks it. `named`: every message begins with the document's name."""

    named: bool = False
    syncs: bool = True
    """Whether it answers step 1; a bare echo does not."""

    def _prefix(self, document: str) -> bytes:
        return string(document) if self.named else b""

    def hello(self, document: str) -> Sequence[bytes]:
        """What a client says first."""
        if not self.syncs:
            return ()
        prefix = self._prefix(document)
        first = (prefix + b"\x02\x00" + string("token"),) if self.named else ()
        return (*first, prefix + b"\x00\x00" + sized(b"\x00"))

    def update(self, document: str, update: bytes) -> bytes:
        return self._prefix(document) + b"\x00\x02" + sized(update)

    def hear(self, payload: bytes) -> Heard | None:
        reader = Reader(payload)
        if self.named:
            reader.blob()
        kind = reader.uint()
        if kind == 100:
            return Heard("stored", count=reader.uint())
        if kind != 0 and not (self.named and kind == 4):
            return None
        step = reader.uint()
        return Heard({0: "asks", 1: "state", 2: "update"}[step], reader.blob())
