"""Proposals, and whose words a row of the journal brought when they are not the writer's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("journal", sa.Column("credited", sa.String(40)))
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("author", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("new_id", sa.String(64)),
        sa.Column("new_kind", sa.String(16)),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(40)),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("outcome", sa.Text),
        sa.Column("seq", sa.BigInteger),
    )
    op.create_index("proposals_by_document", "proposals", ["document_id", "created_at"])


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_column("journal", "credited")
