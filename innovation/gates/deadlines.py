"""Working days: weekdays for now; public holidays are not counted out yet."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from innovation.db import now
from innovation.programmes.models import Programme

SATURDAY = 5


def today_of(programme: Programme) -> dt.date:
    """The date where the programme is."""
    return now().astimezone(ZoneInfo(programme.timezone)).date()


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The day that lies ``count`` weekdays after ``day``."""
    weeks, rest = divmod(count, 5)
    day += dt.timedelta(weeks=weeks)
    while rest:
        day += dt.timedelta(days=1)
        rest -= day.weekday() < SATURDAY
    while day.weekday() >= SATURDAY:
        day += dt.timedelta(days=1)
    return day
