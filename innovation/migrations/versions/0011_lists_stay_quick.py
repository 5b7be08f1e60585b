"""An index for each order, filter and count of the lists, so that they stay quick as a programme grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEW = {
    "idea": {
        "ix_idea_updated": ["programme_id", "updated_at", "id"],
        "ix_idea_due": ["programme_id", "due_on", "place_since", "id"],
        "ix_idea_standing": ["programme_id", "standing", "place_since", "id"],
        "ix_idea_theme": ["programme_id", "theme_id", "place_since", "id"],
        "ix_idea_topic": ["programme_id", "topic_id", "place_since", "id"],
        "ix_idea_district": ["programme_id", "district_id", "place_since", "id"],
    },
    "review": {"ix_review_closed": ["closed_at", "id"]},
    "condition": {"ix_condition_owner": ["owner_id", "state"]},
    "person": {"ix_person_name": ["name", "id"]},
    "notice": {"ix_notice_list": ["person_id", "made_at", "id"]},
}
# Of few rows only.
FEW = (
    ("ix_idea_at_gate", "idea", ["due_on", "place_since", "id"], "standing = 'active' AND substr(place, 1, 3) = 'at_'"),
    ("ix_idea_held", "idea", ["held_until", "id"], "standing = 'held'"),
    ("ix_handin_waiting", "handin", ["handed_in_at", "id"], "state = 'handed_in'"),
)
REPLACED = ("theme_id", "topic_id", "district_id")


def upgrade() -> None:
    for column in REPLACED:
        op.drop_index(f"ix_idea_{column}", "idea")
    op.drop_index("ix_idea_region", "idea")
    op.create_index("ix_idea_region", "idea", ["programme_id", "region_id", "place_since", "id"])
    for table, indexes in NEW.items():
        for name, columns in indexes.items():
            op.create_index(name, table, columns)
    for name, table, columns, where in FEW:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _columns, _where in FEW:
        op.drop_index(name, table)
    for table, indexes in NEW.items():
        for name in indexes:
            op.drop_index(name, table)
    op.drop_index("ix_idea_region", "idea")
    op.create_index("ix_idea_region", "idea", ["region_id", "place", "place_since"])
    for column in REPLACED:
        op.create_index(f"ix_idea_{column}", "idea", [column])
