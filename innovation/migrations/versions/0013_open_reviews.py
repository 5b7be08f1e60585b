"""The few reviews that are open have an index of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('convened', 'scoring')")


def upgrade() -> None:
    op.create_index("ix_review_open", "review", ["idea_id", "gate_key", "state"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_review_open", "review")
