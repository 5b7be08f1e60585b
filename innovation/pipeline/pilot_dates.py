"""What waits in pilots for an answer, for the list of what is due and for those who give it."""

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
from innovation.pilots.incident_models import IS_OPEN, Incident
from innovation.pilots.incidents import HARM
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import StopWarning
from workflows import UNDER_WAY

KINDS = ("stop_warning", "incident")
MOST = 50
Kind = tuple[str, sa.Select[Any], Any]


def of_ideas(actor: Actor, which: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """Pilots with stop warnings or incidents that are open, by the day on which the first of them is due."""
    for kind, asked in (("stop_warning", open_warnings()), ("incident", open_incidents())):
        said = (asked.c.answer_by.label("due_on"), Pilot.id.label("thing"), Idea.reference, Idea.title, Idea.place)
        query = sa.select(sa.literal(kind).label("kind"), *said).select_from(Idea)
        query = query.join(Pilot, Pilot.idea_id == Idea.id).join(asked, asked.c.pilot_id == Pilot.id)
        under_way = unindexed(Idea.standing).in_(UNDER_WAY)
        yield kind, query.where(which, under_way, not_walled(actor)), asked.c.answer_by


def open_warnings() -> sa.Subquery:
    """Each pilot with a stop warning that is open, and the day by which the first is to be answered.

    Of one that is over nobody is asked whether it goes on.
    """
    by = sa.func.min(StopWarning.answer_by).label("answer_by")
    query = sa.select(StopWarning.pilot_id, by).join(Pilot, Pilot.id == StopWarning.pilot_id)
    query = query.where(StopWarning.answered_at.is_(None), Pilot.state != "ended")
    return query.group_by(StopWarning.pilot_id).subquery()


def open_incidents() -> sa.Subquery:
    """Each pilot with an incident that is not settled, and the day by which the first is to be."""
    by = sa.func.min(Incident.settle_by).label("answer_by")
    return sa.select(Incident.pilot_id, by).where(IS_OPEN).group_by(Incident.pilot_id).subquery()


class Asking(NamedTuple):
    """An idea whose pilot waits for an answer."""

    reference: str
    title: str
    answer_by: dt.date | None


def to_answer(actor: Actor) -> list[Asking]:
    """Pilots that ask whether they go on, for those who answer and are not of the team."""
    return _of_others(actor, open_warnings())


def to_settle(actor: Actor) -> list[Asking]:
    """Pilots with incidents to settle, for those who settle them and are not of the team."""
    return _of_others(actor, open_incidents())


def to_resume(actor: Actor) -> list[Asking]:
    """Pilots that are paused and could go on, for those who let them and are not of the team."""
    harmed = sa.exists().where(Incident.pilot_id == Pilot.id, Incident.state == "open", Incident.severity == HARM)
    none: Any = sa.cast(sa.null(), sa.Date)
    paused = sa.select(Pilot.id.label("pilot_id"), none.label("answer_by")).where(Pilot.state == "paused", ~harmed)
    return _of_others(actor, paused.subquery())


def _of_others(actor: Actor, asked: sa.Subquery) -> list[Asking]:
    if not actor.has(*STAFF):
        return []
    query = sa.select(Idea.reference, Idea.title, asked.c.answer_by).select_from(asked)
    query = query.join(Pilot, Pilot.id == asked.c.pilot_id).join(Idea, Idea.id == Pilot.idea_id)
    contributes = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    others = sa.and_(Idea.owner_id != actor.person_id, Idea.id.not_in(contributes))
    mine = query.where(covered(actor, *STAFF), others, unindexed(Idea.standing).in_(UNDER_WAY), ~walled(actor))
    return [Asking(*row) for row in db.session.execute(mine.order_by(asked.c.answer_by, Idea.id).limit(MOST))]
