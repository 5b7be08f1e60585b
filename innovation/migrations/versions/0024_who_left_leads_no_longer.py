"""Whoever cannot sign in any more leads no review: since when stands on their seats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CLOSED = "SELECT account.disabled_at FROM account WHERE account.person_id = seat.person_id"


def upgrade() -> None:
    op.add_column("seat", sa.Column("away_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"UPDATE seat SET away_since = ({CLOSED}) WHERE person_id IN "  # noqa: S608
               "(SELECT account.person_id FROM account WHERE account.disabled_at IS NOT NULL)")


def downgrade() -> None:
    with op.batch_alter_table("seat") as batch:
        batch.drop_column("away_since")
