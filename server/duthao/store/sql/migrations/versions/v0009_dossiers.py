"""Dossiers of revisions and resolutions: what each is, its parts, its trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0015"


def _dossier() -> sa.Column[str]:
    return sa.Column(
        "dossier_id", sa.String(40), sa.ForeignKey("dossiers.id", ondelete="CASCADE"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "dossiers",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column(
            "document_id", sa.String(40), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("open_document", sa.String(40), unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("term", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(40), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("dossiers_by_document", "dossiers", ["document_id"])
    op.create_table(
        "dossier_parts",
        sa.Column("id", sa.String(40), nullable=False),
        _dossier(),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("user_id", sa.String(40)),
        sa.PrimaryKeyConstraint("dossier_id", "id"),
    )
    op.create_index("dossier_parts_by_user", "dossier_parts", ["user_id"])
    op.create_table(
        "dossier_events",
        _dossier(),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("caused_by", sa.String(40), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("frozen", sa.LargeBinary),
        sa.PrimaryKeyConstraint("dossier_id", "place"),
    )


def downgrade() -> None:
    op.drop_table("dossier_events")
    op.drop_table("dossier_parts")
    op.drop_table("dossiers")
