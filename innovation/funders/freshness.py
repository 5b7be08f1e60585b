"""For how long a mandate counts and an interest waits, and when people are reminded of the end."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from innovation.web import local

ANSWER_BEFORE = (14, 3)  # days before an interest ends on which the owner is reminded to answer
BEFORE = (30, 7, 0)  # days before a mandate goes stale on which its keepers are told


def stale_on(confirmed_at: dt.datetime) -> dt.date:
    """The day from which a mandate confirmed then counts no more."""
    days = int(current_app.config["SETTINGS"].mandate_days)
    return local(confirmed_at).date() + dt.timedelta(days=days)


def reminded_of(today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of going stale of which somebody is reminded today, late or early."""
    return today - dt.timedelta(days=max(BEFORE)), today + dt.timedelta(days=max(BEFORE))


def reminder_day(stale: dt.date, today: dt.date, before: tuple[int, ...] = BEFORE) -> dt.date | None:
    """The newest day, up to ``today``, on which to remind of what ends on the day ``stale``; None before the first."""
    days = (stale - dt.timedelta(days=each) for each in before)
    return max((day for day in days if day <= today), default=None)


# Interest


def ends_on(shown_at: dt.datetime) -> dt.date:
    """The day from which an interest shown then can be answered no more."""
    return local(shown_at).date() + dt.timedelta(days=_interest_days())


def waits_since(today: dt.date, left: int) -> dt.datetime:
    """Interest shown before this instant may have so many days left, or fewer; ``ends_on`` knows it to the day."""
    day = today - dt.timedelta(days=_interest_days() - left - 1)
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _interest_days() -> int:
    return int(current_app.config["SETTINGS"].interest_days)
