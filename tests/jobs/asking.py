"""Asking for long jobs, and how far they have come."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from innovation.clinics.models import Clinic
from innovation.db import db
from innovation.ideas import import_files, import_job
from innovation.ideas.imported_rows import guess_columns
from innovation.ideas.importing import Destination
from innovation.jobs import running
from innovation.jobs.commands import ask_job
from innovation.jobs.models import Job
from innovation.jobs.queries import list_lines
from innovation.tables import read_table
from tests import make

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


def ask_import(who: make.Person, rows: list[str], at: Clinic | None = None) -> Job:
    """A file kept for the person, and the job that imports it."""
    content = "\n".join([HEADINGS, *rows]).encode()
    table = read_table(content, "ideas.csv")
    where = Destination(make.programme().id, make.region().id, at.id if at else None)
    code = at.code if at else ""
    key = import_files.keep(make.actor(who), where, content=content, name="ideas.csv", clinic_code=code)
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


def after_the_first_few(monkeypatch: pytest.MonkeyPatch, happen: Any) -> None:
    """Let something happen between the first batch and the second."""
    few, happened = running._few, []

    def then(hand: running.Hand, which: range) -> None:
        few(hand, which)
        if not happened:
            happened.append(happen())
            db.session.commit()

    monkeypatch.setattr(running, "_few", then)
