"""The tables of the index. The words themselves stand in `search_words`, which each database makes in its
own way (migration 0013): SQLite as a table of FTS5, PostgreSQL with a tsvector for each form. The text
stands there too: rows that are only counted are short.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import sqlite

from duthao.store.sql.tables import metadata

search_documents = Table(
    "search_documents",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", String(64), nullable=False),
    Column("edited_at", BigInteger, nullable=False),
)

search_versions = Table(
    "search_versions",
    metadata,
    Column("version_id", String(64), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Index("search_versions_by_document", "document_id"),
)

search_items = Table(
    "search_items",
    metadata,
    Column("id", BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("provision", String(64)),
    Column("path", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("target", String(64)),
    Column("version", String(64)),
    Column("in_draft", Boolean, nullable=False),
    Column("author", String(40)),
    Column("name", Text, nullable=False),
    Column("at", BigInteger),
    UniqueConstraint("document_id", "key"),
    Index("search_items_by_address", "address"),
)

INDEX = (search_documents, search_versions, search_items)
