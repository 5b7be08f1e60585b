"""The standing readings of an indicator in a term as one piece: what thousands of sites show is read at once.

Written in the transaction that writes the readings, like their sums. Only what reads or writes readings needs NumPy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.db import db, insert_into
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import KINDS_OF_SITE, Reading, ReadingColumn
from innovation.statements import write

COLUMNS: Any = ReadingColumn.__table__
PARTS = [("site", "<i4"), ("learners", "<i4"), ("value", "<f8")]  # in the order of the sites
UNSAID = -1  # learners
Key = tuple[int, str]
"""The number of an indicator, and a term."""
Said = tuple[float, int | None]
"""A value, and of how many learners."""


class Summed(NamedTuple):
    """The readings of one kind of site in a term: ``told`` of the ``sites`` are in the sums."""

    indicator_id: int
    term: str
    kind: str
    sites: int
    told: int
    total: float
    lowest: float
    highest: float
    learners: int


CHANGE = sa.update(COLUMNS).values(content=sa.bindparam("new"))
CHANGE = CHANGE.where(COLUMNS.c.indicator_id == sa.bindparam("of"), COLUMNS.c.term == sa.bindparam("at"))


def move_columns(said: Mapping[Key, Mapping[int, Said | None]]) -> None:
    """Let the columns hold what is said by site, and no more of those of which nothing is. Part of a transaction."""
    if not said:
        return
    rows = [{"indicator_id": of, "term": at, "content": b""} for of, at in sorted(said)]
    write(insert_into(COLUMNS).on_conflict_do_nothing(), rows)
    there = _read(said, locked=True)
    write(CHANGE, [{"of": of, "at": at, "new": _merged(there[of, at], said[of, at])} for of, at in sorted(said)])


def _merged(content: bytes, said: Mapping[int, Said | None]) -> bytes:
    import numpy as np

    there = np.frombuffer(content, PARTS)
    new = np.array([_row(site, found) for site, found in said.items() if found is not None], PARTS)
    both = np.concatenate([there[~np.isin(there["site"], list(said))], new])
    return both[np.argsort(both["site"])].tobytes()


def _row(site: int, said: Said) -> tuple[int, int, float]:
    return site, UNSAID if said[1] is None else said[1], said[0]


def _read(keys: Collection[Key], *, locked: bool = False) -> dict[Key, bytes]:
    query = sa.select(COLUMNS.c.indicator_id, COLUMNS.c.term, COLUMNS.c.content)
    query = query.where(COLUMNS.c.indicator_id.in_({k[0] for k in keys}), COLUMNS.c.term.in_({k[1] for k in keys}))
    if locked:  # in one order, so that two never wait for each other
        query = query.order_by(COLUMNS.c.indicator_id, COLUMNS.c.term).with_for_update()
    return {(of, at): content for of, at, content in db.session.execute(query)}


def read_columns(indicator_ids: Iterable[int], terms: Iterable[str]) -> dict[Key, Any]:
    """The column of each indicator in each of these terms, as an array of ``PARTS``; none where nothing was read."""
    import numpy as np

    found = _read([(of, at) for of in indicator_ids for at in terms])
    return {key: np.frombuffer(content, PARTS) for key, content in found.items()}


def without_few(rows: Iterable[Any], places: Any) -> list[Any]:
    """Sums of readings, without the sites with too few learners to tell of; ``places`` are those of the pilot.

    They have the fields of ``ReadingSummary`` that a picture is made from; sums of which nothing remains have no sites.
    """
    import numpy as np

    listed, everywhere = list(rows), bool(_few(places["learners"]).any())
    touched = [row for row in listed if row.small or everywhere]
    columns = read_columns({row.indicator_id for row in touched}, {row.term for row in touched}) if touched else {}
    kinds = dict(zip(KINDS_OF_SITE, range(len(KINDS_OF_SITE)), strict=True))
    found = []
    for row in listed:
        if not row.small and not everywhere:
            found.append(row)
            continue
        column = columns.get((row.indicator_id, row.term), np.empty(0, PARTS))  # what cannot be looked at is not told
        own = places[np.searchsorted(places["site"], column["site"])]
        learners = np.where(column["learners"] == UNSAID, own["learners"], column["learners"])
        told = (own["kind"] == kinds[row.kind]) & ~_few(learners)
        found.append(_summed(row, column["value"][told], column["learners"][told]))
    return found


def _few(learners: Any) -> Any:
    return (learners > 0) & (learners < FEWEST_LEARNERS)


def _summed(row: Any, values: Any, learners: Any) -> Summed:
    key = (row.indicator_id, row.term, row.kind, row.sites)
    if not len(values):
        return Summed(*key, 0, 0.0, 0.0, 0.0, 0)
    sums = (float(values.sum()), float(values.min()), float(values.max()), int(learners[learners != UNSAID].sum()))
    return Summed(*key, len(values), *sums)


def make_columns_anew(indicator_ids: Iterable[int]) -> None:
    """Make them from the readings that stand: for whoever has written readings by another way."""
    for of in indicator_ids:
        db.session.execute(sa.delete(COLUMNS).where(COLUMNS.c.indicator_id == of))
        query = sa.select(Reading.term, Reading.site_id, Reading.value, Reading.learners)
        said: dict[Key, dict[int, Said | None]] = defaultdict(dict)
        for at, site, value, learners in db.session.execute(
            query.where(Reading.indicator_id == of, Reading.replaced_at.is_(None))
        ):
            said[of, at][site] = value, learners
        move_columns(said)
