"""Tasks that adopted documents give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("deadline", sa.String(10), nullable=False),
        sa.Column("doer", sa.Text, nullable=False),
        sa.Column("doer_id", sa.String(40)),
        sa.Column("controller", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("done_on", sa.String(10), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
    )
    op.create_index("tasks_by_document", "tasks", ["document_id"])


def downgrade() -> None:
    op.drop_table("tasks")
