"""Findings put aside, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, select

from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import EpochMillis, SetAside
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import set_asides


class SqlSetAsides:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, one: SetAside) -> None:
        with self._database.writing() as connection:
            connection.execute(self._database.insert(set_asides).values(asdict(one)).on_conflict_do_nothing())

    def remove(self, document_id: DocumentId, finding: str) -> bool:
        where = (set_asides.c.document_id == document_id, set_asides.c.finding == finding)
        with self._database.writing() as connection:
            return connection.execute(delete(set_asides).where(*where)).rowcount > 0

    def for_document(self, document_id: DocumentId) -> Sequence[SetAside]:
        query = select(set_asides).where(set_asides.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(set_asides.c.created_at, set_asides.c.finding))
            return tuple(
                SetAside(
                    DocumentId(row.document_id), row.finding, UserId(row.created_by),
                    EpochMillis(row.created_at),
                )
                for row in rows
            )  # fmt: skip
