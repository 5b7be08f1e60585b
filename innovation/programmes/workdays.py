"""Working days: weekdays that are no public holiday where the programme is."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from innovation.db import now
from innovation.programmes.models import Programme

SATURDAY = 5


def today_of(programme: Programme) -> dt.date:
    """The date where the programme is."""
    return now().astimezone(ZoneInfo(programme.timezone)).date()


@lru_cache(maxsize=400)
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """The days off of a country (ISO 3166, two letters) in a year, as the ``holidays`` package knows them."""
    if not country:
        return frozenset()
    import holidays  # a third of a second, which only those pay who count days

    return frozenset(holidays.country_holidays(country, years=year))


@cache
def countries() -> tuple[str, ...]:
    """The countries whose public holidays are known, by their two letters."""
    import holidays

    return tuple(sorted(code for code in holidays.list_supported_countries(include_aliases=False) if len(code) == 2))


def is_working_day(day: dt.date, country: str = "") -> bool:
    return day.weekday() < SATURDAY and day not in public_holidays(country, day.year)


@lru_cache(maxsize=256)  # a table of ideas asks of one day for each of its rows
def working_days_after(day: dt.date, count: int, country: str = "") -> dt.date:
    """The working day that lies ``count`` working days after ``day``; for none, ``day`` or the next working day."""
    while count:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, country)
    while not is_working_day(day, country):
        day += dt.timedelta(days=1)
    return day


def previous_working_day(day: dt.date, country: str = "") -> dt.date:
    """The day itself, or else the last working day before it."""
    while not is_working_day(day, country):
        day -= dt.timedelta(days=1)
    return day


def working_days_between(start: dt.date, end: dt.date, country: str = "") -> int:
    """How many working days come after ``start``, up to ``end``; 0 where ``end`` is not later."""
    days = ((start + dt.timedelta(days=n)) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, country) for day in days)
