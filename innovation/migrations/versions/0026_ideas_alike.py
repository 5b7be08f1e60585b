"""What people say of ideas that read alike, merges outside of gates, and how often words occur."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
NO_CHANGE = "This row is part of the record and never changes."


def upgrade() -> None:
    _relations()
    _merges()
    op.create_table(
        "word_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_at", AT, nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_count")),
    )


def downgrade() -> None:
    op.drop_table("word_count")
    op.drop_table("idea_merge")
    op.drop_table("idea_relation")


def _relations() -> None:
    op.create_table(
        "idea_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_at", AT, nullable=False),
        sa.CheckConstraint("idea_id <> other_id", name=op.f("ck_idea_relation_two_ideas")),
        *(_points("idea_relation", column, to) for column, to in _ideas_and("other_id", "said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_relation")),
    )
    for column in ("idea_id", "other_id"):
        op.create_index(f"ix_idea_relation_{column}", "idea_relation", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER idea_relation_no_change BEFORE UPDATE OR DELETE ON idea_relation "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER idea_relation_no_{action.lower()} BEFORE {action} ON idea_relation "
            f"BEGIN SELECT RAISE(ABORT, '{NO_CHANGE}'); END"
        )


def _merges() -> None:
    op.create_table(
        "idea_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", AT, nullable=False),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", AT, nullable=True),
        *(_points("idea_merge", column, to) for column, to in _ideas_and("into_id", "merged_by_id", "undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_merge")),
    )
    for column in ("idea_id", "into_id"):
        op.create_index(f"ix_idea_merge_{column}", "idea_merge", [column])


def _ideas_and(other: str, *people: str) -> list[tuple[str, str]]:
    return [("idea_id", "idea"), (other, "idea"), *((column, "person") for column in people)]


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
