"""Comments in their threads, and what each was made on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "comment_threads",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("author", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("provision", sa.String(64)),
        sa.Column("cell", sa.Integer),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("range_start", sa.Integer, nullable=False),
        sa.Column("range_end", sa.Integer, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("version", sa.String(40)),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("assigned", sa.String(40)),
        sa.Column("resolved_by", sa.String(40)),
        sa.Column("resolved_at", sa.BigInteger),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("comment_threads_by_document", "comment_threads", ["document_id", "created_at"])
    op.create_table(
        "comments",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column(
            "thread_id",
            sa.String(40),
            sa.ForeignKey("comment_threads.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("author", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("mentions", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("edited_at", sa.BigInteger),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
    )
    op.create_index("comments_by_document", "comments", ["document_id", "created_at"])
    op.create_index("comments_by_thread", "comments", ["thread_id", "created_at"])


def downgrade() -> None:
    op.drop_table("comments")
    op.drop_table("comment_threads")
