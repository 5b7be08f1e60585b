"""Searching lessons by their words, with the same engines and the same manners as ideas."""

from __future__ import annotations

import sqlalchemy as sa

from innovation.ideas.lesson_models import Lesson
from innovation.ideas.search import MOST_MATCHES
from innovation.searching import all_of, on_postgresql, words

FTS = sa.table("lesson_fts", sa.column("rowid", sa.Integer))


def matching(text: str) -> sa.ColumnElement[bool]:
    """The condition on ``Lesson`` that every word occurs, the last one also as a beginning; none without a word.

    It holds for the newest ``MOST_MATCHES`` of them.
    """
    found = words(text)
    return Lesson.id.in_(_newest(all_of(found))) if found else sa.false()


def sharing(asked: sa.BindParameter[str], limit: int) -> sa.Select[int]:
    """The ids of the newest lessons that hold words of ``search.beginning_with_any``."""
    return _found(asked).limit(limit)


def _newest(query: str) -> sa.Select[int]:
    return _found(query).limit(MOST_MATCHES).subquery().select()


def _found(query: str | sa.BindParameter[str]) -> sa.Select[int]:
    if on_postgresql():
        vector: sa.ColumnElement[str] = sa.literal_column("lesson.search_vector")
        holds = vector.op("@@", is_comparison=True)(sa.func.to_tsquery("simple", query))
        return sa.select(Lesson.id).where(holds).order_by((Lesson.id + 0).desc())
    holds = sa.literal_column("lesson_fts").op("MATCH", is_comparison=True)(query)
    return sa.select(FTS.c.rowid).where(holds).order_by(FTS.c.rowid.desc())
