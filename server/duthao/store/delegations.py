"""The door to delegations. None is changed but by its end, and none deleted: they are on record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from duthao.domain.delegations import Delegation
from duthao.domain.document import DocumentId, UserId


class Delegations(Protocol):
    """Who does whose part; newest first everywhere."""

    def add(self, delegation: Delegation) -> None:
        """Raises ValueError when document or people are not there."""
        ...

    def get(self, delegation_id: str) -> Delegation | None: ...
    def end(self, delegation_id: str, at: int) -> bool:
        """False when it is not there or has ended."""
        ...

    def of_person(self, user_id: UserId) -> Sequence[Delegation]:
        """Given or received."""
        ...

    def of_document(self, document_id: DocumentId) -> Sequence[Delegation]: ...


class Reminders(Protocol):
    """Of what somebody was reminded: once for each day it was due and each stage."""

    def once(self, about: str, user_id: UserId, due: str, stage: str, at: int) -> bool:
        """False when they were reminded of it already; else it is on record now."""
        ...


class DelegationDoors(Protocol):
    """What a store has for delegations and reminders."""

    @property
    def delegations(self) -> Delegations: ...
    @property
    def reminders(self) -> Reminders: ...
