"""pycrdt behind the room's doors: the one place where a live replica is touched."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from pycrdt import Doc, merge_updates

from duthao.collab.codec import read_document
from duthao.collab.edits import towards
from duthao.collab.update_reader import SEED_LIMITS, ReadUpdate, read_state_vector, read_update
from duthao.domain.document import Document, UserId


class ReplicaBroken(Exception):
    """pycrdt failed while applying: the replica must be dropped and loaded anew."""


class PycrdtReplica:
    """A document's CRDT, keeping deleted content so that the past can be read; one thread's."""

    def __init__(self) -> None:
        self._doc: Doc[Any] = Doc(skip_gc=True)
        self._tree: Document | None = None
        self._expected: dict[int, int] = {}

    def apply(self, update: bytes) -> None:
        """Raises ReplicaBroken; there is no rollback in pycrdt."""
        facts = read_update(update, SEED_LIMITS)
        try:
            self._doc.apply_update(update)
        except BaseException as error:  # a Rust panic is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise ReplicaBroken(type(error).__name__) from None
        self._tree = None
        for client, (_, end) in facts.clients.items():
            self._expected[client] = max(end, self._expected.get(client, 0))
        for client, _, end in facts.deletes:
            self._expected[client] = max(end, self._expected.get(client, 0))

    def pending(self) -> bool:
        """Whether some content or deletion was received that could not be put in its place."""
        have = self.clocks()
        return any(have.get(client, 0) < end for client, end in self._expected.items())

    def clocks(self) -> Mapping[int, int]:
        return read_state_vector(self.state_vector(), SEED_LIMITS)

    def state_vector(self) -> bytes:
        return bytes(self._doc.get_state())

    def diff(self, vector: bytes) -> bytes:
        """What `vector` lacks. Raises Refusal state_vector_malformed."""
        read_state_vector(vector)
        return bytes(self._doc.get_update(vector))

    def state(self) -> bytes:
        return bytes(self._doc.get_update())

    def tree(self) -> Document:
        if self._tree is None:
            self._tree, _ = read_document(self._doc)
        return self._tree

    def towards(self, target: Document, user_id: UserId) -> bytes:
        """The forward change to `target`, computed on a scratch replica under a new client id."""
        return towards(self.state(), target, new_client_id())


class PycrdtEngine:
    """Replicas on pycrdt, and the strict reading before them."""

    def replica(self) -> PycrdtReplica:
        return PycrdtReplica()

    def read_update(self, update: bytes) -> ReadUpdate:
        return read_update(update)

    def merge(self, updates: list[bytes]) -> bytes:
        return bytes(merge_updates(*updates))


def new_client_id() -> int:
    """A random CRDT client id that every implementation can hold (32 bits)."""
    return secrets.randbits(32)
