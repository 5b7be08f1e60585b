"""How reviews stand: progress, what waits for whom, decisions and open conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from innovation.db import db
from innovation.gates.models import (
    CLEARED,
    GONE,
    OPEN,
    SCORING_ROLES,
    Condition,
    Decision,
    Ending,
    Review,
    Scorecard,
    Seat,
)
from innovation.ideas.models import Contributor, Idea
from innovation.ideas.queries import in_scope, unindexed, walled
from innovation.permission import Actor
from innovation.statements import ask, keep
from innovation.values import dataclass
from workflows import ReviewFacts

STAFF = ("manager", "coordinator")  # the roles that run gates
OPEN_STATES = ("convened", "scoring")
OWED_STATES = ("open", "offered")
OWES = keep(
    sa.select(Condition.id).where(Condition.idea_id == sa.bindparam("idea"), Condition.state.in_(OWED_STATES)).limit(1)
)
MOST_LISTED = 40  # of each kind in somebody's work: the most urgent; the whole list is on the desk or in the pipeline


@dataclass(frozen=True)
class Progress:
    """How far the open review of an idea is: who submitted, never what."""

    review_id: int
    gate_key: str
    state: str
    submitted: int
    expected: int
    quorum: int
    undeclared: int
    due_on: dt.date | None


@dataclass(frozen=True)
class WaitingItem:
    """What waits for a person.

    ``kind``: declare, score, settle, decide, sign, announce, tell, reconsider, name, waive, convene, resume, condition
    or evidence.
    """

    kind: str
    due_on: dt.date | None
    reference: str
    title: str
    gate_key: str
    review_id: int | None = None
    condition_id: int | None = None
    reconsideration_id: int | None = None
    waiver_id: int | None = None


def has_open_review(*narrowed: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds while a panel sits for it."""
    return _sitting(*narrowed).exists()


def is_reviewed(*narrowed: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The same, looked up for one idea after the other: for the first of a list where it holds for nearly all."""
    return _sitting(*narrowed).limit(1).scalar_subquery().is_not(None)


def _sitting(*narrowed: sa.ColumnElement[bool]) -> sa.Select[int]:
    sitting = sa.select(Review.id).where(Review.idea_id == Idea.id, sa.text(f"review.{OPEN}"), *narrowed)
    return sitting.correlate(Idea)


def submitted_exists() -> sa.ColumnElement[bool]:
    """The condition on ``Seat`` that holds when it has submitted a scorecard."""
    return sa.exists().where(Scorecard.seat_id == Seat.id, Scorecard.submitted_at.is_not(None)).correlate(Seat)


def progress(idea_ids: Iterable[int]) -> dict[int, Progress]:
    """The open review of each idea that has one: one query for any number of ideas."""
    return {
        row[0]: Progress(*row[1:]) for row in db.session.execute(progress_query(list(idea_ids)).order_by(Review.id))
    }


def progress_query(idea_ids: list[int] | sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    """The open reviews of some ideas: ``idea_id``, and after it what ``Progress`` holds."""
    cleared = Seat.stance.in_(CLEARED)
    seated = sa.and_(Seat.role.in_(SCORING_ROLES), Seat.stance.not_in(GONE), Seat.abstained_at.is_(None))
    said = (Review.idea_id, Review.id, Review.gate_key, Review.state)
    return (
        sa.select(
            *said,
            _number_of(sa.and_(seated, cleared, submitted_exists())).label("submitted"),
            _number_of(seated).label("expected"),
            Review.quorum,
            _number_of(sa.and_(seated, ~cleared)).label("undeclared"),
            Review.due_on,
        )
        .outerjoin(Seat, Seat.review_id == Review.id)
        .where(Review.idea_id.in_(idea_ids), unindexed(Review.state).in_(OPEN_STATES))
        .group_by(*said, Review.quorum, Review.due_on)
    )


def _number_of(condition: sa.ColumnElement[bool]) -> sa.Function[int]:
    return sa.func.count(sa.case((condition, 1)))


def last_decision_id() -> sa.ScalarSelect[int]:
    """The id of the newest decision about an idea, as a part of a query about ``Idea``."""
    return sa.select(sa.func.max(Decision.id)).where(Decision.idea_id == Idea.id).correlate(Idea).scalar_subquery()


def list_decisions(idea: Idea, *, conditions: bool = True) -> list[Decision]:
    """Every decision about an idea that stands, newest first, with its review, and with its conditions if asked."""
    return list(db.session.scalars(_decisions(conditions), {"idea": idea.id}))


@lru_cache(maxsize=2)
def _decisions(conditions: bool) -> sa.Select[Decision]:
    about = Decision.idea_id == sa.bindparam("idea")
    later = sa.select(Decision.supersedes_id).where(about, Decision.supersedes_id.is_not(None))
    return (
        sa.select(Decision)
        .where(about, Decision.id.not_in(later))
        .options(joinedload(Decision.review), *([selectinload(Decision.conditions)] if conditions else []))
        .order_by(Decision.id.desc())
    )


def open_conditions(idea: Idea) -> list[Condition]:
    """What the idea still owes, the most urgent first."""
    db.session.flush()
    if not ask(OWES, {"idea": idea.id}):
        return []  # most ideas: a plain answer costs a third
    return list(db.session.scalars(_open_conditions(), {"idea": idea.id}))


@lru_cache(maxsize=1)
def _open_conditions() -> sa.Select[Condition]:
    return (
        sa.select(Condition)
        .where(Condition.idea_id == sa.bindparam("idea"), Condition.state.in_(OWED_STATES))
        .options(joinedload(Condition.owner))
        .order_by(Condition.due_on, Condition.id)
    )


def last_ending(idea: Idea) -> Ending | None:
    """How the idea ended where no panel decided, if it did."""
    return db.session.scalar(sa.select(Ending).filter_by(idea_id=idea.id).order_by(Ending.id.desc()).limit(1))


def overdue_blocking(owed: Iterable[Condition], today: dt.date) -> list[Condition]:
    """Of the conditions that an idea owes, those for which the clock puts it on hold."""
    return [each for each in owed if each.state == "open" and each.blocking and each.due_on < today]


def list_owing_seats(review: Review) -> list[Seat]:
    """The seats that still have to declare or to submit; none once the panel has decided."""
    if review.settled_at is not None:
        return []
    return [
        seat
        for seat in review.seats
        if seat.expected and (seat.stance == "undeclared" or (seat.cleared and not seat.submitted))
    ]


def current_review(idea: Idea) -> Review | None:
    """The review that is open for the idea at the gate where it stands."""
    gate = idea.definition.gate_at(idea.place)
    if gate is None:
        return None
    return db.session.scalar(
        sa.select(Review).where(Review.idea_id == idea.id, Review.gate_key == gate.key, Review.state.in_(OPEN_STATES))
    )


def count_recycles(idea: Idea, gate_key: str) -> int:
    """How often the idea has been sent back from a gate, superseded decisions aside."""
    later = sa.select(Decision.supersedes_id).where(Decision.idea_id == idea.id, Decision.supersedes_id.is_not(None))
    query = (
        sa.select(sa.func.count(Decision.id))
        .join(Decision.review)
        .where(
            Decision.idea_id == idea.id,
            Decision.outcome == "recycle",
            Review.gate_key == gate_key,
            Decision.id.not_in(later),
        )
    )
    return db.session.scalar(query) or 0


def review_facts(review: Review, *, unsigned: int = 0) -> ReviewFacts:
    """What the workflow must know of the panel: quorum and composition are those of the seats that have scored."""
    counting = [seat for seat in review.seats if seat.expected]
    scored = [seat for seat in counting if seat.cleared and seat.submitted]
    return ReviewFacts(
        scorecards=len(scored),
        quorum=review.quorum,
        undeclared=sum(1 for seat in counting if not seat.cleared),
        uncovered=review.gate.uncovered(seat.role for seat in scored),
        unsigned=unsigned,
    )


def sitting(actor: Actor, seat: Any = Seat) -> sa.ColumnElement[bool]:
    """The condition on ``Seat`` with its review and idea that holds where the person takes part in an open review."""
    return sa.and_(
        seat.person_id == actor.person_id,
        seat.closed_at.is_(None),
        seat.stance.not_in(GONE),
        Review.state.in_(OPEN_STATES),
        Idea.standing == "active",
        Idea.place == "at_" + Review.gate_key,
        not_walled(actor),
    )


def covered(actor: Actor, *roles: str) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds within the person's scopes for the roles; what narrows more finds them."""
    return sa.or_(sa.false(), *(in_scope(grant, unindexed) for grant in actor.scopes(*roles)))


def contributes(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds where the person is a contributor now."""
    return sa.exists().where(
        Contributor.idea_id == Idea.id, Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )


def not_walled(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that holds where the person has declared no conflict of interest."""
    return ~walled(actor)
