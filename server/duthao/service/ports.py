"""What the use cases need of the live rooms and of the code that writes CRDT updates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from duthao.domain.days import day_of
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.store.ports import EpochMillis, Seq, Store


class LiveRooms(Protocol):
    """The live drafts. A draft that cannot be loaded raises, it is never empty."""

    async def read(self, document_id: DocumentId) -> tuple[Document, Seq]:
        """The live draft as a frozen tree, and the journal's end it shows."""
        ...

    async def read_at(self, document_id: DocumentId, seq: Seq) -> Document:
        """The draft as it was when the journal ended at `seq`."""
        ...

    async def state_at(self, document_id: DocumentId, seq: Seq | None = None) -> tuple[bytes, Document, Seq]:
        """The CRDT state, the tree it reads as, and its place: now, or when the journal ended at `seq`."""
        ...

    async def restore(self, document_id: DocumentId, target: Document, user_id: UserId) -> Seq:
        """Change the live draft forward until it reads as `target`; durable when this returns."""
        ...

    async def bring_back(
        self, document_id: DocumentId, past: Document, ids: Collection[ProvisionId], user_id: UserId
    ) -> Seq:
        """Change only these provisions forward until they read as in `past`. Refusal provision_not_found."""
        ...

    async def revise(
        self,
        document_id: DocumentId,
        revise: Callable[[Document], Sequence[tuple[Document, UserId | None]]],
        user_id: UserId,
        reason: str,
    ) -> Sequence[Seq]:
        """Change the draft forward, in one go, to each that `revise` makes of what it is just now.

        Each step is credited to its person, or to `user_id`; its row, durable when this returns, or one
        after which it reads so. `revise` is pure: it may be called again, when somebody was quicker.
        """
        ...

    async def access_changed(self, document_id: DocumentId, user_id: UserId) -> None: ...
    async def proposals_changed(self, document_id: DocumentId) -> None: ...
    async def comments_changed(self, document_id: DocumentId) -> None: ...
    async def versions_changed(self, document_id: DocumentId) -> None: ...
    async def comparison_changed(self, document_id: DocumentId) -> None: ...


@dataclass(frozen=True)
class Tools:
    """What every use case may lean on. `new_id` gives random ids of 16 url-safe characters."""

    store: Store
    rooms: LiveRooms
    clock: Callable[[], EpochMillis]
    new_id: Callable[[], str]
    seed: Callable[[Document], bytes]

    def today(self) -> date:
        """The day it is in Vietnam."""
        return day_of(self.clock())
