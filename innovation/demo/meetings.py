"""Meetings of the demonstration: one that was held and whose minutes are signed, and one that is planned."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from innovation.db import db
from innovation.demo.cast import Cast
from innovation.demo.sitting import Sitting
from innovation.demo.telling import Story, moment
from innovation.gates.models import Panel
from innovation.meetings import commands, queries
from innovation.meetings.models import Meeting
from innovation.permission import SYSTEM

DAY = dt.timedelta(days=1)
SAID = (
    "The panel asked how the idea differs from what the district does already. The canvas answers that in a line.",
    "Two members would like to see one term of attendance figures before more schools join.",
)
COMMENT = "I asked for the figures of one term, not of a year. Please say so."


def held(cast: Cast, sitting: Sitting, on: dt.date) -> Story:
    """The panel meets on the day of its decision; one member comes late, one cannot come."""
    coordinator, chair, secretary = (cast.actor(who) for who in ("coordinator", "chair", "secretary"))
    review = sitting.review
    yield moment(on - DAY * 6, 15)
    planned = commands.plan_meeting(
        coordinator,
        db.session.get_one(Panel, review.panel_id),
        title="Pilot gate: panel meeting",
        starts_at=moment(on, 9, 30),
        minutes=60,
        venue="Programme office, board room",
        which="open",
    )
    sitting.meeting_id = planned.id
    commands.set_agenda(coordinator, _again(planned), review_ids=[review.id], minutes={review.id: 40})
    yield moment(on - DAY, 16)
    commands.fix_agenda(chair, _again(planned), order="reference")
    yield moment(on, 9, 26)
    scoring = [seat for seat in review.seats if seat.counts and seat.role != "chair"]
    _note(cast, planned, [seat.person_id for seat in scoring[1:]], "arrived")
    yield moment(on, 9, 31)
    commands.open_meeting(chair, _again(planned))
    commands.say_presence(secretary, _again(planned), what="arrived")
    yield moment(on, 9, 38)
    commands.take_item(chair, _again(planned), item_id=_again(planned).items[0].id)
    yield moment(on, 9, 52)
    _note(cast, planned, [seat.person_id for seat in scoring[:1]], "late")
    yield moment(on, 10, 5)
    for text in SAID:
        commands.take_note(secretary, _again(planned).items[0], text=text)
    yield moment(on, 10, 20)
    _vote(cast, planned, sitting.leads_to)
    yield moment(on, 11, 20)  # the decision has been recorded at 11:15
    commands.close_meeting(chair, _again(planned))
    yield moment(on + DAY, 10)
    commands.circulate_minutes(secretary, _again(planned))
    yield moment(on + DAY * 2, 14)
    meeting = _again(planned)
    member = cast.actor(scoring[0].person)
    comment = commands.comment_minutes(member, meeting, text=COMMENT, item_id=meeting.items[0].id)
    yield moment(on + DAY * 5, 9)
    text = f"{SAID[0]}\nTwo members asked for the attendance figures of one term before more schools join."
    commands.correct_minutes(secretary, _again(planned), remarks="", texts={meeting.items[0].id: text})
    commands.answer_comment(secretary, comment, answer="Taken up: it says one term now.")
    commands.circulate_minutes(secretary, _again(planned))
    yield moment(on + DAY * 6, 8, 30)
    commands.sign_minutes(chair, _again(planned))


def _again(meeting: Meeting) -> Meeting:
    """The meeting as it is by now."""
    return queries.find_meeting(SYSTEM, meeting.id)


def _note(cast: Cast, meeting: Meeting, people: list[int], what: str) -> None:
    for attendee in _again(meeting).attendees:
        if attendee.person_id in people:
            commands.note_attendance(cast.actor("secretary"), attendee, what=what)


def _vote(cast: Cast, meeting: Meeting, outcome: str) -> None:
    item = _again(meeting).items[0]
    motion = commands.put_motion(cast.actor("chair"), item, outcome=outcome)
    for number, seat in enumerate(seat for seat in item.review.seats if seat.person_id in item.electors):
        choice = "abstain" if number == 1 else "for"
        commands.cast_vote(cast.actor(seat.person), motion, choice=choice)
    commands.count_votes(cast.actor("chair"), motion)


def plan_the_next(cast: Cast, today: dt.date) -> None:
    """Next week, the panel with the most that is ready meets."""
    coordinator = cast.actor("coordinator")
    day = today + DAY * (9 - today.weekday() if today.weekday() < 5 else 14 - today.weekday())
    panels = db.session.scalars(sa.select(Panel).where(Panel.retired_at.is_(None)).order_by(Panel.id))
    ready = {p: len(queries.list_ready(coordinator, p, whose="gate", which="ready")) for p in panels}
    panel = max(ready, key=lambda each: (ready[each], -each.id))
    commands.plan_meeting(
        coordinator,
        panel,
        title=f"{cast.programme.workflow_version.definition.gate(panel.gate_key).name}: panel meeting",
        starts_at=moment(day, 10),
        minutes=90,
        venue="Programme office, board room",
        link="https://meet.example/panel",
        openings=3,
        money_cents=1_500_000_00,
        whose="gate",
        which="ready",
    )
