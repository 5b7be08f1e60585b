"""The wall of a clinic with its topics, rounds of dots, ties that somebody breaks, and shortlists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _text(name: str, length: int, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=empty)


def _moment(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _yes(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "room_wall",
        *(_number("id"), _number("clinic_id"), _text("view", 20), _yes("at_once"), _yes("names")),
        *(_number("step", empty=True), _moment("started_at", empty=True), _number("spent"), _number("version")),
        _points("room_wall", "clinic_id", "clinic"),
        _key("room_wall"),
        sa.UniqueConstraint("clinic_id", name=op.f("uq_room_wall_clinic_id")),
    )
    op.create_table(
        "wall_topic",
        *(_number("id"), _number("clinic_id"), _text("name", 80), _moment("ended_at", empty=True), _number("version")),
        _points("wall_topic", "clinic_id", "clinic"),
        _key("wall_topic"),
    )
    op.create_index("ix_wall_topic_clinic_id", "wall_topic", ["clinic_id"])
    op.create_table(
        "wall_idea",
        *(_number("idea_id"), _number("clinic_id"), _number("topic_id", empty=True)),
        *(_moment("released_at", empty=True), _moment("hidden_at", empty=True)),
        *(_points("wall_idea", f"{to}_id", to) for to in ("idea", "clinic")),
        _points("wall_idea", "topic_id", "wall_topic"),
        _key("wall_idea", "idea_id"),
    )
    op.create_index("ix_wall_idea_clinic_id", "wall_idea", ["clinic_id"])
    _rounds()
    _shortlists()


def _rounds() -> None:
    op.create_table(
        "voting_round",
        *(_number("id"), _number("clinic_id"), _number("number"), _text("question", 160), _number("dots")),
        *(_number("most"), _text("shows", 20), _text("state", 20), _number("opened_by_id", empty=True)),
        *(_moment("opened_at"), _number("closed_by_id", empty=True), _moment("closed_at", empty=True)),
        *(_text("sha256", 64), _number("version")),
        _points("voting_round", "clinic_id", "clinic"),
        *(_points("voting_round", column, "person") for column in ("opened_by_id", "closed_by_id")),
        _key("voting_round"),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("uq_voting_round_clinic_id_number")),
    )
    still = sa.text("state = 'open'")
    op.create_index(
        "uq_voting_round_open", "voting_round", ["clinic_id"], unique=True, sqlite_where=still, postgresql_where=still
    )
    op.create_table(
        "round_idea",
        *(_number("round_id"), _number("idea_id")),
        _points("round_idea", "round_id", "voting_round"),
        _points("round_idea", "idea_id", "idea"),
        _key("round_idea", "round_id", "idea_id"),
    )
    op.create_index("ix_round_idea_idea_id", "round_idea", ["idea_id"])
    op.create_table(
        "ballot",
        *(_number("id"), _number("round_id"), _text("voter", 40, empty=True), _number("number")),
        sa.Column("marks", sa.JSON(), nullable=False),
        _points("ballot", "round_id", "voting_round"),
        _key("ballot"),
        sa.UniqueConstraint("round_id", "voter", name=op.f("uq_ballot_round_id_voter")),
    )
    op.create_table(
        "tie_decision",
        *(_number("id"), _number("round_id"), _number("idea_id"), sa.Column("over", sa.JSON(), nullable=False)),
        *(_text("decided_by", 120), _text("reason", 300), _number("recorded_by_id", empty=True), _moment("at")),
        _points("tie_decision", "round_id", "voting_round"),
        _points("tie_decision", "idea_id", "idea"),
        _points("tie_decision", "recorded_by_id", "person"),
        _key("tie_decision"),
    )
    op.create_index("ix_tie_decision_round_id", "tie_decision", ["round_id"])


def _shortlists() -> None:
    op.create_table(
        "shortlist",
        *(_number("id"), _number("clinic_id"), _number("round_id", empty=True), _text("reason", 300)),
        *(_number("made_by_id", empty=True), _moment("made_at")),
        _points("shortlist", "clinic_id", "clinic"),
        _points("shortlist", "round_id", "voting_round"),
        _points("shortlist", "made_by_id", "person"),
        _key("shortlist"),
    )
    op.create_index("ix_shortlist_clinic_id", "shortlist", ["clinic_id"])
    op.create_table(
        "shortlisted_idea",
        *(_number("shortlist_id"), _number("idea_id"), _number("place")),
        _points("shortlisted_idea", "shortlist_id", "shortlist"),
        _points("shortlisted_idea", "idea_id", "idea"),
        _key("shortlisted_idea", "shortlist_id", "idea_id"),
    )
    op.create_index("ix_shortlisted_idea_idea_id", "shortlisted_idea", ["idea_id"])


def downgrade() -> None:
    for table in (
        *("shortlisted_idea", "shortlist", "tie_decision", "ballot", "round_idea", "voting_round"),
        *("wall_idea", "wall_topic", "room_wall"),
    ):
        op.drop_table(table)
