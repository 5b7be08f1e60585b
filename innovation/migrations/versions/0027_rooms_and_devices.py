"""Joining a clinic without a sign-in: rooms, devices, the notice that was shown, and who agreed for a child."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _text(name: str, length: int | None = None, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=empty)


def _moment(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, AT, nullable=empty)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "notice_text",
        _number("id"),
        _number("programme_id"),
        _number("version"),
        _text("language", 8),
        _text("text"),
        _text("responsible_party"),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        _moment("made_at"),
        _points("notice_text", "programme_id", "programme"),
        _key("notice_text"),
        sa.UniqueConstraint(
            "programme_id", "version", "language", name=op.f("uq_notice_text_programme_id_version_language")
        ),
    )
    op.create_table(
        "room",
        _number("id"),
        _number("clinic_id"),
        _text("code", 12, empty=True),
        _number("opened_by_id", empty=True),
        _moment("opened_at"),
        _moment("ended_at", empty=True),
        _number("version"),
        _points("room", "clinic_id", "clinic"),
        _points("room", "opened_by_id", "person"),
        _key("room"),
        sa.UniqueConstraint("clinic_id", name=op.f("uq_room_clinic_id")),
        sa.UniqueConstraint("code", name=op.f("uq_room_code")),
    )
    op.create_table(
        "device",
        _number("id"),
        _number("clinic_id"),
        _text("token_digest", 64),
        _text("label", 60),
        _number("person_id", empty=True),
        _moment("joined_at"),
        _moment("seen_at"),
        _number("waiting"),
        _moment("revoked_at", empty=True),
        _number("revoked_by_id", empty=True),
        _points("device", "clinic_id", "clinic"),
        _points("device", "person_id", "person"),
        _points("device", "revoked_by_id", "person"),
        _key("device"),
        sa.UniqueConstraint("token_digest", name=op.f("uq_device_token_digest")),
    )
    op.create_index("ix_device_clinic_id", "device", ["clinic_id"])
    op.create_table(
        "notice_shown",
        _number("idea_id"),
        _number("device_id", empty=True),
        _number("version"),
        _text("language", 8),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.JSON(), nullable=False),
        sa.Column("under_18", sa.Boolean(), nullable=False),
        _moment("at"),
        _points("notice_shown", "idea_id", "idea"),
        _points("notice_shown", "device_id", "device"),
        _key("notice_shown", "idea_id"),
    )
    op.create_index("ix_notice_shown_device_id", "notice_shown", ["device_id"])
    op.create_table(
        "competent_consent",
        _number("idea_id"),
        _number("person_id"),
        _text("school", 120),
        _text("name", 120),
        _text("relation", 20),
        _text("how", 20),
        _number("recorded_by_id", empty=True),
        _moment("at"),
        _points("competent_consent", "idea_id", "idea"),
        _points("competent_consent", "person_id", "person"),
        _points("competent_consent", "recorded_by_id", "person"),
        _key("competent_consent", "idea_id"),
    )
    op.create_index("ix_competent_consent_person_id", "competent_consent", ["person_id"])
    op.add_column("consent", sa.Column("notice_language", sa.String(8), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("consent", "notice_language")
    for table in ("competent_consent", "notice_shown", "device", "room", "notice_text"):
        op.drop_table(table)
