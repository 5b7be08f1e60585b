"""Decisions name the votes that they rest on, meetings hold decisions back, and an agenda says what it is ordered by."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

POINTER = "fk_agenda_item_withheld_id"


def _recreate() -> Literal["always", "never"]:
    """SQLite gets a foreign key by making the table anew; PostgreSQL just adds it."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def upgrade() -> None:
    op.add_column("decision_basis", sa.Column("table", sa.JSON(), nullable=True))
    op.add_column("meeting", sa.Column("ordered_by", sa.String(20), nullable=False, server_default=""))
    # Nobody wrote down how an older agenda was ordered: it may tell what members gave, so it is taken to.
    op.execute("UPDATE meeting SET ordered_by = 'rank' WHERE fixed_at IS NOT NULL")
    points = sa.ForeignKey("withheld_decision.id", name=POINTER)
    with op.batch_alter_table("agenda_item", recreate=_recreate()) as batch_op:
        batch_op.add_column(sa.Column("withheld_id", sa.Integer(), points, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("agenda_item", recreate=_recreate()) as batch_op:
        batch_op.drop_constraint(POINTER, type_="foreignkey")
        batch_op.drop_column("withheld_id")
    op.drop_column("meeting", "ordered_by")
    op.drop_column("decision_basis", "table")
