"""What is due for somebody as a calendar that programs read by themselves: iCalendar, RFC 5545."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from innovation.pipeline.work import Task

if TYPE_CHECKING:
    from icalendar import Event


def feed(tasks: Iterable[Task], *, name: str, root: str) -> bytes:
    """A day, or its hours, for each task. Titles of ideas stay at home: calendars lie on other people's servers."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Gatehouse//What is due//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(hours=6), parameters={"value": "DURATION"})
    for task in tasks:
        if task.due_on is not None:
            calendar.add_component(_event(task, task.due_on, root))
    body: bytes = calendar.to_ical()
    return body


def _event(task: Task, due_on: dt.date, root: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{hashlib.sha256(f'{root}{task.url}:{task.text}'.encode()).hexdigest()[:32]}@gatehouse")
    event.add("dtstamp", dt.datetime.combine(due_on, dt.time(), dt.UTC))  # the same answer until something changes
    start, end = task.hours or (due_on, due_on + dt.timedelta(days=1))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{task.text} ({task.reference})")
    event.add("url", urljoin(root, task.url))
    event.add("transp", "OPAQUE" if task.hours else "TRANSPARENT")
    return event
