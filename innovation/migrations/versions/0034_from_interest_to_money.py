"""What follows an introduction: disclosures, talks, due diligence, commitments, tranches and milestones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)


def _number(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _money(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str, length: int = 0, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=empty)


def _at(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, AT, nullable=empty)


def _day(name: str, *, empty: bool = True) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=empty)


def _points(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys by column, each to the table named."""
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, to in columns.items()
    ]


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _milestones()
    _disclosures()
    _talks()
    _papers()
    _commitments()


def _milestones() -> None:
    op.create_table(
        "milestone",
        *(_number("id"), _number("idea_id"), _text("title", 140), _day("due_on", empty=False), _text("state", 20)),
        *(_text("evidence"), _number("planned_by_id", empty=True), _at("planned_at")),
        *(_number("shown_by_id", empty=True), _at("shown_at", empty=True)),
        *(_number("judged_by_id", empty=True), _at("judged_at", empty=True), _text("reason"), _number("version")),
        *_points("milestone", idea_id="idea", planned_by_id="person", shown_by_id="person", judged_by_id="person"),
        _key("milestone"),
    )
    op.create_index(op.f("ix_milestone_idea_id"), "milestone", ["idea_id"])


def _disclosures() -> None:
    op.create_table(
        "disclosure",
        *(_number("id"), _number("interest_id"), _text("field", 80)),
        *(_number("disclosed_by_id", empty=True), _at("disclosed_at")),
        *(_number("revoked_by_id", empty=True), _at("revoked_at", empty=True)),
        *_points("disclosure", interest_id="interest", disclosed_by_id="person", revoked_by_id="person"),
        _key("disclosure"),
    )
    op.create_index(op.f("ix_disclosure_interest_id"), "disclosure", ["interest_id"])


def _talks() -> None:
    op.create_table(
        "talk",
        *(_number("id"), _number("interest_id"), _number("idea_id"), _number("funder_id"), _text("state", 20)),
        *(_number("begun_by_id", empty=True), _at("begun_at")),
        *(_number("ended_by_id", empty=True), _at("ended_at", empty=True), _text("reason"), _number("version")),
        *_points("talk", interest_id="interest", idea_id="idea", funder_id="funder"),
        *_points("talk", begun_by_id="person", ended_by_id="person"),
        _key("talk"),
        sa.UniqueConstraint("interest_id", name=op.f("uq_talk_interest_id")),
    )
    op.create_index("ix_talk_idea_id_state", "talk", ["idea_id", "state"])
    op.create_table(
        "diligence_check",
        *(_number("id"), _number("talk_id"), _text("item", 40), _text("verdict", 20), _text("note")),
        *(_number("checked_by_id", empty=True), _at("checked_at"), _number("version")),
        *_points("diligence_check", talk_id="talk", checked_by_id="person"),
        _key("diligence_check"),
        sa.UniqueConstraint("talk_id", "item", name=op.f("uq_diligence_check_talk_id_item")),
    )


def _papers() -> None:
    op.create_table(
        "diligence_paper",
        *(_number("id"), _number("idea_id"), _text("item", 40), _number("number"), _text("text")),
        *(_text("file_key", 64, empty=True), _text("file_name", 160), _text("file_type", 80), _day("valid_until")),
        *(_number("handed_in_by_id", empty=True), _at("handed_in_at")),
        *_points("diligence_paper", idea_id="idea", handed_in_by_id="person"),
        _key("diligence_paper"),
        sa.UniqueConstraint("idea_id", "item", "number", name=op.f("uq_diligence_paper_idea_id_item_number")),
        sa.UniqueConstraint("file_key", name=op.f("uq_diligence_paper_file_key")),
    )
    op.create_table(
        "registration",
        *(_number("id"), _number("idea_id"), _text("kind", 10), _text("number", 60), _day("since"), _day("until")),
        *(_number("percent", empty=True), _text("method"), _number("recorded_by_id", empty=True), _at("recorded_at")),
        _number("version"),
        *_points("registration", idea_id="idea", recorded_by_id="person"),
        _key("registration"),
        sa.UniqueConstraint("idea_id", "kind", name=op.f("uq_registration_idea_id_kind")),
    )


def _commitments() -> None:
    op.create_table(
        "commitment",
        *(_number("id"), _number("talk_id"), _number("idea_id"), _number("funder_id")),
        *(_text("instrument", 20), _text("currency", 3)),
        *(_money("amount_minor"), _money("withdrawn_minor"), _money("released_minor")),
        *(_text("purpose"), _text("terms"), _number("match_percent", empty=True), _text("state", 20)),
        *(_number("offered_by_id", empty=True), _at("offered_at")),
        *(_number("answered_by_id", empty=True), _at("answered_at", empty=True), _text("answer")),
        *(_text("beyond_reason"), _day("agreed_on"), _text("agreement", 120), _number("agreed_by_id", empty=True)),
        *(_at("ended_at", empty=True), _text("end_reason"), _number("version")),
        *_points("commitment", talk_id="talk", idea_id="idea", funder_id="funder", offered_by_id="person"),
        *_points("commitment", answered_by_id="person", agreed_by_id="person"),
        _key("commitment"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_commitment_amount")),
        sa.CheckConstraint(
            "withdrawn_minor >= 0 AND released_minor >= 0", name=op.f("ck_commitment_not_negative")
        ),
        sa.CheckConstraint(
            "released_minor <= amount_minor - withdrawn_minor", name=op.f("ck_commitment_released")
        ),
    )
    op.create_index(op.f("ix_commitment_talk_id"), "commitment", ["talk_id"])
    op.create_index("ix_commitment_idea_id_state", "commitment", ["idea_id", "state"])
    op.create_table(
        "tranche",
        *(_number("id"), _number("commitment_id"), _money("amount_minor"), _day("due_on", empty=False)),
        *(_number("milestone_id", empty=True), _text("state", 20), _day("released_on")),
        *(_number("released_by_id", empty=True), _at("released_at", empty=True), _number("version")),
        *_points("tranche", commitment_id="commitment", milestone_id="milestone", released_by_id="person"),
        _key("tranche"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_tranche_amount")),
    )
    op.create_index(op.f("ix_tranche_commitment_id"), "tranche", ["commitment_id"])


def downgrade() -> None:
    for table in ("tranche", "commitment", "registration", "diligence_paper", "diligence_check", "talk", "disclosure"):
        op.drop_table(table)
    op.drop_table("milestone")
