"""How often words occur in ideas: counted from a sample by the clock, kept in one row, and held in each process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from innovation.db import db, now
from innovation.ideas.models import Idea
from innovation.ideas.relation_models import WordCount
from innovation.ideas.similarity import Rarity, count

SAMPLE, PIECE = 4_000, 400  # ideas, and how many of them are read at once
COMMON_FROM = 3  # of the sample; a rarer stem is found by its index without looking through many ideas
STALE_AFTER = 600.0  # seconds that a process goes by what it has read
GROWN = 1.1  # counted anew when there are a tenth more ideas

_held: dict[str, tuple[float, Rarity]] = {}


def rarity() -> Rarity:
    """How many ideas hold each stem, as far as it has been counted; nothing is counted for the asking."""
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
    row = db.session.connection().execute(sa.select(WordCount.newest_id, WordCount.texts, WordCount.counts)).first()
    if row is None:
        return Rarity(0, {})
    scale = row.newest_id / row.texts if row.texts else 1.0
    pairs = (each.rpartition("=") for each in row.counts.split())
    return Rarity(row.newest_id, {stem: int(n) * scale for stem, _sign, n in pairs}, unknown=scale)


def recount() -> bool:
    """Count the words of a sample anew where there are many more ideas than last time; part of a transaction."""
    newest = db.session.scalar(sa.select(sa.func.max(Idea.id))) or 0
    row = db.session.scalars(sa.select(WordCount)).first()
    if newest == 0 or (row is not None and newest < row.newest_id * GROWN):
        return False
    found = count(_texts(newest))
    common = Counter({stem: int(n) for stem, n in found.counts.items() if n >= COMMON_FROM or newest <= SAMPLE})
    row = row or WordCount()
    row.newest_id, row.texts, row.counted_at = newest, int(found.n), now()
    row.counts = " ".join(f"{stem}={n}" for stem, n in common.most_common())
    db.session.add(row)
    return True


def _texts(newest: int) -> Iterator[str]:
    """What a sample of the ideas say, evenly from the first to the newest."""
    step = max(1, newest // SAMPLE)
    ids = list(range(1, newest + 1, step))
    for at in range(0, len(ids), PIECE):
        query = sa.select(Idea.title, Idea.search_text).where(Idea.id.in_(ids[at : at + PIECE]))
        for title, text in db.session.connection().execute(query):
            yield f"{title}. {text}"
