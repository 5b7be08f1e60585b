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

from innovation.accounts import throttling
from innovation.accounts.models import UserSession
from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.gates import commands as gate_commands
from innovation.gates import queries as gates
from innovation.gates.models import Condition, Review
from innovation.gates.queries.standing import OPEN_STATES
from innovation.ideas.import_files import sweep
from innovation.ideas.models import Idea
from innovation.notifications import messages, post, recipients
from innovation.permission import SYSTEM
from workflows import Refused

logger = structlog.get_logger()
BEFORE = (7, 1)  # days before a date on which people are reminded
EVERY_AFTER = 3  # days between reminders once the date has passed
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
    return now().astimezone(ZoneInfo(current_app.config["SETTINGS"].timezone)).date()


def is_reminder_day(due: dt.date, day: dt.date) -> bool:
    """True a week and a day before a date, the day after it, and every third day from then on."""
    left = (due - day).days
    return left in BEFORE or (left < 0 and (-left - 1) % EVERY_AFTER == 0)


# Reminders: one notice for each person, thing and day


def remind_seats() -> None:
    """Members who still have to declare or score, around the date that their review is due."""
    day = today()
    horizon = day + dt.timedelta(days=max(BEFORE))
    owing = _ids(
        sa.select(Review.id).where(Review.state.in_(OPEN_STATES), Review.due_on <= horizon).order_by(Review.id)
    )
    for review_id in owing:
        with transaction():
            review = db.session.get_one(Review, review_id, options=[joinedload(Review.idea)])
            if review.due_on is None or not is_reminder_day(review.due_on, day) or review.idea.standing != "active":
                continue
            letter = messages.seat_due(review, overdue=review.due_on < day)
            for seat in gates.list_owing_seats(review):
                post.notify(seat.person, letter, why=f"seat:{seat.id}:{day.isoformat()}")


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
    for condition_id in open_ones:
        with transaction():
            found = db.session.get_one(Condition, condition_id, options=[joinedload(Condition.idea)])
            if not is_reminder_day(found.due_on, day):
                continue
            people = [found.owner] if found.owner else recipients.owner(found.idea)
            for person in people:
                why = f"condition:{found.id}:{day.isoformat()}"
                post.notify(person, messages.condition_due(found, today=day), why=why)


def tell_ended_holds() -> None:
    """Coordinators, once, when the date until which an idea was on hold has come."""
    ended = _ids(sa.select(Idea.id).where(Idea.standing == "held", Idea.held_until <= today()).order_by(Idea.id))
    for idea_id in ended:
        with transaction():
            idea = db.session.get_one(Idea, idea_id)
            for person in recipients.coordinators(idea):
                post.notify(person, messages.hold_ended(idea), why=f"hold:{idea.id}:{idea.held_until}")


def hold_for_overdue() -> None:
    """An overdue blocking condition puts its idea on hold."""
    for condition_id in [found.id for found in gates.list_overdue_blocking(today())]:
        try:
            gate_commands.hold_for_overdue(SYSTEM, db.session.get_one(Condition, condition_id))
        except Refused as refused:  # somebody was quicker; the others still wait for us
            logger.info("not_held", condition=condition_id, reasons=refused.reasons)


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


def _ids(query: sa.Select[int]) -> list[int]:
    """The ids a query finds, read without a write lock; each is then worked on in a transaction of its own."""
    db.session.rollback()
    begin_reading()
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
CLOCK = (
    Work(remind_seats, QUARTER),
    Work(remind_conditions, QUARTER),
    Work(hold_for_overdue, QUARTER),
    Work(tell_ended_holds, QUARTER),
    Work(sweep_sessions, HOUR),
    Work(sweep_imports, HOUR),
)
