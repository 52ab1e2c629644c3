"""Opinions, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, false, select

from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion, Source
from duthao.store.sql.engine import Database
from duthao.store.sql.opinion_tables import opinions


class SqlOpinions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: Sequence[Opinion]) -> None:
        with self._database.writing() as connection:
            keep(self._database, connection, new)

    def get(self, opinion_id: str) -> Opinion | None:
        with self._database.reading() as connection:
            row = connection.execute(select(opinions).where(opinions.c.id == opinion_id)).first()
        return None if row is None else _opinion(row)

    def for_document(self, document_id: DocumentId, *, past: bool = False) -> Sequence[Opinion]:
        return self._found(opinions.c.document_id == document_id, past)

    def for_round(self, round_id: str, *, past: bool = False) -> Sequence[Opinion]:
        return self._found(opinions.c.round_id == round_id, past)

    def of_answer(self, round_id: str, answer_id: str) -> Sequence[Opinion]:
        return self._found(and_(opinions.c.round_id == round_id, opinions.c.source_id == answer_id), False)

    def _found(self, where: Any, past: bool) -> Sequence[Opinion]:
        query = select(opinions).where(where).order_by(opinions.c.at, opinions.c.id)
        if not past:
            query = query.where(opinions.c.gone == false())
        with self._database.reading() as connection:
            return tuple(map(_opinion, connection.execute(query).all()))


def keep(database: Database, connection: Connection, new: Sequence[Opinion]) -> None:
    """These as well, in a transaction that is open; one that is there stays as it is."""
    if new:
        added = database.insert(opinions).on_conflict_do_nothing(index_elements=[opinions.c.id])
        connection.execute(added, [_values(one) for one in new])


def _values(one: Opinion) -> dict[str, object]:
    return {
        "id": one.id, "document_id": one.document_id, "source": one.source.value,
        "source_id": one.source_id, "round_id": one.round_id, "giver": one.giver, "user_id": one.user_id,
        "version_id": one.version_id, "provision": one.provision, "text": one.text,
        "wording": one.wording, "letter": one.letter, "late": one.late, "at": one.at, "gone": False,
    }  # fmt: skip


def _opinion(row: Row[Any]) -> Opinion:
    return Opinion(
        row.id, DocumentId(row.document_id), Source(row.source), row.source_id, row.round_id, row.giver,
        None if row.user_id is None else UserId(row.user_id), row.version_id, row.provision, row.text,
        row.wording, row.letter, row.late, row.at,
    )  # fmt: skip
