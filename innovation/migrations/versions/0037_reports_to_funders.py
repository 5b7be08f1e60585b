"""One report for all funders, files as evidence of milestones, and by what the world outside knows a commitment."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _text(name: str, length: int = 0) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def _at(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, AT, nullable=empty)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def _points(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys by column, each to the table named."""
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, to in columns.items()
    ]


def upgrade() -> None:
    _reports()
    _files()
    with op.batch_alter_table("commitment") as batch:
        batch.add_column(sa.Column("agree_by", sa.Date(), nullable=True))
        batch.add_column(sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("key", sa.String(length=16), nullable=True))
    _give_keys()
    with op.batch_alter_table("commitment") as batch:
        batch.alter_column("named", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch.alter_column("key", existing_type=sa.String(length=16), nullable=False)
        batch.create_unique_constraint(op.f("uq_commitment_key"), ["key"])


def _reports() -> None:
    people = {name: "person" for name in ("begun_by_id", "handed_in_by_id", "released_by_id")}
    op.create_table(
        "funding_report",
        *(_number("id"), _number("idea_id"), _number("number"), _number("edition")),
        *(_day("starts_on"), _day("ends_on"), _day("due_on"), _text("state", 20)),
        *(_text("progress"), _text("changes"), _text("lessons"), _text("outlook"), _text("why"), _text("returned")),
        *(_number("begun_by_id", empty=True), _at("begun_at")),
        *(_number("handed_in_by_id", empty=True), _at("handed_in_at", empty=True)),
        *(_number("released_by_id", empty=True), _at("released_at", empty=True), _text("released_as", 20)),
        *(_number("revision_number", empty=True), sa.Column("figures", sa.JSON(), nullable=False), _number("version")),
        *_points("funding_report", idea_id="idea", **people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_report")),
        sa.UniqueConstraint(
            "idea_id", "number", "edition", name=op.f("uq_funding_report_idea_id_number_edition")
        ),
    )


def _files() -> None:
    op.create_table(
        "milestone_file",
        *(_number("id"), _number("milestone_id"), _text("file_key", 64), _text("name", 160)),
        *(_text("content_type", 80), _number("size"), _number("added_by_id", empty=True), _at("added_at")),
        *(_number("removed_by_id", empty=True), _at("removed_at", empty=True)),
        *_points("milestone_file", milestone_id="milestone", added_by_id="person", removed_by_id="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_file")),
        sa.UniqueConstraint("file_key", name=op.f("uq_milestone_file_file_key")),
    )
    op.create_index(op.f("ix_milestone_file_milestone_id"), "milestone_file", ["milestone_id"])


def _give_keys() -> None:
    commitment = sa.table("commitment", sa.column("id", sa.Integer()), sa.column("key", sa.String()))
    bind = op.get_bind()
    for (number,) in bind.execute(sa.select(commitment.c.id)).all():
        bind.execute(commitment.update().where(commitment.c.id == number).values(key=secrets.token_hex(6)))


def downgrade() -> None:
    with op.batch_alter_table("commitment") as batch:
        batch.drop_constraint(op.f("uq_commitment_key"), type_="unique")
        batch.drop_column("key")
        batch.drop_column("named")
        batch.drop_column("agree_by")
    op.drop_index(op.f("ix_milestone_file_milestone_id"), table_name="milestone_file")
    op.drop_table("milestone_file")
    op.drop_table("funding_report")
