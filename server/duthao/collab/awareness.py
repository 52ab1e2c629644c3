"""Awareness, without a socket: who is at a document and where, never part of the document.

A connection has one client id and one entry; the server stamps `user` into its state, so
nobody appears as somebody else. Payloads are y-protocols awareness updates: a count, then
client, clock and state (JSON, "null" for somebody who has gone) for each.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from duthao.collab import lib0
from duthao.collab.lib0 import Malformed
from duthao.domain.errors import Refusal

MAX_STATE: Final = 4096
"""UTF-8 bytes of one state's JSON as sent."""
MAX_STATES: Final = 1000
"""Entries in one payload between servers or to a client."""
MAX_CLOCK: Final = 2**31
_DEPTH: Final = 16

State = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One client's awareness; `state` None: they have gone."""

    client: int
    clock: int
    state: State | None


def _depth_of(text: str) -> int:
    """How deep brackets nest in JSON text; those inside strings do not count."""
    depth = deepest = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_constant(text)


def _state(text: str, reader: lib0.Reader) -> State | None:
    if len(text.encode()) > MAX_STATE:
        raise Refusal("awareness_too_large", limit=MAX_STATE)
    if _depth_of(text) > _DEPTH:
        raise reader.fail("depth")
    try:
        state = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except ValueError:
        raise reader.fail("json") from None
    if state is not None and not isinstance(state, dict):
        raise reader.fail("json")
    return state


def decode(payload: bytes, most: int = MAX_STATES) -> tuple[Entry, ...]:
    """The entries of an awareness payload.

    Raises `Malformed("awareness_malformed", …)`, or Refusal `awareness_too_large` for a state
    over `MAX_STATE` bytes or more than `most` entries (detail `limit`).
    """
    reader = lib0.Reader(payload, "awareness_malformed")
    count = reader.count(3)
    if count > most:
        raise Refusal("awareness_too_large", limit=most)
    entries = []
    for _ in range(count):
        client, clock = reader.uint(), reader.uint()
        if clock > MAX_CLOCK:
            raise reader.fail("clock")
        entries.append(Entry(client, clock, _state(reader.string(), reader)))
    reader.finish()
    return tuple(entries)


def encode(entries: Iterable[Entry]) -> bytes:
    """The payload of an awareness message."""
    parts = [
        lib0.uint(entry.client)
        + lib0.uint(entry.clock)
        # Escaped, so that even a lone surrogate in a state is bytes that everybody can read.
        + lib0.string(json.dumps(entry.state, separators=(",", ":")))
        for entry in entries
    ]
    return lib0.uint(len(parts)) + b"".join(parts)


@dataclass(slots=True)
class Presence:
    """One connection's awareness: one client id, a clock that only grows, a stamped state."""

    user: State
    entry: Entry | None = None

    def receive(self, payload: bytes) -> Entry | None:
        """What the others shall be told of this payload; None when it is old news.

        Raises what `decode` raises, and `Malformed(…, "claims")` when it speaks of more than
        one client, or of another than this connection has used before.
        """
        # Before they are read: a thousand states of others are work, and refused all the same.
        if lib0.Reader(payload, "awareness_malformed").count(3) != 1:
            raise Malformed("awareness_malformed", "claims")
        (new,) = decode(payload)
        if self.entry is not None and new.client != self.entry.client:
            raise Malformed("awareness_malformed", "claims")
        state = None if new.state is None else {**new.state, "user": dict(self.user)}
        stamped = Entry(new.client, new.clock, state)
        if not _newer(stamped, self.entry):
            return None
        self.entry = stamped
        return stamped

    def gone(self) -> Entry | None:
        """What the others are told when the connection has ended; None when it showed nothing."""
        if self.entry is None or self.entry.state is None:
            return None
        return Entry(self.entry.client, self.entry.clock + 1, None)


def _newer(new: Entry, old: Entry | None) -> bool:
    """y-protocols' rule: a larger clock wins, and at the same clock only having gone does."""
    if old is None or new.clock > old.clock:
        return True
    return new.clock == old.clock and new.state is None and old.state is not None


@dataclass(slots=True)
class Everybody:
    """All entries of a room, merged by y-protocols' rule; those who have gone leave no trace."""

    entries: dict[int, Entry] = field(default_factory=dict)

    def merge(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Take these in; those that changed something."""
        changed = []
        for new in entries:
            if not _newer(new, self.entries.get(new.client)):
                continue
            if new.state is not None:
                self.entries[new.client] = new
            elif self.entries.pop(new.client, None) is None:
                continue
            changed.append(new)
        return tuple(changed)

    def remove(self, clients: Iterable[int]) -> tuple[Entry, ...]:
        """Take these clients out; the entries that tell the others."""
        gone = [self.entries[client] for client in clients if client in self.entries]
        return self.merge([Entry(entry.client, entry.clock + 1, None) for entry in gone])
