"""Plans of pilots that wait for their teams."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.ideas.models import Contributor, Idea
from innovation.ideas.queries import walled
from innovation.permission import Actor
from innovation.pilots.plan_models import Pilot

MOST = 50


def plans_to_finish(actor: Actor) -> list[Pilot]:
    """Pilots of the person's own ideas that are planned and have not begun."""
    if actor.person_id is None:
        return []
    helps = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    own = sa.or_(Idea.owner_id == actor.person_id, Idea.id.in_(helps))
    query = sa.select(Pilot).join(Pilot.idea).where(own, Idea.standing == "active", Pilot.state == "planned")
    query = query.where(~walled(actor))
    return list(db.session.scalars(query.options(joinedload(Pilot.idea)).order_by(Pilot.id).limit(MOST)))
