"""Who holds a role now is found by the role: each idea page names its coordinators, and read every role ever granted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_role_grant_in_force",
        "role_grant",
        ["role", "programme_id", "region_id"],
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_index("ix_role_grant_in_force", table_name="role_grant")
