"""Making ideas in bulk: any number of them, the same for the same seed, by the rules that commands follow."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import cast

import sqlalchemy as sa

from innovation.db import ample_cache, db, indexed_afterwards
from innovation.demo.bulk.handing import file_away
from innovation.demo.bulk.interests import show_interests
from innovation.demo.bulk.life import Life
from innovation.demo.bulk.rows import TABLES, Chains, Rows
from innovation.demo.bulk.society import Society, gather, hold_clinics
from innovation.demo.cast import Cast
from innovation.ideas.models import Idea
from innovation.ideas.moves import count
from innovation.programmes.models import ReferenceCounter
from innovation.searching import indexed_at_once
from workflows import State

CHUNK = 25_000


def make_ideas(told: Cast, many: int, seed: int, latest: dt.datetime) -> None:
    """Add ``many`` ideas with their clinics, panels, decisions and events, in the current transaction."""
    with ample_cache(), indexed_afterwards(TABLES), indexed_at_once():
        _make_ideas(told, many, seed, latest)


def _make_ideas(told: Cast, many: int, seed: int, latest: dt.datetime) -> None:
    rows, chains = Rows(), Chains()
    numbers = {row.prefix: row.last for row in db.session.scalars(sa.select(ReferenceCounter))}
    society = gather(told, rows, chains, latest, numbers)
    clinics = hold_clinics(society, many, Random(seed))
    for number in range(many):
        Life(society, clinics[number * len(clinics) // many], number, seed).live()
        if rows.many:
            _write(society, seed)
        if (number + 1) % CHUNK == 0:
            _close(society, seed)
    _close(society, seed)
    _count(society)
    rows.finish()


def _close(society: Society, seed: int) -> None:
    """Write what waits; ideas of later chunks join none of these any more."""
    _write(society, seed)
    society.chains.write()
    society.alive.clear()
    society.owners.clear()


def _write(society: Society, seed: int) -> None:
    show_interests(society, seed)
    file_away(society.unfiled)
    society.rows.write()


def _count(society: Society) -> None:
    """Keep the counts of the line and of references as commands would have left them."""
    home = society.cast.programme.id
    for (region_id, place, standing), n in society.counted.items():
        idea = cast(Idea, _Counted(home, region_id))
        count(idea, {State(place, standing): n})
    for prefix, last in society.numbers.items():
        counter = db.session.get(ReferenceCounter, prefix)
        if counter is None:
            db.session.add(ReferenceCounter(prefix=prefix, last=last))
        else:
            counter.last = last


class _Counted:
    """As much of an idea as the counts of the line need."""

    def __init__(self, programme_id: int, region_id: int) -> None:
        self.programme_id, self.region_id = programme_id, region_id
