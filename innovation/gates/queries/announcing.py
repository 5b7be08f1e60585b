"""Decisions that are held back, and those that took effect in silence: for whoever may announce them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from innovation.db import db
from innovation.gates.after_models import WithheldDecision
from innovation.gates.models import CLEARED, GONE, SCORING_ROLES, Decision, Review, Seat
from innovation.gates.queries.standing import (
    MOST_LISTED,
    STAFF,
    WaitingItem,
    contributes,
    covered,
    not_walled,
    submitted_exists,
)
from innovation.ideas.models import Contributor, Idea
from innovation.permission import Actor

MOST_WITHHELD = 200
WAITS = WithheldDecision.ended_at.is_(None)
SILENT = sa.and_(WithheldDecision.ended_as == "announced", WithheldDecision.told_at.is_(None))


def withheld_decision(review: Review) -> WithheldDecision | None:
    """What the panel has decided and nobody knows of yet; asks the database only where there is such a thing."""
    if review.settled_at is None:
        return None
    query = sa.select(WithheldDecision).where(WithheldDecision.review_id == review.id, WAITS)
    return db.session.scalar(query.options(joinedload(WithheldDecision.decided_by)))


def silent_move(review: Review) -> WithheldDecision | None:
    """The decision that took effect without a letter to anybody, while it stands."""
    query = sa.select(WithheldDecision).where(WithheldDecision.review_id == review.id, SILENT)
    newest = db.session.scalar(query.order_by(WithheldDecision.id.desc()).limit(1))
    return newest if newest and review.decision and newest.decision_id == review.decision.id else None


def withheld_of(decision: Decision) -> WithheldDecision | None:
    """How a decision was held back before it was announced, if it was."""
    return db.session.scalar(sa.select(WithheldDecision).where(WithheldDecision.decision_id == decision.id))


def taken_back(review: Review) -> list[WithheldDecision]:
    """What the panel decided and took back before anybody was told, newest first."""
    query = sa.select(WithheldDecision).where(
        WithheldDecision.review_id == review.id, WithheldDecision.ended_as == "taken_back"
    )
    return list(db.session.scalars(query.order_by(WithheldDecision.id.desc()).limit(20)))


def list_withheld(actor: Actor) -> list[WithheldDecision]:
    """What waits to be announced or told in the person's scope, what is due first on top; a few queries."""
    query = (
        sa.select(WithheldDecision)
        .join(WithheldDecision.review)
        .join(Review.idea)
        .where(sa.or_(sa.and_(WAITS, _knows_what(actor)), SILENT), *announceable(actor))
        .options(
            joinedload(WithheldDecision.decided_by),
            contains_eager(WithheldDecision.review).options(
                contains_eager(Review.idea).options(
                    joinedload(Idea.workflow_version),
                    joinedload(Idea.owner),
                    joinedload(Idea.programme),
                    selectinload(Idea.walls),
                    selectinload(Idea.contributors).joinedload(Contributor.person),
                ),
                selectinload(Review.seats).joinedload(Seat.person),
                selectinload(Review.decisions),
            ),
        )
        .order_by(WithheldDecision.tell_by, WithheldDecision.id)
        .limit(MOST_WITHHELD)
    )
    found = db.session.scalars(query).unique()
    return [each for each in found if each.ended_at is None or _stands(each)]


def reviews_to_announce(actor: Actor, review_ids: Iterable[int]) -> list[Review]:
    """Those of the reviews whose decisions the person may announce."""
    wanted = set(review_ids)
    return [each.review for each in list_withheld(actor) if each.review_id in wanted and each.ended_at is None]


def to_announce(actor: Actor, led: Iterable[int | None] = ()) -> list[WaitingItem]:
    """What waits for a coordinator to be announced or told, and for whoever chairs: of those ``led`` the reviews."""
    reviews = [each for each in led if each]
    if not reviews and not actor.has("coordinator"):
        return []
    what = sa.case((WAITS, "announce"), else_="tell")
    runs = sa.and_(*announceable(actor, "coordinator"))
    query = (
        sa.select(what, WithheldDecision.tell_by, Idea.reference, Idea.title, Review.gate_key, Review.id)
        .join(WithheldDecision.review)
        .join(Review.idea)
        .where(still_owed(), sa.or_(sa.not_(WAITS), _knows_what(actor)), sa.or_(Review.id.in_(reviews), runs))
        .order_by(WithheldDecision.tell_by, WithheldDecision.id)
        .limit(MOST_LISTED)
    )
    return [WaitingItem(*row) for row in db.session.execute(query)]


def _knows_what(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Review`` that holds where its marks are open to whoever runs its gate.

    A seat there closes what the role would open: who sits otherwise than as the secretary sees no mark before their
    own are in, and an observer none at all.
    """
    sits = sa.exists().where(Seat.review_id == Review.id, Seat.person_id == actor.person_id, Seat.stance.not_in(GONE))
    given = sa.and_(Seat.role.in_(SCORING_ROLES), Seat.stance.in_(CLEARED), Seat.abstained_at.is_(None))
    return ~sits.where(Seat.role != "secretary", sa.not_(sa.and_(given, submitted_exists())))


def still_owed() -> sa.ColumnElement[bool]:
    """The condition on ``WithheldDecision``: held back, or moved in silence and neither told nor superseded since."""
    later = sa.exists().where(
        Decision.review_id == WithheldDecision.review_id, Decision.id > WithheldDecision.decision_id
    )
    return sa.or_(WAITS, sa.and_(SILENT, ~later))


def announceable(actor: Actor, *roles: str) -> tuple[sa.ColumnElement[Any], ...]:
    """The conditions on ``Idea`` that hold in the person's scope, where they are not part of the idea themselves."""
    own = sa.or_(Idea.owner_id == actor.person_id, contributes(actor))
    return covered(actor, *(roles or STAFF)), not_walled(actor), ~own


def _stands(moved: WithheldDecision) -> bool:
    decision = moved.review.decision
    return decision is not None and decision.id == moved.decision_id
