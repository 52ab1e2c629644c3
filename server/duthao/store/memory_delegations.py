"""Delegations and reminders, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from duthao.domain.delegations import Delegation
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory_tables import Door, alone


def _newest_first(found: list[Delegation]) -> Sequence[Delegation]:
    return tuple(sorted(found, key=lambda one: (-one.made_at, one.id)))


class MemoryDelegations(Door):
    @alone
    def add(self, delegation: Delegation) -> None:
        self._tables.need_document(delegation.document_id)
        for user_id in (delegation.giver, delegation.deputy, delegation.made_by):
            self._tables.need_user(user_id)
        self._tables.delegations[delegation.id] = delegation

    @alone
    def get(self, delegation_id: str) -> Delegation | None:
        return self._tables.delegations.get(delegation_id)

    @alone
    def end(self, delegation_id: str, at: int) -> bool:
        kept = self._tables.delegations.get(delegation_id)
        if kept is None or kept.ended_at is not None:
            return False
        self._tables.delegations[delegation_id] = replace(kept, ended_at=at)
        return True

    @alone
    def of_person(self, user_id: UserId) -> Sequence[Delegation]:
        held = self._tables.delegations.values()
        return _newest_first([one for one in held if user_id in (one.giver, one.deputy)])

    @alone
    def of_document(self, document_id: DocumentId) -> Sequence[Delegation]:
        held = self._tables.delegations.values()
        return _newest_first([one for one in held if one.document_id == document_id])


class MemoryReminders(Door):
    @alone
    def once(self, about: str, user_id: UserId, due: str, stage: str, at: int) -> bool:
        self._tables.need_user(user_id)
        key = (about, user_id, due, stage)
        if key in self._tables.reminders:
            return False
        self._tables.reminders[key] = at
        return True
