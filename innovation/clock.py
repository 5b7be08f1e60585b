"""What happens by the clock: one table; each piece may run at any time, on several machines, and again."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import joinedload

from innovation import once
from innovation.accounts import throttling
from innovation.accounts.models import UserSession
from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.gates import commands as gate_commands
from innovation.gates import queries as gates
from innovation.gates.models import Condition, Review
from innovation.gates.queries.standing import OPEN_STATES
from innovation.ideas import word_counts
from innovation.ideas.import_files import sweep
from innovation.ideas.models import Idea
from innovation.jobs.models import KEPT_FILES, Job, JobPart
from innovation.notifications import messages, post, recipients
from innovation.permission import SYSTEM
from workflows import Refused

logger = structlog.get_logger()
BEFORE, AFTER = (7, 2), 1  # days around a date on which people are reminded
ESCALATED_AFTER = 3  # days after a date on which coordinators are told what is still missing
LONG_PAST = 30  # days after which nobody is told of a date any more; the list of what is due still has it
KEPT_JOBS = dt.timedelta(days=90)
KEPT_SESSIONS = dt.timedelta(days=90)


@dataclass(frozen=True)
class Work:
    """A piece of work and the pause between two runs in one process."""

    function: Callable[[], None]
    every: dt.timedelta

    @property
    def name(self) -> str:
        return self.function.__name__


def run_due() -> None:
    """Run what has not been run in this process for its pause; a failure of one stops none of the others."""
    for work in CLOCK:
        if time.monotonic() - _last.get(work.name, float("-inf")) < work.every.total_seconds():
            continue
        _last[work.name] = time.monotonic()
        try:
            work.function()
        except Exception:
            db.session.rollback()
            logger.exception("clock_work_failed", work=work.name)


_last: dict[str, float] = {}


def today() -> dt.date:
    """The date where the programme is."""
    return _local(now())


def reminder_day(due: dt.date, day: dt.date) -> dt.date | None:
    """The newest day, up to ``day``, on which people are to be reminded of a date; None before the first.

    A week and two days before the date, and the day after it. Whoever was away on the day itself, a worker too, makes
    up for it: each of these days is told once.
    """
    days = [due - dt.timedelta(days=before) for before in BEFORE] + [due + dt.timedelta(days=AFTER)]
    return max((each for each in days if each <= day), default=None)


def _reminder(due: dt.date | None, began: dt.datetime, day: dt.date) -> dt.date | None:
    """The reminder day that has come for something that began at an instant; days before that are not made up for."""
    found = reminder_day(due, day) if due else None
    return found if found and found >= _local(began) else None


def _local(at: dt.datetime) -> dt.date:
    return at.astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone)).date()


# Reminders: one notice for each person, thing and day


def remind_seats() -> None:
    """Members who still have to declare or score, around the date that their review is due."""
    day = today()
    horizon = day + dt.timedelta(days=max(BEFORE))
    owing = _ids(
        sa.select(Review.id)
        .where(Review.state.in_(OPEN_STATES), Review.due_on.between(day - dt.timedelta(days=LONG_PAST), horizon))
        .order_by(Review.id)
    )

    def remind(review_id: int) -> None:
        review = db.session.get_one(Review, review_id, options=[joinedload(Review.idea)])
        due = _reminder(review.due_on, review.convened_at, day)
        if due is None or review.due_on is None or review.idea.standing != "active":
            return
        letter = messages.seat_due(review, overdue=review.due_on < day)
        for seat in gates.list_owing_seats(review):
            post.notify(seat.person, letter, why=f"seat:{seat.id}:{due.isoformat()}")

    _each(owing, remind)


def remind_conditions() -> None:
    """Whoever owes a condition, around the date that it is due."""
    day = today()
    horizon = day + dt.timedelta(days=max(BEFORE))
    open_ones = _ids(
        sa.select(Condition.id)
        .join(Condition.idea)
        .where(Condition.state == "open", Condition.due_on <= horizon, Idea.standing.in_(("active", "held")))
        .order_by(Condition.id)
    )

    def remind(condition_id: int) -> None:
        load = [joinedload(Condition.idea), joinedload(Condition.decision)]
        found = db.session.get_one(Condition, condition_id, options=load)
        due = _reminder(found.due_on, found.decision.decided_at, day)
        if due is None:
            return
        people = [found.owner] if found.owner else recipients.owner(found.idea)
        for person in people:
            why = f"condition:{found.id}:{due.isoformat()}"
            post.notify(person, messages.condition_due(found, today=day), why=why)

    _each(open_ones, remind)


def remind_ideas() -> None:
    """Owners of the date by which the work at their stage is due; coordinators where no panel has been convened."""
    day = today()
    near = Idea.due_on.between(day - dt.timedelta(days=LONG_PAST), day + dt.timedelta(days=max(BEFORE)))
    due_soon = _ids(
        sa.select(Idea.id).where(Idea.standing == "active", near, ~gates.has_open_review()).order_by(Idea.id)
    )

    def remind(idea_id: int) -> None:
        idea = db.session.get_one(Idea, idea_id)
        due = _reminder(idea.due_on, idea.place_since, day)
        if due is None or idea.due_on is None:
            return
        at_gate = idea.definition.gate_at(idea.place) is not None
        for person in recipients.coordinators(idea) if at_gate else recipients.owner(idea):
            post.notify(person, messages.idea_due(idea, today=day), why=f"idea:{idea.id}:{due.isoformat()}")

    _each(due_soon, remind)


def escalate_reviews() -> None:
    """Coordinators, once, when a panel is late, with who still has to declare or score."""
    late = _late(sa.select(Review.id).where(Review.state.in_(OPEN_STATES)), Review)

    def escalate(review_id: int) -> None:
        review = db.session.get_one(Review, review_id, options=[joinedload(Review.idea)])
        if review.idea.standing != "active" or review.settled_at is not None:
            return
        letter = messages.panel_late(review, gates.list_owing_seats(review))
        team = {person.id for person in recipients.team(review.idea)}
        for person in recipients.coordinators(review.idea):
            if person.id not in team:  # who sits for one's own idea is not one's own to chase
                post.notify(person, letter, why=f"late:review:{review.id}:{review.due_on}")

    _each(late, escalate)


def escalate_conditions() -> None:
    """Coordinators, once, when what a decision asked for is late."""
    late = _late(sa.select(Condition.id).where(Condition.state == "open"), Condition)

    def escalate(condition_id: int) -> None:
        load = [joinedload(Condition.idea), joinedload(Condition.owner)]
        found = db.session.get_one(Condition, condition_id, options=load)
        if found.idea.standing not in ("active", "held"):
            return
        for person in recipients.coordinators(found.idea):
            post.notify(person, messages.condition_late(found), why=f"late:condition:{found.id}:{found.due_on}")

    _each(late, escalate)


def _late(query: sa.Select[int], dated: type[Review | Condition]) -> list[int]:
    """Those whose date has passed by some days, but not long ago."""
    last = today() - dt.timedelta(days=ESCALATED_AFTER)
    return _ids(query.where(dated.due_on.between(last - dt.timedelta(days=LONG_PAST), last)).order_by(dated.id))


def tell_ended_holds() -> None:
    """Coordinators, once, when the date until which an idea was on hold has come."""
    ended = _ids(sa.select(Idea.id).where(Idea.standing == "held", Idea.held_until <= today()).order_by(Idea.id))

    def tell(idea_id: int) -> None:
        idea = db.session.get_one(Idea, idea_id)
        for person in recipients.coordinators(idea):
            post.notify(person, messages.hold_ended(idea), why=f"hold:{idea.id}:{idea.held_until}")

    _each(ended, tell)


def hold_for_overdue() -> None:
    """An overdue blocking condition puts its idea on hold."""

    def hold(condition_id: int) -> None:
        gate_commands.hold_for_overdue(SYSTEM, db.session.get_one(Condition, condition_id))

    _each([found.id for found in gates.list_overdue_blocking(today())], hold)


# Housekeeping


def sweep_sessions() -> None:
    """Sessions that ended or ran out long ago, and old failed attempts, are forgotten."""
    limit = now() - KEPT_SESSIONS
    with transaction():
        over = sa.or_(UserSession.ended_at < limit, UserSession.expires_at < limit)
        db.session.execute(sa.delete(UserSession).where(over))
        throttling.forget_old()


def sweep_imports() -> None:
    """Files of imports that nobody finished."""
    sweep()


def sweep_jobs() -> None:
    """Long jobs that ended long ago, with their reports."""
    with transaction():
        db.session.execute(sa.delete(Job).where(Job.finished_at < now() - KEPT_JOBS))


def sweep_files() -> None:
    """What long jobs made for their people and nobody will fetch any more."""
    ended = sa.select(Job.id).where(Job.finished_at < now() - KEPT_FILES)
    with transaction():
        db.session.execute(sa.delete(JobPart).where(JobPart.job_id.in_(ended)))


def sweep_receipts() -> None:
    """Receipts for forms that nobody will send again."""
    with transaction():
        once.forget_old()


def _each(ids: list[int], act: Callable[[int], None]) -> None:
    """Do it for each in a transaction of its own; one that fails holds up none of the others."""
    for found in ids:
        try:
            with transaction():
                act(found)
        except Refused as refused:  # somebody was quicker
            logger.info("not_done", what=act.__qualname__, id=found, reasons=refused.reasons)
        except Exception:
            db.session.rollback()
            logger.exception("clock_item_failed", what=act.__qualname__, id=found)


def _ids(query: sa.Select[int]) -> list[int]:
    """The ids a query finds, read without a write lock; each is then worked on in a transaction of its own."""
    db.session.rollback()
    begin_reading()
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


def recount_words() -> None:
    """Which words are common in ideas, by which ones alike are looked for."""
    with transaction():
        word_counts.recount()


QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
CLOCK = (
    Work(remind_seats, QUARTER),
    Work(remind_conditions, QUARTER),
    Work(remind_ideas, QUARTER),
    Work(escalate_reviews, QUARTER),
    Work(escalate_conditions, QUARTER),
    Work(hold_for_overdue, QUARTER),
    Work(tell_ended_holds, QUARTER),
    Work(sweep_sessions, HOUR),
    Work(sweep_imports, HOUR),
    Work(sweep_jobs, HOUR),
    Work(sweep_files, HOUR),
    Work(sweep_receipts, HOUR),
    Work(recount_words, HOUR),
)
