"""Tasks, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from duthao.domain.document import DocumentId
from duthao.domain.tasks import Task
from duthao.store.sql.engine import Database
from duthao.store.sql.task_tables import tasks


def _task(row: Row[Any]) -> Task:
    return Task(**row._mapping)


class SqlTasks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, task: Task) -> None:
        with self._database.writing() as connection:
            connection.execute(insert(tasks).values(asdict(task)))

    def get(self, task_id: str) -> Task | None:
        with self._database.reading() as connection:
            row = connection.execute(select(tasks).where(tasks.c.id == task_id)).first()
        return None if row is None else _task(row)

    def put(self, task: Task, seen: int) -> bool:
        here = (tasks.c.id == task.id, tasks.c.edition == seen)
        with self._database.writing() as connection:
            changed = update(tasks).where(*here).values(asdict(task) | {"edition": seen + 1})
            return connection.execute(changed).rowcount == 1

    def remove(self, task_id: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(tasks).where(tasks.c.id == task_id))

    def of(self, document_ids: Sequence[DocumentId]) -> Sequence[Task]:
        query = select(tasks).where(tasks.c.document_id.in_(list(document_ids)))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(tasks.c.created_at, tasks.c.id)).all()
        return tuple(map(_task, rows))
