"""Past awards say where and to which organisation they went; their files wait between the steps of an import."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
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
    op.create_table(
        "learned_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_model")),
    )
    op.create_table(
        "learned_idea",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("idea_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_learned_idea_idea_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_learned_idea")),
    )
    op.create_table(
        "learned_fit",
        sa.Column("funder_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("learned", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["funder_id"], ["funder.id"], name=op.f("fk_learned_fit_funder_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_learned_fit_idea_id")),
        sa.PrimaryKeyConstraint("funder_id", "idea_id", name=op.f("pk_learned_fit")),
    )
    op.create_index(op.f("ix_learned_fit_idea_id"), "learned_fit", ["idea_id"])


def downgrade() -> None:
    for table in ("learned_fit", "learned_idea", "learned_model"):
        op.drop_table(table)
    op.drop_table("waiting_awards")
    for name in SIZES:
        op.drop_column("award", name)
