"""Asking for a long job, and stopping it."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.jobs import policy, queries
from innovation.jobs.events import JobAsked, JobStopped
from innovation.jobs.models import Job, JobPart
from innovation.jobs.queries import has_plan
from innovation.once import repeatable
from innovation.permission import Actor
from innovation.turns import take_turn
from workflows import JOB, Refused

BEING_READ = "This file is being imported, and is read as it was chosen. Wait until that has ended, or stop it first."


@command(policy.may_ask_job)
@repeatable
def ask_job(actor: Actor, *, kind: str, payload: dict[str, Any], total: int, form_key: str) -> Job:
    """Owe the person a job on ``total`` things; the same form sent again asks for the same job."""
    told = json.dumps([form_key or secrets.token_hex(16), kind, payload], sort_keys=True)
    key = hashlib.sha256(told.encode()).hexdigest()
    take_turn(f"job {actor.person_id} {key}")  # the same form at the same moment then finds the job
    again = queries.find_same(actor, key)
    if again is not None:
        return again
    job = Job(kind=kind, person_id=actor.person_id, key=key, payload=payload, total=total)
    db.session.add(job)
    db.session.flush()
    record(actor, JobAsked(job.id, kind))
    return job


@command(policy.may_ask_job)
@repeatable
def ask_with_plan(actor: Actor, plan: JobPart, *, kind: str, payload: dict[str, Any], total: int, form_key: str) -> Job:
    """The same for a job that goes through a plan of its own, which it keeps beside what it makes."""
    job = ask_job(actor, kind=kind, payload=payload, total=total, form_key=form_key)
    if not has_plan(job):
        plan.job_id = job.id
        db.session.add(plan)
    return job


def require_at_rest(key: str) -> None:
    """Refuse to have a file read otherwise while a job goes through it: what comes next would no longer follow."""
    if db.session.scalar(sa.select(queries.at_work(key))):
        raise Refused((BEING_READ,))


@command(policy.may_stop_job)
def stop_job(actor: Actor, job: Job) -> Job:
    """Leave undone what has not been done yet; what was done stays done."""
    job.state = JOB.fire(job.state, "stop")
    job.finished_at = now()
    record(actor, JobStopped(job.id, job.kind))
    return job
