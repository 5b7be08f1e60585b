"""Reading what was measured in a pilot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import raiseload

from innovation.accounts.models import Person
from innovation.db import Page, db, paginate
from innovation.permission import Actor, NotThere
from innovation.pilots import policy
from innovation.pilots.columns import without_few
from innovation.pilots.places import NAME, named_sites, read_places, told_apart
from innovation.pilots.plan_models import Indicator, Pilot, PilotSite
from innovation.pilots.privacy import FEWEST_LEARNERS
from innovation.pilots.reading_models import BASELINE, Reading, ReadingSummary
from innovation.places.models import School
from innovation.places.queries import list_terms

ON_PAGE = 25
MOST_MISSING = 20


def list_readings(indicator: Indicator) -> list[Reading]:
    """The readings of an indicator that stand, the oldest term first, the baseline before all."""
    query = sa.select(Reading).where(Reading.indicator_id == indicator.id, Reading.replaced_at.is_(None))
    found = db.session.scalars(query.order_by(Reading.term, Reading.site_id))
    return sorted(found, key=lambda reading: (reading.term != BASELINE, reading.term, reading.site_id))


def terms_of(pilot: Pilot, summaries: Iterable[Any] | None = None) -> list[str]:
    """What readings can be of: the baseline, the terms that the pilot touches, and those that have readings."""
    planned = [term.key for term in list_terms(pilot.starts_on, pilot.ends_on)] if pilot.starts_on else []
    had = {row.term for row in (list_summaries(pilot) if summaries is None else summaries)}
    return [BASELINE, *sorted({*planned, *had} - {BASELINE})]


def list_summaries(pilot: Pilot) -> Sequence[Any]:
    """What the readings of each indicator come to, by term and kind of site; as many rows for 5 000 sites as for 5.

    Each row says of how many sites, ``told``, it is the sum: here of all.
    """
    own = sa.select(Indicator.id).where(Indicator.pilot_id == pilot.id)
    columns = [getattr(ReadingSummary, column.key) for column in ReadingSummary.__table__.c]
    columns.append(ReadingSummary.sites.label("told"))
    return db.session.execute(sa.select(*columns).where(ReadingSummary.indicator_id.in_(own))).all()


def list_told_summaries(pilot: Pilot) -> Sequence[Any]:
    """The same for whoever may not see single values: sites with too few learners are counted, and in no sum."""
    return without_few(list_summaries(pilot), read_places(pilot))


class SiteRow(NamedTuple):
    """A site as the page for typing shows it."""

    id: int
    place: str
    name: str
    is_comparison: bool
    is_high_dosage: bool


def list_sites_to_read(pilot: Pilot, *, text: str = "", page: int = 1) -> Page[Any]:
    """The sites that have not left, by name; ``text`` is part of the number or of the name."""
    columns: tuple[Any, ...] = (PilotSite.id, PilotSite.place, NAME, PilotSite.is_comparison, PilotSite.is_high_dosage)
    query = sa.select(*columns).outerjoin(School, School.emis == PilotSite.emis)
    query = query.where(PilotSite.pilot_id == pilot.id, PilotSite.left_on.is_(None))
    query = like_words(query, text, NAME, PilotSite.place)
    return paginate(query.order_by(NAME, PilotSite.id), page=page, size=ON_PAGE, scalars=False)


def like_words(query: sa.Select[Any], text: str, *columns: Any) -> sa.Select[Any]:
    """What holds each word of the text in one of the columns."""
    for word in text.split()[:5]:
        like = f"%{_plain(word)}%"
        query = query.where(sa.or_(*(column.ilike(like, escape="\\") for column in columns)))
    return query


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def readings_at(indicator_ids: Collection[int], term: str, site_ids: Collection[int]) -> dict[tuple[int, int], Reading]:
    """The standing readings by indicator and site."""
    query = sa.select(Reading).where(
        Reading.indicator_id.in_(indicator_ids), Reading.term == term, Reading.site_id.in_(site_ids)
    )
    found = db.session.scalars(query.where(Reading.replaced_at.is_(None)).options(raiseload("*")))
    return {(each.indicator_id, each.site_id): each for each in found}


def is_small(learners: int | None) -> bool:
    """Whether so few learners were measured that only those who typed it are shown it."""
    return learners is not None and learners < FEWEST_LEARNERS


def list_values(indicator: Indicator, *, fewest: int = FEWEST_LEARNERS) -> Sequence[Any]:
    """The standing values of an indicator by site and term, with their learners, spread and kind of site.

    Those of fewer than ``fewest`` learners are left out; only pages for the team itself ask for all, with 0.
    """
    columns = (Reading.site_id, Reading.term, Reading.value, Reading.learners, Reading.spread)
    query = sa.select(*columns, PilotSite.is_comparison, PilotSite.is_high_dosage)
    query = query.join(PilotSite, PilotSite.id == Reading.site_id)
    query = query.where(Reading.indicator_id == indicator.id, Reading.replaced_at.is_(None))
    enough = sa.or_(Reading.learners.is_(None), Reading.learners >= fewest)
    return db.session.execute(query.where(enough).order_by(Reading.term, Reading.site_id)).all()


class History(NamedTuple):
    """Everything that stood in a cell, the newest first, with who wrote and who replaced it."""

    indicator: Indicator
    site: PilotSite
    readings: list[Reading]
    names: dict[int, str]


def find_history(actor: Actor, pilot: Pilot, indicator_id: int, site_id: int) -> History:
    """The readings of an indicator at a site, of all terms; ``NotThere`` for what is none of the pilot's."""
    indicator, site = db.session.get(Indicator, indicator_id), db.session.get(PilotSite, site_id)
    own = indicator is not None and site is not None and {indicator.pilot_id, site.pilot_id} == {pilot.id}
    if not own or not policy.may_see_pilot.allows(actor, pilot):
        raise NotThere
    query = sa.select(Reading).where(Reading.indicator_id == indicator_id, Reading.site_id == site_id)
    readings = list(db.session.scalars(query.order_by(Reading.id.desc()).limit(200).options(raiseload("*"))))
    who = {number for each in readings for number in (each.taken_by_id, each.replaced_by_id) if number}
    return History(indicator, site, readings, names_of(who))  # type: ignore[arg-type]


def names_of(who: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(who)))
    return {row.id: row.name for row in rows}


def list_missing(pilot: Pilot, indicator: Indicator, term: str) -> list[str]:
    """The first sites that have not reported an indicator in a term."""
    reported = sa.exists().where(
        Reading.indicator_id == indicator.id,
        Reading.term == term,
        Reading.site_id == PilotSite.id,
        Reading.replaced_at.is_(None),
    )
    query = named_sites().where(PilotSite.pilot_id == pilot.id, PilotSite.left_on.is_(None), ~reported)
    return list(told_apart(db.session.execute(query.order_by(PilotSite.id).limit(MOST_MISSING))).values())


def count_places(pilot: Pilot) -> int:
    """How many sites have not left."""
    query = sa.select(sa.func.count()).where(PilotSite.pilot_id == pilot.id, PilotSite.left_on.is_(None))
    return db.session.scalar(query) or 0
