"""The strict reader that stands before pycrdt: bytes from a client are understood here first.

A few inputs end pycrdt's whole process (values nested 30,000 deep, 100,000 empty client
sections) or cost it minutes. What this reader refuses, pycrdt never meets: it admits only
the content and the parents that our document uses, within `LIMITS`, in the lib0 v1 update
format of Yjs 13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from duthao.collab.room import UpdateFacts
from duthao.domain.errors import Refusal

ROOTS: Final = frozenset((b"provisions", b"rationale", b"front"))

GC, DELETED, JSON, STRING, FORMAT, TYPE, ANY, SKIP = 0, 1, 2, 4, 6, 7, 8, 10
Y_ARRAY, Y_MAP, Y_TEXT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one update and of a state vector (reliability figures in decision 1)."""

    update_bytes: int = 2**20
    clients: int = 2_000
    structs: int = 20_000
    short_structs: int = 4_000
    deletes: int = 20_000
    depth: int = 64
    clock: int = 2**31
    vector_entries: int = 5_000


LIMITS: Final = Limits()
SEED_LIMITS: Final = Limits(update_bytes=64 * 2**20, structs=2_000_000, short_structs=2_000_000)
"""For updates this server made itself."""


@dataclass(frozen=True, slots=True)
class ReadUpdate(UpdateFacts):
    """The room's facts, and the delete ranges: client, first clock, clock after the last."""

    deletes: tuple[tuple[int, int, int], ...]


class _Cursor:
    """A bounded reader of lib0 v1. Everything it cannot read raises Refusal update_malformed."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.end = data, 0, len(data)

    def refuse(self) -> NoReturn:
        raise Refusal("update_malformed", at=self.at)

    def byte(self) -> int:
        if self.at >= self.end:
            self.refuse()
        value = self.data[self.at]
        self.at += 1
        return value

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                break
            shift += 7
            if shift > 49:
                self.refuse()
        if value >= 2**53:
            self.refuse()
        return value

    def count(self, least_bytes: int) -> int:
        """How many things follow, each of at least `least_bytes`: never more than the bytes left."""
        value = self.number()
        if value * least_bytes > self.end - self.at:
            self.refuse()
        return value

    def skip(self, size: int) -> None:
        if size > self.end - self.at:
            self.refuse()
        self.at += size

    def string(self) -> bytes:
        size = self.number()
        start = self.at
        self.skip(size)
        return self.data[start : self.at]

    def text(self) -> str:
        try:
            return self.string().decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal("update_malformed", at=self.at) from None

    def any(self, depth: int) -> None:
        """Pass over one `any` value, without recursion: `left` counts what each level still holds."""
        left = [1]
        keyed = [False]
        while left:
            if left[-1] == 0:
                left.pop()
                keyed.pop()
                continue
            left[-1] -= 1
            if keyed[-1]:
                self.text()
            tag = self.byte()
            if tag in (127, 126, 121, 120):
                continue
            if tag == 125:
                self._signed()
            elif tag == 124:
                self.skip(4)
            elif tag in (123, 122):
                self.skip(8)
            elif tag == 119:
                self.text()
            elif tag == 116:
                self.string()
            elif tag in (118, 117):
                if len(left) >= depth:
                    self.refuse()
                left.append(self.count(2 if tag == 118 else 1))
                keyed.append(tag == 118)
            else:
                self.refuse()

    def _signed(self) -> None:
        for _ in range(8):
            if self.byte() < 128:
                return
        self.refuse()


def _json_depth_ok(text: str, depth: int) -> bool:
    level = deepest = 0
    for character in text:
        if character in "[{":
            level += 1
            deepest = max(deepest, level)
        elif character in "]}":
            level -= 1
    return deepest <= depth


def _content(cursor: _Cursor, kind: int, limits: Limits) -> int:
    """Pass over one item's content; its length in clock units."""
    if kind == STRING:
        text = cursor.text()
        return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
    if kind == DELETED:
        return cursor.number()
    if kind == FORMAT:
        key, value = cursor.text(), cursor.text()
        if len(key) > 64 or not _json_depth_ok(value, limits.depth):
            cursor.refuse()
        return 1
    if kind == TYPE:
        if cursor.number() not in (Y_ARRAY, Y_MAP, Y_TEXT):
            cursor.refuse()
        return 1
    if kind == ANY:
        count = cursor.count(1)
        for _ in range(count):
            cursor.any(limits.depth)
        return count
    if kind == JSON:
        count = cursor.count(1)
        for _ in range(count):
            if not _json_depth_ok(cursor.text(), limits.depth):
                cursor.refuse()
        return count
    cursor.refuse()


def _struct(cursor: _Cursor, limits: Limits) -> int:
    """Pass over one struct; its length in clock units, at least 1."""
    info = cursor.byte()
    kind = info & 31
    if kind == GC:
        if info:
            cursor.refuse()
        return cursor.number()
    if info & 0x80:
        cursor.number()
        cursor.number()
    if info & 0x40:
        cursor.number()
        cursor.number()
    if not info & 0xC0:
        named = cursor.number()
        if named == 1:
            if cursor.string() not in ROOTS:
                cursor.refuse()
        elif named == 0:
            cursor.number()
            cursor.number()
        else:
            cursor.refuse()
        if info & 0x20:
            cursor.text()
    return _content(cursor, kind, limits)


def read_update(data: bytes, limits: Limits = LIMITS) -> ReadUpdate:
    """What an update carries. Raises Refusal update_malformed or update_too_large."""
    if len(data) > limits.update_bytes:
        raise Refusal("update_too_large", limit=limits.update_bytes)
    cursor = _Cursor(data)
    clients: dict[int, tuple[int, int]] = {}
    structs = short = 0
    for _ in range(_bounded(cursor.count(4), limits.clients)):
        here = cursor.count(1)
        structs = _bounded(structs + here, limits.structs)
        client, first = cursor.number(), cursor.number()
        if here == 0 or client in clients:
            cursor.refuse()
        clock = first
        for _ in range(here):
            length = _struct(cursor, limits)
            if length == 0:
                cursor.refuse()
            short += length == 1
            clock += length
        if clock >= limits.clock:
            cursor.refuse()
        clients[client] = (first, clock)
    _bounded(short, limits.short_structs)
    deletes: list[tuple[int, int, int]] = []
    seen: set[int] = set()
    for _ in range(_bounded(cursor.count(3), limits.clients)):
        client = cursor.number()
        if client in seen:
            cursor.refuse()
        seen.add(client)
        ranges = cursor.count(2)
        _bounded(len(deletes) + ranges, limits.deletes)
        for _ in range(ranges):
            start, length = cursor.number(), cursor.number()
            if start + length >= limits.clock:
                cursor.refuse()
            deletes.append((client, start, start + length))
    if cursor.at != cursor.end:
        cursor.refuse()
    return ReadUpdate(clients, not clients and not deletes, tuple(deletes))


def _bounded(value: int, limit: int) -> int:
    if value > limit:
        raise Refusal("update_too_large", limit=limit)
    return value


def read_state_vector(data: bytes, limits: Limits = LIMITS) -> Mapping[int, int]:
    """Clock after the last by client. Raises Refusal state_vector_malformed."""
    cursor = _Cursor(data)
    try:
        count = cursor.count(2)
        if count > limits.vector_entries:
            cursor.refuse()
        clocks: dict[int, int] = {}
        for _ in range(count):
            client, clock = cursor.number(), cursor.number()
            if clock >= limits.clock:
                cursor.refuse()
            clocks[client] = clock
        if cursor.at != cursor.end:
            cursor.refuse()
    except Refusal as refusal:
        raise Refusal("state_vector_malformed", **refusal.details) from None
    return clocks
