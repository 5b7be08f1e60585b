"""Working days: weekdays for now; public holidays are not counted out yet."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from innovation.db import now
from innovation.ideas.models import Idea
from innovation.programmes.models import Programme
from workflows import Gate

SATURDAY = 5


def today_of(programme: Programme) -> dt.date:
    """The date where the programme is."""
    return now().astimezone(ZoneInfo(programme.timezone)).date()


def reading_until(idea: Idea, gate: Gate) -> dt.date:
    """The day until which a panel has time to read what was handed in at its gate."""
    handed_in = idea.place_since.astimezone(ZoneInfo(idea.programme.timezone)).date()
    return working_days_after(handed_in, gate.reading_days) if gate.reading_days else handed_in


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
