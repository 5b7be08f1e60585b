"""Members abstain with a reason, a decision names what it rests on, and an idea may be read without names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Before abstentions and later revisions there was one way to count: the newest card of each seat that had declared.
COUNTED = """
INSERT INTO decision_scorecard (decision_id, scorecard_id)
SELECT decision.id, scorecard.id FROM decision
JOIN seat ON seat.review_id = decision.review_id AND seat.stance IN ('none', 'accepted')
JOIN scorecard ON scorecard.seat_id = seat.id AND scorecard.submitted_at IS NOT NULL
WHERE seat.role IN ('chair', 'cochair', 'deputy', 'member', 'government', 'practitioner')
AND scorecard.number = (SELECT max(later.number) FROM scorecard AS later
    WHERE later.seat_id = seat.id AND later.submitted_at IS NOT NULL)
"""
RESTED = """
INSERT INTO decision_basis (decision_id, revision_id, workflow_version_id, quorum)
SELECT decision.id, review.revision_id, idea.workflow_version_id, review.quorum FROM decision
JOIN review ON review.id = decision.review_id JOIN idea ON idea.id = decision.idea_id
"""


def upgrade() -> None:
    op.add_column("seat", sa.Column("abstained_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("seat", sa.Column("abstained_because", sa.Text(), nullable=False, server_default=""))
    op.add_column("scorecard", sa.Column("confirms", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("idea_access", sa.Column("names_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "decision_basis",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("workflow_version_id", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_basis_decision_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_decision_basis_revision_id")),
        sa.ForeignKeyConstraint(
            ["workflow_version_id"], ["workflow_version.id"], name=op.f("fk_decision_basis_workflow_version_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decision_basis")),
    )
    op.create_table(
        "decision_scorecard",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_scorecard_decision_id")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name=op.f("fk_decision_scorecard_scorecard_id")),
        sa.PrimaryKeyConstraint("decision_id", "scorecard_id", name=op.f("pk_decision_scorecard")),
    )
    op.execute(RESTED)
    op.execute(COUNTED)


def downgrade() -> None:
    op.drop_table("decision_scorecard")
    op.drop_table("decision_basis")
    op.drop_column("idea_access", "names_hidden")
    op.drop_column("scorecard", "confirms")
    op.drop_column("seat", "abstained_because")
    op.drop_column("seat", "abstained_at")
