"""Ideas that read alike, of those that a person may see."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from innovation.db import db
from innovation.ideas import search
from innovation.ideas.models import Idea
from innovation.ideas.queries.lists import row_query
from innovation.ideas.queries.one import visible
from innovation.ideas.similarity import Candidate, alike
from innovation.permission import Actor


@dataclass(frozen=True)
class Alike:
    idea: Idea
    likeness: int


def find_alike(
    actor: Actor, title: str, problem: str = "", *, programme_id: int | None = None, exclude: int | None = None
) -> list[Alike]:
    """Up to five ideas that the person may see and that read alike, the most alike first; two queries."""
    query = (
        sa.select(Idea.id, Idea.title, Idea.search_text)
        .where(Idea.id.in_(search.sharing_words(f"{title} {problem}").subquery().select()), visible(actor))
        .where(Idea.standing != "withdrawn", Idea.id != (exclude or 0))
    )
    if programme_id is not None:
        query = query.where(Idea.programme_id == programme_id)
    candidates = [
        Candidate(i, name, text[:600]) for i, name, text in db.session.execute(query.limit(search.CANDIDATES))
    ]
    scores = dict(alike(title, problem, candidates))
    if not scores:
        return []
    found = {idea.id: idea for idea in db.session.scalars(row_query().where(Idea.id.in_(scores)))}
    return [Alike(found[idea_id], score) for idea_id, score in scores.items()]
