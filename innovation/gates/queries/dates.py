"""The days that follow a decision or come before a gate: letters to send, requests to answer, evidence to check."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from innovation.events import list_events
from innovation.gates.after_models import Answerer, Reconsideration, Waiver, WithheldDecision
from innovation.gates.models import CHAIRING_ROLES, CLEARED, Condition, Review, Seat
from innovation.gates.queries.announcing import announceable, still_owed
from innovation.gates.queries.reconsidering import OPEN
from innovation.gates.queries.standing import STAFF, contributes, covered, not_walled
from innovation.gates.queries.waiving import chairs_there
from innovation.ideas.models import Idea
from innovation.permission import Actor


def owed_announcements() -> sa.Select[int]:
    """The ids of what was decided and not told: held back, or moved in silence and not superseded."""
    return sa.select(WithheldDecision.id).join(WithheldDecision.review).join(Review.idea).where(still_owed())


def announcements_in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``WithheldDecision`` with its review and idea: owed, and theirs to announce."""
    leads = sa.exists().where(
        Seat.review_id == Review.id,
        Seat.person_id == actor.person_id,
        Seat.stance.in_(CLEARED),
        Seat.role.in_(CHAIRING_ROLES),
    )
    runs, *free = announceable(actor)
    return sa.and_(still_owed(), sa.or_(runs, leads), *free)


def open_reconsiderations() -> sa.Select[int]:
    """The ids of requests without an answer."""
    return sa.select(Reconsideration.id).where(OPEN).order_by(Reconsideration.id)


def reconsiderations_in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Reconsideration`` with its idea: open, and theirs, asked of them, or in their care."""
    asked = sa.exists().where(Answerer.reconsideration_id == Reconsideration.id, Answerer.person_id == actor.person_id)
    waits = sa.or_(Reconsideration.state == "asked", Reconsideration.taken_by_id == actor.person_id)
    theirs = sa.or_(sa.and_(asked, waits), _on_team(actor), covered(actor, *STAFF))
    return sa.and_(OPEN, theirs, not_walled(actor))


def waivers_in_sight(actor: Actor) -> sa.ColumnElement[bool]:
    """The condition on ``Waiver`` with its idea: asked since the idea stands where it does, and the person's to see."""
    waits = sa.and_(Waiver.state == "asked", Waiver.asked_at >= Idea.place_since, Idea.standing == "active")
    return sa.and_(waits, sa.or_(_on_team(actor), chairs_there(actor), covered(actor, *STAFF)), not_walled(actor))


def _on_team(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.or_(Idea.owner_id == actor.person_id, contributes(actor))


def offered_at(condition: Condition) -> dt.datetime | None:
    """When evidence for the condition was handed in last."""
    offers = list_events(f"idea:{condition.idea_id}", kinds=("condition_offered",), limit=20)
    return next((each.at for each in offers if each.data["condition_id"] == condition.id), None)


def overdue_blocking_ids(today: dt.date) -> sa.Select[int]:
    """Of each active idea that stands at a stage, the first open blocking condition that is past its day."""
    return (
        sa.select(sa.func.min(Condition.id))
        .join(Condition.idea)
        .where(
            Condition.state == "open",
            Condition.blocking,
            Condition.due_on < today,
            Idea.standing == "active",
            Idea.place.not_like("at\\_%", escape="\\"),
        )
        .group_by(Condition.idea_id)
    )
