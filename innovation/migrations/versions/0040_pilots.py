"""School terms, and pilots with their sites, indicators and readings; what began before has its own, from what was recorded then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

IN_PILOT = "piloting"
AT_ONCE = 500

IDEA = sa.table(
    "idea",
    sa.column("id", sa.Integer()),
    sa.column("place", sa.String()),
    sa.column("captured_at", sa.DateTime(timezone=True)),
    sa.column("pilot_plan", sa.JSON()),
)
PILOT = sa.table(
    "pilot",
    *(sa.column(name, sa.Integer()) for name in ("id", "idea_id", "number", "version")),
    *(sa.column(name, sa.Text()) for name in ("state", "hypothesis", "design", "means")),
    *(sa.column(name, sa.Date()) for name in ("starts_on", "ends_on")),
    sa.column("planned_at", sa.DateTime(timezone=True)),
)
SITE = sa.table(
    "pilot_site",
    sa.column("pilot_id", sa.Integer()),
    *(sa.column(name, sa.Text()) for name in ("place", "emis", "left_because")),
    *(sa.column(name, sa.Boolean()) for name in ("is_comparison", "is_high_dosage")),
)


def upgrade() -> None:
    _make_tables()
    _begin_those_before()


def _make_tables() -> None:
    op.create_table(
        "school_term",
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "pilot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("design", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"]),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idea_id", "number"),
    )
    op.create_table(
        "pilot_site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("emis", sa.String(length=12), nullable=True),
        sa.Column("is_comparison", sa.Boolean(), nullable=False),
        sa.Column("is_high_dosage", sa.Boolean(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=True),
        sa.Column("teachers", sa.Integer(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_because", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["emis"], ["school.emis"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pilot_id", "place"),
    )
    op.create_index("ix_pilot_site_emis", "pilot_site", ["emis"])
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("tool", sa.String(length=200), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("stop_at", sa.Double(), nullable=True),
        sa.Column("more_is_better", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pilot_id", "position"),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=True),
        sa.Column("spread", sa.Double(), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"]),
        sa.ForeignKeyConstraint(["site_id"], ["pilot_site.id"]),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("client_id"),
    )
    op.create_index(
        "ix_reading_standing",
        "reading",
        ["indicator_id", "term", "site_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index("ix_reading_site_id", "reading", ["site_id"])


def _begin_those_before() -> None:
    """A pilot for every idea whose pilot had begun: under way while it is piloting, ended where it has moved on."""
    bind = op.get_bind()
    schools = set(bind.execute(sa.text("SELECT emis FROM school")).scalars())
    ideas = sa.select(IDEA.c.id, IDEA.c.place, IDEA.c.captured_at, IDEA.c.pilot_plan).order_by(IDEA.c.id)
    last = 0
    while rows := bind.execute(ideas.where(IDEA.c.id > last).limit(AT_ONCE)).all():
        last = rows[-1].id
        begun = [row for row in rows if row.pilot_plan and row.pilot_plan.get("sites")]
        for row in begun:
            made = bind.execute(PILOT.insert().values(_pilot(row)).returning(PILOT.c.id)).scalar_one()
            bind.execute(SITE.insert(), [_site(made, place, schools) for place in row.pilot_plan["sites"]])


def _pilot(row: Any) -> dict[str, Any]:
    plan = row.pilot_plan
    return {
        "idea_id": row.id,
        "number": 1,
        "state": "running" if row.place == IN_PILOT else "ended",
        "hypothesis": "",
        "design": "before_after",
        "starts_on": _day(plan.get("starts_on")),
        "ends_on": _day(plan.get("ends_on")),
        "means": plan.get("means") or "",
        "planned_at": row.captured_at,
        "version": 1,
    }


def _site(pilot_id: int, place: str, schools: set[str]) -> dict[str, Any]:
    emis = place if place in schools else None
    return {
        "pilot_id": pilot_id,
        "place": place[:160],
        "emis": emis,
        "is_comparison": False,
        "is_high_dosage": False,
        "left_because": "",
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def downgrade() -> None:
    for table in ("reading", "indicator", "pilot_site", "pilot", "school_term"):
        op.drop_table(table)
