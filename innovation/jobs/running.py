"""Doing long jobs: a few things at a time, as the person who asked, each few in one transaction with the progress."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from innovation import lease
from innovation.accounts.models import Person
from innovation.accounts.queries import actor_of
from innovation.command import Busy, Stale, transaction
from innovation.db import begin_reading, db, now
from innovation.events import record
from innovation.jobs.events import JobFinished
from innovation.jobs.kinds import KINDS, Away, Outcome, Work
from innovation.jobs.models import AT_IT, LEFT, OPEN_STATES, Job, JobLine
from innovation.permission import SYSTEM, Actor, Forbidden, NotThere
from innovation.values import dataclass
from workflows import JOB, Refused

logger = structlog.get_logger()
OWED = sa.and_(Job.finished_at.is_(None), Job.state.in_(OPEN_STATES))
TAKEN = sa.case((Job.error == AT_IT, LEFT), else_=sa.func.coalesce(Job.error, AT_IT))
PAUSE = dt.timedelta(minutes=1)  # at most, after a failure: taking turns counts as attempts, too
SLICE = 10.0  # seconds for one job while others wait
MOST_LISTED = 500
NO = (Refused, Forbidden, NotThere)
WAITS = (Away, OperationalError, InterfaceError)  # nothing is wrong with what is asked: it is done later
MAY_NOT = "You may not do this, or not any more."
NOT_SEEN = "There is no such thing that you may see."
SIGN_IN_CLOSED = "Your sign-in was closed before this was done."
BROKEN = "This went wrong inside Gatehouse and was left out. The log of the server says more."


class LetGo(Exception):
    """The job is no longer ours: it was stopped, or another worker has it."""


@dataclass
class Hand:
    """A job in the hands of a worker: which attempt this is, what is done, and how much has been listed."""

    job_id: int
    attempt: int
    person_id: int
    total: int
    batch: int
    work: Work
    position: int
    listed: int


def run_owed(stopping: Callable[[], bool] = lambda: False) -> int:
    """Go on with the jobs that are due, each for a while; how many were taken up."""
    return sum(run(job_id, stopping) for job_id in lease.owed(Job, OWED, 20) if not stopping())


def run(job_id: int, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Take a job and go on with it; a failure gives it back, with its error, and nothing is lost or done twice."""
    attempt = lease.take(Job, job_id, OWED, error=TAKEN)
    if attempt is None:
        return False
    try:
        with _held(job_id, attempt):
            hand = _begin(job_id, attempt)
        if hand is not None:
            _go_on(hand, stopping)
    except LetGo:
        db.session.rollback()
    except Exception as error:
        db.session.rollback()
        lease.give_back(Job, job_id, attempt, f"{type(error).__name__}: {error}", longest=PAUSE)
        logger.exception("job_failed", job=job_id, attempt=attempt)
    return True


def _begin(job_id: int, attempt: int) -> Hand | None:
    """The job, started and made ready; None when all that is left of it is refused."""
    with transaction():
        job = db.session.get_one(Job, job_id)
        if job.state == "waiting":
            job.state = JOB.fire(job.state, "start")
            job.started_at = now()
        kind, person_id, total, position = KINDS[job.kind], job.person_id, job.total, job.position
    begin_reading()  # reading a file and what it is checked against keeps nobody from writing
    try:
        listed = db.session.scalar(sa.select(sa.func.count()).where(JobLine.job_id == job_id)) or 0
        work = kind.begin(_actor(person_id), db.session.get_one(Job, job_id))
    except Busy:
        raise  # nothing is wrong with what was asked
    except NO as no:
        db.session.rollback()
        _end(job_id, attempt, [Outcome("…", "failed", _reasons(no))], rest=total - position)
        return None
    db.session.rollback()
    return Hand(job_id, attempt, person_id, total, kind.batch, work, position, listed)


def _go_on(hand: Hand, stopping: Callable[[], bool]) -> None:
    until = time.monotonic() + SLICE
    while hand.position < hand.total:
        _few(hand, range(hand.position, min(hand.position + hand.batch, hand.total)))
        late = time.monotonic() > until and _others_wait(hand.job_id)
        if hand.position < hand.total and (late or stopping()):
            with transaction():
                lease.finish(Job, hand.job_id, hand.attempt, OWED, next_at=now())
            return
    if _end(hand.job_id, hand.attempt).failed == 0:
        hand.work.end()


def _few(hand: Hand, which: range) -> None:
    """Do some of the things together; where one of them cannot be done, each by itself."""
    try:
        _do(hand, which)
    except (LetGo, *WAITS):
        raise
    except Busy as busy:  # each by itself would wait as long again
        for at in which:
            _note_failure(hand, at, busy.reasons)
    except Exception:
        for at in which:
            _alone(hand, at)


def _alone(hand: Hand, at: int) -> None:
    """Do one thing, and when it cannot be done note why not; what somebody else has just changed is tried twice."""
    try:
        try:
            _do(hand, range(at, at + 1))
        except Stale:
            _do(hand, range(at, at + 1))
    except (LetGo, *WAITS):
        raise
    except NO as no:
        _note_failure(hand, at, _reasons(no))
    except Exception:
        logger.exception("job_thing_failed", job=hand.job_id, at=at)
        _note_failure(hand, at, (BROKEN,))


def _do(hand: Hand, which: range) -> None:
    """The things and the progress, in one transaction: neither is there without the other."""
    db.session.expire_all()  # others have written since
    with _held(hand.job_id, hand.attempt):
        _make_ready(hand, which)
        with transaction():
            outcomes = hand.work.do(_actor(hand.person_id), which)
            _advance(hand, outcomes)
    hand.position = which.stop


def _held(job_id: int, attempt: int) -> AbstractContextManager[None]:
    """Reading a table, planning a budget or fetching files may take longer than a lease, and all the more where two
    workers do it: each would take the job from the other for ever."""
    return lease.held(Job, job_id, attempt, OWED)


def _make_ready(hand: Hand, which: range) -> None:
    """What takes long and writes nothing, while others write."""
    if hand.work.ready is None:
        return
    begin_reading()  # before the person is looked up, which would take the turn to write
    try:
        hand.work.ready(_actor(hand.person_id), which)
    finally:
        db.session.rollback()


def _note_failure(hand: Hand, at: int, reasons: tuple[str, ...]) -> None:
    with transaction():
        _advance(hand, [Outcome(hand.work.names[at], "failed", reasons)])
    hand.position = at + 1


def _advance(hand: Hand, outcomes: list[Outcome]) -> None:
    """Write how far the job has come and hold it for another minute; ``LetGo`` undoes all this when it is not ours."""
    _require_ours(hand.job_id, hand.attempt, Counter(outcome.result for outcome in outcomes))
    lines = [outcome for outcome in outcomes if outcome.what][: max(0, MOST_LISTED - hand.listed)]
    hand.listed += len(lines)
    _list(hand.job_id, lines)


def _require_ours(job_id: int, attempt: int, tally: Counter[str]) -> None:
    counts = {name: getattr(Job, name) + tally[name] for name in ("done", "known", "failed")}
    if not lease.finish(Job, job_id, attempt, OWED, next_at=now() + lease.LEASE, **counts):
        raise LetGo


def _list(job_id: int, outcomes: list[Outcome]) -> None:
    db.session.add_all(JobLine(job_id=job_id, what=each.what, reasons=list(each.reasons)) for each in outcomes)


def _end(job_id: int, attempt: int, told: list[Outcome] | None = None, rest: int = 0) -> Job:
    """Finish the job, and the ``rest`` of it unsuccessfully."""
    with transaction():
        _require_ours(job_id, attempt, Counter(failed=rest))
        _list(job_id, told or [])
        job = db.session.get_one(Job, job_id, populate_existing=True)
        job.state = JOB.fire(job.state, "finish")
        job.finished_at = now()
        record(SYSTEM, JobFinished(job.id, job.kind))
    return job


def _others_wait(job_id: int) -> bool:
    begin_reading()
    waiting = sa.exists().where(OWED, Job.id != job_id, Job.next_at <= now())
    found = bool(db.session.scalar(sa.select(waiting)))
    db.session.rollback()
    return found


def _actor(person_id: int) -> Actor:
    """The person as they are now: with the roles of this moment, and refused when their sign-in is closed."""
    person = db.session.get_one(Person, person_id)
    if person.account is None or person.account.disabled_at is not None:
        raise Refused((SIGN_IN_CLOSED,))
    return actor_of(person)


def _reasons(no: Exception) -> tuple[str, ...]:
    if isinstance(no, Refused):
        return no.reasons
    return (MAY_NOT,) if isinstance(no, Forbidden) else (NOT_SEEN,)
