"""Many small updates as few: what one turn of a room takes in costs one application and one row.

Typing arrives as one update a letter. Here the letters that follow one another become one
struct, and updates whose clocks follow one another become one update, by putting their bytes
side by side: no struct is changed, so attribution, order and effect are those of the updates
one after another. Everything is read as strictly as `update_reader` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from duthao.collab.lib0 import MAX_UINT, uint
from duthao.collab.update_reader import STORED_LIMITS, Section, UpdateFacts, merged, read_update

MAX_STRUCTS: Final = 2_000
"""Structs put side by side: the library joins chains of them in quadratic time."""
MAX_RUN: Final = 2**16
"""Bytes of letters joined into one struct."""

_NUMBER = rb"([\x80-\xff]{0,7}[\x00-\x7f])"
_LETTERS = re.compile(
    rb"\x01\x01" + _NUMBER + _NUMBER + rb"(?:\x84" + _NUMBER + _NUMBER + rb"|\xc4" + _NUMBER * 4 + rb")"
    rb"([\x01-\x7f])(.+)\x00",
    re.DOTALL,
)  # fmt: skip
"""One string after an element of the text, perhaps before another; nothing deleted."""


class Piece(NamedTuple):
    """An update to take in, and how many of those received it stands for."""

    facts: UpdateFacts
    payload: bytes
    stands_for: int = 1


Offered = bytes | Piece
"""An update that a client sent; a piece when it has been read already."""


def size_of(offered: Iterable[Offered]) -> int:
    """Bytes."""
    return sum(len(one.payload if isinstance(one, Piece) else one) for one in offered)


class _Run:
    """Letters of one client, each after the one before."""

    __slots__ = (
        "alone", "client", "count", "end", "first", "head", "left", "letters", "right", "right_raw", "size",
    )  # fmt: skip

    def __init__(
        self, client: int, first: int, left: tuple[int, int], right: tuple[int, int] | None,
        right_raw: bytes, alone: bytes, head: int,
    ) -> None:  # fmt: skip
        """`alone`: the update of the first letters as it came, whose struct begins at `head`."""
        self.client, self.first, self.end, self.left = client, first, first, left
        self.right, self.right_raw = right, right_raw
        self.alone, self.head = alone, head
        self.letters: list[bytes] = []
        self.size = self.count = 0

    def add(self, letters: bytes, units: int) -> None:
        self.letters.append(letters)
        self.count += 1
        self.end += units
        self.size += len(letters)

    def piece(self) -> Piece:
        payload, start = self.alone, self.head
        if self.count > 1:
            head = b"\x01\x01" + uint(self.client) + uint(self.first)
            info = b"\x84" if self.right is None else b"\xc4"
            left = uint(self.left[0]) + uint(self.left[1])
            letters = b"".join(self.letters)
            payload = b"".join((head, info, left, self.right_raw, uint(self.size), letters, b"\x00"))
            start = len(head)
        requires: dict[int, int] = {}
        for client, clock in (self.left, *((self.right,) if self.right else ())):
            if client != self.client:
                requires[client] = max(clock + 1, requires.get(client, 0))
        section = Section(self.client, self.first, self.end, 1, start, len(payload) - 1)
        facts = UpdateFacts(
            {self.client: (self.first, self.end)}, False, 1, (), requires, (), frozenset(), (section,)
        )
        return Piece(facts, payload, self.count)


def pieces(updates: Sequence[Offered], read: Callable[[bytes], UpdateFacts]) -> Iterator[Piece]:
    """The updates of one connection in order, letters that follow one another joined.

    `read` reads strictly whatever else there is; what it raises is raised when the updates
    before have been yielded.
    """
    run: _Run | None = None
    for update in updates:
        if isinstance(update, Piece):
            if run is not None:
                yield run.piece()
                run = None
            yield update
            continue
        found = _LETTERS.fullmatch(update)
        taken = None if found is None else _continued(run, found)
        if run is not None and taken is not run:
            yield run.piece()
        run = taken
        if run is None:
            yield Piece(read(update), update)
    if run is not None:
        yield run.piece()


def _continued(run: _Run | None, found: re.Match[bytes]) -> _Run | None:
    """The run with these letters, or a new one; None when they need the full reading."""
    client_raw, clock_raw, a, b, c, d, e, f, size, letters = found.groups()
    if size[0] != len(letters):
        return None
    units = len(letters)
    if not letters.isascii():
        try:
            units = len(letters.decode().encode("utf-16-le")) >> 1
        except UnicodeDecodeError:
            return None
    client, clock = _number(client_raw), _number(clock_raw)
    if a is not None:
        left_client, left_clock, right_raw = _number(a), _number(b), b""
    else:
        left_client, left_clock, right_raw = _number(c), _number(d), e + f
    if (
        run is not None
        and client == run.client == left_client
        and clock == run.end == left_clock + 1
        and right_raw == run.right_raw
        and run.size < MAX_RUN
        and clock < _MOST
    ):
        run.add(letters, units)
        return run
    right = None if a is not None else (_number(e), _number(f))
    for other, at in ((left_client, left_clock), *((right,) if right else ())):
        if at >= (clock if other == client else _MOST) or other > MAX_UINT:
            return None
    if clock >= _MOST or client > MAX_UINT:
        return None
    head = 2 + len(client_raw) + len(clock_raw)
    run = _Run(client, clock, (left_client, left_clock), right, right_raw, found.string, head)
    run.add(letters, units)
    return run


_MOST: Final = 2**31 - MAX_RUN - 128


def _number(raw: bytes) -> int:
    size = len(raw)
    if size == 1:
        return raw[0]
    if size == 2:
        return (raw[0] & 0x7F) | (raw[1] << 7)
    value = 0
    for at, byte in enumerate(raw):
        value |= (byte & 0x7F) << (7 * at)
    return value


def in_order(update: bytes) -> bytes:
    """The same update, each client's deleted ranges ascending and apart.

    So Yjs writes them. The library's `merge_updates` takes it for granted and drops a range that
    stands behind a later one (yrs 0.28): a letter deleted stays for those who are sent the merged
    update, and in the past that is read from merged rows.
    """
    # Deletes end with a length, which is not 0: only "no client" does.
    return update if update[-1:] == b"\x00" else ordered(update, read_update(update, STORED_LIMITS))


def ordered(update: bytes, facts: UpdateFacts) -> bytes:
    """`in_order` of an update that has been read: `facts` are those of these very bytes."""
    if facts.ranges < 2:
        return update
    own = facts.deleted[-facts.ranges :]
    if all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(own)):
        return update
    return update[: facts.tail] + _deletes(own)


def _deletes(deleted: Iterable[tuple[int, int, int]]) -> bytes:
    """The deleted ranges (client, first, end) of an update, as Yjs writes them: in order, and apart."""
    ranges: dict[int, list[tuple[int, int]]] = {}
    for client, first, end in deleted:
        ranges.setdefault(client, []).append((first, end))
    out = [uint(len(ranges))]
    for client in sorted(ranges, reverse=True):
        apart = merged(ranges[client])
        out += (uint(client), uint(len(apart)))
        out += (uint(first) + uint(end - first) for first, end in apart)
    return b"".join(out)


def joined(parts: Sequence[Piece]) -> bytes | None:
    """One update that does what these do one after another, its deleted ranges in order.

    None when they cannot be put side by side: clocks that overlap, leave gaps or are skipped.
    """
    if len(parts) == 1:
        return ordered(parts[0].payload, parts[0].facts)
    clients: dict[int, list[tuple[Section, bytes]]] = {}
    deleted: list[tuple[int, int, int]] = []
    for part in parts:
        facts, payload = part.facts, part.payload
        if facts.sections is None:
            return None
        for section in facts.sections:
            known = clients.setdefault(section.client, [])
            if known and known[-1][0].end != section.first:
                return None
            known.append((section, payload))
        if facts.ranges:
            deleted += facts.deleted[-facts.ranges :]
    out = [uint(len(clients))]
    # Yjs writes larger client ids first, and merges updates on the ground that they are.
    for client in sorted(clients, reverse=True):
        sections = clients[client]
        structs = sum(section.structs for section, _ in sections)
        out += (uint(structs), uint(client), uint(sections[0][0].first))
        out += (payload[section.start : section.stop] for section, payload in sections)
    out.append(_deletes(deleted))
    return b"".join(out)
