"""The references of ideas (decision 0064), and whatever else is counted by a prefix: no two get the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from innovation.db import db, insert_into, now, writers_take_turns
from innovation.programmes.models import Programme, ReferenceCounter, Region
from innovation.statements import write, write_apart

COUNTER: Any = ReferenceCounter.__table__
REGION: Any = sa.bindparam("region")
YEAR: Any = sa.bindparam("year", type_=sa.String)
BY: Any = sa.bindparam("by", type_=sa.Integer)
NEED_NOT_WAIT = sa.func.set_config("synchronous_commit", "off", sa.true())  # an idea's own commit takes it to the disk


def next_references(programme: Programme, region_id: int, many: int) -> list[str]:
    """The next references of the region in this year, such as LP26-0317; no two transactions get the same.

    They are used up even where nothing comes of them, so that nobody waits for the transaction of another.
    """
    year = now().astimezone(ZoneInfo(programme.timezone)).year
    asked = {"region": region_id, "year": f"{year % 100:02d}", "by": many}
    counting = _begin_or_count_in_region(db.engine.dialect.name)
    known = [] if writers_take_turns() else write_apart(counting, asked)
    [(prefix, last, *_more)] = known or write(counting, [asked])  # a region may be as new as the idea
    return [f"{prefix}-{number:04d}" for number in range(last - many + 1, last + 1)]


def count_up(prefix: str, by: int = 1) -> int:
    """The last of the next numbers of a prefix, counted in one statement that other transactions wait for."""
    [(last,)] = write(_begin_or_count(db.engine.dialect.name), [{"prefix": prefix, "last": by}])
    return int(last)


@lru_cache(maxsize=2)
def _begin_or_count(_dialect: str) -> Any:
    """A counter begun, or counted on, in the words of the engine."""
    return _counted_on(insert_into(COUNTER)).returning(COUNTER.c.last)


@lru_cache(maxsize=2)
def _begin_or_count_in_region(dialect: str) -> Any:
    """The same for the prefix of a region in a year."""
    first = sa.select(Region.prefix.concat(YEAR), BY).where(Region.id == REGION)
    row = insert_into(COUNTER).from_select(["prefix", "last"], first)
    quick = () if dialect == "sqlite" else (NEED_NOT_WAIT,)
    return _counted_on(row).returning(COUNTER.c.prefix, COUNTER.c.last, *quick)


def _counted_on(row: Any) -> Any:
    return row.on_conflict_do_update(index_elements=["prefix"], set_={"last": COUNTER.c.last + row.excluded.last})
