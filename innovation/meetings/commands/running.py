"""Running a meeting: it opens, people come and go, items are taken one by one, and it closes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from innovation.accounts.models import Person
from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.gates.after_models import WithheldDecision
from innovation.gates.commands import lock_scores, unlock_scores
from innovation.gates.models import Decision
from innovation.gates.queries import withheld_decision
from innovation.meetings import policy, queries
from innovation.meetings.commands.minuting import draft_minutes
from innovation.meetings.commands.planning import OVER, reviews_of
from innovation.meetings.events import (
    AttendanceNoted,
    ItemDecided,
    ItemPutOff,
    ItemTaken,
    ItemWithheld,
    MeetingClosed,
    MeetingOpened,
)
from innovation.meetings.models import LIVE, AgendaItem, Attendance, Attendee, Meeting
from innovation.permission import Actor
from workflows import AGENDA_ITEM, MEETING, Refused

PRESENCE = {"arrived": "present", "late": "present", "left": "left", "apologies": "apologies"}
NOT_OPEN = ("The meeting is not open.",)
EARLY = dt.timedelta(hours=1)


@command(policy.may_chair_meeting)
def open_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    """Open the meeting: whoever opens it is there, and every scorecard on the agenda is locked."""
    meeting.state = MEETING.fire(meeting.state, "open", meeting.facts)
    meeting.opened_at = now()
    record(actor, MeetingOpened(meeting.id))
    own = meeting.attendee_of(actor.person_id)
    if own is not None and own.presence != "present":
        _note(actor, own, "arrived")
    lock_scores(actor, reviews_of(meeting))
    return meeting


@command(policy.may_keep_attendance)
def note_attendance(actor: Actor, attendee: Attendee, *, what: str) -> Attendee:
    """Note that somebody arrived (or came late), left, or sent apologies; each at its time."""
    return _note(actor, attendee, what)


@command(policy.may_say_presence)
def say_presence(actor: Actor, meeting: Meeting, *, what: str) -> Attendee:
    """Say that one is here, has left or cannot come."""
    own = meeting.attendee_of(actor.person_id)
    if own is None:
        raise Refused(("You are not asked to this meeting.",))
    return _note(actor, own, what)


@command(policy.may_note_leaver)
def note_leaver(actor: Actor, person: Person) -> list[Attendee]:
    """Who cannot sign in any more comes to no meeting, so that the deputy presides where they were the chair."""
    asked = sa.select(Attendee).join(Attendee.meeting).where(Attendee.person_id == person.id, Meeting.state.in_(LIVE))
    found = [each for each in db.session.scalars(asked.order_by(Attendee.id)) if each.comes]
    return [_note(actor, each, "left" if each.presence == "present" else "apologies") for each in found]


def _note(actor: Actor, attendee: Attendee, what: str) -> Attendee:
    hold_row(attendee)
    meeting = attendee.meeting
    if not meeting.is_live:
        raise Refused(OVER)
    if what not in PRESENCE:
        raise Refused(("Choose what happened.",))
    here = attendee.presence == "present"
    if what in ("arrived", "late") and here:
        raise Refused(("They are here already.",))
    if what == "left" and not here:
        raise Refused(("They are not here.",))
    if what == "apologies" and here:
        raise Refused(("They are here. Note that they leave instead.",))
    if what in ("arrived", "late"):
        if meeting.state == "planned" and now() < meeting.starts_at - EARLY:
            raise Refused(("Arrivals are noted from an hour before the meeting.",))
        came_before = any(mark.what in ("arrived", "late") for mark in attendee.marks)
        what = "late" if meeting.state == "open" and not came_before and not _opens_now(meeting) else "arrived"
    attendee.presence = PRESENCE[what]
    attendee.marks.append(Attendance(what=what, at=now(), noted_by_id=actor.person_id))
    record(actor, AttendanceNoted(meeting.id, attendee.id, what))
    return attendee


def _opens_now(meeting: Meeting) -> bool:
    """True until the first item is taken: whoever comes before that has missed nothing."""
    return all(item.state == "waiting" and not item.spent for item in meeting.items)


@command(policy.may_move_on)
def take_item(actor: Actor, meeting: Meeting, *, item_id: int) -> AgendaItem:
    """Go to an item, whichever is in hand; the clock of the one before stops."""
    if meeting.state != "open":
        raise Refused(NOT_OPEN)
    item = next((each for each in meeting.items if each.id == item_id), None)
    if item is None:
        raise Refused(("Choose an item of this agenda.",))
    before = meeting.in_hand
    if before is item:
        raise Refused(("This item is in hand already.",))
    if before is not None and before.open_motion is not None:
        raise Refused(("A vote is open. Count it first.",))
    if item.review.state == "cancelled":
        raise Refused(("This panel was sent home, so there is nothing to decide. Put the item off.",))
    stop_clock(meeting)
    item.state = AGENDA_ITEM.fire(item.state, "take", item.facts)
    item.started_at, meeting.in_hand_id = now(), item.id
    record(actor, ItemTaken(meeting.id, item.id))
    return item


def stop_clock(meeting: Meeting) -> None:
    """Nothing is in hand any more; what the item took is added up."""
    item = meeting.in_hand
    if item is not None and item.started_at is not None:
        item.spent += max(0, int((now() - item.started_at).total_seconds()))
        item.started_at = None
    meeting.in_hand_id = None


@command(policy.may_chair_meeting)
def close_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    """Close the meeting: what was not decided is put off and can be scored again, and the minutes are drafted."""
    meeting.state = MEETING.fire(meeting.state, "close", meeting.facts)
    stop_clock(meeting)
    meeting.closed_at = now()
    for item in meeting.items:
        if item.is_undone or (item.state in ("waiting", "discussed") and not note_as_decided(actor, item)):
            item.state = AGENDA_ITEM.fire(item.state, "put_off", item.facts)
            item.reason = item.reason or "The meeting closed before it was decided."
            record(actor, ItemPutOff(meeting.id, item.id))
    unlock_scores(actor, reviews_of(meeting))
    record(actor, MeetingClosed(meeting.id))
    queries.load_talk(meeting)
    draft_minutes(actor, meeting)
    return meeting


def note_as_decided(actor: Actor, item: AgendaItem) -> bool:
    """Note what the panel has decided, though not by the page of this meeting; False where it has not."""
    made = withheld_decision(item.review) if item.review.is_open else item.review.decision
    if made is None:
        return False
    item.state = AGENDA_ITEM.fire(item.state, "note", item.facts)
    if item.meeting.in_hand_id == item.id:
        stop_clock(item.meeting)
    keep_decision(actor, item, made, elsewhere=True)
    return True


def keep_decision(
    actor: Actor, item: AgendaItem, made: Decision | WithheldDecision, *, elsewhere: bool = False
) -> None:
    """Write down with a decided item what was decided, and how many were at the table."""
    db.session.flush()
    item.present = len(item.electors)
    if isinstance(made, Decision):
        item.decision, item.withheld = made, None
        record(actor, ItemDecided(item.meeting_id, item.id, made.id, item.present, elsewhere))
    else:
        item.decision, item.withheld = None, made
        record(actor, ItemWithheld(item.meeting_id, item.id, made.id, item.present, elsewhere))
