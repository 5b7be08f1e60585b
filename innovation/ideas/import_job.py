"""Importing many ideas as a long job: the file waits, and the job goes through its rows in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas import import_files, importing
from innovation.ideas.import_files import Waiting
from innovation.ideas.import_models import IdeaImport
from innovation.ideas.import_undo import Source
from innovation.ideas.importing import Destination, Plan
from innovation.ideas.venues import find_state
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor, NotThere
from innovation.tables import Table
from workflows import Refused

BATCH = 25  # rows in a transaction, so that others write in between
GONE = "The file is no longer there. Send it again; what was imported is known and left as it is."


def payload(key: str, table: Table, mapping: Mapping[str, str], *, all_agree: bool) -> dict[str, Any]:
    """What a job keeps: the key of the file and the columns by their position, nothing that people typed."""
    columns = {str(at): mapping[column] for at, column in enumerate(table.columns) if column in mapping}
    return {"file": key, "columns": columns, "all_agree": all_agree}


def _begin(actor: Actor, job: Job) -> Work:
    """The whole table is read and checked once; each batch then asks for its own rows only."""
    waiting, table = _file(actor, job)
    mapping = {table.columns[int(at)]: target for at, target in job.payload["columns"].items()}
    destination = import_files.destination_of(actor, waiting)
    source = Source(job.payload["file"], waiting.name)
    plan = importing.plan_import(destination, table, mapping, all_agree=job.payload["all_agree"], source=source)
    names = [str(row.number) for row in table.rows]
    return Work(names, partial(_do, plan), partial(import_files.drop, job.payload["file"]))


def _file(actor: Actor, job: Job) -> tuple[Waiting, Table]:
    key = job.payload["file"]
    try:
        return import_files.find(actor, key), import_files.read(actor, key)
    except NotThere:
        raise Refused((GONE,)) from None


def _do(plan: Plan, actor: Actor, which: range) -> list[Outcome]:
    """Write down the good rows; those there already and those with faults are told apart."""
    good = {at: plan.ready[at] for at in which if at in plan.ready}
    new = {at: row for at, row in good.items() if plan.key(row) not in plan.known}
    made = importing.import_rows(actor, _as_it_is_now(plan.destination), plan=plan, rows=list(new.values()))
    outcomes = [Outcome(result="done" if is_new else "known") for is_new in made]
    outcomes += [Outcome(result="known")] * (len(good) - len(new))
    return outcomes + [_faulty(plan, at) for at in which if at not in good]


def _as_it_is_now(destination: Destination) -> Destination:
    """A clinic may have been closed since the job began."""
    return replace(destination, state=find_state(destination.clinic_id)) if destination.clinic_id else destination


def _faulty(plan: Plan, at: int) -> Outcome:
    number = plan.table.rows[at].number
    reasons = tuple(f"{f.column}: {f.message}" if f.column else f.message for f in plan.faults_of[number])
    return Outcome(str(number), "failed", reasons)


def _back(job: Job) -> list[Page]:
    file = Page(lazy_gettext("Look at the file again"), "ideas.import_step", {"key": job.payload["file"]})
    made = db.session.scalars(sa.select(IdeaImport).filter_by(key=job.payload["file"])).one_or_none()
    came = [Page(lazy_gettext("What came of it, and undo"), "ideas.imported", {"import_id": made.id})] if made else []
    return [*([file] if job.failed else []), *came, Page(lazy_gettext("Pipeline"), "pipeline.pipeline", {})]


KIND = Kind(lazy_gettext("Import ideas"), _begin, batch=BATCH, back=_back)
