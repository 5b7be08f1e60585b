"""Playbooks with their versions, and rollouts with their sites, training, fidelity, adaptations and results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "playbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("public_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id"),
    )
    op.create_table(
        "playbook_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("playbook_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=140), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("who_for", "before")),
        sa.Column("time", sa.String(length=200), nullable=False),
        sa.Column("mistakes", sa.Text(), nullable=False),
        sa.Column("licence", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbook.id"]),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("playbook_id", "number"),
    )
    _make_rollout()
    _make_parts_of_rollout()


def _make_rollout() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.String(length=140), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("contact_role", sa.String(length=80), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("learned_from_id", sa.Integer(), nullable=True),
        sa.Column("mentor_id", sa.Integer(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("playbook_version_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["learned_from_id"], ["rollout.id"]),
        sa.ForeignKeyConstraint(["playbook_version_id"], ["playbook_version.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id", "number"),
    )
    op.create_index("ix_rollout_contact_id", "rollout", ["contact_id"])
    op.create_table(
        "rollout_site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("emis", sa.String(length=12), nullable=True),
        sa.Column("learners", sa.Integer(), nullable=True),
        sa.Column("teachers", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"]),
        sa.ForeignKeyConstraint(["emis"], ["school.emis"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rollout_id", "place"),
    )
    op.create_index("ix_rollout_site_emis", "rollout_site", ["emis"])


def _make_parts_of_rollout() -> None:
    _of_rollout(
        "rollout_training",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        by="recorded_by_id",
    )
    _of_rollout(
        "fidelity_check",
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("adherence", sa.Integer(), nullable=False),
        sa.Column("exposure", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("responsiveness", sa.Integer(), nullable=False),
        sa.Column("differentiation", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        by="checked_by_id",
    )
    _of_rollout(
        "rollout_adaptation",
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("was_core", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        by="recorded_by_id",
    )
    _of_rollout(
        "rollout_result",
        sa.Column("indicator", sa.String(length=140), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Double(), nullable=True),
        sa.Column("after", sa.Double(), nullable=True),
        sa.Column("sites", sa.Integer(), nullable=True),
        sa.Column("learners", sa.Integer(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=False),
        by="recorded_by_id",
    )


def _of_rollout(name: str, *columns: sa.Column, by: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column(by, sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"]),
        sa.ForeignKeyConstraint([by], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{name}_rollout_id", name, ["rollout_id"])


def downgrade() -> None:
    parts = ("rollout_result", "rollout_adaptation", "fidelity_check", "rollout_training", "rollout_site")
    for table in (*parts, "rollout", "playbook_version", "playbook"):
        op.drop_table(table)
