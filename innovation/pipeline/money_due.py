"""What waits for a person between funders and ideas: offers, milestones and tranches."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.funders.commitment_models import Commitment, Tranche
from innovation.ideas.models import Idea
from innovation.ideas.queries import walled, wide_ways
from innovation.permission import Actor
from innovation.pilots.models import Milestone

MOST = 50


def offers_to_answer(actor: Actor) -> list[Commitment]:
    """Offers to ideas that the person owns."""
    query = sa.select(Commitment).join(Commitment.idea).where(Commitment.state == "offered", ~walled(actor))
    mine = query.where(Idea.owner_id == actor.person_id).order_by(Commitment.id).limit(MOST)
    return list(db.session.scalars(mine.options(joinedload(Commitment.idea), joinedload(Commitment.funder))))


def milestones_to_do(actor: Actor) -> list[Milestone]:
    """Milestones that the person's ideas have still to reach, and those that they are asked to look at."""
    own = sa.and_(Idea.owner_id == actor.person_id, Milestone.state.in_(("planned", "returned")))
    ways = [own]
    if wide_ways(actor):
        ways.append(sa.and_(Milestone.state == "shown", Idea.owner_id != actor.person_id, sa.or_(*wide_ways(actor))))
    query = sa.select(Milestone).join(Milestone.idea).options(joinedload(Milestone.idea))
    active = query.where(sa.or_(*ways), Idea.standing == "active", ~walled(actor))
    return list(db.session.scalars(active.order_by(Milestone.due_on, Milestone.id).limit(MOST)))


def tranches_to_release(actor: Actor) -> list[Tranche]:
    """Tranches of the person's funders that can be released: agreed upon, and the milestone is accepted."""
    if not actor.funder_ids:
        return []
    query = sa.select(Tranche).join(Tranche.commitment).join(Commitment.idea).outerjoin(Tranche.milestone)
    reached = sa.or_(Tranche.milestone_id.is_(None), Milestone.state == "accepted")
    ready = query.where(Tranche.state == "planned", Commitment.state == "agreed", reached, ~walled(actor))
    mine = ready.where(Commitment.funder_id.in_(sorted(actor.funder_ids))).order_by(Tranche.due_on, Tranche.id)
    load = joinedload(Tranche.commitment).joinedload(Commitment.idea)
    return list(db.session.scalars(mine.options(load).limit(MOST)))
