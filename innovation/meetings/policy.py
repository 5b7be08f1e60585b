"""Who prepares a meeting, who chairs it, who follows it, and who has a say in an item."""

from __future__ import annotations

from typing import Any

from innovation.accounts.policy import COORDINATOR, MANAGER
from innovation.gates.models import CHAIRING_ROLES
from innovation.gates.policy import CHAIRS, HELPED_TO_CAPTURE, INVOLVED, RUNS_GATES
from innovation.meetings.models import Meeting
from innovation.permission import SIGNED_IN, Actor, allow, word


def meeting_of(subject: Any) -> Meeting:
    """The meeting that a subject is, or belongs to."""
    found: Meeting = subject if isinstance(subject, Meeting) else subject.meeting
    return found


@word("whoever is asked to the meeting")
def attends(actor: Actor, subject: Any) -> bool:
    return actor.person_id is not None and meeting_of(subject).attendee_of(actor.person_id) is not None


@word("the secretary of the meeting")
def keeps_minutes(actor: Actor, subject: Any) -> bool:
    found = meeting_of(subject).attendee_of(actor.person_id)
    return found is not None and found.part == "secretary"


@word("the chair of the meeting, or the deputy where no chair comes")
def presides(actor: Actor, subject: Any) -> bool:
    return any(each.person_id == actor.person_id for each in meeting_of(subject).leading)


@word("who chairs the item in hand")
def chairs_in_hand(actor: Actor, subject: Any) -> bool:
    item = meeting_of(subject).in_hand
    return item is not None and CHAIRS.holds(actor, item) and not any(bar.holds(actor, item) for bar in INVOLVED)


@word("the secretary of the item's panel, once they have declared")
def notes_down(actor: Actor, subject: Any) -> bool:
    seat = subject.review.seat_of(actor.person_id)
    return seat is not None and seat.role == "secretary" and seat.cleared


@word("a member who scores the item, has declared, and is at the table")
def has_a_vote(actor: Actor, subject: Any) -> bool:
    return actor.person_id in subject.item.electors


@word("the chair, co-chair or deputy who was there")
def led(actor: Actor, subject: Any) -> bool:
    found = meeting_of(subject).attendee_of(actor.person_id)
    return found is not None and found.part in CHAIRING_ROLES and found.presence in ("present", "left")


ATTENDS, KEEPS_MINUTES, PRESIDES, CHAIRS_IN_HAND = attends, keeps_minutes, presides, chairs_in_hand
NOTES_DOWN, HAS_A_VOTE, LED = notes_down, has_a_vote, led
PREPARES = (COORDINATOR, MANAGER, KEEPS_MINUTES)

# The meeting
may_list_meetings = allow(SIGNED_IN)
may_plan_meeting = allow(RUNS_GATES)
may_call_panel_together = allow(COORDINATOR, MANAGER)
may_see_meeting = allow(ATTENDS, COORDINATOR, MANAGER)
may_prepare_meeting = allow(*PREPARES)
may_ask_to_meeting = allow(*PREPARES)
may_fix_agenda = allow(PRESIDES)
may_chair_meeting = allow(PRESIDES)
may_move_on = allow(PRESIDES, CHAIRS_IN_HAND)
may_keep_attendance = allow(*PREPARES, PRESIDES)
may_say_presence = allow(ATTENDS)
may_note_leaver = allow()

# An item of it
may_take_notes = allow(CHAIRS, NOTES_DOWN, COORDINATOR, MANAGER, unless=INVOLVED)
may_put_motion = allow(CHAIRS, unless=INVOLVED)
may_vote_on_motion = allow(HAS_A_VOTE, unless=INVOLVED)
may_put_off_item = allow(CHAIRS, unless=INVOLVED)
may_decide_item = allow(CHAIRS, unless=(*INVOLVED, HELPED_TO_CAPTURE))
may_note_decision = allow()

# Its minutes
may_write_minutes = allow(*PREPARES)
may_comment_minutes = allow(ATTENDS, COORDINATOR, MANAGER)
may_sign_minutes = allow(LED)
