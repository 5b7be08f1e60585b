"""Meetings in the world of the tests: one planned, one open with an item in hand, one whose minutes went round."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates.models import Panel, Review
from innovation.meetings import commands, drafting
from innovation.meetings.models import AgendaItem, Attendee, Meeting, Minutes
from tests import make

HERE = ("chair", "seat_none", "seat_accepted")


def build(people: dict[str, int], things: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Make them; what they are called, and their ids."""
    panel = db.session.get_one(Panel, things["panel"]["screening"])
    coordinator, chair = (make.actor(db.session.get_one(Person, people[who])) for who in ("coordinator", "chair"))
    told = {"starts_at": now() + dt.timedelta(minutes=30), "which": "open"}
    opened = commands.plan_meeting(coordinator, panel, title="Open meeting", **told)
    convened = things["review"]["convened"]
    commands.set_agenda(coordinator, opened, review_ids=[convened], minutes={})
    planned = commands.plan_meeting(coordinator, panel, title="Planned meeting", **told)
    commands.fix_agenda(chair, opened, order="reference")
    commands.open_meeting(chair, opened)
    opened.items[0].review.locked_at = None  # cards of this world can be changed; the tests of meetings lock theirs
    for who in HERE[1:]:
        commands.say_presence(make.actor(db.session.get_one(Person, people[who])), opened, what="arrived")
    [item] = opened.items
    commands.take_item(chair, opened, item_id=item.id)
    motion = commands.put_motion(chair, item, outcome="go")
    minuted, comment = _minuted(panel, people, things)
    foreign = make.add(Meeting(**_row("Foreign meeting", db.session.get_one(Panel, things["panel"]["foreign"]))))
    seats = {seat.person_id: seat.id for seat in item.review.seats}
    return {
        "meeting": {"planned": planned.id, "open": opened.id, "minuted": minuted.id, "foreign": foreign.id},
        "item": {"open": item.id},
        "motion": {"open": motion.id},
        "comment": {"minuted": comment.id},
        "attendee": {"open": next(each.id for each in opened.attendees if each.person_id == people["seat_none"])},
        "leave": {"open": seats[people["seat_none"]]},
    }


def _row(title: str, panel: Panel, **more: Any) -> dict[str, Any]:
    about = {"programme_id": panel.programme_id, "panel_id": panel.id, "gate_key": panel.gate_key}
    return {"title": title, "starts_at": now() - dt.timedelta(days=1), **about, **more}


def _minuted(panel: Panel, people: dict[str, int], things: dict[str, dict[str, Any]]) -> tuple[Meeting, Any]:
    """A meeting that decided about the review which is decided, with a comment on its minutes."""
    review = db.session.get_one(Review, things["review"]["decided"])
    item = AgendaItem(review=review, number=1, state="decided", decision_id=review.decisions[-1].id, present=3)
    asked = [Attendee(person_id=m.person_id, part=m.role, presence="present") for m in panel.members]
    times = {"fixed_at": now(), "opened_at": now(), "closed_at": now()}
    row = _row("Minuted meeting", panel, state="minuted", items=[item], attendees=asked, **times)
    meeting = make.add(Meeting(**row))
    content = drafting.content_of(meeting)
    checksum = drafting.checksum_of(content)
    make.add(Minutes(meeting_id=meeting.id, number=1, content=content, checksum=checksum, circulated_at=now()))
    member = make.actor(db.session.get_one(Person, people["seat_none"]))
    return meeting, commands.comment_minutes(member, meeting, text="I came earlier.")
