"""People keep a register of their interests; members of panels have terms of office, and panels more gates and themes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from innovation.db import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NO_CHANGE = "This row is part of the record and never changes."
TABLE = "registered_interest"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column("school_emis", sa.String(length=12), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("relative", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.{key}"], name=op.f(f"fk_{TABLE}_{column}"))
            for column, table, key in (
                ("person_id", "person", "id"),
                ("replaces_id", TABLE, "id"),
                ("school_emis", "school", "emis"),
                ("district_id", "district", "id"),
                ("made_by_id", "person", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("replaces_id", name=op.f(f"uq_{TABLE}_replaces_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_person_id"), TABLE, ["person_id"])
    _guard()
    op.add_column("declaration", sa.Column("noticed", sa.JSON(), nullable=True))
    op.add_column("panel_member", sa.Column("term_from", sa.Date(), nullable=True))
    op.add_column("panel_member", sa.Column("term_until", sa.Date(), nullable=True))
    _coverage("panel_gate", sa.Column("gate_key", sa.String(length=40), nullable=False))
    _coverage("panel_theme", sa.Column("theme_id", sa.Integer(), nullable=False), "theme")


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{action.lower()} BEFORE {action} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END"
        )


def _coverage(table: str, column: sa.Column[object], of: str = "") -> None:
    """What a panel is for, one row for each."""
    keys = [("panel_id", "panel"), *([(column.name, of)] if of else [])]
    op.create_table(
        table,
        sa.Column("panel_id", sa.Integer(), nullable=False),
        column,
        *(sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in keys),
        sa.PrimaryKeyConstraint("panel_id", column.name, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("panel_theme")
    op.drop_table("panel_gate")
    op.drop_column("panel_member", "term_until")
    op.drop_column("panel_member", "term_from")
    op.drop_column("declaration", "noticed")
    op.drop_table(TABLE)  # its triggers go with it
