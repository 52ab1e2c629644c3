"""The tables of work programmes, delegations and reminders.

A programme names its document, its unit and an item its task without a foreign key: they are kept when
what they name goes, and then lead nowhere.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from duthao.store.sql.tables import metadata

programmes = Table(
    "programmes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("period", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("office", String(40), nullable=False),
    Column("until", String(10), nullable=False),
    Column("opened_by", String(40), ForeignKey("users.id"), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("document_id", String(40), nullable=False),
    Column("edition", Integer, nullable=False),
)

items = Table(
    "programme_items",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme_id", String(40), ForeignKey("programmes.id", ondelete="CASCADE"), nullable=False),
    Column("content", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("preparer", Text, nullable=False),
    Column("when", String(16), nullable=False),
    Column("level", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("more", Text, nullable=False),
    Column("by", String(40), ForeignKey("users.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("choice", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("task_id", String(40), nullable=False),
    Column("edition", Integer, nullable=False),
    Index("programme_items_by_programme", "programme_id"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("giver", String(40), ForeignKey("users.id"), nullable=False),
    Column("deputy", String(40), ForeignKey("users.id"), nullable=False),
    Column("part", String(10), nullable=False),
    Column("about", String(40), nullable=False),
    Column("begins", String(10), nullable=False),
    Column("ends", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_by", String(40), ForeignKey("users.id"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("delegations_by_document", "document_id"),
    Index("delegations_by_deputy", "deputy"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("about", String(40), nullable=False),
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("due", String(10), nullable=False),
    Column("stage", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("about", "user_id", "due", "stage"),
)
