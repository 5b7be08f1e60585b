"""Days and instants of a record, as people read them."""

from __future__ import annotations

import datetime as dt

from innovation.web import day, moment


def when(iso: str) -> str:
    """An instant or a day as it stands in a record; empty where there is none."""
    if not iso:
        return ""
    return moment(dt.datetime.fromisoformat(iso)) if "T" in iso else day(dt.date.fromisoformat(iso))
