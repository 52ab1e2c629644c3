"""One document's CRDT, wrapped so that nothing can poison it (reliability.md §1).

The one pycrdt `Doc` of a room: no observers, no edits by index, used by one thread. Every
update is read strictly first, and what would leave something pending is refused before it is
applied: the library has no rollback, and a document with pending parts cannot be saved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pycrdt import Doc, Snapshot, merge_updates

from duthao.collab.codec import ReadReport, read_document
from duthao.collab.edits import restore
from duthao.collab.joining import in_order
from duthao.collab.lib0 import Reader
from duthao.collab.update_reader import (
    LIMITS,
    MAX_VECTOR,
    STORED_LIMITS,
    Limits,
    MalformedUpdate,
    Reading,
    TypeMade,
    Types,
    UpdateFacts,
    merged,
    read_state_vector,
    read_update,
    reading,
)
from duthao.domain.document import Document, UserId
from duthao.domain.errors import Refusal

EMPTY_UPDATE: Final = b"\x00\x00"
_OUR_VECTOR: Final = 10_000_000


class Hole(Refusal):
    """The update leans on content that is not there; nothing was applied. Code `update_hole`."""

    def __init__(self, client: int) -> None:
        super().__init__("update_hole")
        self.client = client


class ReplicaBroken(Exception):
    """The library failed, or something is pending: drop this replica and load it anew.

    `kind` names what happened; the message never holds draft text.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(f"the replica is broken: {kind}")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Applied:
    """An update that is now in the replica.

    `has_effect` is false only when the document was certainly the same before. `pending` is
    always false: what would be pending is refused (`Hole`) or breaks the replica.
    """

    facts: UpdateFacts
    has_effect: bool
    pending: bool = False


class _Deleted:
    """Ranges known to be deleted, by client: `first` and `end` clocks, apart and in order."""

    def __init__(self) -> None:
        self._firsts: dict[int, list[int]] = {}
        self._ends: dict[int, list[int]] = {}

    def load(self, ranges: Mapping[int, Iterable[tuple[int, int]]]) -> None:
        for client, pairs in ranges.items():
            joined = merged(pairs)
            self._firsts[client] = [first for first, _ in joined]
            self._ends[client] = [end for _, end in joined]

    def holds(self, client: int, first: int, end: int) -> bool:
        at = bisect_right(self._firsts.get(client, ()), first) - 1
        return at >= 0 and self._ends[client][at] >= end

    def add(self, client: int, first: int, end: int) -> None:
        firsts, ends = self._firsts.setdefault(client, []), self._ends.setdefault(client, [])
        low = bisect_right(firsts, first)
        if low and ends[low - 1] >= first:
            low -= 1
            first = firsts[low]
        high = bisect_right(firsts, end)
        if high > low:
            end = max(end, ends[high - 1])
        firsts[low:high], ends[low:high] = [first], [end]


class Replica:
    """A document's replica. After `ReplicaBroken` it refuses everything."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._doc: Doc[Any] = Doc(skip_gc=True)  # the past stays readable
        self._limits = limits
        self._clocks: dict[int, int] = {}
        self._deleted: _Deleted | None = _Deleted()
        self._types: Types | None = Types()
        self._unlisted: list[TypeMade] = []
        """Made by what was stored while `_types` was not known."""
        self._read: tuple[Document, ReadReport] | None = None
        self._vector: bytes | None = None
        self._broken: str | None = None
        self._doubtful = False

    @classmethod
    def from_rows(
        cls, checkpoint: bytes | None, updates: Iterable[bytes], limits: Limits = LIMITS
    ) -> Replica:
        """A replica of what is stored: a checkpoint's state, then the journal's rows after it.

        Raises ReplicaBroken when it does not replay whole: never an empty or partial document.
        """
        replica = cls(limits)
        try:
            if checkpoint is not None:
                replica._load(checkpoint)
            for update in updates:
                replica.apply_read(update, read_update(update, STORED_LIMITS))
        except Refusal as refusal:
            raise ReplicaBroken(refusal.code) from None
        return replica

    @classmethod
    def of_the_past(cls, state: bytes | None, updates: Iterable[bytes]) -> Replica:
        """As `from_rows`, for reading only: what was let in once is not held against all before it again."""
        replica = cls(STORED_LIMITS)
        replica._load(state or EMPTY_UPDATE)
        clocks = dict(replica._clocks)
        try:
            for update in updates:
                for client, (_, end) in read_update(update, STORED_LIMITS).clients.items():
                    clocks[client] = max(end, clocks.get(client, 0))
                replica._apply(update)
        except Refusal as refusal:
            raise ReplicaBroken(refusal.code) from None
        replica._clocks = replica._clocks_of_library()
        if replica._clocks != clocks:
            raise replica._break("pending")
        return replica

    def _load(self, state: bytes) -> None:
        """A whole state of our own making. What is deleted and nested in it is read when asked."""
        self._apply(state)
        self._clocks = self._clocks_of_library()
        self._deleted = self._types = None

    def apply(self, update: bytes) -> Applied:
        """Read the update strictly, within the limits given at the start, and apply it.

        Raises `MalformedUpdate`, Refusal `update_too_large` and `Hole`, with nothing applied;
        `ReplicaBroken` when the library fails or leaves something pending.
        """
        return self.apply_read(update, read_update(update, self._limits))

    def apply_stored(self, update: bytes) -> Applied:
        """As `apply`, for what stands in the journal: what was let in once is not held against all
        types there are again, if that would mean to read the whole text."""
        return self.apply_read(update, read_update(update, self._limits), stored=True)

    def apply_read(self, update: bytes, facts: UpdateFacts, *, stored: bool = False) -> Applied:
        """As `apply`, for an update already read: `facts` are those of these very bytes."""
        if not self.admit(facts, stored=stored):
            return Applied(facts, has_effect=False)
        self.apply_admitted(update)
        return Applied(facts, has_effect=True)

    def admit(self, facts: UpdateFacts, *, stored: bool = False) -> bool:
        """Take in what an update says before its bytes: whether it has an effect.

        Raises `MalformedUpdate` and `Hole`, with nothing taken in. What has an effect must be
        given to `apply_admitted`, alone or joined with others, before anything else is asked.
        """
        self._check_usable()
        hole = facts.hole(self._clocks)
        if hole is not None:
            raise Hole(hole)
        news = any(end > self._clocks.get(client, 0) for client, (_, end) in facts.clients.items())
        if news and stored and self._types is None:
            self._unlisted += facts.types
        elif news and (facts.types or facts.parents):
            self._check_parents(facts)
            self._known_types().admit(facts.types)
        if not news and self._all_deleted(facts):
            return False
        self._took(facts)
        return True

    def apply_admitted(self, update: bytes) -> None:
        """Apply the bytes of what was admitted since the last time. Raises `ReplicaBroken`."""
        self._check_usable()
        self._apply(update)
        # One client's content whose ground is there cannot wait for anything; that of several
        # in one update may wait for one another in a circle.
        if self._doubtful:
            self._doubtful = False
            if self._clocks_of_library() != self._clocks:
                raise self._break("pending")

    def _check_parents(self, facts: UpdateFacts) -> None:
        """Content in what is neither a shared type nor deleted makes the library fail half-way."""
        unknown = self._known_types().unknown(facts)
        if not unknown:
            return
        gone = _Deleted()
        for range_ in facts.deleted:
            gone.add(*range_)
        known = self._known_deleted()
        for client, clock in unknown:
            if not (gone.holds(client, clock, clock + 1) or known.holds(client, clock, clock + 1)):
                raise MalformedUpdate("update_malformed", "parent")

    def _apply(self, update: bytes) -> None:
        self._read = self._vector = None
        try:
            self._doc.apply_update(update)
        except (KeyboardInterrupt, SystemExit):
            self._broken = "interrupted"
            raise
        except BaseException as error:  # a panic in the library is no Exception
            raise self._break(type(error).__name__) from None

    def _took(self, facts: UpdateFacts) -> None:
        for client, (_, end) in facts.clients.items():
            self._clocks[client] = max(end, self._clocks.get(client, 0))
        if self._deleted is not None:
            for range_ in facts.deleted:
                self._deleted.add(*range_)
        self._doubtful |= len(facts.clients) > 1

    def _break(self, kind: str) -> ReplicaBroken:
        self._broken = kind
        return ReplicaBroken(kind)

    def _check_usable(self) -> None:
        if self._broken is not None:
            raise ReplicaBroken(self._broken)

    def _clocks_of_library(self) -> dict[int, int]:
        return read_state_vector(bytes(self._doc.get_state()), _OUR_VECTOR)

    def _all_deleted(self, facts: UpdateFacts) -> bool:
        return not facts.deleted or all(self._known_deleted().holds(*one) for one in facts.deleted)

    def _known_deleted(self) -> _Deleted:
        if self._deleted is None:
            self._deleted = _Deleted()
            self._deleted.load(_deleted_in(bytes(Snapshot.from_doc(self._doc).encode())))
        return self._deleted

    def _known_types(self) -> Types:
        for _ in self.preparing():
            pass
        assert self._types is not None
        return self._types

    def preparing(self) -> Generator[None, None, None]:
        """Learn, a step at a time, which types there are: what makes the first provision after a
        loading would else wait until the whole text has been read."""
        if self._types is None:
            facts = yield from reading(self.state(), STORED_LIMITS)
            if self._types is None:
                types = Types()
                types.admit((*facts.types, *self._unlisted))
                self._types = types
                self._unlisted.clear()

    def pending(self) -> bool:
        """Whether something applied waits for content that is not there."""
        return self._broken is not None or self._clocks_of_library() != self._clocks

    def clocks(self) -> Mapping[int, int]:
        """For each client the clock after its last."""
        return self._clocks

    def state_vector(self) -> bytes:
        """What this replica has; kept until the next update, for everybody who comes is told it."""
        self._check_usable()
        if self._vector is None:
            self._vector = bytes(self._doc.get_state())
        return self._vector

    def diff(self, vector: bytes) -> bytes:
        """What a replica with this state vector lacks. Raises `MalformedUpdate`."""
        self._check_usable()
        # A copy of an old document knows as many clients as have ever written in it.
        read_state_vector(vector, MAX_VECTOR + len(self._clocks))
        return bytes(self._doc.get_update(vector))

    def state(self) -> bytes:
        """The whole document as one update."""
        self._check_usable()
        return bytes(self._doc.get_update())

    def tree(self) -> Document:
        """The document as it reads now; kept until the next update that has an effect."""
        return self.read()[0]

    def read(self) -> tuple[Document, ReadReport]:
        """`tree`, and what the reading passed over."""
        self._check_usable()
        if self._read is None:
            self._read = read_document(self._doc)
        return self._read

    def towards(self, target: Document, user_id: UserId) -> bytes:
        """The update that changes this document forward until it reads as `target`; not applied.

        The empty update when it reads so already. The person is the journal's to record.
        """
        return restore(self.state(), self.tree(), target) or EMPTY_UPDATE


def _deleted_in(snapshot: bytes) -> dict[int, list[tuple[int, int]]]:
    """The deleted ranges at the beginning of a Yjs snapshot."""
    reader = Reader(snapshot, "state_vector_malformed")
    found: dict[int, list[tuple[int, int]]] = {}
    for _ in range(reader.count(2)):
        ranges = found.setdefault(reader.uint(), [])
        for _ in range(reader.count(2)):
            first, length = reader.uint(), reader.uint()
            ranges.append((first, first + length))
    return found


class PycrdtEngine:
    """Where rooms get their replicas, and the strict reading of what clients send."""

    def replica(self) -> Replica:
        """An empty replica, with room for whole states: a room reads what clients send first."""
        return Replica(STORED_LIMITS)

    def load(self, checkpoint: bytes | None) -> Replica:
        """A replica of a checkpoint, to which rows may be applied. Raises `ReplicaBroken`."""
        return Replica.from_rows(checkpoint, (), STORED_LIMITS)

    def folded(self, checkpoint: bytes | None, rows: Sequence[bytes]) -> bytes | None:
        """The state of `load`, if it has nothing pending and reads the same after a reload."""
        replica = Replica.from_rows(checkpoint, rows, STORED_LIMITS)
        state = replica.state()
        again = self.load(state)
        same = not replica.pending() and again.clocks() == replica.clocks() and again.tree() == replica.tree()
        return state if same else None

    def past(self, state: bytes | None, updates: Iterable[bytes]) -> Replica:
        """A replica to read from: a checked state of our own and what was stored after. Raises as `load`."""
        return Replica.of_the_past(state, updates)

    def read_update(self, update: bytes) -> UpdateFacts:
        """Raises `MalformedUpdate`, Refusal `update_too_large`."""
        return read_update(update)

    def reading(self, update: bytes) -> Reading:
        """`read_update` a step at a time."""
        return reading(update)

    def merge(self, updates: Sequence[bytes]) -> bytes:
        """One update that does what these do; they have been read and applied before."""
        return self.merge_ordered([in_order(update) for update in updates])

    def merge_ordered(self, updates: Sequence[bytes]) -> bytes:
        """`merge` of updates whose deleted ranges stand in order: they are not read again."""
        return bytes(merge_updates(*updates))


__all__ = [
    "Applied", "Hole", "MalformedUpdate", "PycrdtEngine", "Replica", "ReplicaBroken", "UpdateFacts",
]  # fmt: skip
