"""Everything that has a date within somebody's sight: at a stage, at a gate, and after a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import current_app

from innovation.db import COUNT_LIMIT, MOST_PAGES, Page, db, local_day, page_of
from innovation.gates import queries as gates
from innovation.gates.after_models import Reconsideration, Waiver, WithheldDecision
from innovation.gates.models import OPEN, Condition, Review
from innovation.gates.queries.standing import OWED_STATES, STAFF, covered, not_walled
from innovation.ideas.lesson_models import Lesson
from innovation.ideas.models import ON_HOLD, Contributor, Idea
from innovation.ideas.queries import unindexed
from innovation.meetings import queries as meetings
from innovation.meetings.models import Meeting
from innovation.permission import Actor
from innovation.pipeline import money_dates, pilot_dates, system_dates
from innovation.values import dataclass
from workflows import UNDER_WAY

KINDS = (
    *("review", "meeting", "idea", "waiver", "hold", "announcement", "reconsideration", "condition", "lesson"),
    *money_dates.KINDS,
    *pilot_dates.KINDS,
    *system_dates.KINDS,
)
SOON = {"week": 7, "month": 30}  # days


@dataclass(frozen=True)
class DueFilters:
    """What the list is narrowed to: a kind, and "overdue", "week", "month" or "later"; empty values narrow nothing."""

    kind: str = ""
    when: str = ""


@dataclass(frozen=True)
class Due:
    """Something that is due: ``thing`` is the id of the review, condition, meeting and so on, or of the idea itself.

    A meeting is about no one idea: it has a title, and no reference.
    """

    kind: str
    due_on: dt.date
    thing: int
    reference: str
    title: str
    place: str


def list_due(actor: Actor, filters: DueFilters, *, page: int = 1, size: int = 30, today: dt.date) -> Page[Due]:
    """What is due, the earliest first: two queries for any number of things."""
    number = max(1, min(page, MOST_PAGES))
    every = _due(actor, filters, today, before=0, most=COUNT_LIMIT + 1).subquery()
    counted = db.session.scalar(sa.select(sa.func.count()).select_from(every)) or 0
    rows = db.session.execute(_due(actor, filters, today, before=(number - 1) * size, most=size + 1))
    return page_of([Due(*row) for row in rows], number, size, counted)


def list_all_due(actor: Actor, filters: DueFilters, *, most: int, today: dt.date) -> list[Due]:
    """The list as it is exported."""
    return [Due(*row) for row in db.session.execute(_due(actor, filters, today, before=0, most=most))]


def _due(actor: Actor, filters: DueFilters, today: dt.date, *, before: int, most: int) -> sa.Select[Any]:
    """The kinds side by side, each cut where the page ends, so that each walks its own index."""
    found = [
        _narrowed(query, when, filters, today).order_by(when).limit(before + most).subquery()
        for kind, query, when in _kinds(actor)
        if filters.kind in ("", kind)
    ]
    every = sa.union(*(sa.select(part) for part in found)).subquery()
    ordered = sa.select(every).order_by(every.c.due_on, every.c.reference, every.c.kind, every.c.thing)
    return ordered.offset(before).limit(most)


def _narrowed(query: sa.Select[Any], when: Any, filters: DueFilters, today: dt.date) -> sa.Select[Any]:
    if filters.when == "overdue":
        return query.where(when < today)
    if filters.when in SOON:
        return query.where(when.between(today, today + dt.timedelta(days=SOON[filters.when])))
    if filters.when == "later":
        return query.where(when > today + dt.timedelta(days=SOON["month"]))
    return query.where(when.is_not(None))


Kind = tuple[str, sa.Select[Any], Any]


def _kinds(actor: Actor) -> Iterator[Kind]:
    """The queries, each with its kind and the date by which it is ordered: of one's own ideas, and of those in care."""
    yield (
        "review",
        _select("review", Review.due_on, Review.id)
        .join(Review, Review.idea_id == Idea.id)
        .where(sa.text(f"review.{OPEN}"), Idea.standing == "active", gates.reviews_in_sight(actor))
        .where(gates.still_sits(actor)),
        Review.due_on,
    )
    yield _meetings(actor)
    yield from _around_decisions(actor)
    own = Idea.id.in_(sa.union(*(sa.select(Idea.id).where(way) for way in _own_ways(actor))))
    yield from money_dates.dated(actor, own)
    yield from pilot_dates.of_ideas(actor, own)
    yield from system_dates.of_ideas(actor, own)
    yield from _of_ideas(actor, own)
    yield _conditions(actor, own)
    yield _conditions(actor, Condition.owner_id == actor.person_id)
    if actor.has(*STAFF):
        cared_for = covered(actor, *STAFF)
        yield from _of_ideas(actor, cared_for, gates.in_programmes_of(actor))
        yield _conditions(actor, cared_for)
        yield from money_dates.in_care(actor, cared_for)
        yield from pilot_dates.of_ideas(actor, cared_for)
        yield from system_dates.of_ideas(actor, cared_for)


def _of_ideas(actor: Actor, which: sa.ColumnElement[bool], *found_by: sa.ColumnElement[bool]) -> Iterator[Kind]:
    """Dates of the ideas themselves, which ``found_by`` finds in their order, of holds and of lessons."""
    free = not_walled(actor)
    idle = _select("idea", Idea.due_on, Idea.id).where(unindexed(Idea.standing) == "active", ~gates.has_open_review())
    yield "idea", idle.where(*found_by, which, free), Idea.due_on
    held = _select("hold", Idea.held_until, Idea.id).where(sa.text(ON_HOLD))
    yield "hold", held.where(which, free), Idea.held_until
    owed = _select("lesson", Lesson.due_on, Lesson.id).join(Lesson, Lesson.idea_id == Idea.id)
    open_ones = owed.where(Lesson.given_at.is_(None), Lesson.void_at.is_(None))
    yield "lesson", open_ones.where(which, free), Lesson.due_on


def _conditions(actor: Actor, which: sa.ColumnElement[bool]) -> Kind:
    owed = _select("condition", Condition.due_on, Condition.id).join(Condition, Condition.idea_id == Idea.id)
    under_way = unindexed(Idea.standing).in_(UNDER_WAY)
    return (
        "condition",
        owed.where(Condition.state.in_(OWED_STATES), under_way, which, not_walled(actor)),
        Condition.due_on,
    )


def _around_decisions(actor: Actor) -> Iterator[Kind]:
    """Letters that are owed, requests to look at a decision again, and requests for a waiver."""
    told = _select("announcement", WithheldDecision.tell_by, WithheldDecision.review_id)
    told = told.join(Review, Review.idea_id == Idea.id).join(WithheldDecision, WithheldDecision.review_id == Review.id)
    yield "announcement", told.where(gates.announcements_in_sight(actor)), WithheldDecision.tell_by
    again = _select("reconsideration", Reconsideration.answer_by, Reconsideration.id)
    again = again.join(Reconsideration, Reconsideration.idea_id == Idea.id)
    yield "reconsideration", again.where(gates.reconsiderations_in_sight(actor)), Reconsideration.answer_by
    waived = _select("waiver", Idea.due_on, Waiver.id).join(Waiver, Waiver.idea_id == Idea.id)
    yield "waiver", waived.where(gates.waivers_in_sight(actor)), Idea.due_on


def _meetings(actor: Actor) -> Kind:
    """Meetings that are planned: the day on which each begins, where the site is."""
    zone: str = current_app.config["SETTINGS"].timezone
    day = local_day(Meeting.starts_at, zone)
    said = (day.label("due_on"), Meeting.id.label("thing"), sa.literal(""), Meeting.title, Meeting.gate_key)
    columns: list[Any] = [sa.literal("meeting").label("kind"), *said]
    planned = sa.select(*columns).where(Meeting.state == "planned", meetings.in_sight(actor))
    return "meeting", planned, day


def _select(kind: str, when: Any, thing: Any) -> sa.Select[Any]:
    said = (when.label("due_on"), thing.label("thing"), Idea.reference, Idea.title, Idea.place)
    return sa.select(sa.literal(kind).label("kind"), *said).select_from(Idea)


def _own_ways(actor: Actor) -> list[sa.ColumnElement[bool]]:
    contributes = sa.select(Contributor.idea_id).where(
        Contributor.person_id == actor.person_id, Contributor.ended_at.is_(None)
    )
    return [Idea.owner_id == actor.person_id, Idea.id.in_(contributes)]
