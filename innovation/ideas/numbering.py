"""The references of ideas and whatever else is counted by a prefix: no two transactions get the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from innovation.db import db, insert_into, now
from innovation.programmes.models import Programme, ReferenceCounter, Region
from innovation.statements import ask, keep, write

PREFIX = keep(sa.select(Region.prefix).where(Region.id == sa.bindparam("region")))


def next_references(programme: Programme, region_id: int, many: int) -> list[str]:
    """The next references of the region in this year, such as LP26-0317; no two transactions get the same."""
    [region] = ask(PREFIX, {"region": region_id})
    year = now().astimezone(ZoneInfo(programme.timezone)).year
    prefix = f"{region.prefix}{year % 100:02d}"
    last = count_up(prefix, many)
    return [f"{prefix}-{number:04d}" for number in range(last - many + 1, last + 1)]


def count_up(prefix: str, by: int = 1) -> int:
    """The last of the next numbers of a prefix, counted in one statement that other transactions wait for."""
    [(last,)] = write(_begin_or_count(db.engine.dialect.name), [{"prefix": prefix, "last": by}])
    return int(last)


@lru_cache(maxsize=2)
def _begin_or_count(_dialect: str) -> Any:
    """A counter begun, or counted on, in the words of the engine."""
    counter: Any = ReferenceCounter.__table__
    row = insert_into(counter)
    row = row.on_conflict_do_update(index_elements=["prefix"], set_={"last": counter.c.last + row.excluded.last})
    return row.returning(counter.c.last)
