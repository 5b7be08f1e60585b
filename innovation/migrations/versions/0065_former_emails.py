"""The e-mail that a sign-in had before, until whoever reads mail there has been told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("former_email", sa.String(length=254), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "former_email")
