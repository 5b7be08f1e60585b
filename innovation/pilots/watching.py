"""Stop thresholds are watched: what is written on the wrong side of one raises a warning."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from innovation.db import db
from innovation.pilots.columns import without_few
from innovation.pilots.effects import is_worse
from innovation.pilots.places import read_places
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.reading_models import (
    BASELINE,
    COMPARISON,
    PROGRAMME,
    Reading,
    ReadingSummary,
    StopWarning,
    kind_of_site,
)
from innovation.rows import insert_all

WATCHED = ("running", "asking", "paused")
DAYS = 7  # within which a warning is to be answered
Key = tuple[int, str]


class Moved(NamedTuple):
    """What a site has now, after a write; nothing when its reading was taken out."""

    kind: str
    value: float | None


class Found(NamedTuple):
    """What a warning would be about: the mean where no site is named; no ``value`` where there is nothing to judge.

    ``told`` is that mean without the sites of too few learners.
    """

    indicator_id: int
    term: str
    site_id: int | None
    value: float | None
    told: float | None = None


def is_crossed(value: float | None, indicator: Indicator) -> bool:
    """Whether a value lies on the wrong side of the threshold; one that is equal to it does not."""
    if value is None or indicator.stop_at is None:
        return False
    return is_worse(value, indicator.stop_at, more_is_better=indicator.more_is_better)


class Raised(NamedTuple):
    """How many warnings are new, and one of them for each indicator and term of which nobody had been warned."""

    number: int = 0
    to_tell: tuple[int, ...] = ()


def watch(pilot: Pilot, touched: Mapping[Key, Mapping[int, Moved]], at: dt.datetime) -> Raised:
    """Raise warnings for what was written, and note on those that are there when their value is taken back.

    Part of a transaction.
    """
    guarded = {each.id: each for each in pilot.indicators if each.stop_at is not None}
    keys = [key for key in touched if key[0] in guarded and key[1] != BASELINE]
    if pilot.state not in WATCHED or not keys:
        return Raised()
    there, raised = _warnings_of(pilot, keys), list[StopWarning]()
    open_before = {(each.indicator_id, each.term) for each in there.values() if each.answered_at is None}
    for found in [*_means(pilot, keys), *_sites(touched, keys)]:
        indicator, warning = guarded[found.indicator_id], there.get(found[:3])
        crossed = is_crossed(found.value, indicator)
        if crossed and (warning is None or (warning.answered_at and warning.taken_back_at)):
            raised.append(_warning(pilot, indicator, found, at))
        elif warning is not None and crossed == bool(warning.taken_back_at):
            warning.taken_back_at = None if crossed else at
    insert_all(raised)
    told = {(each.indicator_id, each.term): each.id for each in raised}
    return Raised(len(raised), tuple(number for key, number in told.items() if key not in open_before))


def judge_anew(pilot: Pilot, indicators: Collection[Indicator], at: dt.datetime) -> Raised:
    """Hold all that was measured of these indicators against their thresholds as they are now.

    Places that have left ask for no decision any more. What is answered stays answered. Part of a transaction.
    """
    kinds = (PilotSite.is_comparison, PilotSite.is_high_dosage)
    query = sa.select(Reading.indicator_id, Reading.term, Reading.site_id, Reading.value, *kinds)
    query = query.join(PilotSite, PilotSite.id == Reading.site_id).where(PilotSite.left_on.is_(None))
    of = Reading.indicator_id.in_([each.id for each in indicators])
    touched: dict[Key, dict[int, Moved]] = defaultdict(dict)
    for number, term, site, value, comparison, high in db.session.execute(
        query.where(of, Reading.replaced_at.is_(None))
    ):
        kind = kind_of_site(is_comparison=comparison, is_high_dosage=high)
        touched[number, term][site] = Moved(kind, value)
    return watch(pilot, touched, at)


def _warnings_of(pilot: Pilot, keys: Collection[Key]) -> dict[tuple[int, str, int | None], StopWarning]:
    """The newest warning about each mean and site of these indicators and terms."""
    query = sa.select(StopWarning).where(StopWarning.pilot_id == pilot.id, *_among(StopWarning, keys))
    found = db.session.scalars(query.order_by(StopWarning.id))
    return {(each.indicator_id, each.term, each.site_id): each for each in found}


def _among(model: Any, keys: Collection[Key]) -> tuple[Any, Any]:
    return model.indicator_id.in_({key[0] for key in keys}), model.term.in_({key[1] for key in keys})


def _means(pilot: Pilot, keys: Collection[Key]) -> Iterator[Found]:
    """The means of the sites where the programme works, as soon as half of these have reported."""
    expected = _expected(pilot)
    query = sa.select(ReadingSummary).where(ReadingSummary.kind == PROGRAMME, *_among(ReadingSummary, keys))
    rows = {
        (row.indicator_id, row.term): row for row in db.session.scalars(query.execution_options(populate_existing=True))
    }
    judged = {key: row for key, row in rows.items() if key in keys and row.sites * 2 >= expected and row.sites}
    told = {(row.indicator_id, row.term): row for row in without_few(judged.values(), read_places(pilot))}
    for key in keys:
        row = judged.get(key)
        yield Found(*key, None, *((_mean(row, row.sites), _mean(told[key], told[key].told)) if row else (None,)))


def _mean(of: Any, sites: int) -> float | None:
    return of.total / sites if sites else None


def _expected(pilot: Pilot) -> int:
    at_work = (PilotSite.is_comparison.is_(False), PilotSite.is_high_dosage.is_(False), PilotSite.left_on.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).where(PilotSite.pilot_id == pilot.id, *at_work)) or 0


def _sites(touched: Mapping[Key, Mapping[int, Moved]], keys: Collection[Key]) -> Iterator[Found]:
    """Single sites; what is measured where nothing is done warns of nothing."""
    for key in keys:
        for site_id, moved in touched[key].items():
            if moved.kind != COMPARISON:
                yield Found(*key, site_id, moved.value)


def _warning(pilot: Pilot, indicator: Indicator, found: Found, at: dt.datetime) -> StopWarning:
    return StopWarning(
        pilot_id=pilot.id,
        indicator_id=indicator.id,
        term=found.term,
        site_id=found.site_id,
        value=found.value,
        told=found.told if is_crossed(found.told, indicator) else None,
        threshold=indicator.stop_at,
        raised_at=at,
        answer_by=at.date() + dt.timedelta(days=DAYS),
    )
