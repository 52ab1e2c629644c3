"""Comments, in SQL: where they were found last and whom they mention as JSON, the rest as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from duthao.domain.anchors import Anchor, On, Spot, Stretch
from duthao.domain.document import CharOffset, DocumentId, ProvisionId, UserId
from duthao.store.ports import Comment, EpochMillis, Seq, Tally, Thread
from duthao.store.sql.engine import Database
from duthao.store.sql.tables import comment_threads as threads
from duthao.store.sql.tables import comments


class SqlComments:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, thread: Thread, comment: Comment) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(threads).values(_thread_values(thread)))
            connection.execute(insert(comments).values(_comment_values(comment)))

    def reply(self, comment: Comment) -> None:
        query = select(threads.c.id).where(
            threads.c.document_id == comment.document_id, threads.c.id == comment.thread_id
        )
        with self._database.writing() as connection:
            if connection.execute(query).first() is None:
                raise ValueError("no such thread")
            connection.execute(insert(comments).values(_comment_values(comment)))

    def thread(self, document_id: DocumentId, thread_id: str) -> Thread | None:
        query = select(threads).where(threads.c.document_id == document_id, threads.c.id == thread_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _thread(row)

    def put_thread(self, thread: Thread, seen: int) -> bool:
        where = (
            threads.c.document_id == thread.document_id,
            threads.c.id == thread.id,
            threads.c.edition == seen,
        )
        values = {
            "assigned": thread.assigned, "resolved_by": thread.resolved_by,
            "resolved_at": thread.resolved_at, "edition": seen + 1,
        }  # fmt: skip
        with self._database.writing() as connection:
            return connection.execute(update(threads).where(*where).values(values)).rowcount > 0

    def put_comment(self, comment: Comment, seen: int) -> bool:
        where = (
            comments.c.document_id == comment.document_id,
            comments.c.id == comment.id,
            comments.c.edition == seen,
        )
        changed = _comment_values(comment)
        values = {name: changed[name] for name in ("text", "mentions", "edited_at", "removed")}
        with self._database.writing() as connection:
            made = connection.execute(update(comments).where(*where).values(values | {"edition": seen + 1}))
            return made.rowcount > 0

    def remove(self, document_id: DocumentId, thread_id: str) -> None:
        here = (threads.c.document_id == document_id, threads.c.id == thread_id)
        with self._database.writing() as connection:
            connection.execute(delete(threads).where(*here))

    def hold(self, document_id: DocumentId, held: Mapping[str, tuple[Stretch, ...]]) -> None:
        with self._database.writing() as connection:
            for thread_id, stretches in held.items():
                here = (threads.c.document_id == document_id, threads.c.id == thread_id)
                connection.execute(update(threads).where(*here).values(held=_held(stretches)))

    def threads(self, document_id: DocumentId) -> Sequence[Thread]:
        query = select(threads).where(threads.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(threads.c.created_at, threads.c.id)).all()
        return tuple(map(_thread, rows))

    def for_document(self, document_id: DocumentId, thread_id: str | None = None) -> Sequence[Comment]:
        query = select(comments).where(comments.c.document_id == document_id)
        if thread_id is not None:
            query = query.where(comments.c.thread_id == thread_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(comments.c.created_at, comments.c.id)).all()
        return tuple(map(_comment, rows))

    def tally(self, document_id: DocumentId, author: UserId, since: EpochMillis) -> Tally:
        here = comments.c.document_id == document_id
        late = or_(comments.c.created_at > since, comments.c.edited_at > since)
        queries = (
            select(func.count())
            .select_from(threads)
            .where(threads.c.document_id == document_id, threads.c.resolved_by.is_(None)),
            select(func.count()).select_from(comments).where(here),
            select(func.count()).select_from(comments).where(here, comments.c.author == author, late),
        )
        with self._database.reading() as connection:
            return Tally(*(connection.execute(query).scalar_one() for query in queries))


def _thread_values(one: Thread) -> dict[str, object]:
    made = one.anchor.made
    return {
        "id": one.id, "document_id": one.document_id, "author": one.author, "subject": one.anchor.on.value,
        "provision": None if made is None else made.spot.provision,
        "cell": None if made is None else made.spot.cell,
        "base": "" if made is None else made.base,
        "range_start": 0 if made is None else made.start, "range_end": 0 if made is None else made.end,
        "times": 0 if made is None else made.times,
        "path": one.path, "seq": one.seq, "version": one.version, "held": _held(one.held),
        "assigned": one.assigned, "resolved_by": one.resolved_by, "resolved_at": one.resolved_at,
        "edition": one.edition, "created_at": one.created_at,
    }  # fmt: skip


def _held(stretches: Sequence[Stretch]) -> str:
    return json.dumps(
        [[*one.spot, one.base, one.start, one.end, one.times] for one in stretches], ensure_ascii=False
    )


def _comment_values(one: Comment) -> dict[str, object]:
    return {
        "id": one.id, "document_id": one.document_id, "thread_id": one.thread_id, "author": one.author,
        "text": one.text, "mentions": json.dumps(list(one.mentions)), "created_at": one.created_at,
        "edited_at": one.edited_at, "removed": one.removed, "edition": one.edition,
    }  # fmt: skip


def _stretch(provision: str, cell: int | None, base: str, start: int, end: int, times: int) -> Stretch:
    return Stretch(Spot(ProvisionId(provision), cell), base, CharOffset(start), CharOffset(end), times)


def _thread(row: Row[Any]) -> Thread:
    made = None
    if row.provision is not None:
        made = _stretch(row.provision, row.cell, row.base, row.range_start, row.range_end, row.times)
    return Thread(
        row.id, DocumentId(row.document_id), UserId(row.author), Anchor(On(row.subject), made), row.path,
        Seq(row.seq), row.version, EpochMillis(row.created_at),
        tuple(_stretch(*one) for one in json.loads(row.held)),
        None if row.assigned is None else UserId(row.assigned),
        None if row.resolved_by is None else UserId(row.resolved_by),
        None if row.resolved_at is None else EpochMillis(row.resolved_at), row.edition,
    )  # fmt: skip


def _comment(row: Row[Any]) -> Comment:
    return Comment(
        row.id, DocumentId(row.document_id), row.thread_id, UserId(row.author), row.text,
        tuple(UserId(one) for one in json.loads(row.mentions)), EpochMillis(row.created_at),
        None if row.edited_at is None else EpochMillis(row.edited_at), row.removed, row.edition,
    )  # fmt: skip
