"""Indexes hold what lists look at on the way: the standing of an idea, and more of those at a place or a gate."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT_GATE = "standing = 'active' AND substr(place, 1, 3) = 'at_'"
ORDER = ("place_since", "id")
BEFORE = {
    "place": ("programme_id", "place", *ORDER),
    **{key: ("programme_id", f"{key}_id", *ORDER) for key in ("theme", "topic", "district", "region")},
}
AFTER = {
    "place": ("programme_id", "place", "standing", *ORDER, "theme_id", "district_id"),
    **{key: ("programme_id", f"{key}_id", *ORDER, "standing") for key in ("theme", "topic", "district", "region")},
}


def upgrade() -> None:
    op.drop_index("ix_idea_list", "idea")
    for name, columns in AFTER.items():
        _renew(f"ix_idea_{name}", *columns)
    _renew("ix_idea_at_gate", "due_on", *ORDER, "programme_id", "region_id", "place", **_only(AT_GATE))
    columns = ["programme_id", "place", "standing", "region_id"]
    op.create_index("ix_idea_unhosted", "idea", columns, **_only("clinic_id IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_idea_unhosted", "idea")
    _renew("ix_idea_at_gate", "due_on", *ORDER, **_only(AT_GATE))
    for name, columns in BEFORE.items():
        _renew(f"ix_idea_{name}", *columns)
    op.create_index("ix_idea_list", "idea", ["programme_id", *ORDER])


def _renew(name: str, *columns: str, **more: Any) -> None:
    op.drop_index(name, "idea")
    op.create_index(name, "idea", list(columns), **more)


def _only(where: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
