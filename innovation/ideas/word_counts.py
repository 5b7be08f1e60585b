"""How often words occur in ideas: counted from a sample by the clock, kept in one row, and held in each process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from innovation.command import transaction
from innovation.db import begin_reading, db, now
from innovation.ideas.models import Idea
from innovation.ideas.relation_models import WordCount
from innovation.ideas.similarity import Rarity, count
from innovation.traces import spoil

SAMPLE, FEW, PIECE = 4_000, 400, 400  # ideas; those counted at once; how many are read together
COMMON_FROM = 3  # of the sample; a rarer stem is found by its index without looking through many ideas
STALE_AFTER = 600.0  # seconds that a process goes by what it has read
GROWN = 1.1  # counted anew when there are a tenth more ideas

_held: dict[str, tuple[float, Rarity]] = {}


def rarity() -> Rarity:
    """How many ideas hold each stem, as far as it has been counted; nothing is counted for the asking."""
    spoil()
    place = str(db.engine.url)
    read_at, found = _held.get(place, (float("-inf"), Rarity(0, {})))
    if time.monotonic() - read_at > STALE_AFTER:
        found = _read()
        _held[place] = time.monotonic(), found
    return found


def forget() -> None:
    """Let this process read the counts anew."""
    _held.clear()


def _read() -> Rarity:
    """What was counted last; where nothing has been and there are many ideas, a small sample is counted now."""
    one = sa.select(sa.literal(1).label("one")).subquery()
    newest = sa.select(sa.func.max(Idea.id)).scalar_subquery()
    columns = (newest.label("newest"), WordCount.newest_id, WordCount.texts, WordCount.counts)
    query = sa.select(*columns).select_from(one.outerjoin(WordCount, sa.true()))
    row = db.session.connection().execute(query).one()
    if row.counts is not None:
        pairs = (each.rpartition("=") for each in row.counts.split())
        return _scaled(row.newest_id, row.texts, {stem: int(n) for stem, _sign, n in pairs})
    if (row.newest or 0) < FEW:
        return Rarity(0, {})
    found = count(_texts(row.newest, FEW))
    return _scaled(row.newest, int(found.n), found.counts)


def _scaled(ideas: int, texts: int, counts: Mapping[str, float]) -> Rarity:
    """What a sample says of all ideas; a stem that is in none of it is held by about as many as one text stands for."""
    scale = ideas / texts if texts else 1.0
    return Rarity(ideas, {stem: n * scale for stem, n in counts.items()}, unknown=scale / 2)


def recount() -> bool:
    """Count the words of a sample anew where there are many more ideas than last time; others write meanwhile."""
    begin_reading()
    newest = db.session.scalar(sa.select(sa.func.max(Idea.id))) or 0
    row = db.session.scalars(sa.select(WordCount)).first()
    if newest == 0 or (row is not None and newest < row.newest_id * GROWN):
        return False
    found = count(_texts(newest, SAMPLE))
    common = Counter({stem: int(n) for stem, n in found.counts.items() if n >= COMMON_FROM or newest <= SAMPLE})
    with transaction():
        row = db.session.scalars(sa.select(WordCount)).first() or WordCount()
        row.newest_id, row.texts, row.counted_at = newest, int(found.n), now()
        row.counts = " ".join(f"{stem}={n}" for stem, n in common.most_common())
        db.session.add(row)
    return True


def _texts(newest: int, sample: int) -> Iterator[str]:
    """What a sample of the ideas say, evenly from the first to the newest."""
    step = max(1, newest // sample)
    ids = list(range(1, newest + 1, step))
    for at in range(0, len(ids), PIECE):
        query = sa.select(Idea.title, Idea.search_text).where(Idea.id.in_(ids[at : at + PIECE]))
        for title, text in db.session.connection().execute(query):
            yield f"{title}. {text}"
