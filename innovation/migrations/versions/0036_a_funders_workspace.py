"""What a funder's people keep among themselves, and mails that can be ended with one click."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
ON = sa.text("ended_at IS NULL")


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _text(name: str, length: int = 0) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def _at(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, AT, nullable=empty)


def _points(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys by column, each to the table named."""
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, to in columns.items()
    ]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _shortlist()
    _passes()
    _searches()
    op.add_column("message", sa.Column("unsubscribe", sa.String(length=300), nullable=False, server_default=""))


def _shortlist() -> None:
    op.create_table(
        "shortlisted",
        *(_number("id"), _number("funder_id"), _number("idea_id")),
        *(_number("put_by_id", empty=True), _at("put_at"), _number("ended_by_id", empty=True), _at("ended_at", empty=True)),
        *_points("shortlisted", funder_id="funder", idea_id="idea", put_by_id="person", ended_by_id="person"),
        _key("shortlisted"),
    )
    _one_now("shortlisted")
    op.create_table(
        "funder_note",
        *(_number("id"), _number("funder_id"), _number("idea_id"), _number("person_id", empty=True)),
        *(_text("text"), _at("written_at")),
        *_points("funder_note", funder_id="funder", idea_id="idea", person_id="person"),
        _key("funder_note"),
    )
    op.create_index("ix_funder_note_funder_id_idea_id", "funder_note", ["funder_id", "idea_id"])


def _passes() -> None:
    op.create_table(
        "passed",
        *(_number("id"), _number("funder_id"), _number("idea_id"), _text("reason", 20), _text("text")),
        *(_number("passed_by_id", empty=True), _at("passed_at")),
        *(_number("ended_by_id", empty=True), _at("ended_at", empty=True)),
        *_points("passed", funder_id="funder", idea_id="idea", passed_by_id="person", ended_by_id="person"),
        _key("passed"),
    )
    _one_now("passed")
    op.create_index("ix_passed_idea_id", "passed", ["idea_id"])


def _one_now(table: str) -> None:
    columns = ["funder_id", "idea_id"]
    op.create_index(f"uq_{table}_now", table, columns, unique=True, sqlite_where=ON, postgresql_where=ON)


def _searches() -> None:
    op.create_table(
        "saved_search",
        *(_number("id"), _number("funder_id"), _text("name", 120), sa.Column("filters", sa.JSON(), nullable=False)),
        *(_number("saved_by_id", empty=True), _at("saved_at"), _at("ended_at", empty=True), _number("version")),
        *_points("saved_search", funder_id="funder", saved_by_id="person"),
        _key("saved_search"),
    )
    op.create_index(op.f("ix_saved_search_funder_id"), "saved_search", ["funder_id"])
    op.create_table(
        "search_alert",
        *(_number("id"), _number("search_id"), _number("person_id"), _text("often", 10), _text("nonce", 64)),
        *(_at("seen_to"), _at("looked_at"), _number("rounds")),
        *_points("search_alert", search_id="saved_search", person_id="person"),
        _key("search_alert"),
        sa.UniqueConstraint("search_id", "person_id", name=op.f("uq_search_alert_search_id_person_id")),
    )
    op.create_index(op.f("ix_search_alert_person_id"), "search_alert", ["person_id"])
    op.create_table(
        "alerted_idea",
        *(_number("alert_id"), _number("idea_id"), _number("round")),
        *_points("alerted_idea", alert_id="search_alert", idea_id="idea"),
        _key("alerted_idea", "alert_id", "idea_id"),
    )
    op.create_index(op.f("ix_alerted_idea_idea_id"), "alerted_idea", ["idea_id"])


def downgrade() -> None:
    op.drop_column("message", "unsubscribe")
    for table in ("alerted_idea", "search_alert", "saved_search", "passed", "funder_note", "shortlisted"):
        op.drop_table(table)
