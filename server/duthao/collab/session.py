"""One connection's side of the conversation, without a socket: bytes in, actions out.

It reads the messages of docs/protocol/wire.md, counts update messages, and knows what this
person may send. What an action does to the document is the room's business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from duthao.collab.close import Close
from duthao.domain.document import UserId
from duthao.store.ports import Role

MAX_FRAME = 2**20
MAX_PRESENCE = 4096
WRITERS = frozenset((Role.LEAD, Role.EDITOR))

SYNC, AWARENESS, AUTH, QUERY_AWARENESS, STORED, EVENT, GENERATION = 0, 1, 2, 3, 100, 101, 102
STEP_1, STEP_2, UPDATE = 0, 1, 2


class Malformed(Exception):
    """These bytes are no message of ours."""


class Reader:
    """lib0's encoding, read strictly: numbers of at most 53 bits, lengths inside the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def number(self) -> int:
        value = shift = 0
        while shift <= 49:
            if self._at >= len(self._data):
                raise Malformed
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >= 2**53:
                    raise Malformed
                return value
            shift += 7
        raise Malformed

    def bytes(self) -> bytes:
        length = self.number()
        if length > len(self._data) - self._at:
            raise Malformed
        self._at += length
        return self._data[self._at - length : self._at]

    def end(self) -> None:
        if self._at != len(self._data):
            raise Malformed


def number(value: int) -> bytes:
    """`value` as lib0's varUint."""
    out = bytearray()
    while value > 0x7F:
        out.append(0x80 | (value & 0x7F))
        value >>= 7
    out.append(value)
    return bytes(out)


def sized(data: bytes) -> bytes:
    """`data` behind its length."""
    return number(len(data)) + data


def sync_frame(step: int, data: bytes) -> bytes:
    """A sync message: STEP_1 with a state vector, STEP_2 or UPDATE with an update."""
    return bytes((SYNC, step)) + sized(data)


def event_frame(event: Mapping[str, object]) -> bytes:
    return bytes((EVENT,)) + sized(json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode())


def stored_frame(count: int) -> bytes:
    return bytes((STORED,)) + number(count)


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody's awareness; `state` is JSON, "null" when they have gone."""

    client: int
    clock: int
    state: str

    def encoded(self) -> bytes:
        return number(self.client) + number(self.clock) + sized(self.state.encode())


def presence_frame(states: list[Presence]) -> bytes:
    body = number(len(states)) + b"".join(state.encoded() for state in states)
    return bytes((AWARENESS,)) + sized(body)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at the other end, as others shall see them."""

    id: UserId
    name: str
    color: str = "#555555"


@dataclass(frozen=True, slots=True)
class AnswerState:
    """The client asks for what its state vector lacks."""

    vector: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """The client's `count`-th update message."""

    count: int
    update: bytes


@dataclass(frozen=True, slots=True)
class Refuse:
    """An update came from somebody who may not write; it is dropped and they are told."""

    code: str


@dataclass(frozen=True, slots=True)
class Show:
    presence: Presence


@dataclass(frozen=True, slots=True)
class AskPresence:
    pass


@dataclass(frozen=True, slots=True)
class End:
    close: Close


Action = AnswerState | Offer | Refuse | Show | AskPresence | End


@dataclass(slots=True)
class Session:
    """`extras` is whether the client speaks `duthao.1`. After an `End` nothing more is said."""

    person: Person
    role: Role
    extras: bool
    connection: str
    presence: Presence | None = None
    offered: int = 0
    refused: bool = field(default=False)

    @property
    def may_write(self) -> bool:
        return self.role in WRITERS

    def opening(self, generation: str, vector: bytes) -> list[bytes]:
        """The first frames. Only writers are asked for what they have."""
        frames = []
        if self.extras:
            frames.append(bytes((GENERATION,)) + sized(generation.encode()))
            frames.append(event_frame({"type": "access", "role": self.role.value}))
        if self.may_write:
            frames.append(sync_frame(STEP_1, vector))
        return frames

    def receive(self, frame: bytes) -> Action:
        """What this frame asks for. Never raises."""
        if len(frame) > MAX_FRAME:
            return End(Close.TOO_LARGE)
        try:
            return self._read(Reader(frame))
        except (Malformed, UnicodeDecodeError, ValueError, RecursionError):
            return End(Close.BAD_MESSAGE)

    def _read(self, reader: Reader) -> Action:
        kind = reader.number()
        if kind == SYNC:
            return self._read_sync(reader)
        if kind == AWARENESS:
            body = reader.bytes()
            reader.end()
            return self._read_presence(Reader(body), len(body))
        if kind == QUERY_AWARENESS:
            reader.end()
            return AskPresence()
        raise Malformed

    def _read_sync(self, reader: Reader) -> Action:
        step, data = reader.number(), reader.bytes()
        reader.end()
        if step == STEP_1:
            return AnswerState(data)
        if step not in (STEP_2, UPDATE):
            raise Malformed
        if not self.may_write:
            self.refused = True
            return Refuse("read_only")
        self.offered += 1
        return Offer(self.offered, data)

    def _read_presence(self, reader: Reader, size: int) -> Action:
        if size > MAX_PRESENCE + 32:
            return End(Close.TOO_LARGE)
        # One person, one entry: a client never speaks for others.
        if reader.number() != 1:
            raise Malformed
        client, clock, state = reader.number(), reader.number(), json.loads(reader.bytes().decode())
        reader.end()
        if self.presence is not None and client != self.presence.client:
            raise Malformed
        if state is not None and not isinstance(state, dict):
            raise Malformed
        self.presence = Presence(client, clock, self._stamped(state))
        return Show(self.presence)

    def _stamped(self, state: dict[str, object] | None) -> str:
        """The state with the authenticated person in it, whatever the client claimed."""
        if state is not None:
            user = {"id": self.person.id, "name": self.person.name, "color": self.person.color}
            state = {**state, "user": user}
        return json.dumps(state, ensure_ascii=False, separators=(",", ":"))

    def leaving(self) -> Presence | None:
        """What the others are told when this connection is gone."""
        return self.presence and Presence(self.presence.client, self.presence.clock + 1, "null")
