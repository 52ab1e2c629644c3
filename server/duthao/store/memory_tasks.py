"""Tasks, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from duthao.domain.document import DocumentId
from duthao.domain.tasks import Task
from duthao.store.memory_tables import Door, alone


class MemoryTasks(Door):
    @alone
    def add(self, task: Task) -> None:
        self._tables.need_document(task.document_id)
        self._tables.tasks[task.id] = task

    @alone
    def get(self, task_id: str) -> Task | None:
        return self._tables.tasks.get(task_id)

    @alone
    def put(self, task: Task, seen: int) -> bool:
        kept = self._tables.tasks.get(task.id)
        if kept is None or kept.edition != seen:
            return False
        self._tables.tasks[task.id] = replace(task, edition=seen + 1)
        return True

    @alone
    def remove(self, task_id: str) -> None:
        self._tables.tasks.pop(task_id, None)

    @alone
    def of(self, document_ids: Sequence[DocumentId]) -> Sequence[Task]:
        wanted = set(document_ids)
        here = [one for one in self._tables.tasks.values() if one.document_id in wanted]
        return tuple(sorted(here, key=lambda one: (one.created_at, one.id)))
