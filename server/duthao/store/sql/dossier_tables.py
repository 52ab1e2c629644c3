"""The tables of dossiers: what each is, its parts, its trail."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from duthao.store.sql.tables import metadata

# `open_document` is the document while the dossier is open: of one document one is, says the database.
dossiers = Table(
    "dossiers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("open_document", String(40), unique=True),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("term", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("created_by", String(40), ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("dossiers_by_document", "document_id"),
)

dossier_parts = Table(
    "dossier_parts",
    metadata,
    Column("id", String(40), nullable=False),
    Column("dossier_id", String(40), ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("part", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("user_id", String(40)),
    PrimaryKeyConstraint("dossier_id", "id"),
    Index("dossier_parts_by_user", "user_id"),
)

dossier_events = Table(
    "dossier_events",
    metadata,
    Column("dossier_id", String(40), ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("caused_by", String(40), nullable=False),
    Column("act", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("frozen", LargeBinary),
    PrimaryKeyConstraint("dossier_id", "place"),
)
