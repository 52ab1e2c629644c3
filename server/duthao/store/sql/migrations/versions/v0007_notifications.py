"""Who is told of what, and who wants it by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("user_id", sa.String(40), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("news", sa.String(16), nullable=False),
        sa.Column("caused_by", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.String(40)),
        sa.Column("proposal_id", sa.String(40)),
        sa.Column("seen", sa.Boolean, nullable=False),
        sa.Column("mailed", sa.Boolean, nullable=False),
    )
    op.create_index("notifications_by_user", "notifications", ["user_id", "at"])
    op.create_table(
        "mail_wishes",
        sa.Column("user_id", sa.String(40), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("mail_wishes")
    op.drop_table("notifications")
