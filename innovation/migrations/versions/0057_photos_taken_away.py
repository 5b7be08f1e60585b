"""When a photo of a visit was taken away, and what may be told of the mean in a stop warning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

# The mean is told where no place with too few learners was ever part of it.
TELL = """
UPDATE stop_warning SET told = value WHERE site_id IS NULL
AND NOT EXISTS (
    SELECT 1 FROM pilot_site
    WHERE pilot_site.pilot_id = stop_warning.pilot_id AND pilot_site.learners BETWEEN 1 AND 9
)
AND NOT EXISTS (
    SELECT 1 FROM reading
    WHERE reading.indicator_id = stop_warning.indicator_id AND reading.term = stop_warning.term
    AND reading.learners BETWEEN 1 AND 9
)
"""


def upgrade() -> None:
    with op.batch_alter_table("pilot_visit") as batch:
        batch.add_column(sa.Column("photo_removed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("stop_warning") as batch:
        batch.add_column(sa.Column("told", sa.Double(), nullable=True))
    op.execute(TELL)


def downgrade() -> None:
    with op.batch_alter_table("stop_warning") as batch:
        batch.drop_column("told")
    with op.batch_alter_table("pilot_visit") as batch:
        batch.drop_column("photo_removed_at")
