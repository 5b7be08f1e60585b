"""The dossiers of several ideas in one file: made by the worker, fetched by whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from innovation.db import begin_reading, db
from innovation.dossiers import commands, making, meeting_dossier, queries
from innovation.ideas import queries as ideas
from innovation.ideas import store
from innovation.ideas.models import Attachment
from innovation.jobs.kinds import Away, File, Kind, Outcome, Page, Work
from innovation.jobs.models import Job, JobPart
from innovation.jobs.queries import list_parts
from innovation.jobs.zipping import stream_zip
from innovation.languages import gettext as _
from innovation.languages import lazy_gettext
from innovation.meetings import queries as meetings
from innovation.permission import Actor
from innovation.values import dataclass

MOST_OF_ONE = 20_000_000
MOST_OF_ALL = 400_000_000


@dataclass
class Made:
    """A dossier as it was read and set, until it is written down."""

    files: list[tuple[str, bytes]]
    seen_as: list[str]


def _begin(_actor: Actor, job: Job) -> Work:
    job_id, wanted = job.id, _wanted(job)
    made: dict[int, Made] = {}

    def ready(actor: Actor, which: range) -> None:
        made.clear()
        try:
            _require_store()
            made.update({at: _make(actor, job_id, wanted[at]) for at in which})
        except store.StoreAway as away:
            raise Away(str(away)) from away

    def do(_actor: Actor, which: range) -> list[Outcome]:
        for at in which:
            _keep(job_id, at, _folder(wanted[at]), made.pop(at))
        return [Outcome(_listed(wanted[at])) for at in which]

    return Work([_listed(each) or "…" for each in wanted], do, ready=ready)


def _require_store() -> None:
    """``StoreAway`` before it is written that a dossier was taken: the job asks until the store answers.

    It asks for the newest file: of one that is missing a store may say that it must not be seen.
    """
    newest = db.session.scalar(sa.select(Attachment.key).order_by(Attachment.id.desc()).limit(1))
    if newest is not None:
        store.store().has(newest)


def _wanted(job: Job) -> list[str | int]:
    """The references of ideas, and before them the number of the meeting whose ideas they are, if any."""
    meeting_id = job.payload.get("meeting")
    return [*([meeting_id] if meeting_id else []), *job.payload["ideas"]]


def _folder(what: str | int) -> str:
    return what if isinstance(what, str) else f"meeting-{what}"


def _listed(what: str | int) -> str:
    """What the page of the job calls it: ideas by their references."""
    return what if isinstance(what, str) else ""


def _make(actor: Actor, job_id: int, what: str | int) -> Made:
    """The files of one dossier, as the person can read them at this moment.

    That it was taken is written first, and stands in it. Setting its pages takes seconds, while others can write.
    """
    if isinstance(what, int):
        commands.take_meeting_dossier(actor, meetings.find_meeting(actor, what), form="zip")
        begin_reading()
        dossier, seen_as = meeting_dossier.make(actor, what), meeting_dossier.keys_of(actor, what)
    else:
        commands.take_dossier(actor, ideas.find_idea(actor, what), form="zip")
        begin_reading()
        found = queries.read_contents(actor, what)
        dossier, seen_as = making.dossier_of(found), queries.keys_of(actor, found)
    return Made(list(making.files_of(dossier, _room(job_id))), sorted(seen_as))


def _keys_now(actor: Actor, what: str | int) -> set[str]:
    return queries.keys_now(actor, what) if isinstance(what, str) else meeting_dossier.keys_of(actor, what)


def _keep(job_id: int, at: int, folder: str, made: Made) -> None:
    """Write it down, each file as a piece."""
    for path, content in made.files:
        part = JobPart(job_id=job_id, at=at, name=f"{folder}/{path}"[:200], content=content, seen_as=made.seen_as)
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
    wanted = _wanted(job)
    open_now: dict[int, bool] = {}
    for part in list_parts(job):
        if part.at not in open_now:
            open_now[part.at] = set(part.seen_as) <= _keys_now(actor, wanted[part.at])
        if open_now[part.at]:
            yield part.name, part.content
    closed = [wanted[at] for at, is_open in open_now.items() if not is_open]
    if closed:
        seen = ideas.seen_references(actor, [what for what in closed if isinstance(what, str)])
        why = _("What you may see of these ideas has changed since this was made, so they were left out:")
        named = [_folder(w) if w in seen or isinstance(w, int) else _("an idea that is closed to you") for w in closed]
        yield "left-out.txt", f"{why}\n\n{chr(10).join(named)}\n".encode()


def _back(job: Job) -> list[Page]:
    if job.payload.get("meeting"):
        return [Page(lazy_gettext("The meeting"), "meetings.meeting", {"meeting_id": job.payload["meeting"]})]
    return [Page(lazy_gettext("Pipeline"), "pipeline.pipeline", {})]


def _called(job: Job) -> Any:
    return lazy_gettext("Dossier of a meeting") if job.payload.get("meeting") else KIND.title


KIND = Kind(
    lazy_gettext("Dossiers of several ideas"),
    _begin,
    of_each="pipeline.idea",
    seen=ideas.seen_references,
    back=_back,
    file=_file,
    called=_called,
)
