"""When and by whom an introduction was ended, that the owner takes a no back, and an index for interest that waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

# Talks that ended without a commitment have ended the interest that they began with.
END = """
UPDATE interest SET state = 'ended',
ended_at = (SELECT talk.ended_at FROM talk WHERE talk.interest_id = interest.id),
ended_by_id = (SELECT talk.ended_by_id FROM talk WHERE talk.interest_id = interest.id),
end_reason = (SELECT talk.reason FROM talk WHERE talk.interest_id = interest.id),
ended_by_owner = EXISTS (
    SELECT 1 FROM talk JOIN idea ON idea.id = talk.idea_id
    WHERE talk.interest_id = interest.id AND talk.ended_by_id = idea.owner_id
)
WHERE state = 'accepted' AND EXISTS (
    SELECT 1 FROM talk WHERE talk.interest_id = interest.id AND talk.state = 'declined'
)
"""


def upgrade() -> None:
    with op.batch_alter_table("interest") as batch:
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("ended_by_owner", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("end_reason", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_interest_ended_by_id"), "person", ["ended_by_id"], ["id"])
    op.execute(END)
    with op.batch_alter_table("interest") as batch:
        batch.alter_column("ended_by_owner", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch.alter_column("end_reason", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.create_index("ix_interest_state_shown_at", "interest", ["state", "shown_at"])


def downgrade() -> None:
    op.drop_index("ix_interest_state_shown_at", "interest")
    op.execute("UPDATE interest SET state = 'accepted' WHERE state = 'ended'")
    with op.batch_alter_table("interest") as batch:
        batch.drop_constraint(op.f("fk_interest_ended_by_id"), type_="foreignkey")
        for name in ("invited_at", "end_reason", "ended_by_owner", "ended_by_id", "ended_at"):
            batch.drop_column(name)
