"""Plans of pilots: what they grew from, their terms, and budget, permissions, risks, roles and amendments by row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

GROWN_FROM = {"decision_id": "decision", "revision_id": "revision", "ask_id": "ask"}


def upgrade() -> None:
    with op.batch_alter_table("pilot") as pilot:
        for name in ("first_term", "last_term"):
            pilot.add_column(sa.Column(name, sa.String(length=8), nullable=False, server_default=""))
        for name, table in GROWN_FROM.items():
            pilot.add_column(sa.Column(name, sa.Integer(), nullable=True))
            pilot.create_foreign_key(f"fk_pilot_{name}", table, [name], ["id"])
    _row_table(
        "pilot_budget_line",
        sa.Column("item", sa.String(length=140), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("paid_by", sa.String(length=140), nullable=False),
        sa.Column("in_kind", sa.Boolean(), nullable=False),
    )
    _row_table(
        "pilot_permission",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("stands_since", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("seen_by", sa.String(length=140), nullable=False),
    )
    _row_table(
        "pilot_risk",
        sa.Column("risk", sa.String(length=200), nullable=False),
        sa.Column("likely", sa.String(length=40), nullable=False),
        sa.Column("harm", sa.String(length=40), nullable=False),
        sa.Column("response", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=140), nullable=False),
    )
    _row_table(
        "pilot_role",
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("does", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=140), nullable=False),
    )
    op.create_table(
        "pilot_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pilot_id", "number"),
    )


def _row_table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pilot_id", "position"),
    )


def downgrade() -> None:
    for table in ("pilot_amendment", "pilot_role", "pilot_risk", "pilot_permission", "pilot_budget_line"):
        op.drop_table(table)
    with op.batch_alter_table("pilot") as pilot:
        for name in GROWN_FROM:
            pilot.drop_constraint(f"fk_pilot_{name}", type_="foreignkey")
            pilot.drop_column(name)
        for name in ("last_term", "first_term"):
            pilot.drop_column(name)
