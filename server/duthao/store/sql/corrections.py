"""Pairings corrected by hand, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select

from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import Correction, EpochMillis, Verdict
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import corrections


class SqlCorrections:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, correction: Correction) -> None:
        same = (
            corrections.c.document_id == correction.document_id,
            corrections.c.before == correction.before,
            corrections.c.after == correction.after,
        )
        with self._database.writing() as connection:
            connection.execute(delete(corrections).where(*same))
            connection.execute(
                insert(corrections).values(asdict(correction) | {"verdict": correction.verdict.value})
            )

    def remove(self, document_id: DocumentId, correction_id: str) -> bool:
        where = (corrections.c.document_id == document_id, corrections.c.id == correction_id)
        with self._database.writing() as connection:
            return connection.execute(delete(corrections).where(*where)).rowcount > 0

    def for_document(self, document_id: DocumentId) -> Sequence[Correction]:
        query = select(corrections).where(corrections.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(corrections.c.created_at, corrections.c.id))
            return tuple(
                Correction(
                    row.id, DocumentId(row.document_id), Verdict(row.verdict), row.before, row.after,
                    UserId(row.created_by), EpochMillis(row.created_at),
                )
                for row in rows
            )  # fmt: skip
