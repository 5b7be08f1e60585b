"""Paper cards of clinics, and the next step of each idea."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _text(name: str, length: int, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=empty)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "card",
        _number("id"),
        _number("clinic_id"),
        _number("number"),
        _text("reference", 20),
        _text("state", 20),
        sa.Column("made_at", AT, nullable=False),
        _number("idea_id", empty=True),
        _number("typed_by_id", empty=True),
        sa.Column("typed_at", AT, nullable=True),
        _text("photo_key", 64, empty=True),
        _text("photo_type", 80),
        _text("photo_sha256", 64),
        _number("version"),
        _points("card", "clinic_id", "clinic"),
        _points("card", "idea_id", "idea"),
        _points("card", "typed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("uq_card_clinic_id_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_card_reference")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_card_idea_id")),
        sa.UniqueConstraint("photo_key", name=op.f("uq_card_photo_key")),
    )
    op.create_table(
        "next_step",
        _number("id"),
        _number("idea_id"),
        _number("clinic_id"),
        _text("text", 200),
        sa.Column("due_on", sa.Date(), nullable=True),
        _number("recorded_by_id", empty=True),
        sa.Column("recorded_at", AT, nullable=False),
        _number("version"),
        _points("next_step", "idea_id", "idea"),
        _points("next_step", "clinic_id", "clinic"),
        _points("next_step", "recorded_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_step")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_next_step_idea_id")),
    )
    op.create_index("ix_next_step_clinic_id", "next_step", ["clinic_id"])


def downgrade() -> None:
    op.drop_table("next_step")
    op.drop_table("card")
