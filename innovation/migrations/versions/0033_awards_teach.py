"""Past awards say where and to which organisation they went; their files wait between the steps of an import."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0030"
branch_labels = None
depends_on = None

SIZES = {"region": 200, "recipient": 200, "recipient_org_id": 60}


def upgrade() -> None:
    for name, size in SIZES.items():
        op.add_column("award", sa.Column(name, sa.String(length=size), nullable=False, server_default=""))
    op.create_table(
        "waiting_awards",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_awards_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_waiting_awards")),
    )
    op.create_index(op.f("ix_waiting_awards_person_id"), "waiting_awards", ["person_id"])
    op.create_index(op.f("ix_waiting_awards_sent_at"), "waiting_awards", ["sent_at"])


def downgrade() -> None:
    op.drop_table("waiting_awards")
    for name in SIZES:
        op.drop_column("award", name)
