"""The log of who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
INDEXES: dict[str, list[str]] = {
    "time": [],
    "document": ["document_id"],
    "user": ["user_id"],
    "action": ["action"],
}


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    for name, columns in INDEXES.items():
        op.create_index(f"audit_by_{name}", "audit", [*columns, "at", "seq"])
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("front_seq", sa.BigInteger, nullable=False),
        sa.Column("front_hash", sa.String(64), nullable=False),
        sa.Column("end_seq", sa.BigInteger, nullable=False),
        sa.Column("end_hash", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("audit_chain")
    op.drop_table("audit")
