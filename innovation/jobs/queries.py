"""Reading one's own long jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from innovation.db import Page, db, now, paginate
from innovation.jobs.models import OPEN_STATES, PLAN, Job, JobLine, JobPart
from innovation.permission import Actor, NotThere


def find_job(actor: Actor, job_id: int) -> Job:
    """The person's own job; ``NotThere`` for anybody else's."""
    job = db.session.scalar(sa.select(Job).where(Job.id == job_id, Job.person_id == actor.person_id))
    if job is None:
        raise NotThere
    return job


def list_jobs(actor: Actor, *, page: int = 1) -> Page[Job]:
    """The person's own jobs, the newest first; those that ended long ago are gone."""
    query = sa.select(Job).where(Job.person_id == actor.person_id).order_by(Job.id.desc())
    return paginate(query, page=page, size=20)


def find_same(actor: Actor, key: str) -> Job | None:
    """The job that the same form asked for before."""
    return db.session.scalar(sa.select(Job).where(Job.person_id == actor.person_id, Job.key == key))


def list_under_way(actor: Actor, kinds: Iterable[str]) -> list[Job]:
    """The person's jobs of some kinds that have not ended, the newest first."""
    mine = sa.and_(Job.person_id == actor.person_id, Job.kind.in_(list(kinds)), Job.state.in_(OPEN_STATES))
    return list(db.session.scalars(sa.select(Job).where(mine, Job.finished_at.is_(None)).order_by(Job.id.desc())))


def at_work(key: Any) -> sa.ColumnElement[bool]:
    """That a job which has not ended goes through the file with this key."""
    file = Job.payload["file"].as_string()
    return sa.exists().where(Job.finished_at.is_(None), Job.state.in_(OPEN_STATES), file == key)


def has_file(job: Job) -> bool:
    """True while there is something that the job has made to be fetched."""
    until = job.file_until
    if until is None or until <= now():
        return False
    return db.session.scalar(sa.select(JobPart.id).where(JobPart.job_id == job.id).limit(1)) is not None


def has_plan(job: Job) -> bool:
    return db.session.scalar(sa.select(JobPart.id).where(JobPart.job_id == job.id, JobPart.at == PLAN)) is not None


def find_plan(job: Job) -> JobPart:
    return db.session.scalars(sa.select(JobPart).where(JobPart.job_id == job.id, JobPart.at == PLAN)).one()


def list_parts(job: Job) -> Iterator[JobPart]:
    """The pieces that the job has made, in order; the content of one at a time."""
    ids = db.session.scalars(
        sa.select(JobPart.id).where(JobPart.job_id == job.id, JobPart.at >= 0).order_by(JobPart.at, JobPart.id)
    )
    for part_id in ids.all():
        part = db.session.get_one(JobPart, part_id)
        yield part
        db.session.expunge(part)


def list_lines(job: Job) -> list[JobLine]:
    return list(db.session.scalars(sa.select(JobLine).where(JobLine.job_id == job.id).order_by(JobLine.id)))
