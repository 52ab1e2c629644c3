"""The log of who did what, as a chain: each record is sealed together with everything before it.

hash(n) = SHA-256(hash(n-1) + canonical bytes of record n), as in RFC 6962's idea of a log that can only
grow, without its tree: whoever verifies here reads all of it. A record that is changed, removed, put in or
moved breaks the chain at its place; what was cut off at the end shows against the end that is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

MAX_WORD: Final = 64
MAX_NAME: Final = 200
MAX_DETAILS: Final = 12


class Action(StrEnum):
    """What was done, in the words of the rule: what a person may be asked about later."""

    READ = "read"
    CHANGE = "change"
    EXPORT = "export"
    PRINT = "print"
    DECIDE = "decide"
    ADMINISTER = "administer"
    SIGN = "sign"
    """Coming in, failing to, and going."""
    REFUSE = "refuse"
    """Asked for what this person may not have: counted, see `domain.refusals`."""


@dataclass(frozen=True, slots=True)
class Record:
    """`at`: UTC milliseconds. `name`: the person's as of then; both empty when nobody is known.
    `what`: a key of the catalogue (`audit.what.…`). `document_id`: "" for none. `details`: canonical JSON
    of ids and kinds, never words of a draft. `seq` (1, 2, 3 …) and `hash` (hex) are given by the chain.
    """

    at: int
    user_id: str
    name: str
    action: Action
    what: str
    document_id: str = ""
    details: str = "{}"
    address: str = ""
    seq: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """A place in the chain: the hash of all up to and with record `seq`."""

    seq: int
    hash: str


START: Final = Seal(0, "0" * 64)


class Why(StrEnum):
    """How a chain breaks."""

    GAP = "gap"
    """Another record stands here than the one that must follow: removed, put in, or moved."""
    CHANGED = "changed"
    """The record does not give its hash: it, or one before it, is not what was sealed."""
    END = "end"
    """The chain ends elsewhere than is known: records were cut off, or added past the door."""


@dataclass(frozen=True, slots=True)
class Break:
    seq: int
    why: Why


def said(details: Mapping[str, object]) -> str:
    """Details as canonical JSON: keys in order, short words only, what is no word or number left out."""
    kept = {
        key[:MAX_WORD]: value if isinstance(value, int) else str(value)[:MAX_WORD]
        for key, value in sorted(details.items())[:MAX_DETAILS]
        if isinstance(value, int | str) and value != ""
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def canonical(record: Record) -> bytes:
    """What is sealed of a record: all but its hash. UTF-8 JSON, one list, so no two records share it."""
    row = [
        record.seq, record.at, record.user_id, record.name, record.action.value, record.what,
        record.document_id, record.details, record.address,
    ]  # fmt: skip
    return json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode()


def sealed(end: Seal, record: Record) -> Record:
    """The record as the one after `end`."""
    placed = replace(record, seq=end.seq + 1)
    return replace(placed, hash=_hash(end.hash, placed))


def chained(end: Seal, records: Iterable[Record]) -> tuple[Record, ...]:
    """The records, each sealed after the one before it."""
    done = []
    for record in records:
        done.append(sealed(end, record))
        end = seal_of(done[-1])
    return tuple(done)


def seal_of(record: Record) -> Seal:
    return Seal(record.seq, record.hash)


def verify(records: Iterable[Record], front: Seal = START, end: Seal | None = None) -> Break | None:
    """Where the chain after `front` breaks first; None when it is whole. `end`: where it is known to end.

    One pass, nothing kept: records may come from a store in pieces.
    """
    at = front
    for record in records:
        if record.seq != at.seq + 1:
            return Break(at.seq + 1, Why.GAP)
        if record.hash != _hash(at.hash, record):
            return Break(record.seq, Why.CHANGED)
        at = seal_of(record)
    return None if end is None or end == at else Break(at.seq + 1, Why.END)


def _hash(before: str, record: Record) -> str:
    return hashlib.sha256(bytes.fromhex(before) + canonical(record)).hexdigest()
