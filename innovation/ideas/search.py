"""Searching ideas: SQLite FTS5 and PostgreSQL's text search behind a few functions that never raise on nonsense."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from innovation.ideas.models import Idea
from innovation.searching import all_of, bare, composed, each_begun, on_postgresql, words

CANDIDATES = 200  # that are ranked or put in order: the newest
MOST_MATCHES = 5_000  # that a long list looks through: the newest; a word that more ideas share hardly narrows it
NOTHING = "0nothing0"  # what no idea holds, as both indexes read it
fts = sa.table("idea_fts", sa.column("rowid", sa.Integer))


def matching(text: str) -> sa.ColumnElement[bool]:
    """The condition on ``Idea`` that every word occurs, the last one also as a beginning; none without a word."""
    found = words(text)
    if not found:
        return sa.false()
    query = all_of(found)
    return _matches(query) if on_postgresql() else Idea.id.in_(sa.select(fts.c.rowid).where(_match(query)))


def newest(query: sa.Select[Any], text: str, most: int | None = None, *, is_narrowed: bool = True) -> sa.Select[Any]:
    """A query about ``Idea`` for the newest ``most`` that hold the words; none without a word.

    Without ``most``: one more than ``CANDIDATES``, on SQLite of the newest ``MOST_MATCHES`` that hold the words.
    """
    found = words(text)
    if not found:
        return query.where(sa.false())
    query = query.order_by(None).limit(most or CANDIDATES + 1)
    if on_postgresql():  # it knows how common a word is, and reads from the newest back where nothing else narrows
        by_age = Idea.id + 0 if is_narrowed else Idea.id
        return query.where(_matches(all_of(found))).order_by(by_age.desc())
    listed = _newest(all_of(found), most or MOST_MATCHES).subquery()
    return query.join(listed, listed.c[0] == Idea.id).order_by(listed.c[0].desc())


def count_matches(text: str) -> sa.ColumnElement[int]:
    """How many ideas hold the words, whoever may see them, up to ``MOST_MATCHES``; a part of a query.

    None on PostgreSQL, where ``newest`` looks through all of them.
    """
    sought = words(text)
    if on_postgresql() or not sought:
        return sa.literal(0)
    found = _newest(all_of(sought), MOST_MATCHES).subquery()
    return sa.select(sa.func.count()).select_from(found).scalar_subquery()


def titled(
    text: str,
    within: Sequence[sa.Select[Any]] = (),
    most: int = MOST_MATCHES,
    where: sa.ColumnElement[bool] | None = None,
) -> sa.Select[Any]:
    """The ids of the newest ideas with words in reference and title that begin so.

    Of those in each query of ids, which are few, and of those for which a condition on ``Idea`` holds.
    """
    found = words(text)
    if not found:
        return sa.select(Idea.id).where(sa.false())
    if on_postgresql():
        query = sa.select(Idea.id).where(_matches(each_begun(found, "A")), *(Idea.id.in_(ids) for ids in within))
        query = query if where is None else query.where(where)
        return query.order_by((Idea.id + 0 if within else Idea.id).desc()).limit(most)
    there = ((fts.c.rowid + 0).in_(ids) for ids in within)  # looked up for each match: else each would be matched alone
    query = sa.select(fts.c.rowid).where(_match(f"{{reference title}} : ({each_begun(found)})"), *there)
    query = query if where is None else query.join(Idea, Idea.id == fts.c.rowid).where(where)
    return query.order_by(fts.c.rowid.desc()).limit(most)


def ranked(text: str, within: sa.ColumnElement[bool]) -> sa.Subquery:
    """Columns ``id`` and ``score`` (higher is better) of the newest ``CANDIDATES`` matches, and of one more."""
    query = all_of(words(text))
    if not query:
        return sa.select(Idea.id, sa.literal(0.0).label("score")).where(sa.false()).subquery("ranked")
    if on_postgresql():
        found = sa.select(Idea.id).where(_matches(query), within).order_by(Idea.id.desc())
        newest_ones = found.limit(CANDIDATES + 1).subquery()  # else each match would be ranked
        rank = sa.func.ts_rank(_vector(), sa.func.to_tsquery("simple", query))
        named = sa.select(Idea.id, rank.label("score")).select_from(newest_ones)
        return named.join(Idea, Idea.id == newest_ones.c.id).subquery("ranked")
    # The index gives its matches newest first, so the walk ends at the last candidate.
    score = -sa.func.bm25(sa.literal_column("idea_fts"), 10.0, 8.0, 1.0)
    return (
        sa.select(fts.c.rowid.label("id"), score.label("score"))
        .select_from(fts.join(Idea.__table__, Idea.id == fts.c.rowid))
        .where(_match(query), within)
        .order_by(fts.c.rowid.desc())
        .limit(CANDIDATES + 1)
        .subquery("ranked")
    )


def beginning_with_any(beginnings: Sequence[str]) -> str:
    """What the index is asked for to find words that begin with any of these."""
    if on_postgresql():
        return " | ".join(f"'{bare(word[:40])}':*" for word in beginnings)
    return " OR ".join(f'"{word[:40]}"*' for word in beginnings)


def sharing(asked: sa.BindParameter[str], limit: int = 300) -> sa.Select[int]:
    """The ids of the newest ideas that the index gives for ``beginning_with_any``: where to look for ones alike."""
    if on_postgresql():
        return sa.select(Idea.id).where(_matches(asked)).order_by(Idea.id.desc()).limit(limit)
    return sa.select(fts.c.rowid).where(_match(asked)).order_by(fts.c.rowid.desc()).limit(limit)


def snippet(text: str, query: str, width: int = 160) -> list[tuple[str, bool]]:
    """A piece of the text around the first word found, in parts; True marks the parts that were looked for."""
    found, text = words(query), composed(text)
    if not found:
        return [(text[:width], False)]
    pattern = re.compile("|".join(rf"\b{re.escape(bare(word))}\w*" for word in found), re.IGNORECASE)
    first = pattern.search(bare(text))
    start = max(0, (first.start() if first else 0) - width // 3)
    piece = text[start : start + width]
    parts: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = 0
    for match in pattern.finditer(bare(piece)):
        parts += [(piece[at : match.start()], False), (piece[match.start() : match.end()], True)]
        at = match.end()
    parts.append((piece[at:] + (" …" if start + width < len(text) else ""), False))
    return [part for part in parts if part[0]]


def _matches(query: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return _vector().op("@@", is_comparison=True)(sa.func.to_tsquery("simple", query))


def _newest(query: str, most: int) -> sa.Select[int]:
    """The ids of the newest ideas that match, on SQLite."""
    return sa.select(fts.c.rowid).where(_match(query)).order_by(fts.c.rowid.desc()).limit(most)


def _match(query: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return sa.literal_column("idea_fts").op("MATCH", is_comparison=True)(query)


def _vector() -> sa.ColumnElement[str]:
    return sa.literal_column("idea.search_vector")
