"""Tries to sign in are counted over all processes of a house, and a restart forgets none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("sign_in_tries_by_key", "sign_in_tries", ["key", "at"])
    op.create_index("sign_in_tries_by_age", "sign_in_tries", ["at"])


def downgrade() -> None:
    op.drop_table("sign_in_tries")
