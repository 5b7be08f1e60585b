"""Whose public holidays count, and since when an idea is on hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programme", sa.Column("country", sa.String(2), nullable=False, server_default=""))
    op.add_column("idea", sa.Column("held_since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("idea", "held_since")
    op.drop_column("programme", "country")
