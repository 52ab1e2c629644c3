"""What a room needs of the CRDT library, and of the other processes."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Protocol

from duthao.collab.awareness import Entry
from duthao.collab.update_reader import Reading, UpdateFacts
from duthao.domain.document import Document, DocumentId, UserId
from duthao.store.ports import Seq


class Applied(Protocol):
    """An update that has been applied."""

    @property
    def facts(self) -> UpdateFacts: ...
    @property
    def has_effect(self) -> bool: ...


class Replica(Protocol):
    """A document's CRDT, used by one thread."""

    def apply(self, update: bytes) -> Applied:
        """Read strictly, admit and apply one update."""
        ...

    def apply_stored(self, update: bytes) -> Applied:
        """The same for what stands in the journal, where it was admitted before."""
        ...

    def preparing(self) -> Generator[None, None, None]:
        """What the first edits need to know of the whole text, learned a step at a time."""
        ...

    def pending(self) -> bool:
        """Whether something applied waits for content that is not there."""
        ...

    def admit(self, facts: UpdateFacts) -> bool:
        """Whether an update with these facts has an effect. Raises Refusal when it is out of place;
        what has an effect goes to `apply_admitted` next, alone or joined with others."""
        ...

    def apply_admitted(self, update: bytes) -> None:
        """Raises what the library raises: there is no way back then."""
        ...

    def clocks(self) -> Mapping[int, int]: ...
    def state_vector(self) -> bytes: ...
    def diff(self, vector: bytes) -> bytes:
        """What `vector` lacks. Raises Refusal when it is malformed."""
        ...

    def state(self) -> bytes: ...
    def tree(self) -> Document: ...
    def towards(self, target: Document, user_id: UserId) -> bytes:
        """An update that changes this document forward until it reads as `target`; not applied."""
        ...


class Engine(Protocol):
    """Where replicas come from, and the strict reading of what clients send."""

    def replica(self) -> Replica: ...
    def load(self, checkpoint: bytes | None) -> Replica:
        """A replica that is ready for the journal's rows after this state of our own making.

        Raises ReplicaBroken.
        """
        ...

    def folded(self, checkpoint: bytes | None, rows: Sequence[bytes]) -> bytes | None:
        """The state after these rows; None when a reload of it would not read the same.

        Called in a process of its own. Raises ReplicaBroken unless all of it replays whole.
        """
        ...

    def past(self, state: bytes | None, updates: Iterable[bytes]) -> Replica:
        """As `load`, only to read from: fast, since what is stored was read strictly before."""
        ...

    def read_update(self, update: bytes) -> UpdateFacts:
        """Raises Refusal when the update is malformed or over a bound."""
        ...

    def reading(self, update: bytes) -> Reading:
        """The same, a step at a time."""
        ...

    def merge(self, updates: list[bytes]) -> bytes: ...
    def merge_ordered(self, updates: list[bytes]) -> bytes:
        """`merge` of updates that `joining` has put in order, without reading them again."""
        ...


class Neighbours(Protocol):
    """The other processes that may have this document open."""

    several: bool
    """Whether there may be any."""

    def stored(self, document_id: DocumentId, seq: Seq) -> None:
        """We have stored rows, the last of them here."""
        ...

    def showed(self, document_id: DocumentId, entries: Sequence[Entry]) -> None:
        """People of ours are here, or have gone."""
        ...

    def others(self, document_id: DocumentId) -> Sequence[Entry]:
        """Who is at the document elsewhere."""
        ...
