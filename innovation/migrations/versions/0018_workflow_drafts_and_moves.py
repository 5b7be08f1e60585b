"""Drafts of workflows, and moves of ideas from one version to another; a review keeps the version it was held under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workflow_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on_id"], ["workflow_version.id"], name=op.f("fk_workflow_draft_based_on_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_workflow_draft_made_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_workflow_draft_programme_id")),
        sa.ForeignKeyConstraint(
            ["published_id"], ["workflow_version.id"], name=op.f("fk_workflow_draft_published_id")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_workflow_draft_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_draft")),
    )
    op.create_index(op.f("ix_workflow_draft_programme_id"), "workflow_draft", ["programme_id"])
    op.create_table(
        "version_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["workflow_version.id"], name=op.f("fk_version_move_from_version_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_version_move_made_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_version_move_programme_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["version_move.id"], name=op.f("fk_version_move_reverses_id")),
        sa.ForeignKeyConstraint(["to_version_id"], ["workflow_version.id"], name=op.f("fk_version_move_to_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_move")),
    )
    op.create_index(op.f("ix_version_move_programme_id"), "version_move", ["programme_id"])
    op.create_table(
        "moved_idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_moved_idea_idea_id")),
        sa.ForeignKeyConstraint(["move_id"], ["version_move.id"], name=op.f("fk_moved_idea_move_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_idea")),
        sa.UniqueConstraint("move_id", "idea_id", name=op.f("uq_moved_idea_move_id_idea_id")),
    )
    op.create_index(op.f("ix_moved_idea_idea_id"), "moved_idea", ["idea_id"])
    # A plain column: a version is never deleted, and SQLite would have to write the whole table anew for a key.
    op.add_column("review", sa.Column("workflow_version_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("review", "workflow_version_id")
    op.drop_index(op.f("ix_moved_idea_idea_id"), "moved_idea")
    op.drop_table("moved_idea")
    op.drop_index(op.f("ix_version_move_programme_id"), "version_move")
    op.drop_table("version_move")
    op.drop_index(op.f("ix_workflow_draft_programme_id"), "workflow_draft")
    op.drop_table("workflow_draft")
