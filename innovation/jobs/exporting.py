"""A long list as a file: its lines are read by the worker, and put together when they are fetched."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from innovation.db import db
from innovation.exports import LISTINGS, Listing, lines_of
from innovation.jobs.kinds import File, Kind, Outcome, Work
from innovation.jobs.models import PLAN, Job, JobPart
from innovation.jobs.queries import find_plan, list_parts
from innovation.languages import lazy_gettext
from innovation.permission import Actor
from innovation.tables import CONTENT_TYPES, chunks_of, plain

BATCH = 500
Cells = Mapping[str, Any]


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
    if of.looks_at_lines:
        aside = _aside(_lines(of, actor, job))
        columns, lines = of.columns(asked, _read(aside)), _read_last(aside)
    else:
        columns, lines = of.columns(asked, ()), _lines(of, actor, job)
    return File(f"{of.key}.{kind}", CONTENT_TYPES[kind], chunks_of(columns, lines, kind))


def _lines(of: Listing, actor: Actor, job: Job) -> Iterator[Cells]:
    """The cells of the lines that were read, without what has closed to the person since."""
    for part in list_parts(job):
        lines = [(row_id, cells) for row_id, cells in json.loads(part.content)]
        yield from (cells for _id, cells in of.still(actor, lines, job.payload["asked"]))


def _aside(lines: Iterable[Cells]) -> IO[str]:
    """The lines in a file, to be read twice: what is open is asked once, so that no column says other than a line."""
    out = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed when it has been read last
    out.writelines(f"{json.dumps(cells)}\n" for cells in lines)
    return out


def _read(aside: IO[str]) -> Iterator[Cells]:
    aside.seek(0)
    while text := aside.readline():
        yield json.loads(text)


def _read_last(aside: IO[str]) -> Iterator[Cells]:
    with aside:
        yield from _read(aside)


KIND = Kind(lazy_gettext("Export a long list"), _begin, batch=BATCH, file=_file)
