"""The days on which people are told of a date: pure, in the working days of a country."""

from __future__ import annotations

import datetime as dt

from innovation.programmes.workdays import previous_working_day, working_days_after

BEFORE, AFTER = (7, 2), (1,)  # days around a date on which people are reminded
ESCALATED_AFTER = 3  # days after a date on which coordinators are told what is still missing
LONG_PAST = 30  # days after which nobody is told of a date any more; the list of what is due still has it
FURTHEST = max(BEFORE) + 7  # days ahead in which to look: a reminder before a row of holidays comes earlier


def reminder_day(
    due: dt.date, day: dt.date, country: str = "", before: tuple[int, ...] = BEFORE, after: tuple[int, ...] = AFTER
) -> dt.date | None:
    """The newest day, up to ``day``, on which people are to be reminded of a date; None before the first.

    A week and two days before the date, and the day after it, unless other days are named. One that falls on a day off
    moves: before the date to the last working day, after it to the next. Whoever was away on the day itself, a worker
    too, makes up for it: each of these days is told once.
    """
    ahead = [previous_working_day(due - dt.timedelta(days=each), country) for each in before]
    behind = [working_days_after(due + dt.timedelta(days=each), 0, country) for each in after]
    return max((each for each in (*ahead, *behind) if each <= day), default=None)


def escalation_day(due: dt.date, country: str = "") -> dt.date:
    """The working day on which coordinators are told that a date has passed."""
    return working_days_after(due + dt.timedelta(days=ESCALATED_AFTER), 0, country)
