"""Finding the pilot of an idea."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.plan_models import Pilot


def find_pilot(actor: Actor, reference: str) -> Pilot:
    """The idea's latest pilot, for whoever may see it."""
    idea = find_idea(actor, reference)
    found = latest_pilot(idea) if policy.may_see_pilot.allows(actor, idea) else None
    if found is None:
        raise NotThere
    return found


def latest_pilot(idea: Idea) -> Pilot | None:
    """The pilot that is under way or was the last one."""
    query = sa.select(Pilot).where(Pilot.idea_id == idea.id).order_by(Pilot.number.desc()).limit(1)
    return db.session.scalars(query).first()
