"""Several mandates for a funder: one for each of its grant programmes, with windows, budgets and a day to confirm it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
INDEXED = ("funder_id", "stale_on")
DAYS, GRACE = dt.timedelta(days=365), dt.timedelta(days=60)
FIRST = {"key": "first-programme", "name": "First programme"}
NUMBERS = ("sed_percent", "match_percent", "overheads_percent", "evaluation_percent", "accounts_years")

mandates = sa.table(
    "mandate",
    *(sa.column(name) for name in ("id", "funder_id", "number", "programme_id", "made_by_id", "confirmed_by_id")),
    *(sa.column("opens_on", sa.Date()), sa.column("closes_on", sa.Date()), sa.column("stale_on", sa.Date())),
    *(sa.column("made_at", AT), sa.column("confirmed_at", AT), sa.column("windows", sa.JSON())),
)
programmes = sa.table(
    "grant_programme",
    *(sa.column(name) for name in ("id", "funder_id", "key", "name", "description", "version")),
    *(sa.column("running", sa.Boolean()), sa.column("listed", sa.Boolean()), sa.column("made_at", AT)),
)


def upgrade() -> None:
    _make_tables()
    with op.batch_alter_table("mandate") as batch_op:
        for column in _new_columns():
            batch_op.add_column(column)
    _give_programmes()
    with op.batch_alter_table("mandate") as batch_op:
        batch_op.drop_constraint(op.f("uq_mandate_funder_id_number"), type_="unique")
        for name, kind in (("programme_id", sa.Integer()), ("confirmed_at", AT), ("stale_on", sa.Date())):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_foreign_key(
            op.f("fk_mandate_programme_id"), "grant_programme", ["programme_id"], ["id"]
        )
        batch_op.create_foreign_key(op.f("fk_mandate_confirmed_by_id"), "person", ["confirmed_by_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_mandate_programme_id_number"), ["programme_id", "number"])
        batch_op.drop_column("opens_on")
        batch_op.drop_column("closes_on")
    for column in INDEXED:
        op.create_index(op.f(f"ix_mandate_{column}"), "mandate", [column])


def _make_tables() -> None:
    op.create_table(
        "grant_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["funder_id"], ["funder.id"], name=op.f("fk_grant_programme_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_programme")),
        sa.UniqueConstraint("funder_id", "key", name=op.f("uq_grant_programme_funder_id_key")),
    )
    op.create_table(
        "grant_budget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["grant_programme.id"], name=op.f("fk_grant_budget_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_budget")),
        sa.UniqueConstraint(
            "programme_id", "year", "currency", name=op.f("uq_grant_budget_programme_id_year_currency")
        ),
    )


def _new_columns() -> list[sa.Column[Any]]:
    """Those that are not empty are given here to the rows there are; later the application writes every one."""
    text = {"nullable": False, "server_default": ""}
    return [
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("windows", sa.JSON(), nullable=False, server_default="[]"),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in NUMBERS),
        sa.Column("papers", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("open_call", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("standard_pack", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("decision_months", sa.Integer(), nullable=True),
        sa.Column("reports", sa.String(20), **text),
        sa.Column("procedure", sa.Text(), **text),
        sa.Column("beyond_money", sa.Text(), **text),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", AT, nullable=True),
        sa.Column("stale_on", sa.Date(), nullable=True),
    ]


def _give_programmes() -> None:
    """Each funder with mandates gets one programme. None goes stale without the weeks in which it is reminded."""
    bind = op.get_bind()
    known: dict[int, int] = {}
    soonest = dt.datetime.now(dt.UTC).date() + GRACE
    for row in list(bind.execute(sa.select(mandates).order_by(mandates.c.id))):
        if row.funder_id not in known:
            known[row.funder_id] = _make_programme(bind, row.funder_id, row.made_at)
        windows = [[_iso(row.opens_on), _iso(row.closes_on)]] if row.opens_on or row.closes_on else []
        bind.execute(
            sa.update(mandates)
            .where(mandates.c.id == row.id)
            .values(
                programme_id=known[row.funder_id],
                windows=windows,
                confirmed_by_id=row.made_by_id,
                confirmed_at=row.made_at,
                stale_on=max(row.made_at.date() + DAYS, soonest),
            )
        )


def _make_programme(bind: sa.Connection, funder_id: int, at: dt.datetime) -> int:
    values = {**FIRST, "funder_id": funder_id, "description": "", "running": True, "listed": True, "version": 1}
    bind.execute(sa.insert(programmes).values(made_at=at, **values))
    found = sa.select(programmes.c.id).where(programmes.c.funder_id == funder_id)
    return int(bind.execute(found).scalar_one())


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def downgrade() -> None:
    for column in INDEXED:
        op.drop_index(op.f(f"ix_mandate_{column}"), table_name="mandate")
    with op.batch_alter_table("mandate") as batch_op:
        batch_op.add_column(sa.Column("opens_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closes_on", sa.Date(), nullable=True))
        batch_op.drop_constraint(op.f("uq_mandate_programme_id_number"), type_="unique")
    _put_back()
    with op.batch_alter_table("mandate") as batch_op:
        batch_op.drop_constraint(op.f("fk_mandate_programme_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_mandate_confirmed_by_id"), type_="foreignkey")
        batch_op.create_unique_constraint(op.f("uq_mandate_funder_id_number"), ["funder_id", "number"])
        for column in _new_columns():
            batch_op.drop_column(column.name)
    op.drop_table("grant_budget")
    op.drop_table("grant_programme")


def _put_back() -> None:
    """One row of versions for each funder, in the order in which they were made; of several windows, the first."""
    bind = op.get_bind()
    rows = list(bind.execute(sa.select(mandates).order_by(mandates.c.funder_id, mandates.c.id)))
    shared = _with_several(rows)
    counted: dict[int, int] = {}
    for row in rows:
        counted[row.funder_id] = counted.get(row.funder_id, 0) + 1
        number = counted[row.funder_id] if row.funder_id in shared else row.number
        opens, closes = row.windows[0] if row.windows else (None, None)
        bind.execute(
            sa.update(mandates)
            .where(mandates.c.id == row.id)
            .values(number=number, opens_on=_date(opens), closes_on=_date(closes))
        )


def _with_several(rows: Iterable[Any]) -> set[int]:
    """The funders with versions in more than one programme."""
    seen: dict[int, set[int]] = {}
    for row in rows:
        seen.setdefault(row.funder_id, set()).add(row.programme_id)
    return {funder_id for funder_id, found in seen.items() if len(found) > 1}


def _date(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None
