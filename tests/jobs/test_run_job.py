"""A long job does each of its things, tells in the end, and is forgotten in time."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from innovation import clock, worker
from innovation.db import db, now
from innovation.events import Event
from innovation.gates.models import Review
from innovation.jobs import running
from innovation.jobs.models import Job, JobLine
from innovation.jobs.queries import list_lines
from innovation.notifications.models import Notice
from tests import make
from tests.jobs.asking import ask, come, count, reasons, staff, to_convene

# Doing it


def test_a_job_does_each_thing_and_tells_in_the_end(app: Flask) -> None:
    who, references = staff(), to_convene(3)
    job = ask(who, "convene", references)

    taken = running.run_owed()
    worker.deliver_owed()

    assert (taken, come(job), count(Review)) == (1, ("finished", 3, 0, 0), 3)
    told = make.first(Notice, person_id=who.id)
    assert (told.subject, told.link) == ("Finished: Convene panels", f"/jobs/{job.id}")
    assert [line.what for line in list_lines(job)] == references


def test_what_cannot_be_done_is_listed_with_its_reason_and_stops_nothing_else(app: Flask) -> None:
    [first, last] = to_convene(2)
    captured = make.idea().reference
    job = ask(staff(), "convene", [first, captured, "LP26-9999", last])

    running.run_owed()

    assert come(job) == ("finished", 2, 0, 2)
    assert reasons(job) == [["This idea does not wait at a gate."], [running.NOT_SEEN]]


def test_the_same_form_sent_twice_asks_for_one_job(app: Flask) -> None:
    who, references = staff(), to_convene(2)

    jobs = [ask(who, "convene", chosen, "token").id for chosen in (references, references, references[:1])]

    assert (jobs[0] == jobs[1], jobs[0] == jobs[2]) == (True, False)


def test_panels_are_reminded_and_ideas_presented_too(app: Flask) -> None:
    review, missing = make.review(), make.idea()
    who = staff()
    jobs = [ask(who, "remind", [review.idea.reference]), ask(who, "present", [missing.reference])]

    running.run_owed()

    assert [come(job) for job in jobs] == [("finished", 1, 0, 0), ("finished", 0, 0, 1)]
    assert "Hand in: Evidence of the problem." in reasons(jobs[1])[0]


# Afterwards


def test_the_log_holds_who_asked_and_that_it_finished(app: Flask) -> None:
    who = staff()
    ask(who, "convene", to_convene(1))

    running.run_owed()

    of_job = sa.select(Event.kind, Event.actor_id).where(Event.subject.startswith("job:")).order_by(Event.seq)
    assert [tuple(row) for row in db.session.execute(of_job)] == [("job_asked", who.id), ("job_finished", None)]


def test_old_reports_are_forgotten(app: Flask) -> None:
    job = ask(staff(), "convene", to_convene(1))
    running.run_owed()
    clock.sweep_jobs()
    kept = count(JobLine)
    db.session.get_one(Job, job.id).finished_at = now() - clock.KEPT_JOBS * 2
    db.session.commit()

    clock.sweep_jobs()

    assert (kept, count(Job), count(JobLine)) == (1, 0, 0)
