"""Imports are guided: corrections wait with the table, columns are remembered, and an import can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waiting_import", sa.Column("corrections", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "matched_column",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_matched_column_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "heading", name=op.f("pk_matched_column")),
    )
    op.create_table(
        "idea_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_idea_import_{table}_id"))
            for table in ("person", "programme", "region", "clinic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_import")),
        sa.UniqueConstraint("key", name=op.f("uq_idea_import_key")),
    )
    op.create_index(op.f("ix_idea_import_person_id"), "idea_import", ["person_id"])
    op.create_table(
        "imported_idea",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["idea_id"], ["idea.id"], name=op.f("fk_imported_idea_idea_id")),
        sa.ForeignKeyConstraint(["import_id"], ["idea_import.id"], name=op.f("fk_imported_idea_import_id")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_imported_idea")),
    )
    op.create_index(op.f("ix_imported_idea_import_id"), "imported_idea", ["import_id"])


def downgrade() -> None:
    op.drop_table("imported_idea")
    op.drop_table("idea_import")
    op.drop_table("matched_column")
    op.drop_column("waiting_import", "corrections")
