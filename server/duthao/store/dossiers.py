"""The door to dossiers: what each is, its parts, and its trail, of which no row is changed or deleted.

As in `store.ports`: every method blocks, times are UTC milliseconds, "not there" is None or empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from duthao.domain.document import DocumentId, UserId
from duthao.domain.dossiers import Dossier


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a dossier as it is kept: its kind, what it says as JSON, the account it names."""

    id: str
    dossier_id: str
    part: str
    body: str
    user_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the trail: who did what when, and what it said as JSON.

    `place` counts from 1 and is given by the store; `frozen` says whether bytes are kept with it.
    """

    dossier_id: str
    at: int
    by: UserId
    act: str
    body: str
    place: int = 0
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What one act of somebody changes: all of it or nothing.

    `dossier` (with the edition that was seen) is kept as the next edition; parts are put in place of
    those of their id, or behind them; `frozen` are the bytes kept with `event`; `current` is the version
    that is the document's text in force from now on.
    """

    event: Event
    dossier: Dossier | None = None
    put: tuple[PartRow, ...] = ()
    gone: tuple[str, ...] = ()
    frozen: bytes | None = None
    current: str | None = None


class Dossiers(Protocol):
    """Dossiers (hồ sơ). A document has at most one that is open."""

    def create(self, dossier: Dossier, parts: Sequence[PartRow], event: Event) -> bool:
        """False when the document has an open one. Raises ValueError when document or person are not
        there.
        """
        ...

    def get(self, dossier_id: str) -> Dossier | None: ...
    def of_documents(self, document_ids: Sequence[DocumentId]) -> Sequence[Dossier]:
        """Newest first."""
        ...

    def of_user(self, user_id: UserId) -> Sequence[Dossier]:
        """Whose working group this person is in; newest first."""
        ...

    def keep(self, dossier_id: str, change: Change) -> Event | None:
        """The event with its place; None when the dossier is not there or of another edition."""
        ...

    def parts(self, dossier_ids: Sequence[str]) -> Mapping[str, Sequence[PartRow]]:
        """By dossier, in the order in which they were added; every id asked for is there."""
        ...

    def events(self, dossier_id: str) -> Sequence[Event]:
        """Oldest first."""
        ...

    def frozen(self, dossier_id: str, place: int) -> bytes | None:
        """The bytes kept with an event."""
        ...


class DossierDoors(Protocol):
    """What a store has for dossiers."""

    @property
    def dossiers(self) -> Dossiers: ...
