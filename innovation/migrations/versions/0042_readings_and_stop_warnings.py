"""What readings come to by term and kind of site, warnings that a stop threshold was crossed, and tables that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OPEN = sa.text("answered_at IS NULL")
OPEN_MEAN = sa.text("answered_at IS NULL AND site_id IS NULL")
COUNT = """
INSERT INTO reading_summary (indicator_id, term, kind, sites, total, squares, lowest, highest, learners, small)
SELECT reading.indicator_id, reading.term,
       CASE WHEN pilot_site.is_comparison THEN 'comparison'
            WHEN pilot_site.is_high_dosage THEN 'high_dosage' ELSE 'programme' END AS kind,
       count(*), sum(value), sum(value * value), min(value), max(value), coalesce(sum(reading.learners), 0),
       sum(CASE WHEN reading.learners < 10 THEN 1 ELSE 0 END)
FROM reading JOIN pilot_site ON pilot_site.id = reading.site_id
WHERE reading.replaced_at IS NULL
GROUP BY reading.indicator_id, reading.term, 3
"""


def upgrade() -> None:
    with op.batch_alter_table("reading") as batch_op:
        batch_op.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_reading_replaced_by_id"), "person", ["replaced_by_id"], ["id"])
    op.create_table(
        "reading_summary",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sites", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("total", "squares", "lowest", "highest")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("learners", "small")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"]),
        sa.PrimaryKeyConstraint("indicator_id", "term", "kind"),
    )
    op.create_table(
        "stop_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=10), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"]),
        sa.ForeignKeyConstraint(["site_id"], ["pilot_site.id"]),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("open_mean", ["indicator_id", "term"], OPEN_MEAN, unique=True)
    _index("open_site", ["indicator_id", "term", "site_id"], OPEN, unique=True)
    _index("open", ["pilot_id"], OPEN, unique=False)
    op.create_index("ix_stop_warning_pilot_id", "stop_warning", ["pilot_id", "indicator_id", "term"])
    op.create_table(
        "waiting_readings",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_waiting_readings_person_id", "waiting_readings", ["person_id"])
    op.create_index("ix_waiting_readings_sent_at", "waiting_readings", ["sent_at"])
    op.execute(sa.text(COUNT))


def _index(name: str, columns: list[str], where: sa.TextClause, *, unique: bool) -> None:
    op.create_index(
        f"ix_stop_warning_{name}", "stop_warning", columns, unique=unique, sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    for table in ("waiting_readings", "stop_warning", "reading_summary"):
        op.drop_table(table)
    with op.batch_alter_table("reading") as batch_op:
        batch_op.drop_constraint(op.f("fk_reading_replaced_by_id"), type_="foreignkey")
        batch_op.drop_column("replaced_by_id")
