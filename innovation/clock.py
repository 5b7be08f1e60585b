"""What happens by the clock: one table; each piece may run at any time, on several machines, and again."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import joinedload

from innovation import once
from innovation.accounts import throttling
from innovation.accounts.models import UserSession
from innovation.command import transaction
from innovation.db import db, now
from innovation.funders import award_files
from innovation.funders.learning import learn
from innovation.funders.queries.ranking import forget_old_changes
from innovation.gates import commands as gate_commands
from innovation.gates import queries as gates
from innovation.gates.assignment_models import Assignment
from innovation.gates.models import Condition
from innovation.ideas import word_counts
from innovation.ideas.import_files import sweep
from innovation.ideas.models import Idea
from innovation.jobs.models import KEPT_FILES, Job, JobPart
from innovation.money_reminders import MONEY_REMINDERS
from innovation.notifications import messages, post, recipients, searching
from innovation.permission import SYSTEM
from innovation.pilot_reminders import PILOT_REMINDERS
from innovation.pilots import reading_files
from innovation.reminders import REMINDERS, for_each, here, read_ids, today
from innovation.system_reminders import SYSTEM_REMINDERS
from innovation.values import dataclass

logger = structlog.get_logger()
KEPT_JOBS = dt.timedelta(days=90)
KEPT_SESSIONS = dt.timedelta(days=90)


@dataclass(frozen=True)
class Work:
    """A piece of work and the pause between two runs in one process."""

    function: Callable[..., None]
    every: dt.timedelta

    @property
    def name(self) -> str:
        whole: Any = self.function.func if isinstance(self.function, partial) else self.function
        return str(whole.__name__)


def run_due() -> None:
    """Run what has not been run in this process for its pause; a failure of one stops none of the others."""
    _run(CLOCK)


def run_long(stopping: Callable[[], bool]) -> None:
    """The same for what may take minutes, and is asked to stop between two steps: it runs beside the rest."""
    _run([Work(partial(work.function, stopping), work.every) for work in LONG])


def _run(works: Iterable[Work]) -> None:
    for work in works:
        if time.monotonic() - _last.get(work.name, float("-inf")) < work.every.total_seconds():
            continue
        _last[work.name] = time.monotonic()
        try:
            work.function()
        except Exception:
            db.session.rollback()
            logger.exception("clock_work_failed", work=work.name)


_last: dict[str, float] = {}


def tell_ended_holds() -> None:
    """Coordinators, once, when the date until which an idea was on hold has come."""
    ended = read_ids(sa.select(Idea.id).where(Idea.standing == "held", Idea.held_until <= today()).order_by(Idea.id))

    def tell(idea_id: int) -> None:
        idea = db.session.get_one(Idea, idea_id)
        for person in recipients.coordinators(idea):
            post.notify(person, messages.hold_ended(idea), why=f"hold:{idea.id}:{idea.held_until}")

    for_each(ended, tell)


def hold_for_overdue() -> None:
    """An overdue blocking condition puts its idea on hold."""

    def hold(condition_id: int) -> None:
        found = db.session.get_one(Condition, condition_id, options=[joinedload(Condition.idea)])
        gate_commands.hold_for_overdue(SYSTEM, found)

    for_each(read_ids(gates.overdue_blocking_ids(today())), hold)


def tell_of_searches() -> None:
    """Funders' people, of new ideas that their saved searches find, as often as each of them wants."""
    for_each(read_ids(searching.due_alerts(here())), lambda alert_id: searching.tell_of_search(alert_id, here()))


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
    award_files.sweep()
    reading_files.sweep()


def sweep_jobs() -> None:
    """Long jobs that ended long ago, with their reports."""
    with transaction():
        db.session.execute(sa.delete(Job).where(Job.finished_at < now() - KEPT_JOBS))


def sweep_suggestions() -> None:
    """Suggestions of who reviews what: the reviews that were convened stay, and the log says who confirmed them."""
    with transaction():
        db.session.execute(sa.delete(Assignment).where(Assignment.asked_at < now() - KEPT_JOBS))


def sweep_files() -> None:
    """What long jobs made for their people and nobody will fetch any more."""
    ended = sa.select(Job.id).where(Job.finished_at < now() - KEPT_FILES)
    with transaction():
        db.session.execute(sa.delete(JobPart).where(JobPart.job_id.in_(ended)))


def sweep_changes() -> None:
    """What changed for funders long ago."""
    forget_old_changes()


def sweep_receipts() -> None:
    """Receipts for forms that nobody will send again."""
    with transaction():
        once.forget_old()


def recount_words() -> None:
    """Which words are common in ideas, by which ones alike are looked for."""
    word_counts.recount()


def learn_from_awards(stopping: Callable[[], bool]) -> None:
    """What past awards say of ideas, when either has changed."""
    learn(stopping)


MINUTE = dt.timedelta(minutes=1)
QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
CLOCK = (
    *(Work(each, QUARTER) for each in (*REMINDERS, *MONEY_REMINDERS, *PILOT_REMINDERS, *SYSTEM_REMINDERS)),
    Work(hold_for_overdue, QUARTER),
    Work(tell_ended_holds, QUARTER),
    Work(sweep_sessions, HOUR),
    Work(sweep_imports, HOUR),
    Work(sweep_jobs, HOUR),
    Work(sweep_suggestions, HOUR),
    Work(sweep_files, HOUR),
    Work(sweep_changes, HOUR),
    Work(sweep_receipts, HOUR),
    Work(recount_words, HOUR),
    Work(tell_of_searches, MINUTE),
)
LONG = (Work(learn_from_awards, MINUTE),)
