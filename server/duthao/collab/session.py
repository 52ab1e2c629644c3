"""One connection's side of the conversation, without a socket: bytes in, actions out.

It reads the messages of docs/protocol/wire.md, counts update messages, and knows what this
person may send. What an action does to the document is the room's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from duthao.collab import wire
from duthao.collab.awareness import Entry, Presence
from duthao.collab.close import Close
from duthao.collab.lib0 import Malformed
from duthao.domain.document import UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import Role

_UPDATE = bytes((wire.SYNC, wire.UPDATE))
WRITERS = frozenset((Role.LEAD, Role.EDITOR))


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
    """The others shall be told this of the one at this connection."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class AskPresence:
    pass


@dataclass(frozen=True, slots=True)
class Ignore:
    """Old news, or a message that asks for nothing."""


@dataclass(frozen=True, slots=True)
class End:
    close: Close


Action = AnswerState | Offer | Refuse | Show | AskPresence | Ignore | End


@dataclass(slots=True)
class Session:
    """`extras` is whether the client speaks `duthao.1`. After an `End` nothing more is said."""

    person: Person
    role: Role
    extras: bool
    connection: str
    offered: int = 0
    refused: bool = False
    presence: Presence = field(init=False)

    def __post_init__(self) -> None:
        person = self.person
        self.presence = Presence({"id": person.id, "name": person.name, "color": person.color})

    @property
    def may_write(self) -> bool:
        return self.role in WRITERS

    def opening(self, generation: str, vector: bytes) -> list[bytes]:
        """The first frames. Only writers are asked for what they have."""
        frames = []
        if self.extras:
            frames.append(wire.generation(generation))
            frames.append(wire.event({"type": "access", "role": self.role.value}))
        if self.may_write:
            frames.append(wire.sync_step_1(vector))
        return frames

    def offers(self, frame: bytes) -> bytes | None:
        """The update in a short update message of somebody who may write: what most frames are.

        None: ask `receive`. Counted as `receive` counts.
        """
        if frame[:2] != _UPDATE or len(frame) < 5 or not self.may_write:
            return None
        size, start = frame[2], 3
        if size >= 0x80:
            size, start = size & 0x7F | frame[3] << 7, 4
            if size >= 0x4000:
                return None
        if len(frame) - start != size:
            return None
        self.offered += 1
        return frame[start:]

    def receive(self, frame: bytes) -> Action:
        """What this frame asks for. Never raises."""
        try:
            return self._asked(wire.parse_message(frame))
        except Malformed:
            return End(Close.BAD_MESSAGE)
        except Refusal:
            return End(Close.TOO_LARGE)

    def _asked(self, message: wire.Message) -> Action:
        match message:
            case wire.SyncStep1(vector):
                return AnswerState(vector)
            case wire.SyncStep2(update) | wire.Update(update):
                return self._offer(update)
            case wire.Awareness(payload):
                shown = self.presence.receive(payload)
                return Ignore() if shown is None else Show(shown)
            case wire.QueryAwareness():
                return AskPresence()
            case wire.Auth():
                return Ignore()

    def _offer(self, update: bytes) -> Action:
        if not self.may_write:
            self.refused = True
            return Refuse("read_only")
        self.offered += 1
        return Offer(self.offered, update)
