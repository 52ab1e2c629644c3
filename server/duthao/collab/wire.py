"""y-protocols frames as values, and back: docs/protocol/wire.md, without a socket.

A frame is one message: its type as varUint, then its body. What a message asks for is the
session's business; here it is only told apart, inside its bounds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from duthao.collab import lib0
from duthao.domain.errors import Refusal

MAX_FRAME: Final = 2**20
"""Bytes in one frame."""
MAX_REASON: Final = 1000

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
STORED, EVENT, GENERATION = 100, 101, 102
STEP_1, STEP_2, UPDATE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """What the sender has, asking for the rest: a state vector, not yet read."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """What the receiver lacks: an update, not yet read."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """An edit: an update, not yet read."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Awareness:
    """An awareness update, not yet read (see `collab.awareness`)."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """The sender asks who is here."""


@dataclass(frozen=True, slots=True)
class Auth:
    """y-protocols' "permission denied"; we understand it and never act on it."""

    reason: str


Message = SyncStep1 | SyncStep2 | Update | Awareness | QueryAwareness | Auth
_STEPS: Mapping[int, Callable[[bytes], Message]] = {STEP_1: SyncStep1, STEP_2: SyncStep2, UPDATE: Update}


def parse_message(frame: bytes) -> Message:
    """The one message in `frame`.

    Raises `lib0.Malformed("frame_malformed", …)`, or Refusal `frame_too_large` (detail `limit`).
    """
    if len(frame) > MAX_FRAME:
        raise Refusal("frame_too_large", limit=MAX_FRAME)
    reader = lib0.Reader(frame, "frame_malformed")
    kind = reader.uint()
    message: Message
    if kind == SYNC:
        step = _STEPS.get(reader.uint())
        if step is None:
            raise reader.fail("message")
        message = step(reader.blob())
    elif kind == AWARENESS:
        message = Awareness(reader.blob())
    elif kind == QUERY_AWARENESS:
        message = QueryAwareness()
    elif kind == AUTH:
        message = _auth(reader)
    else:
        raise reader.fail("message")
    reader.finish()
    return message


def _auth(reader: lib0.Reader) -> Auth:
    if reader.uint() != 0 or reader.left > MAX_REASON:
        raise reader.fail("message")
    return Auth(reader.string())


def sync_step_1(state_vector: bytes) -> bytes:
    return bytes((SYNC, STEP_1)) + lib0.sized(state_vector)


def sync_step_2(update: bytes) -> bytes:
    return bytes((SYNC, STEP_2)) + lib0.sized(update)


def update(update: bytes) -> bytes:
    return bytes((SYNC, UPDATE)) + lib0.sized(update)


def awareness(payload: bytes) -> bytes:
    return bytes((AWARENESS,)) + lib0.sized(payload)


def stored(count: int) -> bytes:
    """`duthao.1`: the first `count` update messages of this connection are durable."""
    return bytes((STORED,)) + lib0.uint(count)


def event(value: Mapping[str, object]) -> bytes:
    """`duthao.1`: an event, `{"type": …}`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return bytes((EVENT,)) + lib0.string(text)


def generation(lineage: str) -> bytes:
    """`duthao.1`: the document's lineage, the first message on a connection."""
    return bytes((GENERATION,)) + lib0.string(lineage)
