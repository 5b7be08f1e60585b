"""What is asked of ideas at a gate is in their index, and ideas from no clinic have one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT_GATE = sa.text("standing = 'active' AND substr(place, 1, 3) = 'at_'")
UNHOSTED = sa.text("clinic_id IS NULL")


def upgrade() -> None:
    _at_gate("due_on", "place_since", "id", "programme_id", "region_id", "place")
    columns = ["programme_id", "place", "standing", "region_id"]
    op.create_index("ix_idea_unhosted", "idea", columns, sqlite_where=UNHOSTED, postgresql_where=UNHOSTED)


def downgrade() -> None:
    op.drop_index("ix_idea_unhosted", "idea")
    _at_gate("due_on", "place_since", "id")


def _at_gate(*columns: str) -> None:
    op.drop_index("ix_idea_at_gate", "idea")
    op.create_index("ix_idea_at_gate", "idea", list(columns), sqlite_where=AT_GATE, postgresql_where=AT_GATE)
