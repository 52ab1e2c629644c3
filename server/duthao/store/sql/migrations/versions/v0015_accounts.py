"""Second proofs at sign-in, and what a session was begun with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(40), sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    op.add_column("sessions", sa.Column("agent", sa.Text, nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("awaits", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("sessions", "awaits")
    op.drop_column("sessions", "agent")
    op.drop_table("second_factors")
