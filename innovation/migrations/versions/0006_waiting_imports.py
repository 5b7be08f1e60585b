"""Imports that wait for their next step, where every machine sees them; and whether a message may have left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_import",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("clinic_code", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_import_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_waiting_import_programme_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_waiting_import_region_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_waiting_import")),
    )
    op.create_index(op.f("ix_waiting_import_person_id"), "waiting_import", ["person_id"])
    op.create_index(op.f("ix_waiting_import_sent_at"), "waiting_import", ["sent_at"])
    op.add_column("message", sa.Column("handing_over_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "handing_over_at")
    op.drop_table("waiting_import")
