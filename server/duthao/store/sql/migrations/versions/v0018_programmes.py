"""Work programmes with their items, who acts for whom, and of what somebody was reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("opened_by", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
    )
    op.create_table(
        "programme_items",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "programme_id", sa.String(40), sa.ForeignKey("programmes.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("preparer", sa.Text, nullable=False),
        sa.Column("when", sa.String(16), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("more", sa.Text, nullable=False),
        sa.Column("by", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("task_id", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
    )
    op.create_index("programme_items_by_programme", "programme_items", ["programme_id"])
    op.create_table(
        "delegations",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("giver", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("deputy", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("begins", sa.String(10), nullable=False),
        sa.Column("ends", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
    )
    op.create_index("delegations_by_document", "delegations", ["document_id"])
    op.create_index("delegations_by_deputy", "delegations", ["deputy"])
    op.create_table(
        "reminders",
        sa.Column("about", sa.String(40), nullable=False),
        sa.Column("user_id", sa.String(40), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("due", sa.String(10), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("about", "user_id", "due", "stage"),
    )


def downgrade() -> None:
    for name in ("reminders", "delegations", "programme_items", "programmes"):
        op.drop_table(name)
