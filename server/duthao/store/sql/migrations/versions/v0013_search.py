"""The index of what can be found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import sqlite

revision = "0013"
down_revision = "0009"


def _document(primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"),
        nullable=False, primary_key=primary_key,
    )  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "search_documents",
        _document(primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("edited_at", sa.BigInteger, nullable=False),
    )
    op.create_table("search_versions", sa.Column("version_id", sa.String(64), primary_key=True), _document())
    op.create_index("search_versions_by_document", "search_versions", ["document_id"])
    op.create_table(
        "search_items",
        sa.Column("id", sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True),
        _document(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("provision", sa.String(64)),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("target", sa.String(64)),
        sa.Column("version", sa.String(64)),
        sa.Column("in_draft", sa.Boolean, nullable=False),
        sa.Column("author", sa.String(40)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger),
        sa.UniqueConstraint("document_id", "key"),
    )
    op.create_index("search_items_by_address", "search_items", ["address"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE search_words (item bigint PRIMARY KEY REFERENCES search_items (id)"
            " ON DELETE CASCADE, exact tsvector NOT NULL, bare tsvector NOT NULL,"
            " said text NOT NULL)"
        )
        op.execute("CREATE INDEX search_words_exact ON search_words USING gin (exact)")
        op.execute("CREATE INDEX search_words_bare ON search_words USING gin (bare)")
    else:
        # The marks are taken away, or kept, by us: the tokenizer only parts words at spaces.
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "exact, bare, said UNINDEXED,"
            " tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
        )
        op.execute(
            "CREATE TRIGGER search_items_gone AFTER DELETE ON search_items BEGIN"
            " DELETE FROM search_words WHERE rowid = old.id; END"
        )


def downgrade() -> None:
    for table in ("search_words", "search_items", "search_versions", "search_documents"):
        op.drop_table(table)
