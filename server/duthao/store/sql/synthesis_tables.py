"""The tables of groups of opinions, their links to changes, pieces of opinions, and what was declined."""

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

opinion_groups = Table(
    "opinion_groups",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("responsible", String(40)),
    Column("stance", String(16)),
    Column("answer", Text, nullable=False),
    Column("answered_by", String(40)),
    Column("answered_at", BigInteger),
    Column("sent_at", BigInteger),
    Column("edition", Integer, nullable=False),
    Index("opinion_groups_by_document", "document_id", "created_at"),
)

opinion_group_members = Table(
    "opinion_group_members",
    metadata,
    Column("document_id", String(40), nullable=False),
    Column("opinion_id", String(64), nullable=False),
    Column("group_id", String(40), ForeignKey("opinion_groups.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("document_id", "opinion_id"),
    Index("opinion_group_members_by_group", "group_id"),
)

opinion_links = Table(
    "opinion_links",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), nullable=False),
    Column("group_id", String(40), ForeignKey("opinion_groups.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("provision", String(64), nullable=False),
    Column("what", String(16), nullable=False),
    Column("path", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("made", Text, nullable=False),
    Column("held", Text, nullable=False),
    Index("opinion_links_by_document", "document_id"),
    Index("opinion_links_by_group", "group_id"),
)

opinion_pieces = Table(
    "opinion_pieces",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("id", String(64), nullable=False),
    Column("whole", String(64), nullable=False),
    Column("place", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("provision", String(64)),
    PrimaryKeyConstraint("document_id", "id"),
)

opinions_declined = Table(
    "opinions_declined",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("opinions", Text, nullable=False),
    Column("declined_by", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("opinions_declined_by_document", "document_id"),
)
