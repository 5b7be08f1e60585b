"""Copies of drafts that two tabs wrote, the version of a person, and how ideas on hold ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("draft", "scorecard"):
        op.add_column(table, sa.Column("tab", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("person", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "draft_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_draft_copy_idea_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_copy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_copy")),
        sa.UniqueConstraint("idea_id", "person_id", "tab", name=op.f("uq_draft_copy_idea_id_person_id_tab")),
    )
    op.create_table(
        "scorecard_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_scorecard_copy_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_copy")),
        sa.UniqueConstraint("seat_id", "tab", name=op.f("uq_scorecard_copy_seat_id_tab")),
    )
    op.create_table(
        "ending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_ending_ended_by_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_ending_idea_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending")),
    )
    op.create_index(op.f("ix_ending_idea_id"), "ending", ["idea_id"])


def downgrade() -> None:
    op.drop_table("ending")
    op.drop_table("scorecard_copy")
    op.drop_table("draft_copy")
    op.drop_column("person", "version")
    for table in ("scorecard", "draft"):
        op.drop_column(table, "tab")
