"""The language in which a clinic's room begins, and rounds that count points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clinic", sa.Column("language", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("voting_round", sa.Column("method", sa.String(length=10), nullable=False, server_default="dots"))


def downgrade() -> None:
    op.drop_column("voting_round", "method")
    op.drop_column("clinic", "language")
