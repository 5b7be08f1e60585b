"""The topics, the goals and the purposes by code that a mandate names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

COLUMNS = ("topic_keys", "goals", "purposes")


def upgrade() -> None:
    with op.batch_alter_table("mandate") as batch:
        for name in COLUMNS:
            batch.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("mandate") as batch:
        for name in COLUMNS:
            batch.alter_column(name, existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mandate") as batch:
        for name in COLUMNS:
            batch.drop_column(name)
