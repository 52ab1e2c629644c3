"""Opinions, rounds of opinions, who is asked in them and what they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("round_id", sa.String(40)),
        sa.Column("giver", sa.Text, nullable=False),
        sa.Column("user_id", sa.String(40)),
        sa.Column("version_id", sa.String(40)),
        sa.Column("provision", sa.String(64)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_index("opinions_by_document", "opinions", ["document_id", "at"])
    op.create_index("opinions_by_round", "opinions", ["round_id", "at"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("version_id", sa.String(40), nullable=False),
        sa.Column("before_id", sa.String(40)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("deadline", sa.BigInteger, nullable=False),
        sa.Column("silent_members", sa.Boolean, nullable=False),
        sa.Column("silent_units", sa.Boolean, nullable=False),
        sa.Column("created_by", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.UniqueConstraint("document_id", "number"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("round_id", sa.String(40), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("user_id", sa.String(40), sa.ForeignKey("users.id")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("deadline", sa.BigInteger),
        sa.Column("token_hash", sa.String(64), unique=True),
        sa.Column("link_until", sa.BigInteger),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("reminded_at", sa.BigInteger),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("opened_at", sa.BigInteger),
        sa.Column("seen_at", sa.BigInteger),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("draft_edition", sa.Integer, nullable=False),
        sa.Column("draft_at", sa.BigInteger),
        sa.UniqueConstraint("round_id", "place"),
        sa.UniqueConstraint("round_id", "user_id"),
    )
    op.create_index("invitations_by_user", "invitations", ["user_id"])
    op.create_table(
        "answers",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("round_id", sa.String(40), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("invitation_id", sa.String(40), sa.ForeignKey("invitations.id", ondelete="CASCADE")),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("giver", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("entered_by", sa.String(40)),
        sa.PrimaryKeyConstraint("id", "edition"),
    )
    op.create_index("answers_by_round", "answers", ["round_id", "sent_at"])
    op.create_table(
        "round_files",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("round_id", sa.String(40), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column(
            "invitation_id",
            sa.String(40),
            sa.ForeignKey("invitations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("round_files_by_round", "round_files", ["round_id", "at"])
    op.add_column("notifications", sa.Column("round_id", sa.String(40)))


def downgrade() -> None:
    op.drop_column("notifications", "round_id")
    op.drop_table("round_files")
    op.drop_table("answers")
    op.drop_table("invitations")
    op.drop_table("rounds")
    op.drop_table("opinions")
