"""A meeting as calendars know it: an invitation, its change, or its end (RFC 5545, RFC 5546)."""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from innovation.db import now
from innovation.meetings.models import Meeting

SHOWN = ("title", "venue", "link", "starts_at", "minutes")


def write(meeting: Meeting, *, method: str, to: tuple[str, str], sender: str, url: str) -> str:
    """The text of an .ics file for one person, by ``method`` REQUEST, CANCEL or PUBLISH. It names no idea."""
    # Reading every time zone takes its time, and few processes write invitations.
    from icalendar import Calendar, Event, vCalAddress, vText

    zone = ZoneInfo(meeting.programme.timezone)
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{urlsplit(url).hostname or 'localhost'}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now())
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", (meeting.starts_at + dt.timedelta(minutes=meeting.minutes)).astimezone(zone))
    event.add("summary", meeting.title)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if meeting.venue or meeting.link:
        event.add("location", meeting.venue or meeting.link)
    event.add("description", "\n".join(part for part in (meeting.link, url) if part))
    event.add("url", url)
    name, address = parseaddr(sender)
    if address:
        organiser = vCalAddress(f"mailto:{address}")
        organiser.params["cn"] = vText(name)
        event["organizer"] = organiser
    if to[1]:
        attendee = vCalAddress(f"mailto:{to[1]}")
        attendee.params["cn"] = vText(to[0])
        attendee.params["role"] = vText("REQ-PARTICIPANT")
        event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Gatehouse//meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text.decode()
