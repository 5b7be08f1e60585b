"""What waits for a person between funders and ideas: offers, milestones, agreements, tranches and reports."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from innovation.db import db
from innovation.funders.commitment_models import Commitment, Tranche
from innovation.funders.report_models import FundingReport
from innovation.gates.queries.standing import STAFF, covered
from innovation.ideas.models import Idea
from innovation.ideas.queries import unindexed, walled
from innovation.permission import Actor
from innovation.pilots.models import Milestone
from workflows import UNDER_WAY

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
    if actor.has(*STAFF):
        ways.append(sa.and_(Milestone.state == "shown", Idea.owner_id != actor.person_id, covered(actor, *STAFF)))
    query = sa.select(Milestone).join(Milestone.idea).options(joinedload(Milestone.idea))
    active = query.where(sa.or_(*ways), unindexed(Idea.standing) == "active", ~walled(actor))
    return list(db.session.scalars(active.order_by(Milestone.due_on, Milestone.id).limit(MOST)))


def tranches_ahead(actor: Actor) -> list[Tranche]:
    """Tranches of the person's funders that are agreed upon and not released; ``is_ready`` tells which can be."""
    if not actor.funder_ids:
        return []
    query = sa.select(Tranche).join(Tranche.commitment).join(Commitment.idea)
    ahead = query.where(Tranche.state == "planned", Commitment.state == "agreed", ~walled(actor))
    mine = ahead.where(Commitment.funder_id.in_(sorted(actor.funder_ids))).order_by(Tranche.due_on, Tranche.id)
    load = (joinedload(Tranche.commitment).joinedload(Commitment.idea), joinedload(Tranche.milestone))
    return list(db.session.scalars(mine.options(*load).limit(MOST)))


def is_ready(tranche: Tranche) -> bool:
    """Whether it hangs on nothing that is still to come."""
    return tranche.milestone is None or tranche.milestone.state == "accepted"


def agreements_to_record(actor: Actor) -> list[Commitment]:
    """Commitments of the person's funders whose agreement is not recorded."""
    if not actor.funder_ids:
        return []
    query = sa.select(Commitment).join(Commitment.idea).where(Commitment.state == "committed", ~walled(actor))
    mine = query.where(Commitment.funder_id.in_(sorted(actor.funder_ids))).order_by(Commitment.agree_by, Commitment.id)
    return list(db.session.scalars(mine.options(joinedload(Commitment.idea)).limit(MOST)))


def reports_to_do(actor: Actor) -> list[FundingReport]:
    """Reports that the person's ideas owe their funders, and those that they are asked to release."""
    ways = [sa.and_(Idea.owner_id == actor.person_id, FundingReport.state == "draft")]
    if actor.has(*STAFF) and not actor.funder_ids:
        others = sa.and_(Idea.owner_id != actor.person_id, covered(actor, *STAFF))
        ways.append(sa.and_(FundingReport.state == "ready", others))
    query = sa.select(FundingReport).join(FundingReport.idea).options(joinedload(FundingReport.idea))
    active = query.where(sa.or_(*ways), unindexed(Idea.standing).in_(UNDER_WAY), ~walled(actor))
    return list(db.session.scalars(active.order_by(FundingReport.due_on, FundingReport.id).limit(MOST)))
