"""What waits for a person at gates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from innovation.db import db, now
from innovation.gates.models import CHAIRING_ROLES, CLEARED, LEADING_ROLES, SCORING_ROLES, Condition, Review, Seat
from innovation.gates.queries.standing import (
    MOST_LISTED,
    OWED_STATES,
    WaitingItem,
    covered,
    has_open_review,
    not_walled,
    review_facts,
    sitting,
    submitted_exists,
)
from innovation.ideas.models import AT_GATE, ON_HOLD, Idea
from innovation.ideas.queries import unindexed
from innovation.permission import Actor
from workflows import UNDER_WAY


def waiting_for(actor: Actor) -> list[WaitingItem]:
    """Everything at gates that waits for this person, what is due first on top."""
    if actor.person_id is None:
        return []
    items = [*_at_seats(actor), *_conditions_owed(actor)]
    if actor.has("coordinator"):
        items += [*_to_convene(actor), *_to_resume(actor), *_evidence_to_settle(actor)]
    return sorted(items, key=lambda item: (item.due_on is None, item.due_on or dt.date.max, item.reference))


def count_waiting(actor: Actor) -> tuple[sa.Select[int], sa.Select[int]]:
    """Rows to count: the seats at which the person has to declare or to score, and the conditions that they owe.

    They are those of ``waiting_for``. What a panel's lead has to do besides cannot be told by the database alone.
    """
    to_do = sa.or_(
        Seat.stance == "undeclared",
        sa.and_(
            Review.state == "scoring",
            Seat.stance.in_(CLEARED),
            Seat.role.in_(SCORING_ROLES),
            Seat.abstained_at.is_(None),
            ~submitted_exists(),
        ),
    )
    seats = sa.select(Seat.id).join(Seat.review).join(Review.idea)
    seats = seats.where(sitting(actor), Review.settled_at.is_(None), to_do)
    conditions = sa.select(Condition.id).join(Condition.idea).where(_owed_by(actor), Idea.standing.in_(UNDER_WAY))
    return seats, conditions


def leads_somewhere(actor: Actor) -> sa.ColumnElement[bool]:
    """True where the person may have to answer an interest, to decide or to sign."""
    leading = sa.and_(Seat.stance.in_(CLEARED), Seat.role.in_(CHAIRING_ROLES))
    return sa.select(Seat.id).join(Seat.review).join(Review.idea).where(sitting(actor), leading).exists()


def _owed_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Condition``: theirs to meet, or of an idea of theirs and nobody's. Each way has its index."""
    named = sa.select(Condition.id).where(Condition.owner_id == actor.person_id, Condition.state == "open")
    of_theirs = sa.select(Idea.id).where(Idea.owner_id == actor.person_id)
    nobodys = sa.select(Condition.id).where(Condition.idea_id.in_(of_theirs), Condition.owner_id.is_(None))
    mine = Condition.id.in_(sa.union(named, nobodys).subquery().select())
    return sa.and_(unindexed(Condition.state) == "open", mine, not_walled(actor))


def _at_seats(actor: Actor) -> list[WaitingItem]:
    """Declarations, scorecards and decisions that wait at the person's seats."""
    query = (
        sa.select(Seat)
        .join(Seat.review)
        .join(Review.idea)
        .where(sitting(actor))
        .options(
            contains_eager(Seat.review).contains_eager(Review.idea).joinedload(Idea.workflow_version),
            contains_eager(Seat.review).selectinload(Review.seats).selectinload(Seat.cards),
            contains_eager(Seat.review).selectinload(Review.proposals),
        )
        .limit(200)
    )
    return [item for seat in db.session.scalars(query) for item in _at_seat(seat)]


def _at_seat(seat: Seat) -> Iterable[WaitingItem]:
    review = seat.review

    def item(kind: str) -> WaitingItem:
        return WaitingItem(
            kind, review.due_on, review.idea.reference, review.idea.title, review.gate_key, review_id=review.id
        )

    if review.settled_at is not None:
        if seat in review.leading and seat.cleared:
            yield item("announce")
        return
    if seat.stance == "undeclared":
        yield item("declare")
    elif seat.cleared and review.state == "scoring" and seat.scores and not seat.submitted and not seat.abstains:
        yield item("score")
    if seat not in review.leading or not seat.cleared:
        return
    if seat.role in LEADING_ROLES and any(other.stance == "declared" and other is not seat for other in review.seats):
        yield item("settle")
    facts = review_facts(review)
    ready = (
        review.state == "scoring" and facts.scorecards >= facts.quorum and not facts.undeclared and not facts.uncovered
    )
    if ready and seat.submitted:
        if review.proposal is None:
            yield item("decide")
        elif review.proposal.made_by_id != seat.person_id:
            yield item("sign")


def _to_convene(actor: Actor) -> list[WaitingItem]:
    """Ideas at a gate without an open review, in the regions that the person coordinates."""
    reviewed = has_open_review(Review.gate_key == sa.func.substr(Idea.place, 4))
    most_urgent = Idea.due_on.asc().nulls_last(), Idea.place_since, Idea.id
    first = (
        sa.select(Idea.id)
        .where(sa.text(AT_GATE), ~reviewed, covered(actor, "coordinator"), not_walled(actor))
        .order_by(*most_urgent)
        .limit(MOST_LISTED)
    )  # an index alone tells which they are
    query = (
        sa.select(Idea.reference, Idea.title, Idea.place, Idea.due_on)
        .where(Idea.id.in_(first.subquery().select()))
        .order_by(*most_urgent)
    )
    return [
        WaitingItem("convene", due, reference, title, place.removeprefix("at_"))
        for reference, title, place, due in db.session.execute(query)
    ]


def _to_resume(actor: Actor) -> list[WaitingItem]:
    """Ideas whose hold has come to its date, or whose overdue conditions have all been answered meanwhile."""
    owed = sa.exists().where(Condition.idea_id == Idea.id, Condition.blocking, Condition.state.in_(OWED_STATES))
    held = (
        sa.select(Idea.id)
        .where(sa.text(ON_HOLD), Idea.owner_id != actor.person_id, covered(actor, "coordinator"), not_walled(actor))
        .order_by(Idea.held_until, Idea.id)
        .limit(MOST_LISTED)
    )
    dated, undated = held.where(Idea.held_until <= now().date()), held.where(Idea.held_until.is_(None), ~owed)
    query = (
        sa.select(Idea.reference, Idea.title, Idea.place, Idea.held_until)
        .where(Idea.id.in_(sa.union_all(dated.subquery().select(), undated.subquery().select())))
        .order_by(Idea.held_until.asc().nulls_last(), Idea.id)
    )
    return [
        WaitingItem("resume", until, reference, title, place.removeprefix("at_"))
        for reference, title, place, until in db.session.execute(query)
    ]


def _conditions_owed(actor: Actor) -> list[WaitingItem]:
    return _condition_items("condition", _owed_by(actor))


def _evidence_to_settle(actor: Actor) -> list[WaitingItem]:
    return _condition_items(
        "evidence", sa.and_(Condition.state == "offered", covered(actor, "coordinator"), not_walled(actor))
    )


def _condition_items(kind: str, condition: sa.ColumnElement[bool]) -> list[WaitingItem]:
    query = (
        sa.select(Condition.id, Condition.due_on, Condition.gate_key, Idea.reference, Idea.title)
        .join(Condition.idea)
        .where(condition, Idea.standing.in_(UNDER_WAY))
        .order_by(Condition.due_on)
        .limit(MOST_LISTED)
    )
    return [
        WaitingItem(kind, due_on, reference, title, gate_key, condition_id=condition_id)
        for condition_id, due_on, gate_key, reference, title in db.session.execute(query)
    ]
