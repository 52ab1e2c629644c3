"""Groups of opinions with their answers and links, pieces of opinions, suggestions that were declined."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def _document() -> sa.Column[str]:
    return sa.Column(
        "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
    )


def _group() -> sa.Column[str]:
    return sa.Column(
        "group_id", sa.String(40), sa.ForeignKey("opinion_groups.id", ondelete="CASCADE"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "opinion_groups",
        sa.Column("id", sa.String(40), primary_key=True),
        _document(),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("responsible", sa.String(40)),
        sa.Column("stance", sa.String(16)),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", sa.String(40)),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("edition", sa.Integer, nullable=False),
    )
    op.create_index("opinion_groups_by_document", "opinion_groups", ["document_id", "created_at"])
    op.create_table(
        "opinion_group_members",
        sa.Column("document_id", sa.String(40), nullable=False),
        sa.Column("opinion_id", sa.String(64), nullable=False),
        _group(),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("document_id", "opinion_id"),
    )
    op.create_index("opinion_group_members_by_group", "opinion_group_members", ["group_id"])
    op.create_table(
        "opinion_links",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("document_id", sa.String(40), nullable=False),
        _group(),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("provision", sa.String(64), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("held", sa.Text, nullable=False),
    )
    op.create_index("opinion_links_by_document", "opinion_links", ["document_id"])
    op.create_index("opinion_links_by_group", "opinion_links", ["group_id"])
    op.create_table(
        "opinion_pieces",
        _document(),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("whole", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("provision", sa.String(64)),
        sa.PrimaryKeyConstraint("document_id", "id"),
    )
    op.create_table(
        "opinions_declined",
        sa.Column("id", sa.String(40), primary_key=True),
        _document(),
        sa.Column("opinions", sa.Text, nullable=False),
        sa.Column("declined_by", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("opinions_declined_by_document", "opinions_declined", ["document_id"])


def downgrade() -> None:
    for table in (
        "opinions_declined", "opinion_pieces", "opinion_links", "opinion_group_members", "opinion_groups",
    ):  # fmt: skip
        op.drop_table(table)
