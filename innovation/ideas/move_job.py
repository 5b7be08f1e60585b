"""Moving many ideas to another version of their process as a long job."""

from __future__ import annotations

from innovation.db import db
from innovation.ideas import queries, version_moves
from innovation.ideas.moved import VersionMove
from innovation.jobs.kinds import Kind, Outcome, Page, Work
from innovation.jobs.models import Job
from innovation.languages import lazy_gettext
from innovation.permission import Actor


def _begin(_actor: Actor, job: Job) -> Work:
    references: list[str] = job.payload["ideas"]
    move_id: int = job.payload["move"]

    def do(actor: Actor, which: range) -> list[Outcome]:
        move = db.session.get_one(VersionMove, move_id)
        return [_one(actor, move, references[at]) for at in which]

    return Work(references, do)


def _one(actor: Actor, move: VersionMove, reference: str) -> Outcome:
    moved = version_moves.move_idea(actor, queries.find_idea(actor, reference), move=move)
    return Outcome(reference) if moved else Outcome(result="known")


def _back(job: Job) -> list[Page]:
    move = db.session.get(VersionMove, job.payload["move"])
    values = {"key": move.programme.key, "move_id": move.id} if move else {}
    return [Page(lazy_gettext("The move"), "ideas.version_move", values)] if move else []


KIND = Kind(
    lazy_gettext("Move ideas to another version"),
    _begin,
    of_each="pipeline.idea",
    seen=queries.seen_references,
    back=_back,
)
