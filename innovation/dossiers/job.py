"""The dossiers of several ideas in one file: made by the worker, fetched by whoever asked."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from innovation.db import db
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


def _begin(_actor: Actor, job: Job) -> Work:
    references: list[str] = job.payload["ideas"]
    job_id = job.id

    def do(actor: Actor, which: range) -> list[Outcome]:
        for at in which:
            _make(actor, job_id, at, references[at])
        return [Outcome(references[at]) for at in which]

    return Work(references, do)


def _make(actor: Actor, job_id: int, at: int, reference: str) -> None:
    """The files of one dossier, each kept as a piece; they are read as the person could read them at this moment."""
    commands.take_dossier(actor, ideas.find_idea(actor, reference), form="zip")
    found = queries.read_contents(actor, reference)
    dossier = making.dossier_of(found)
    seen_as = sorted(queries.keys_of(actor, found))
    for path, content in making.files_of(dossier, _room(job_id)):
        part = JobPart(job_id=job_id, at=at, name=f"{reference}/{path}"[:200], content=content, seen_as=seen_as)
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
    """The pieces of every idea that the person may still see as they saw it; others are named where they may be."""
    references: list[str] = job.payload["ideas"]
    open_now: dict[int, bool] = {}
    for part in list_parts(job):
        if part.at not in open_now:
            open_now[part.at] = set(part.seen_as) <= queries.keys_now(actor, references[part.at])
        if open_now[part.at]:
            yield part.name, part.content
    closed = [references[at] for at, is_open in open_now.items() if not is_open]
    if closed:
        seen = ideas.seen_references(actor, closed)
        why = _("What you may see of these ideas has changed since this was made, so they were left out:")
        named = [reference if reference in seen else _("an idea that is closed to you") for reference in closed]
        yield "left-out.txt", f"{why}\n\n{chr(10).join(named)}\n".encode()


def _back(job: Job) -> list[Page]:
    return [Page(lazy_gettext("Pipeline"), "pipeline.pipeline", {})]


KIND = Kind(
    lazy_gettext("Dossiers of several ideas"),
    _begin,
    of_each="pipeline.idea",
    seen=ideas.seen_references,
    back=_back,
    file=_file,
)
