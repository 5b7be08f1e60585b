"""Indices for whom somebody looks after, and for lessons that everybody may read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None

OPEN = sa.text("released_at IS NOT NULL AND void_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_rollout_mentor_id", "rollout", ["mentor_id"])
    op.create_index("ix_lesson_open", "lesson", ["given_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_lesson_open", table_name="lesson")
    op.drop_index("ix_rollout_mentor_id", table_name="rollout")
