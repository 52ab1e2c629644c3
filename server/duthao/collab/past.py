"""How a document read at any place of its journal, without replaying all of it each time.

A reading starts at the newest checkpoint before the place asked for, or at a moment read shortly
before it, and leaves a checkpoint behind wherever the next is `KEPT_EVERY` rows away: the first walk
through a long journal replays it once, every later one at most so many rows, and steps to and fro
replay what lies between. It runs in the calling thread, replica and all, and blocks.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from duthao.collab.ports import Engine, Replica
from duthao.domain.document import Document, DocumentId
from duthao.domain.errors import Refusal
from duthao.store.ports import Checkpoint, JournalRow, Seq, Store, StoreUnavailable

logger = logging.getLogger("duthao.rooms")

KEPT_EVERY = 8000
"""Rows between two checkpoints that are both kept: what a moment of the past replays at most, 0.2 s."""

JOINED = 500
"""Rows joined before they are applied: four times as fast as one by one; joining more costs more."""

SHELF_EVERY = 2000
"""Rows between the moments that a walk remembers near its end: the next step may go backwards."""

KEPT = 16
"""Moments remembered, of all documents: at most so many whole states."""


def sound(checkpoint: Checkpoint | None) -> Checkpoint | None:
    """The checkpoint, or None (and a line in the log) when it is not what was stored."""
    if checkpoint is not None and hashlib.sha256(checkpoint.state).hexdigest() != checkpoint.sha256:
        logger.error("checkpoint.damaged document=%s seq=%s", checkpoint.document_id, checkpoint.seq)
        return None
    return checkpoint


def sealed(document_id: DocumentId, seq: Seq, state: bytes) -> Checkpoint:
    return Checkpoint(document_id, seq, state, hashlib.sha256(state).hexdigest())


class _Moments:
    """The states last met with, and the trees of those that were asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[DocumentId, Seq], tuple[bytes, Document | None]] = OrderedDict()
        self._lock = Lock()

    def get(self, document_id: DocumentId, seq: Seq) -> tuple[bytes, Document] | None:
        with self._lock:
            state, tree = self._kept.get((document_id, seq), (b"", None))
            if tree is None:
                return None
            self._kept.move_to_end((document_id, seq))
            return state, tree

    def put(self, document_id: DocumentId, seq: Seq, state: bytes, tree: Document | None = None) -> None:
        with self._lock:
            self._kept[document_id, seq] = state, tree
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def before(self, document_id: DocumentId, seq: Seq) -> tuple[Seq, bytes] | None:
        """The last one at or before this row."""
        with self._lock:
            found = [
                (at, state)
                for (id_, at), (state, _) in self._kept.items()
                if id_ == document_id and at <= seq
            ]
            return max(found, default=None)


class Past:
    """Readings of the past of all documents of a store; used by several threads at once."""

    def __init__(self, store: Store, engine: Engine, stride: int = KEPT_EVERY) -> None:
        self._store, self._engine, self._stride = store, engine, stride
        self._moments = _Moments()
        self._lock = Lock()
        self._walking: dict[DocumentId, Lock] = {}

    def tree(self, document_id: DocumentId, seq: Seq) -> Document:
        """The draft when its journal ended at `seq`. Raises Refusal document_not_found, StoreUnavailable."""
        return self.state(document_id, seq)[1]

    def state(self, document_id: DocumentId, seq: Seq) -> tuple[bytes, Document, Seq]:
        """State and tree there, and the row they end with. Raises as `tree`."""
        known = self._moments.get(document_id, seq)
        if known is not None:
            return *known, seq
        with self._lock:
            walking = self._walking.setdefault(document_id, Lock())
        # One walk at a time: the second finds what the first has left.
        with walking:
            replica, reached = self._walk(document_id, seq)
            state, tree = replica.state(), replica.tree()
        self._moments.put(document_id, reached, state, tree)
        return state, tree, reached

    def _walk(self, document_id: DocumentId, upto: Seq) -> tuple[Replica, Seq]:
        journal = self._store.journal
        checkpoint = sound(journal.checkpoint(document_id, upto))
        state, kept = (checkpoint.state, checkpoint.seq) if checkpoint else (None, Seq(0))
        at = kept
        shelved = self._moments.before(document_id, upto)
        if shelved is not None and shelved[0] > at:
            at, state = shelved
        replica: Replica | None = None
        while rows := journal.read(document_id, at, upto, self._page(upto - at)):
            if replica is not None:
                state = replica.state()
                self._moments.put(document_id, at, state)
                if at - kept >= self._stride:
                    kept = at
                    self._keep(document_id, at, replica, state)
            replica, at = self._onwards(state, rows), rows[-1].seq
        if replica is None and state is None:
            raise Refusal("document_not_found")
        return replica or self._onwards(state, ()), at

    def _page(self, left: int) -> int:
        """How many rows to go on at once: few only near the end, each stop costs a state."""
        return self._stride if left > self._stride else min(SHELF_EVERY, self._stride)

    def _onwards(self, state: bytes | None, rows: Sequence[JournalRow]) -> Replica:
        """A replica of a state and the rows after it, those joined: letters by the hundred apply as one."""
        payloads = [row.entry.payload for row in rows]
        parts = [payloads[at : at + JOINED] for at in range(0, len(payloads), JOINED)]
        joined = (part[0] if len(part) == 1 else self._engine.merge(part) for part in parts)
        try:
            return self._engine.past(state, joined)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # pycrdt's PanicException is no Exception
            raise StoreUnavailable(f"the journal does not replay: {type(error).__name__}") from None

    def _keep(self, document_id: DocumentId, seq: Seq, replica: Replica, state: bytes) -> None:
        if self._engine.past(state, ()).tree() != replica.tree():
            logger.error("checkpoint.differs document=%s seq=%s", document_id, seq)
            return
        try:
            self._store.journal.save_checkpoint(sealed(document_id, seq, state))
        except StoreUnavailable as error:  # it only speeds up: the reading goes on without it
            logger.warning("checkpoint.skipped document=%s kind=%s", document_id, type(error).__name__)
