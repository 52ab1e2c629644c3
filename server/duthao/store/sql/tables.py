"""The tables, as the newest migration leaves them. Times are UTC epoch milliseconds."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("username", Text, nullable=False),
    Column("username_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),
    Column("awaits", Boolean, nullable=False, server_default=false()),
    Index("sessions_by_user", "user_id"),
    Index("sessions_by_expiry", "expires_at"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("title", Text, nullable=False),
    Column("generation", String(40), nullable=False),
    Column("current_version", String(40)),
    Column("created_by", String(40), ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("kept_locally", Boolean, nullable=False, server_default=true()),
    Column("secrecy", String(16), nullable=False, server_default=""),
    Column("watermarked", Boolean, nullable=False, server_default=false()),
)

members = Table(
    "members",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("seen_seq", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("document_id", "user_id"),
    Index("members_by_user", "user_id"),
)

# The journal names documents without a foreign key: it is the truth, written by one
# writer in large batches, and must never wait for or fail because of another table.
journal = Table(
    "journal",
    metadata,
    Column("document_id", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("user_id", String(40), nullable=False),
    Column("connection", String(40), nullable=False),
    Column("client_ids", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("credited", String(40)),
    PrimaryKeyConstraint("document_id", "seq"),
    CheckConstraint("seq >= 1", name="journal_seq_from_one"),
)

journal_ends = Table(
    "journal_ends",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

journal_clients = Table(
    "journal_clients",
    metadata,
    Column("document_id", String(40), nullable=False),
    Column("client_id", BigInteger, nullable=False),
    Column("user_id", String(40), nullable=False),
    PrimaryKeyConstraint("document_id", "client_id"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("document_id", String(40), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    PrimaryKeyConstraint("document_id", "seq"),
)

corrections = Table(
    "comparison_corrections",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("before", String(64), nullable=False),
    Column("after", String(64), nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("document_id", "before", "after"),
)

house_settings = Table(
    "house_settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_by", String(40), nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

set_asides = Table(
    "findings_set_aside",
    metadata,
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("finding", String(64), nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("document_id", "finding"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("author", String(40), ForeignKey("users.id"), nullable=False),
    Column("act", String(16), nullable=False),
    Column("base", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("new_id", String(64)),
    Column("new_kind", String(16)),
    Column("path", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("decided_by", String(40)),
    Column("decided_at", BigInteger),
    Column("outcome", Text),
    Column("seq", BigInteger),
    Index("proposals_by_document", "document_id", "created_at"),
)

comment_threads = Table(
    "comment_threads",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("author", String(40), ForeignKey("users.id"), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("provision", String(64)),
    Column("cell", Integer),
    Column("base", Text, nullable=False),
    Column("range_start", Integer, nullable=False),
    Column("range_end", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", String(40)),
    Column("held", Text, nullable=False),
    Column("assigned", String(40)),
    Column("resolved_by", String(40)),
    Column("resolved_at", BigInteger),
    Column("edition", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("comment_threads_by_document", "document_id", "created_at"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), nullable=False),
    Column("thread_id", String(40), ForeignKey("comment_threads.id", ondelete="CASCADE"), nullable=False),
    Column("author", String(40), ForeignKey("users.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("edited_at", BigInteger),
    Column("removed", Boolean, nullable=False),
    Column("edition", Integer, nullable=False),
    Index("comments_by_document", "document_id", "created_at"),
    Index("comments_by_thread", "thread_id", "created_at"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("news", String(16), nullable=False),
    Column("caused_by", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("thread_id", String(40)),
    Column("proposal_id", String(40)),
    Column("seen", Boolean, nullable=False),
    Column("mailed", Boolean, nullable=False),
    Column("round_id", String(40)),
    Index("notifications_by_user", "user_id", "at"),
)

mail_wishes = Table(
    "mail_wishes",
    metadata,
    Column("user_id", String(40), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("number", Integer),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("tree", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("people", Text, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("document_id", "place"),
    UniqueConstraint("document_id", "number"),
)
