"""The dossiers of several ideas in one file: made by the worker, fetched by whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from innovation.db import begin_reading, db
from innovation.dossiers import commands, making, queries
from innovation.dossiers.zipping import stream_zip
from innovation.ideas import queries as ideas
from innovation.jobs.kinds import File, Kind, Outcome, Page, Work
from innovation.jobs.models import Job, JobPart
from innovation.jobs.queries import list_parts
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.permission import Actor

MOST_OF_ONE = 20_000_000
MOST_OF_ALL = 400_000_000


@dataclass
class Made:
    """The dossier of one idea as it was read and set, until it is written down."""

    files: list[tuple[str, bytes]]
    seen_as: list[str]


def _begin(_actor: Actor, job: Job) -> Work:
    references: list[str] = job.payload["ideas"]
    job_id = job.id
    made: dict[int, Made] = {}

    def ready(actor: Actor, which: range) -> None:
        made.clear()
        made.update({at: _make(actor, job_id, references[at]) for at in which})

    def do(_actor: Actor, which: range) -> list[Outcome]:
        for at in which:
            _keep(job_id, at, references[at], made.pop(at))
        return [Outcome(references[at]) for at in which]

    return Work(references, do, ready=ready)


def _make(actor: Actor, job_id: int, reference: str) -> Made:
    """The files of one dossier, as the person can read them at this moment.

    That it was taken is written first, and stands in it; setting its pages takes seconds, and keeps nobody from writing.
    """
    commands.take_dossier(actor, ideas.find_idea(actor, reference), form="zip")
    begin_reading()
    found = queries.read_contents(actor, reference)
    seen_as = sorted(queries.keys_of(actor, found))
    return Made(list(making.files_of(making.dossier_of(found), _room(job_id))), seen_as)


def _keep(job_id: int, at: int, reference: str, made: Made) -> None:
    """Write them down, each as a piece."""
    for path, content in made.files:
        part = JobPart(job_id=job_id, at=at, name=f"{reference}/{path}"[:200], content=content, seen_as=made.seen_as)
        db.session.add(part)
        db.session.flush()
        db.session.expunge(part)  # its content is written, and need not stay in memory


def _room(job_id: int) -> int:
    """How many bytes of files one more idea may bring."""
    used = db.session.scalar(sa.select(sa.func.sum(sa.func.length(JobPart.content))).where(JobPart.job_id == job_id))
    return max(0, min(MOST_OF_ONE, MOST_OF_ALL - (used or 0)))


def _file(actor: Actor, job: Job) -> File:
    return File(f"dossiers-{job.id}.zip", "application/zip", stream_zip(_entries(actor, job)))


def _entries(actor: Actor, job: Job) -> Iterator[tuple[str, bytes]]:
    """The pieces of every idea that the person may still see as they saw it; the others are named."""
    references: list[str] = job.payload["ideas"]
    open_now: dict[int, bool] = {}
    for part in list_parts(job):
        if part.at not in open_now:
            open_now[part.at] = set(part.seen_as) <= queries.keys_now(actor, references[part.at])
        if open_now[part.at]:
            yield part.name, part.content
    closed = [references[at] for at, is_open in open_now.items() if not is_open]
    if closed:
        why = _("What you may see of these ideas has changed since this was made, so they were left out:")
        yield "left-out.txt", f"{why}\n\n{chr(10).join(closed)}\n".encode()


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("Pipeline"), "pipeline.pipeline", {})]


KIND = Kind(lazy_gettext("Dossiers of several ideas"), _begin, of_each="pipeline.idea", back=_back, file=_file)
