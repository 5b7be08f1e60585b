"""Decisions held back, requests to reconsider one, waivers, and what shows that a condition is met."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _recreate() -> Literal["always", "never"]:
    """SQLite gets a foreign key by making the table anew; PostgreSQL just adds it, while other tables point there."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def upgrade() -> None:
    op.add_column("review", sa.Column("settled_at", AT, nullable=True))
    shown = sa.ForeignKey("attachment.id", name="fk_condition_offered_attachment_id")
    with op.batch_alter_table("condition", recreate=_recreate()) as batch_op:
        batch_op.add_column(sa.Column("offered_link", sa.String(500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("offered_attachment_id", sa.Integer(), shown, nullable=True))
    op.create_table(
        "withheld_decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("review_id", sa.Integer(), sa.ForeignKey("review.id"), nullable=False),
        sa.Column("idea_id", sa.Integer(), sa.ForeignKey("idea.id"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("decided_at", AT, nullable=False),
        sa.Column("tell_by", sa.Date(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("silent_because", sa.Text(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_as", sa.String(20), nullable=False),
        sa.Column("ended_because", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("decision_id", sa.Integer(), sa.ForeignKey("decision.id"), nullable=True, unique=True),
        sa.Column("told_at", AT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_withheld_decision_review_id", "withheld_decision", ["review_id"])
    op.create_table(
        "reconsideration",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("decision_id", sa.Integer(), sa.ForeignKey("decision.id"), nullable=False, unique=True),
        sa.Column("idea_id", sa.Integer(), sa.ForeignKey("idea.id"), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("taken_at", AT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_reconsideration_idea_id", "reconsideration", ["idea_id"])
    op.create_table(
        "reconsideration_answerer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reconsideration_id", sa.Integer(), sa.ForeignKey("reconsideration.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.UniqueConstraint("reconsideration_id", "person_id"),
    )
    op.create_index("ix_reconsideration_answerer_person_id", "reconsideration_answerer", ["person_id"])
    op.create_table(
        "condition_move",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("condition_id", sa.Integer(), sa.ForeignKey("condition.id"), nullable=False),
        sa.Column("was", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("moved_at", AT, nullable=False),
    )
    op.create_index("ix_condition_move_condition_id", "condition_move", ["condition_id"])
    op.add_column("idea", sa.Column("waived", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("idea_id", sa.Integer(), sa.ForeignKey("idea.id"), nullable=False),
        sa.Column("gate_key", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("was_due_on", sa.Date(), nullable=True),
        sa.Column("revoked_because", sa.Text(), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("revoked_at", AT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_waiver_idea_id", "waiver", ["idea_id"])


def downgrade() -> None:
    op.drop_table("waiver")
    op.drop_column("idea", "waived")
    op.drop_table("condition_move")
    op.drop_table("reconsideration_answerer")
    op.drop_table("reconsideration")
    op.drop_table("withheld_decision")
    with op.batch_alter_table("condition", recreate=_recreate()) as batch_op:
        batch_op.drop_constraint("fk_condition_offered_attachment_id", type_="foreignkey")
        batch_op.drop_column("offered_attachment_id")
        batch_op.drop_column("offered_link")
    op.drop_column("review", "settled_at")
