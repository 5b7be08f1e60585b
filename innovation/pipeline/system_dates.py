"""The days on the way into the system, for the list of what is due and for those who have something to do there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.db import db
from innovation.gates.queries.standing import STAFF, covered, not_walled
from innovation.ideas.models import Contributor, Idea
from innovation.ideas.queries import unindexed, walled
from innovation.permission import Actor
from innovation.replication.system_models import HandoverStep, PostReview, SystemHome, TrackerMark
from workflows import UNDER_WAY

KINDS = ("post_review", "handover_step")
OPEN = ("planned", "handed_in")
AHEAD = 60  # days before its day on which a review asks for its figures
MOST = 50
ABOUT = PostReview.idea_id + 0  # for PostgreSQL, which would run through all ideas beside the few reviews
Kind = tuple[str, sa.Select[Any], Any]


def of_ideas(actor: Actor, which: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """Reviews some time after that are not decided, and steps of hand-overs that are not done."""
    free = sa.and_(which, unindexed(Idea.standing).in_(UNDER_WAY), not_walled(actor))
    review = _select("post_review", PostReview.due_on, PostReview.number).join(
        PostReview, PostReview.idea_id == Idea.id
    )
    yield "post_review", review.where(PostReview.state.in_(OPEN), free), PostReview.due_on
    step = _select("handover_step", HandoverStep.due_on, HandoverStep.id)
    step = step.join(SystemHome, SystemHome.idea_id == Idea.id).join(
        HandoverStep, HandoverStep.home_id == SystemHome.id
    )
    still = (HandoverStep.done_on.is_(None), HandoverStep.removed_at.is_(None), SystemHome.state != "handed_over")
    yield "handover_step", step.where(*still, free), HandoverStep.due_on


def _select(kind: str, when: Any, thing: Any) -> sa.Select[Any]:
    said = (when.label("due_on"), thing.label("thing"), Idea.reference, Idea.title, Idea.place)
    return sa.select(sa.literal(kind).label("kind"), *said).select_from(Idea)


class ToDo(NamedTuple):
    """What waits for somebody: "fill" in a review, "decide" it, or "confirm" a mark (of ``criterion``)."""

    kind: str
    reference: str
    title: str
    number: int
    due_on: dt.date | None
    criterion: str = ""


def to_do(actor: Actor, today: dt.date) -> list[ToDo]:
    """Reviews and marks that wait for the person."""
    if actor.person_id is None:
        return []
    return [*_to_fill(actor, today), *(_to_judge(actor) if actor.has(*STAFF) else ())]


def _to_fill(actor: Actor, today: dt.date) -> list[ToDo]:
    """Reviews of one's own ideas, and of what one runs for the post that owns it, once their day comes near."""
    helps = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    speaks = sa.select(SystemHome.idea_id).where(SystemHome.contact_id == actor.person_id)
    own = sa.or_(Idea.owner_id == actor.person_id, Idea.id.in_(helps), Idea.id.in_(speaks))
    query = sa.select(sa.literal("fill"), Idea.reference, Idea.title, PostReview.number, PostReview.due_on)
    query = query.join(Idea, Idea.id == ABOUT).where(PostReview.state == "planned", own, ~walled(actor))
    query = query.where(PostReview.due_on <= today + dt.timedelta(days=AHEAD), unindexed(Idea.standing).in_(UNDER_WAY))
    return [ToDo(*row) for row in db.session.execute(query.order_by(PostReview.due_on, Idea.id).limit(MOST))]


def _to_judge(actor: Actor) -> Iterator[ToDo]:
    """Figures and marks that are handed in, for those who are not of the team and did not propose them."""
    helps = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    others = sa.and_(covered(actor, *STAFF), Idea.owner_id != actor.person_id, Idea.id.not_in(helps), ~walled(actor))
    decide = sa.select(sa.literal("decide"), Idea.reference, Idea.title, PostReview.number, PostReview.due_on)
    decide = decide.join(Idea, Idea.id == ABOUT).where(PostReview.state == "handed_in", others)
    yield from (ToDo(*row) for row in db.session.execute(decide.order_by(PostReview.due_on, Idea.id).limit(MOST)))
    marks = sa.select(Idea.reference, Idea.title, TrackerMark.id, TrackerMark.criterion)
    marks = marks.join(Idea, Idea.id == TrackerMark.idea_id).where(TrackerMark.state == "proposed", others)
    marks = marks.where(
        TrackerMark.proposed_by_id.is_distinct_from(actor.person_id), unindexed(Idea.standing).in_(UNDER_WAY)
    )
    for reference, title, number, criterion in db.session.execute(marks.order_by(TrackerMark.id).limit(MOST)):
        yield ToDo("confirm", reference, title, number, None, criterion)
