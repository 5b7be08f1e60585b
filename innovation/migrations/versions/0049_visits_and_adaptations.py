"""Visits to the sites of a pilot, the phones that take one along, and adaptations in cycles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

MARKS = ("adherence", "exposure", "quality", "responsiveness", "differentiation")
STEPS = ("planned", "begun", "studied", "settled")


def upgrade() -> None:
    op.create_table(
        "visit_phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
    )
    op.create_index("ix_visit_phone_pilot_id", "visit_phone", ["pilot_id"])
    op.create_index("ix_visit_phone_person_id", "visit_phone", ["person_id"])
    op.create_table(
        "pilot_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in (*MARKS, "learners", "teachers")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("worked", "did_not", "next_step")),
        sa.Column("next_who", sa.String(length=140), nullable=False),
        sa.Column("harm", sa.Boolean(), nullable=False),
        sa.Column("photo_key", sa.String(length=64), nullable=True),
        sa.Column("photo_type", sa.String(length=80), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("sent_digest", sa.String(length=64), nullable=False),
        sa.Column("phone_id", sa.Integer(), nullable=True),
        sa.Column("visited_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["site_id"], ["pilot_site.id"]),
        sa.ForeignKeyConstraint(["phone_id"], ["visit_phone.id"]),
        sa.ForeignKeyConstraint(["visited_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pilot_id", "number"),
        sa.UniqueConstraint("client_id"),
        sa.UniqueConstraint("photo_key"),
    )
    op.create_index("ix_pilot_visit_pilot_id_visited_on", "pilot_visit", ["pilot_id", "visited_on"])
    op.create_index("ix_pilot_visit_site_id", "pilot_visit", ["site_id", "visited_on"])
    op.create_table(
        "visit_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["pilot_visit.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id", "number"),
    )
    op.create_table(
        "pilot_adaptation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("touches", sa.String(length=12), nullable=False),
        sa.Column("is_core", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("change", "goal", "done", "found", "because")),
        sa.Column("who", sa.String(length=140), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        *(sa.Column(f"{step}_on", sa.Date(), nullable=step != "planned") for step in STEPS),
        *(sa.Column(f"{step}_by_id", sa.Integer(), nullable=True) for step in STEPS),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["follows_id"], ["pilot_adaptation.id"]),
        *(sa.ForeignKeyConstraint([f"{step}_by_id"], ["person.id"]) for step in STEPS),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pilot_id", "number"),
        sa.UniqueConstraint("follows_id"),
    )


def downgrade() -> None:
    for table in ("pilot_adaptation", "visit_correction", "pilot_visit", "visit_phone"):
        op.drop_table(table)
