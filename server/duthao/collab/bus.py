"""What processes tell one another, and the door through which they do (decision 12).

A message is a hint or news of the moment, never the only carrier of anything that must last:
rows are in the journal, roles in the database, presence is told again. So any of them may be
lost, doubled or late.

A frame is JSON in UTF-8: `{"p": process, "m": [[kind, …], …]}`.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from duthao.collab.awareness import Entry, decode, encode
from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import Seq

MAX_ID: Final = 40
MAX_STATES_SIZE: Final = 2**20
"""Bytes of an awareness payload, unpacked."""


class Link(Protocol):
    """A connection to the bus. Any exception means that it is gone."""

    async def send(self, frames: Sequence[bytes]) -> None:
        """Give them to every process that listens, ourselves included."""
        ...

    def frames(self) -> AsyncIterator[bytes]:
        """What is heard, in the order in which it arrives."""
        ...


class Bus(Protocol):
    """Where processes meet. `largest` is how many bytes a frame may have."""

    name: str
    largest: int

    def link(self) -> AbstractAsyncContextManager[Link]:
        """A link, listening already when the block begins."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """The document's journal reaches `seq`."""

    document_id: DocumentId
    seq: Seq


@dataclass(frozen=True, slots=True)
class Here:
    """These people of the telling process are at the document, or have gone."""

    document_id: DocumentId
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever has people at the document: say so."""

    document_id: DocumentId


@dataclass(frozen=True, slots=True)
class Access:
    """Roles at the document have changed, of one person or (None) of any."""

    document_id: DocumentId
    user_id: UserId | None


@dataclass(frozen=True, slots=True)
class SignedOut:
    """This person's sign-in has ended."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class Event:
    """An event for everybody at the document."""

    document_id: DocumentId
    event: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Hello:
    """The telling process has a new link: what it told before and does not tell again is no more so."""


@dataclass(frozen=True, slots=True)
class Bye:
    """The telling process stops."""


Message = Rows | Here | Who | Access | SignedOut | Event | Hello | Bye


@dataclass(frozen=True, slots=True)
class Frame:
    """`unread`: how many messages made no sense to this release."""

    process: str
    messages: tuple[Message, ...]
    unread: int = 0


def _written(message: Message) -> list[object]:
    match message:
        case Rows(document_id, seq):
            return ["rows", document_id, seq]
        case Here(document_id, entries):
            packed = base64.b64encode(zlib.compress(encode(entries), 1)).decode()
            return ["here", document_id, packed]
        case Who(document_id):
            return ["who", document_id]
        case Access(document_id, user_id):
            return ["access", document_id, user_id]
        case SignedOut(user_id):
            return ["signed_out", user_id]
        case Event(document_id, event):
            return ["event", document_id, dict(event)]
        case Hello():
            return ["hello"]
        case Bye():
            return ["bye"]


def frames(process: str, messages: Iterable[Message], largest: int) -> Iterator[bytes]:
    """As few frames as hold these messages in order; one too large for any frame is left out.

    No messages make one frame: it says that the process lives.
    """
    head = f'{{"p":{json.dumps(process)},"m":['.encode()
    parts: list[bytes] = []
    size = len(head) + 2
    for message in messages:
        part = json.dumps(_written(message), separators=(",", ":")).encode()
        if len(head) + 2 + len(part) > largest:
            continue
        if parts and size + len(part) + 1 > largest:
            yield head + b",".join(parts) + b"]}"
            parts, size = [], len(head) + 2
        parts.append(part)
        size += len(part) + 1
    yield head + b",".join(parts) + b"]}"


def _unpacked(packed: str) -> tuple[Entry, ...]:
    opened = zlib.decompressobj()
    payload = opened.decompress(base64.b64decode(packed, validate=True), MAX_STATES_SIZE)
    if opened.unconsumed_tail:
        raise ValueError("too large")
    return decode(payload)


def _id(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_ID:
        raise ValueError("id")
    return value


def _read(given: Any) -> Message:
    """Raises ValueError, TypeError, IndexError or Refusal when it is nothing of ours."""
    match given:
        case ["rows", document_id, int(seq)] if 0 < seq < 2**53 and not isinstance(seq, bool):
            return Rows(DocumentId(_id(document_id)), Seq(seq))
        case ["here", document_id, str(packed)]:
            return Here(DocumentId(_id(document_id)), _unpacked(packed))
        case ["who", document_id]:
            return Who(DocumentId(_id(document_id)))
        case ["access", document_id, user_id]:
            whom = None if user_id is None else UserId(_id(user_id))
            return Access(DocumentId(_id(document_id)), whom)
        case ["signed_out", user_id]:
            return SignedOut(UserId(_id(user_id)))
        case ["event", document_id, dict(event)]:
            return Event(DocumentId(_id(document_id)), event)
        case ["hello"]:
            return Hello()
        case ["bye"]:
            return Bye()
    raise ValueError("kind")


def read_frame(frame: bytes) -> Frame | None:
    """The frame; None when it is none of ours. Never raises."""
    try:
        given = json.loads(frame)
        process, written = _id(given["p"]), given["m"]
        if not isinstance(written, list):
            return None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    found: list[Message] = []
    for one in written:
        try:
            found.append(_read(one))
        except (ValueError, TypeError, IndexError, zlib.error, Refusal):
            continue
    return Frame(process, tuple(found), len(written) - len(found))
