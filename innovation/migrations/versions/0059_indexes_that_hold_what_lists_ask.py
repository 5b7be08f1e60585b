"""Indexes hold what lists are narrowed to, and a seat when its review closed: rows are read once they are known to count."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

IN_ORDER = ("place_since", "id")
SUBJECT = ("theme_id", "topic_id", "district_id")
SEEN_BY = ("region_id", "clinic_id")
ON_HOLD = "standing = 'held'"
LOST = "closed_at IS NULL AND stance IN ('recused', 'excused')"
Index = tuple[str, tuple[str, ...], str | None]

BEFORE: dict[str, list[Index]] = {
    "idea": [
        ("ix_idea_place", ("place", "standing", *IN_ORDER, "theme_id", "district_id"), None),
        ("ix_idea_title", ("title", "id"), None),
        ("ix_idea_captured", ("captured_at", "id"), None),
        ("ix_idea_standing", ("standing", *IN_ORDER), None),
        ("ix_idea_theme", ("theme_id", *IN_ORDER, "standing"), None),
        ("ix_idea_topic", ("topic_id", *IN_ORDER, "standing"), None),
        ("ix_idea_district", ("district_id", *IN_ORDER, "standing"), None),
        ("ix_idea_region", ("region_id", *IN_ORDER, "standing"), None),
        ("ix_idea_held", ("held_until", "id"), ON_HOLD),
    ],
    "seat": [("ix_seat_person_id_stance", ("person_id", "stance"), None)],
    "review": [("ix_review_panel_id", ("panel_id",), None)],
    "condition": [("ix_condition_idea_id", ("idea_id",), None)],
    "clinic": [],
    "account": [],
}
AFTER: dict[str, list[Index]] = {
    "idea": [
        ("ix_idea_place", ("place", "standing", *IN_ORDER, *SEEN_BY), None),
        ("ix_idea_theme_place", ("theme_id", "place", "standing", *IN_ORDER, *SEEN_BY), None),
        ("ix_idea_title", ("title", "id", *SUBJECT, *SEEN_BY), None),
        ("ix_idea_captured", ("captured_at", "id", *SUBJECT, *SEEN_BY), None),
        ("ix_idea_standing", ("standing", *IN_ORDER, *SEEN_BY), None),
        ("ix_idea_theme", ("theme_id", "standing", *IN_ORDER, *SEEN_BY), None),
        ("ix_idea_topic", ("topic_id", "standing", *IN_ORDER, "place", *SEEN_BY, "theme_id"), None),
        ("ix_idea_district", ("district_id", "standing", *IN_ORDER, "place", *SEEN_BY, "theme_id", "topic_id"), None),
        ("ix_idea_region", ("region_id", "standing", *IN_ORDER, "place", "clinic_id"), None),
        ("ix_idea_held", ("held_until", "id", "programme_id", "region_id", "owner_id"), ON_HOLD),
    ],
    "seat": [
        ("ix_seat_person", ("person_id", "closed_at", "review_id", "stance"), None),
        ("ix_seat_gone", ("review_id",), LOST),
    ],
    "review": [("ix_review_panel", ("panel_id", "closed_at"), None)],
    "condition": [("ix_condition_idea", ("idea_id", "blocking", "state"), None)],
    "clinic": [("ix_clinic_theme_id", ("theme_id",), None), ("ix_clinic_state", ("state", "starts_on", "id"), None)],
    "account": [("ix_account_disabled", ("person_id",), "disabled_at IS NOT NULL")],
}


def upgrade() -> None:
    op.add_column("seat", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE seat SET closed_at = (SELECT review.closed_at FROM review WHERE review.id = seat.review_id)")
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)
    op.drop_column("seat", "closed_at")


def _replace(old: dict[str, list[Index]], new: dict[str, list[Index]]) -> None:
    for table in old:
        for name, _columns, _where in old[table]:
            op.drop_index(name, table_name=table)
        for name, columns, where in new[table]:
            narrowed: dict[str, Any] = {} if where is None else _only(where)
            of_programme = ("programme_id",) if table == "idea" and where is None else ()
            op.create_index(name, table, [*of_programme, *columns], **narrowed)


def _only(condition: str) -> dict[str, Any]:
    return {f"{engine}_where": sa.text(condition) for engine in ("sqlite", "postgresql")}
