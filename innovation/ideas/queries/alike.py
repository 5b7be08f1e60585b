"""Ideas that read alike, of those that a person may see."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.ideas import search
from innovation.ideas.models import Idea
from innovation.ideas.queries.one import visible
from innovation.ideas.similarity import Candidate, alike, nearest
from innovation.permission import Actor
from innovation.programmes import definitions
from innovation.programmes.models import WorkflowVersion
from innovation.statements import ask, prepared
from workflows import Gate, Stage


class Alike(NamedTuple):
    reference: str
    title: str
    where: Stage | Gate
    likeness: int


def find_alike(
    actor: Actor, title: str, problem: str = "", *, programme_id: int | None = None, exclude: int | None = None
) -> list[Alike]:
    """Up to five ideas that the person may see and that read alike, the most alike first; one query."""
    words = search.telling_words(f"{title} {problem}")
    if not words:
        return []
    asked = {"shared": search.any_of(words), "but": exclude or 0}
    rows = {row.id: row for row in ask(_candidates(actor, programme_id), asked)}
    candidates = [Candidate(row.id, row.title, row.text) for row in rows.values()]
    return [_alike(rows[idea_id], score) for idea_id, score in alike(title, problem, nearest(words, candidates))]


def _alike(row: Any, likeness: int) -> Alike:
    return Alike(row.reference, row.title, definitions.of(row.checksum).place(row.place), likeness)


@prepared
def _candidates(actor: Actor, programme_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    text = sa.func.substr(Idea.search_text, 1, 600).label("text")
    sharing = search.sharing(sa.bindparam("shared", type_=sa.String)).subquery().select()
    query = (
        sa.select(Idea.id, Idea.title, text, Idea.reference, Idea.place, WorkflowVersion.checksum)
        .join(WorkflowVersion, WorkflowVersion.id == Idea.workflow_version_id)
        .where(Idea.id.in_(sharing), visible(actor), Idea.standing != "withdrawn", Idea.id != sa.bindparam("but"))
    )
    if programme_id is not None:
        query = query.where(Idea.programme_id == programme_id)
    return query.limit(search.CANDIDATES)
