"""Who finds a funder and whether the programme has checked it, and the grant programme that a saved search looks for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0045"
branch_labels = None
depends_on = None

FUNDER = sa.table("funder", sa.column("visible", sa.Boolean()), sa.column("visibility", sa.String()))


def upgrade() -> None:
    with op.batch_alter_table("funder") as batch:
        batch.add_column(sa.Column("visibility", sa.String(length=10), nullable=False, server_default="members"))
        batch.add_column(sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("verified_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_funder_verified_by_id"), "person", ["verified_by_id"], ["id"])
    op.execute(FUNDER.update().where(~FUNDER.c.visible).values(visibility="hidden"))
    with op.batch_alter_table("funder") as batch:
        batch.alter_column("visibility", existing_type=sa.String(10), existing_nullable=False, server_default=None)
        batch.drop_column("visible")
    with op.batch_alter_table("saved_search") as batch:
        batch.add_column(sa.Column("programme_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_saved_search_programme_id"), "grant_programme", ["programme_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("saved_search") as batch:
        batch.drop_constraint(op.f("fk_saved_search_programme_id"), type_="foreignkey")
        batch.drop_column("programme_id")
    with op.batch_alter_table("funder") as batch:
        batch.add_column(sa.Column("visible", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(FUNDER.update().where(FUNDER.c.visibility == "hidden").values(visible=False))
    with op.batch_alter_table("funder") as batch:
        batch.alter_column("visible", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch.drop_constraint(op.f("fk_funder_verified_by_id"), type_="foreignkey")
        for name in ("verified_by_id", "verified_at", "visibility"):
            batch.drop_column(name)
