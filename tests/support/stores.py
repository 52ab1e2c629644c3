"""People, a document and the kinds of store that every suite over a store begins with."""

from __future__ import annotations

import pytest

from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import DocumentRecord, EpochMillis, User

DRAFT = DocumentId("draft")
OTHER = DocumentId("other")
AN, BINH = UserId("an"), UserId("binh")

SQL_STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def user(user_id: UserId, username: str | None = None) -> User:
    return User(
        user_id, username or user_id, f"Ông {user_id}", "Chánh Văn phòng", "hash", False, "vi", EpochMillis(5)
    )


def record(document_id: DocumentId = DRAFT) -> DocumentRecord:
    return DocumentRecord(document_id, "Quy chế làm việc", "lineage", None, AN, EpochMillis(10))
