"""Receipts: what has been sent and done, so that the same sent again is not done again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("sending", "what", name=op.f("uq_receipt_sending_what")),
    )
    op.create_index("ix_receipt_at", "receipt", ["at"])


def downgrade() -> None:
    op.drop_index("ix_receipt_at", "receipt")
    op.drop_table("receipt")
