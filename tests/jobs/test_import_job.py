"""A long import is done as the person who asked, and a crash or a fault neither loses nor repeats a row."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import clock
from innovation.accounts.models import RoleGrant
from innovation.db import db, now
from innovation.gates.models import Review
from innovation.ideas import import_files, import_job, import_undo
from innovation.ideas.import_models import IdeaImport, WaitingImport
from innovation.ideas.models import Idea
from innovation.jobs import running
from innovation.jobs.commands import stop_job
from innovation.jobs.models import Job, JobLine
from innovation.jobs.queries import list_lines
from innovation.permission import NotThere
from tests import make
from tests.jobs.asking import after_the_first_few, ask, ask_import, come, count, good, reasons, staff, to_convene
from workflows import Refused

ROOT = Path(__file__).parents[2]


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


def test_a_file_waits_for_as_long_as_its_job_does(app: Flask) -> None:
    who = staff()
    job = ask_import(who, good(1, 3))
    db.session.execute(sa.update(WaitingImport).values(sent_at=now() - dt.timedelta(days=3)))
    db.session.commit()

    clock.sweep_imports()  # no worker ran over the weekend
    running.run_owed()

    assert (come(job), count(Idea)) == (("finished", 3, 0, 0), 3)


def test_an_import_is_not_undone_while_more_of_it_comes_in(app: Flask) -> None:
    who = staff()
    job = ask_import(who, good(1, 60))
    running.run(job.id, stopping=lambda: True)
    made = db.session.scalars(sa.select(IdeaImport)).one()

    with pytest.raises(Refused, match="still going on"):
        import_undo.undo_import(make.actor(who), made)
    stop_job(make.actor(who), db.session.get_one(Job, job.id, populate_existing=True))
    import_undo.undo_import(make.actor(who), made)
    running.run_owed()

    assert (count(Idea), import_undo.count_ideas(made)) == (25, (25, 25))


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
    job = ask_import(who, good(1, 60), at=clinic)
    after_the_first_few(monkeypatch, lambda: db.session.execute(sa.text("UPDATE clinic SET state = 'closed'")))

    running.run_owed()

    assert come(job) == ("finished", 25, 0, 35)
    assert reasons(job)[0] == ["This clinic is closed. Reopen it to add an idea."]


def test_an_import_whose_file_was_forgotten_says_so(app: Flask) -> None:
    job = ask_import(staff(), good(1, 3))
    import_files.drop(job.payload["file"])

    running.run_owed()

    assert come(job) == ("finished", 0, 0, 3)
    assert reasons(job) == [[import_job.GONE]]


# As the person who asked


def test_what_is_left_when_a_role_ends_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who = staff()
    job = ask_import(who, good(1, 60))
    end_role = sa.update(RoleGrant).where(RoleGrant.person_id == who.id).values(ended_at=now())
    after_the_first_few(monkeypatch, lambda: db.session.execute(end_role))

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
    assert len(set(db.session.scalars(sa.select(Idea.reference)))) == 67  # on a server some may be left out


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
