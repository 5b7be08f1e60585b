"""For how long a mandate counts once it is made or confirmed, and when its keepers are reminded of the end."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from innovation.web import local

BEFORE = (30, 7, 0)  # days before a mandate goes stale on which its keepers are told


def stale_on(confirmed_at: dt.datetime) -> dt.date:
    """The day from which a mandate confirmed then counts no more."""
    days = int(current_app.config["SETTINGS"].mandate_days)
    return local(confirmed_at).date() + dt.timedelta(days=days)


def reminded_of(today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of going stale of which somebody is reminded today, late or early."""
    return today - dt.timedelta(days=max(BEFORE)), today + dt.timedelta(days=max(BEFORE))


def reminder_day(stale: dt.date, today: dt.date) -> dt.date | None:
    """The newest day, up to ``today``, on which to remind of a mandate that goes stale; None before the first."""
    days = (stale - dt.timedelta(days=before) for before in BEFORE)
    return max((day for day in days if day <= today), default=None)
