"""A long list as a file: its lines are read by the worker, and put together when they are fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from innovation.db import db
from innovation.exports import LISTINGS, Listing, lines_of
from innovation.jobs.kinds import File, Kind, Outcome, Work
from innovation.jobs.models import PLAN, Job, JobPart
from innovation.jobs.queries import find_plan, list_parts
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.tables import CONTENT_TYPES, chunks_of, plain

BATCH = 500
Line = tuple[Any, Mapping[str, Any]]


def plan_of(ids: list[Any]) -> JobPart:
    """The rows that a list had, in their order, when it was asked for."""
    return JobPart(at=PLAN, name="ids", content=json.dumps(ids).encode())


def _begin(_actor: Actor, job: Job) -> Work:
    of, asked, job_id = LISTINGS[job.payload["list"]], job.payload["asked"], job.id
    ids: list[Any] = json.loads(find_plan(job).content)

    def do(actor: Actor, which: range) -> list[Outcome]:
        lines = [
            [row_id, {key: plain(cell) for key, cell in line.items()}]
            for row_id, line in lines_of(of, actor, ids[which.start : which.stop], asked)
        ]
        content = json.dumps(lines).encode()
        db.session.add(JobPart(job_id=job_id, at=which.start, name="lines", content=content))
        closed = len(which) - len(lines)
        return [Outcome()] * len(lines) + [Outcome(result="known")] * closed  # gone, or closed, since it was asked for

    return Work([str(number) for number in range(1, len(ids) + 1)], do)


def _file(actor: Actor, job: Job) -> File:
    of, asked, kind = LISTINGS[job.payload["list"]], job.payload["asked"], job.payload["kind"]
    of.ids(actor, asked, 1)  # who may not read the list any more is told so
    columns = of.columns(asked, (line for _id, line in _lines(of, actor, job)) if of.looks_at_lines else ())
    chunks = chunks_of(columns, (line for _id, line in _lines(of, actor, job)), kind)
    return File(f"{of.key}.{kind}", CONTENT_TYPES[kind], chunks)


def _lines(of: Listing, actor: Actor, job: Job) -> Iterator[Line]:
    """The lines that were read, without those that have closed to the person since."""
    for part in list_parts(job):
        lines = json.loads(part.content)
        still = of.in_sight(actor, [row_id for row_id, _line in lines])
        yield from ((row_id, line) for row_id, line in lines if row_id in still)


KIND = Kind(lazy_gettext("Export a long list"), _begin, batch=BATCH, file=_file)
