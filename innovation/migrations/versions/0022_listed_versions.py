"""Which workflows the listed ideas travel under is found by an index, not by looking at each of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LISTED = sa.text("listed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_idea_listed_version", "idea", ["workflow_version_id"], sqlite_where=LISTED, postgresql_where=LISTED
    )


def downgrade() -> None:
    op.drop_index("ix_idea_listed_version", "idea")
