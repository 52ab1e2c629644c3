"""The table of tasks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from duthao.store.sql.tables import metadata

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("content", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("deadline", String(10), nullable=False),
    Column("doer", Text, nullable=False),
    Column("doer_id", String(40)),
    Column("controller", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("done_on", String(10), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("edition", Integer, nullable=False),
    Index("tasks_by_document", "document_id"),
)
