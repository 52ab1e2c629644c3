"""The door to tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from duthao.domain.document import DocumentId
from duthao.domain.tasks import Task


class Tasks(Protocol):
    """Tasks of documents."""

    def add(self, task: Task) -> None:
        """Raises ValueError when its document is not there."""
        ...

    def get(self, task_id: str) -> Task | None: ...
    def put(self, task: Task, seen: int) -> bool:
        """As the next edition in place of edition `seen`; False when that is not the one kept."""
        ...

    def remove(self, task_id: str) -> None: ...
    def of(self, document_ids: Sequence[DocumentId]) -> Sequence[Task]:
        """In the order in which they were made."""
        ...


class TaskDoors(Protocol):
    """What a store has for tasks."""

    @property
    def tasks(self) -> Tasks: ...
