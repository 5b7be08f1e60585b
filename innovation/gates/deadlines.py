"""By when a panel reads and decides, in working days of the programme."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from innovation.ideas.models import Idea
from innovation.programmes.models import Programme
from innovation.programmes.workdays import today_of, working_days_after, working_days_between
from workflows import Gate

__all__ = ["due_after", "later_by_pause", "reading_until", "today_of", "working_days_after"]


def due_after(programme: Programme, count: int) -> dt.date:
    """The day that lies ``count`` working days after today."""
    return working_days_after(today_of(programme), count, programme.country)


def later_by_pause(programme: Programme, day: dt.date, since: dt.date) -> dt.date:
    """A day that was set before the clock stopped, later by the working days since then."""
    pause = working_days_between(since, today_of(programme), programme.country)
    return working_days_after(day, pause, programme.country)


def reading_until(idea: Idea, gate: Gate) -> dt.date:
    """The day until which a panel has time to read what was handed in at its gate."""
    handed_in = idea.place_since.astimezone(ZoneInfo(idea.programme.timezone)).date()
    if not gate.reading_days:
        return handed_in
    return working_days_after(handed_in, gate.reading_days, idea.programme.country)
