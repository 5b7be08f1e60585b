"""Which deliverables are made from what an idea's pilot measured."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.models import Idea
from workflows import Deliverable

PILOT = sa.table("pilot", sa.column("id"), sa.column("idea_id"))
INDICATOR = sa.table("indicator", sa.column("id"), sa.column("pilot_id"))
READING = sa.table("reading", sa.column("indicator_id"), sa.column("replaced_at"), sa.column("term", sa.String()))


def is_made(idea: Idea, deliverable: Deliverable) -> bool:
    """Whether a deliverable is made from what the idea's pilot measured; pilots are an area above, read by name."""
    if not deliverable.made_of or deliverable.kind != "file":
        return False
    measured = (
        sa.select(READING.c.indicator_id)
        .where(READING.c.indicator_id == INDICATOR.c.id, READING.c.replaced_at.is_(None), READING.c.term < "a")
        .correlate(INDICATOR)
    )
    pilots = sa.select(PILOT.c.id).where(PILOT.c.idea_id == idea.id)
    query = sa.select(INDICATOR.c.id).where(INDICATOR.c.pilot_id.in_(pilots), sa.exists(measured)).limit(1)
    return db.session.scalar(query) is not None
