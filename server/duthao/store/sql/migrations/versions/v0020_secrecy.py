"""How secret a document is, and whether what is printed of it names who printed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("documents", sa.Column("secrecy", sa.String(16), nullable=False, server_default=""))
    op.add_column(
        "documents", sa.Column("watermarked", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("documents", "watermarked")
    op.drop_column("documents", "secrecy")
