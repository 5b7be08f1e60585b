"""What has been shown to whom: the strip "Less seen", and the counts behind it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from innovation.db import insert_into
from innovation.funders.models import Exposure
from innovation.statements import ask
from innovation.values import dataclass

SELDOM = 3  # shown fewer times than this, an idea may stand in the strip
SLOTS = 7  # beside a page of 25: more than a fifth of all that is shown
logger = structlog.get_logger()


@dataclass(frozen=True)
class Seen:
    """How often an idea that fits was shown to the funder's people."""

    idea_id: int
    times: int


def choose_strip(funder_id: int, day: dt.date, pool: Iterable[Seen], *, above: Collection[int]) -> list[int]:
    """The ideas for a day's strip: seldom seen, not at the top of the list anyway, by a draw that a day fixes."""
    seldom = [seen.idea_id for seen in pool if seen.times < SELDOM and seen.idea_id not in above]

    def draw(idea_id: int) -> str:
        return hashlib.sha256(f"{day.isoformat()}:{funder_id}:{idea_id}".encode()).hexdigest()

    return sorted(seldom, key=draw)[:SLOTS]


def note_shown(engine: sa.Engine, funder_id: int, shown: Collection[int], strip: Collection[int], day: dt.date) -> None:
    """Count each idea once a day, and keep the day's strip; a failure harms nobody's page."""
    try:
        new = _not_yet_counted(engine, funder_id, shown, strip, day)
        if new:
            _count(engine, funder_id, new, strip, day)
    except SQLAlchemyError as error:
        logger.warning("exposure_not_counted", error=type(error).__name__)


def is_counted(funder_id: int, shown: Collection[int], strip: Collection[int], day: dt.date) -> bool:
    """True when all this was counted today: most pages of a day show what was shown before."""
    return not _left_over(ask(_counted(funder_id, {*shown, *strip}, day)), shown, strip, day)


def _not_yet_counted(
    engine: sa.Engine, funder_id: int, shown: Collection[int], strip: Collection[int], day: dt.date
) -> list[int]:
    """Where nothing is left over, nothing is written, and no turn among writers is taken."""
    with engine.connect().execution_options(readonly_tx=True) as connection:
        found = connection.execute(_counted(funder_id, {*shown, *strip}, day)).all()
    return _left_over(found, shown, strip, day)


def _counted(funder_id: int, ideas: Collection[int], day: dt.date) -> sa.Select[int, dt.date | None]:
    its_own = sa.and_(Exposure.funder_id == funder_id, Exposure.idea_id.in_(sorted(ideas)), Exposure.last_on >= day)
    return sa.select(Exposure.idea_id, Exposure.strip_on).where(its_own)


def _left_over(found: Iterable[Any], shown: Collection[int], strip: Collection[int], day: dt.date) -> list[int]:
    known = {row.idea_id: row.strip_on for row in found}
    return sorted(key for key in {*shown, *strip} if key not in known or (key in strip and known[key] != day))


def _count(engine: sa.Engine, funder_id: int, ideas: Collection[int], strip: Collection[int], day: dt.date) -> None:
    rows = [
        {
            "funder_id": funder_id,
            "idea_id": idea_id,
            "times": 1,
            "last_on": day,
            "strip_on": day if idea_id in strip else None,
        }
        for idea_id in ideas
    ]
    new = insert_into(Exposure, engine).values(rows)
    first_today = sa.or_(Exposure.last_on.is_(None), Exposure.last_on < new.excluded.last_on)
    statement = new.on_conflict_do_update(
        index_elements=["funder_id", "idea_id"],
        set_={
            "times": Exposure.times + sa.case((first_today, 1), else_=0),
            "last_on": new.excluded.last_on,
            "strip_on": sa.func.coalesce(new.excluded.strip_on, Exposure.strip_on),
        },
        where=sa.or_(first_today, new.excluded.strip_on.is_not(None)),
    )
    with engine.begin() as connection:
        connection.execute(statement)
