"""Meetings: who is asked, the agenda, notes, votes and minutes; locked scorecards; invitations that go with mails."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.add_column("review", sa.Column("locked_at", AT, nullable=True))
    op.add_column("seat", sa.Column("leave_at", AT, nullable=True))
    op.add_column("message", sa.Column("calendar", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "meeting",
        _number("id"),
        _number("programme_id"),
        _number("region_id", empty=True),
        _number("panel_id"),
        _text("gate_key", 40),
        _text("title", 120),
        _text("venue", 160),
        _text("link", 300),
        sa.Column("starts_at", AT, nullable=False),
        _number("minutes"),
        _number("openings", empty=True),
        sa.Column("money_cents", sa.BigInteger(), nullable=True),
        _text("state", 20),
        _number("sequence"),
        _number("in_hand_id", empty=True),
        _number("planned_by_id", empty=True),
        sa.Column("planned_at", AT, nullable=False),
        sa.Column("fixed_at", AT, nullable=True),
        sa.Column("opened_at", AT, nullable=True),
        sa.Column("closed_at", AT, nullable=True),
        _number("version"),
        _points("meeting", "programme_id", "programme"),
        _points("meeting", "region_id", "region"),
        _points("meeting", "panel_id", "panel"),
        _points("meeting", "planned_by_id", "person"),
        _key("meeting"),
    )
    op.create_index("ix_meeting_programme_id_starts_at", "meeting", ["programme_id", "starts_at"])
    op.create_index(op.f("ix_meeting_panel_id"), "meeting", ["panel_id"])
    op.create_table(
        "attendee",
        _number("id"),
        _number("meeting_id"),
        _number("person_id"),
        _text("part", 20),
        _text("presence", 20),
        _points("attendee", "meeting_id", "meeting"),
        _points("attendee", "person_id", "person"),
        _key("attendee"),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_attendee_meeting_id_person_id")),
    )
    op.create_index(op.f("ix_attendee_person_id"), "attendee", ["person_id"])
    op.create_table(
        "attendance",
        _number("id"),
        _number("attendee_id"),
        _text("what", 20),
        sa.Column("at", AT, nullable=False),
        _number("noted_by_id", empty=True),
        _points("attendance", "attendee_id", "attendee"),
        _points("attendance", "noted_by_id", "person"),
        _key("attendance"),
    )
    op.create_index(op.f("ix_attendance_attendee_id"), "attendance", ["attendee_id"])
    op.create_table(
        "agenda_item",
        _number("id"),
        _number("meeting_id"),
        _number("review_id"),
        _number("number", empty=True),
        _text("state", 20),
        _number("minutes"),
        sa.Column("started_at", AT, nullable=True),
        _number("spent"),
        _number("decision_id", empty=True),
        _number("present", empty=True),
        _text("reason"),
        _points("agenda_item", "meeting_id", "meeting"),
        _points("agenda_item", "review_id", "review"),
        _points("agenda_item", "decision_id", "decision"),
        _key("agenda_item"),
        sa.UniqueConstraint("meeting_id", "review_id", name=op.f("uq_agenda_item_meeting_id_review_id")),
    )
    op.create_index(op.f("ix_agenda_item_review_id"), "agenda_item", ["review_id"])
    op.create_table(
        "item_note",
        _number("id"),
        _number("item_id"),
        _text("text"),
        _number("written_by_id", empty=True),
        sa.Column("written_at", AT, nullable=False),
        _points("item_note", "item_id", "agenda_item"),
        _points("item_note", "written_by_id", "person"),
        _key("item_note"),
    )
    op.create_index(op.f("ix_item_note_item_id"), "item_note", ["item_id"])
    op.create_table(
        "motion",
        _number("id"),
        _number("item_id"),
        _text("outcome", 20),
        _text("text"),
        _number("put_by_id", empty=True),
        sa.Column("put_at", AT, nullable=False),
        sa.Column("counted_at", AT, nullable=True),
        sa.Column("carried", sa.Boolean(), nullable=True),
        _number("present", empty=True),
        _points("motion", "item_id", "agenda_item"),
        _points("motion", "put_by_id", "person"),
        _key("motion"),
    )
    op.create_index(op.f("ix_motion_item_id"), "motion", ["item_id"])
    op.create_table(
        "vote",
        _number("id"),
        _number("motion_id"),
        _number("person_id"),
        _text("choice", 10),
        sa.Column("cast_at", AT, nullable=False),
        _points("vote", "motion_id", "motion"),
        _points("vote", "person_id", "person"),
        _key("vote"),
        sa.UniqueConstraint("motion_id", "person_id", name=op.f("uq_vote_motion_id_person_id")),
    )
    op.create_table(
        "minutes",
        _number("id"),
        _number("meeting_id"),
        _number("number"),
        sa.Column("content", sa.JSON(), nullable=False),
        _text("checksum", 64),
        _number("written_by_id", empty=True),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("circulated_at", AT, nullable=True),
        _number("signed_by_id", empty=True),
        sa.Column("signed_at", AT, nullable=True),
        _points("minutes", "meeting_id", "meeting"),
        _points("minutes", "written_by_id", "person"),
        _points("minutes", "signed_by_id", "person"),
        _key("minutes"),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_meeting_id_number")),
    )
    op.create_table(
        "minutes_comment",
        _number("id"),
        _number("meeting_id"),
        _number("item_id", empty=True),
        _text("text"),
        _number("made_by_id", empty=True),
        sa.Column("made_at", AT, nullable=False),
        _text("answer"),
        sa.Column("answered_at", AT, nullable=True),
        _points("minutes_comment", "meeting_id", "meeting"),
        _points("minutes_comment", "item_id", "agenda_item"),
        _points("minutes_comment", "made_by_id", "person"),
        _key("minutes_comment"),
    )
    op.create_index(op.f("ix_minutes_comment_meeting_id"), "minutes_comment", ["meeting_id"])


def downgrade() -> None:
    for table in (
        *("minutes_comment", "minutes", "vote", "motion", "item_note", "agenda_item", "attendance", "attendee"),
        "meeting",
    ):
        op.drop_table(table)
    op.drop_column("message", "calendar")
    op.drop_column("seat", "leave_at")
    op.drop_column("review", "locked_at")
