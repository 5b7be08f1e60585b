"""A member's marks over time: what they gave in the round before, what the team changed since, and what is next."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.db import db
from innovation.gates.bases import Basis, CountedCard
from innovation.gates.models import CLEARED, SCORING_ROLES, Decision, Review, Scorecard, Seat
from innovation.gates.queries.standing import sitting, submitted_exists
from innovation.ideas import canvas
from innovation.ideas.models import Revision
from innovation.permission import Actor
from innovation.values import dataclass


@dataclass(frozen=True)
class Since:
    """What the team changed between the revision that a member has marked and the one that the panel reads now."""

    old: int
    new: int
    changes: tuple[canvas.Change, ...]


def what_changed(review: Review, card: Scorecard) -> Since:
    """How the revision of a card differs from the one that the panel reads now, as a panel may read both."""
    old, new = db.session.get_one(Revision, card.revision_id), review.revision
    texts = [{**each.answers, "title": each.title} for each in (old, new)]
    return Since(old.number, new.number, tuple(canvas.changes(review.idea.definition, *texts)))


def earlier_card(review: Review, seat: Seat) -> Scorecard | None:
    """The card that the same member submitted in the round before, at the same gate for the same idea."""
    if review.round < 2:
        return None
    query = (
        sa.select(Scorecard)
        .join(Scorecard.seat)
        .join(Seat.review)
        .where(Review.idea_id == review.idea_id, Review.gate_key == review.gate_key, Review.round < review.round)
        .where(Seat.person_id == seat.person_id, Seat.stance.in_(CLEARED), Scorecard.submitted_at.is_not(None))
        .options(selectinload(Scorecard.scores), contains_eager(Scorecard.seat).contains_eager(Seat.review))
        .order_by(Review.round.desc(), Scorecard.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def next_to_score(actor: Actor, but: Review) -> Review | None:
    """The review that waits for this person's declaration or marks and that the fewest have scored; else None.

    How many have submitted is known to every member; what they gave has no part in the order.
    """
    cards = sa.func.count(sa.case((sa.and_(Seat.stance.in_(CLEARED), submitted_exists()), 1)))
    done = sa.select(cards).where(Seat.review_id == Review.id).correlate(Review).scalar_subquery()
    own = sa.orm.aliased(Seat)
    scored = sa.exists().where(Scorecard.seat_id == own.id, Scorecard.submitted_at.is_not(None))
    to_do = sa.or_(
        own.stance == "undeclared",
        sa.and_(own.stance.in_(CLEARED), Review.state == "scoring", own.abstained_at.is_(None), ~scored),
    )
    query = (
        sa.select(Review)
        .join(own, own.review_id == Review.id)
        .join(Review.idea)
        .where(
            sitting(actor, own), own.role.in_(SCORING_ROLES), to_do, Review.id != but.id, Review.settled_at.is_(None)
        )
        .options(contains_eager(Review.idea))
        .order_by(done, Review.due_on.asc().nulls_last(), Review.id)
        .limit(1)
    )
    return db.session.scalar(query)


def find_basis(decision: Decision) -> Basis | None:
    """What a decision rests on; None for one that was brought in from elsewhere."""
    load = (joinedload(Basis.revision), joinedload(Basis.workflow_version))
    return db.session.get(Basis, decision.id, options=load)


def cards_behind(decision: Decision) -> list[Scorecard]:
    """The scorecards that counted in a decision, in an order that tells nothing of whose they are."""
    counted = sa.select(CountedCard.scorecard_id).where(CountedCard.decision_id == decision.id)
    return list(db.session.scalars(sa.select(Scorecard).where(Scorecard.id.in_(counted)).order_by(Scorecard.id)))
