"""Which deliverables are made from what an idea's pilot measured, or from its tracker and hand-over."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.models import Idea
from workflows import SYSTEM_PARTS, Deliverable

PILOT = sa.table("pilot", sa.column("id"), sa.column("idea_id"))
INDICATOR = sa.table("indicator", sa.column("id"), sa.column("pilot_id"))
READING = sa.table("reading", sa.column("indicator_id"), sa.column("replaced_at"), sa.column("term", sa.String()))


MARK = sa.table("tracker_mark", sa.column("id"), sa.column("idea_id"))
HOME = sa.table("system_home", sa.column("id"), sa.column("idea_id"))


def is_of_system(deliverable: Deliverable) -> bool:
    """Whether a deliverable is made of the tracker and the hand-over alone, and of nothing that a pilot measured."""
    return bool(deliverable.made_of) and set(deliverable.made_of) <= set(SYSTEM_PARTS)


def is_made(idea: Idea, deliverable: Deliverable) -> bool:
    """Whether a deliverable is made from what is known of the idea already.

    Pilots, trackers and hand-overs are of areas above: their tables are read by name.
    """
    if not deliverable.made_of or deliverable.kind != "file":
        return False
    if is_of_system(deliverable):
        return any(
            db.session.scalar(sa.select(table.c.id).where(table.c.idea_id == idea.id).limit(1)) is not None
            for table in (HOME, MARK)
        )
    measured = (
        sa.select(READING.c.indicator_id)
        .where(READING.c.indicator_id == INDICATOR.c.id, READING.c.replaced_at.is_(None), READING.c.term < "a")
        .correlate(INDICATOR)
    )
    pilots = sa.select(PILOT.c.id).where(PILOT.c.idea_id == idea.id)
    query = sa.select(INDICATOR.c.id).where(INDICATOR.c.pilot_id.in_(pilots), sa.exists(measured)).limit(1)
    return db.session.scalar(query) is not None
