"""Units, terms of office and seats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("parent", sa.String(40)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_index("units_by_parent", "units", ["parent"])
    op.create_table(
        "terms",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("begins", sa.String(10), nullable=False),
        sa.Column("ends", sa.String(10), nullable=False),
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.String(40), sa.ForeignKey("units.id", ondelete="CASCADE"), nullable=False),
        sa.Column("user_id", sa.String(40), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("term_id", sa.String(40), sa.ForeignKey("terms.id")),
    )
    op.create_index("seats_by_unit", "seats", ["unit_id"])


def downgrade() -> None:
    for table in ("seats", "terms", "units"):
        op.drop_table(table)
