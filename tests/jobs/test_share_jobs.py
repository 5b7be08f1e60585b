"""Long jobs are stopped, take turns, and are shared by workers."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import lease
from innovation.command import Busy
from innovation.db import db, now
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from innovation.jobs import running
from innovation.jobs.commands import ask_job, stop_job
from innovation.jobs.kinds import KINDS, Kind, Outcome, Work
from innovation.jobs.models import Job
from tests import make
from tests.beside import watched
from tests.jobs.asking import after_the_first_few, ask, ask_import, come, count, good, staff, to_convene
from workflows import Refused


def test_a_stopped_job_keeps_what_was_done_and_leaves_the_rest(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who = staff()
    job = ask_import(who, good(1, 60))
    after_the_first_few(monkeypatch, lambda: stop_job(make.actor(who), db.session.get_one(Job, job.id)))

    running.run_owed()
    running.run_owed()

    assert (come(job), count(Idea)) == (("stopped", 25, 0, 0), 25)
    with pytest.raises(Refused):
        stop_job(make.actor(who), job)


def test_a_job_that_was_stopped_before_it_began_does_nothing(app: Flask) -> None:
    who = staff()
    job = ask(who, "convene", to_convene(2))
    stop_job(make.actor(who), job)

    running.run_owed()

    assert (come(job), count(Review)) == (("stopped", 0, 0, 0), 0)


def test_a_long_job_lets_a_short_one_pass(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SLICE", 0.0)
    long = ask_import(staff(), good(1, 60))
    short = ask_import(staff(), good(100, 1))

    running.run_owed()

    assert (come(long), come(short)) == (("running", 25, 0, 0), ("finished", 1, 0, 0))
    running.run_owed()
    assert come(long) == ("finished", 60, 0, 0)


def test_a_worker_that_is_asked_to_stop_hands_its_job_on_at_once(app: Flask) -> None:
    job = ask_import(staff(), good(1, 60))

    running.run(job.id, stopping=lambda: True)
    left = come(job)
    running.run_owed()

    assert (left, come(job)) == (("running", 25, 0, 0), ("finished", 60, 0, 0))


def test_a_worker_that_was_too_slow_does_nothing_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask_import(staff(), good(1, 60))

    def another_takes_it() -> None:
        db.session.execute(sa.update(Job).values(next_at=now()))
        db.session.commit()
        running.lease.take(Job, job.id, running.OWED)

    after_the_first_few(monkeypatch, another_takes_it)

    running.run(job.id)

    assert (come(job), count(Idea)) == (("running", 25, 0, 0), 25)


def test_two_workers_share_the_jobs_and_do_nothing_twice(app: Flask) -> None:
    jobs = [ask_import(staff(), good(100 * n, 40)) for n in range(1, 5)]
    db.session.rollback()

    def work() -> None:
        with app.app_context():
            running.run_owed()
            db.session.remove()

    workers = [threading.Thread(target=work) for _n in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert [come(job) for job in jobs] == [("finished", 40, 0, 0)] * 4
    assert count(Idea) == 160


def test_what_takes_long_is_made_ready_while_others_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[bool] = []
    ready = watched(app, lambda _actor, _which: None, found)
    made = Work(["one"], lambda _actor, _which: [Outcome()], ready=ready)
    monkeypatch.setitem(KINDS, "slow", Kind("Something slow", lambda _actor, _job: made))
    job = ask_job(make.actor(staff()), kind="slow", payload={}, total=1, form_key="")
    db.session.rollback()

    running.run(job.id)

    assert (come(job), found) == (("finished", 1, 0, 0), [True])


def test_a_job_that_cannot_begin_for_now_waits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def begin(_actor: Any, _job: Job) -> Work:
        tries.append(1)
        if len(tries) == 1:
            raise Busy(("Another table is being read just now.",))
        return Work(["one"], lambda _actor, _which: [Outcome()])

    monkeypatch.setitem(KINDS, "slow", Kind("Something slow", begin))
    job = ask_job(make.actor(staff()), kind="slow", payload={}, total=1, form_key="")
    db.session.rollback()

    running.run(job.id)
    first = come(job)
    db.session.execute(sa.update(Job).values(next_at=now()))
    db.session.commit()
    running.run(job.id)

    assert (first, come(job)) == (("running", 0, 0, 0), ("finished", 1, 0, 0))


@pytest.mark.parametrize("long", ["to begin", "to make ready", "to do"])
def test_what_takes_longer_than_a_lease_stays_with_its_worker(
    app: Flask, monkeypatch: pytest.MonkeyPatch, long: str
) -> None:
    monkeypatch.setattr(lease, "LEASE", dt.timedelta(seconds=1))
    begun: list[int] = []

    def take_long(what: str) -> None:
        if what == long:
            time.sleep(2.5)

    def begin(_actor: Any, _job: Job) -> Work:
        begun.append(1)
        take_long("to begin")
        return Work(["one"], do, ready=lambda _actor, _which: take_long("to make ready"))

    def do(_actor: Any, _which: range) -> list[Outcome]:
        take_long("to do")
        return [Outcome()]

    monkeypatch.setitem(KINDS, "slow", Kind("Something slow", begin))
    job = ask_job(make.actor(staff()), kind="slow", payload={}, total=1, form_key="")
    db.session.rollback()
    ended = threading.Event()

    def another() -> None:
        with app.app_context():
            while not ended.wait(0.1):
                running.run_owed()
                db.session.remove()

    beside = threading.Thread(target=another)
    beside.start()
    running.run(job.id)
    ended.set()
    beside.join()

    assert (come(job), begun) == (("finished", 1, 0, 0), [1])


def owed_until(job_id: int) -> dt.datetime:
    found: dt.datetime = db.session.scalars(sa.select(Job.next_at).where(Job.id == job_id)).one()
    db.session.rollback()
    return found


@pytest.mark.parametrize(
    ("what", "held"), [("goes on", True), ("hangs", False), ("was stopped", False), ("was handed on", False)]
)
def test_a_job_is_held_while_it_goes_on_and_no_longer(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str, held: bool
) -> None:
    monkeypatch.setattr(lease, "LEASE", dt.timedelta(seconds=0.6))
    actor = make.actor(staff())
    job = ask_job(actor, kind="present", payload={"ideas": []}, total=1, form_key="").id
    attempt = lease.take(Job, job, running.OWED)
    assert attempt is not None
    if what == "hangs":
        monkeypatch.setattr(lease, "LONGEST_HELD", 0.0)
    elif what == "was stopped":
        stop_job(actor, db.session.get_one(Job, job))
    elif what == "was handed on":
        db.session.execute(sa.update(Job).values(attempts=Job.attempts + 1))
        db.session.commit()
    before = owed_until(job)

    with lease.held(Job, job, attempt, running.OWED):
        time.sleep(0.5)

    assert (owed_until(job) > before) is held
