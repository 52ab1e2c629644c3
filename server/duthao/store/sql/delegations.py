"""Delegations and reminders, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select, update

from duthao.domain.delegations import Delegation, DutyPart
from duthao.domain.document import DocumentId, UserId
from duthao.store.sql.engine import Database
from duthao.store.sql.programme_tables import delegations, reminders


def _delegation(row: Row[Any]) -> Delegation:
    return Delegation(**dict(row._mapping) | {"part": DutyPart(row.part)})


class SqlDelegations:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, delegation: Delegation) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(delegations).values(asdict(delegation)))

    def get(self, delegation_id: str) -> Delegation | None:
        return next(iter(self._found(delegations.c.id == delegation_id)), None)

    def end(self, delegation_id: str, at: int) -> bool:
        here = (delegations.c.id == delegation_id, delegations.c.ended_at.is_(None))
        with self._database.writing() as connection:
            return connection.execute(update(delegations).where(*here).values(ended_at=at)).rowcount == 1

    def of_person(self, user_id: UserId) -> Sequence[Delegation]:
        return self._found(or_(delegations.c.giver == user_id, delegations.c.deputy == user_id))

    def of_document(self, document_id: DocumentId) -> Sequence[Delegation]:
        return self._found(delegations.c.document_id == document_id)

    def _found(self, which: ColumnElement[bool]) -> Sequence[Delegation]:
        order = (delegations.c.made_at.desc(), delegations.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(select(delegations).where(which).order_by(*order))
            return tuple(_delegation(row) for row in rows)


class SqlReminders:
    def __init__(self, database: Database) -> None:
        self._database = database

    def once(self, about: str, user_id: UserId, due: str, stage: str, at: int) -> bool:
        row = {"about": about, "user_id": user_id, "due": due, "stage": stage, "at": at}
        with self._database.writing() as connection:
            kept = self._database.insert(reminders).values(row).on_conflict_do_nothing()
            # PostgreSQL's driver counts no rows of such an insertion.
            return connection.execute(kept.returning(reminders.c.about)).first() is not None
