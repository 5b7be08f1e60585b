"""Finding the pilot of an idea."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas.models import Idea
from innovation.ideas.queries import find_idea
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.plan_models import Pilot


def find_pilot(actor: Actor, reference: str, number: int | None = None) -> Pilot:
    """The idea's latest pilot, or the one with this number, for whoever may see it."""
    idea = find_idea(actor, reference)
    found = latest_pilot(idea) if policy.may_see_pilot.allows(actor, idea) else None
    if found is not None and number is not None and number != found.number:
        found = earlier_pilot(idea, number)
    if found is None:
        raise NotThere
    return found


def latest_pilot(idea: Idea) -> Pilot | None:
    """The pilot that is under way or was the last one."""
    query = sa.select(Pilot).where(Pilot.idea_id == idea.id).order_by(Pilot.number.desc()).limit(1)
    return db.session.scalars(query).first()


def earlier_pilot(idea: Idea, number: int) -> Pilot | None:
    """A pilot after which the idea has had another: it is read, and nothing of it is changed."""
    found = db.session.scalars(sa.select(Pilot).filter_by(idea_id=idea.id, number=number)).first()
    if found is not None:
        found.is_earlier = True
    return found


def numbers_of_earlier(pilot: Pilot) -> list[int]:
    """The numbers of the pilots that the idea had before this one, the latest first."""
    query = sa.select(Pilot.number).where(Pilot.idea_id == pilot.idea_id, Pilot.number < pilot.number)
    return list(db.session.scalars(query.order_by(Pilot.number.desc()))) if pilot.number > 1 else []
