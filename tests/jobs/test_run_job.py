"""A long job is done in parts by whichever worker is free, as the person who asked, once for each thing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import clock, worker
from innovation.accounts.models import RoleGrant
from innovation.db import db, now
from innovation.events import Event
from innovation.gates.models import Review
from innovation.ideas import import_files, import_job
from innovation.ideas.imported_rows import guess_columns
from innovation.ideas.models import Idea
from innovation.jobs import running
from innovation.jobs.commands import ask_job, stop_job
from innovation.jobs.models import Job, JobLine
from innovation.jobs.queries import list_lines
from innovation.notifications.models import Notice
from innovation.permission import NotThere
from innovation.tables import read_table
from tests import make
from workflows import Refused

ROOT = Path(__file__).parents[2]
HEADINGS = "Idea No;Title;Problem;Solution;Owner;Theme"


def staff(role: str = "coordinator", **scope: Any) -> make.Person:
    """Somebody with a sign-in and a role."""
    person = make.staff(role, **scope)
    make.account(person)
    return person


def to_convene(many: int) -> list[str]:
    """Ideas that wait for a panel, and the panel."""
    if make.first(make.Panel) is None:
        make.panel()
    return [make.idea(place="at_screening").reference for _n in range(many)]


def ask(who: make.Person, kind: str, references: list[str], form_key: str = "") -> Job:
    told = {"ideas": references}
    job = ask_job(make.actor(who), kind=kind, payload=told, total=len(references), form_key=form_key)
    db.session.commit()
    return job


def ask_import(who: make.Person, rows: list[str], **place: Any) -> Job:
    """A file kept for the person, and the job that imports it."""
    content = "\n".join([HEADINGS, *rows]).encode()
    table = read_table(content, "ideas.csv")
    waiting = import_files.Waiting(who.id, "ideas.csv", make.programme().id, make.region().id, **place)
    key = import_files.keep(content, waiting)
    mapping = guess_columns(make.programme(), table.columns)
    told = import_job.payload(key, table, mapping, all_agree=False)
    job = ask_job(make.actor(who), kind="import_ideas", payload=told, total=len(rows), form_key=key)
    db.session.commit()
    return job


def good(first: int, many: int) -> list[str]:
    return [f"{n};Clubs {n};Few read;Leavers read;Owner {n};" for n in range(first, first + many)]


def come(job: Job) -> tuple[str, int, int, int]:
    """How far a job has come."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get_one(Job, job.id)
    return found.state, found.done, found.known, found.failed


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def reasons(job: Job) -> list[list[str]]:
    return [line.reasons for line in list_lines(job) if line.reasons]


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


# Importing


def test_an_import_tells_rows_that_are_new_known_and_faulty_apart(app: Flask) -> None:
    who = staff()
    running.run_owed() if ask_import(who, good(1, 3)) else None
    job = ask_import(who, [*good(1, 30), "31;;Few read;Leavers read;Owner;Dragons", *good(32, 2)])

    running.run_owed()

    assert (come(job), count(Idea)) == (("finished", 29, 3, 1), 32)
    assert [line.what for line in list_lines(job)] == ["32"]
    assert reasons(job) == [["Title: This is empty.", "Theme: “Dragons” is not among the programme's themes."]]


def test_an_import_leaves_no_file_behind_when_every_row_went_in(app: Flask) -> None:
    who = staff()
    job = ask_import(who, good(1, 3))

    running.run_owed()

    with pytest.raises(NotThere):
        import_files.find(make.actor(who), job.payload["file"])


def test_a_row_that_somebody_else_has_just_imported_is_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who = staff()
    job = ask_import(who, good(1, 30))
    plan_import = import_job.importing.plan_import

    def plan_then_be_late(*args: Any, **more: Any) -> Any:
        plan = plan_import(*args, **more)
        plan.known.clear()  # as it was read before the other import
        return plan

    running.run_owed() if ask_import(who, good(5, 2)) else None
    job = ask_import(who, good(1, 31))
    monkeypatch.setattr(import_job.importing, "plan_import", plan_then_be_late)

    running.run_owed()

    assert (come(job), count(Idea)) == (("finished", 1, 30, 0), 31)


def test_a_clinic_that_closes_meanwhile_takes_no_more_ideas(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who, clinic = staff(), make.clinic()
    job = ask_import(who, good(1, 60), clinic_code=clinic.code)
    _after_the_first_few(monkeypatch, lambda: db.session.execute(sa.text("UPDATE clinic SET state = 'closed'")))

    running.run_owed()

    assert come(job) == ("finished", 25, 0, 35)
    assert reasons(job)[0] == ["This clinic is closed. Reopen it to add an idea."]


def test_a_file_that_lies_on_another_machine_waits_for_the_worker_there(app: Flask) -> None:
    job = ask_import(staff(), good(1, 3))
    import_files.drop(job.payload["file"])

    running.run_owed()
    waiting = come(job)
    job.asked_at = now() - worker.lease.LONGEST_PAUSE * 5
    job.next_at = now()
    db.session.commit()
    running.run_owed()

    assert (waiting, come(job)) == (("running", 0, 0, 0), ("finished", 0, 0, 3))
    assert reasons(job) == [[import_job.GONE]]


# As the person who asked


def test_what_is_left_when_a_role_ends_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who = staff()
    job = ask_import(who, good(1, 60))
    end_role = sa.update(RoleGrant).where(RoleGrant.person_id == who.id).values(ended_at=now())
    _after_the_first_few(monkeypatch, lambda: db.session.execute(end_role))

    running.run_owed()

    assert (come(job), count(Idea)) == (("finished", 25, 0, 35), 25)
    assert reasons(job)[0] == [running.MAY_NOT]


def test_nothing_is_done_for_somebody_whose_sign_in_is_closed(app: Flask) -> None:
    who = staff()
    job = ask(who, "convene", to_convene(2))
    make.account(who).disabled_at = now()
    db.session.commit()

    running.run_owed()

    assert (come(job), count(Review)) == (("finished", 0, 0, 2), 0)
    assert reasons(job) == [[running.SIGN_IN_CLOSED]]


def _after_the_first_few(monkeypatch: pytest.MonkeyPatch, happen: Any) -> None:
    """Let something happen between the first batch and the second."""
    few, happened = running._few, []

    def then(hand: running.Hand, which: range) -> None:
        few(hand, which)
        if not happened:
            happened.append(happen())
            db.session.commit()

    monkeypatch.setattr(running, "_few", then)


# Stopping, taking turns, two workers


def test_a_stopped_job_keeps_what_was_done_and_leaves_the_rest(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who = staff()
    job = ask_import(who, good(1, 60))
    _after_the_first_few(monkeypatch, lambda: stop_job(make.actor(who), db.session.get_one(Job, job.id)))

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

    _after_the_first_few(monkeypatch, another_takes_it)

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


# Faults

KILLED = """
import os, signal, sys
from innovation.app import create_app
from innovation.jobs import running
advance, batches = running._advance, []
def die(hand, outcomes):
    batches.append(outcomes)
    advance(hand, outcomes)
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
running._advance = die
with create_app().app_context():
    running.run(int(sys.argv[1]))
"""


def test_a_worker_killed_in_the_middle_of_a_batch_loses_nothing_and_repeats_nothing(app: Flask) -> None:
    job = ask_import(staff(), [*good(1, 27), "28;;Few read;Leavers read;Owner;", *good(29, 40)])
    db.session.rollback()
    surroundings = os.environ | {"GATEHOUSE_INSTANCE": app.instance_path, "GATEHOUSE_SECRET_KEY": "for tests only"}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(job.id)], env=surroundings, cwd=ROOT, check=False)
    after_the_crash = (*come(job), count(Idea), count(JobLine), running.run_owed())
    db.session.execute(sa.update(Job).values(next_at=now()))  # its lease has run out
    db.session.commit()

    running.run_owed()

    assert (killed.returncode, after_the_crash) == (-signal.SIGKILL, ("running", 25, 0, 0, 25, 0, 0))
    assert (come(job), count(Idea), count(JobLine)) == (("finished", 67, 0, 1), 67, 1)
    numbers = sorted(db.session.scalars(sa.select(Idea.reference)))
    assert (len(set(numbers)), numbers[-1][-4:]) == (67, "0067")


def test_a_fault_of_ours_leaves_out_one_thing_and_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    write_down_all = import_job.importing.capture.write_down_all

    def broken(actor: Any, home: Any, told: list[Any]) -> Any:
        if any(each.answers["title"] == "Clubs 3" for each in told):
            raise KeyError("a fault in the code")
        return write_down_all(actor, home, told)

    monkeypatch.setattr(import_job.importing.capture, "write_down_all", broken)
    job = ask_import(staff(), good(1, 5))

    running.run_owed()

    assert (come(job), reasons(job)) == (("finished", 4, 0, 1), [[running.BROKEN]])


def test_a_database_in_trouble_is_waited_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask_import(staff(), good(1, 5))

    def full(*_args: Any) -> None:
        raise sa.exc.OperationalError("INSERT", {}, OSError("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr(running, "_advance", full)
        running.run_owed()
    left = come(job)
    db.session.execute(sa.update(Job).values(next_at=now()))
    db.session.commit()
    running.run_owed()

    assert (left, come(job)) == (("running", 0, 0, 0), ("finished", 5, 0, 0))


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
