"""Planning a meeting: when and where, who is asked, what is on the agenda, and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from innovation.accounts.models import Person
from innovation.command import command
from innovation.db import db, now
from innovation.events import record, record_all
from innovation.gates.models import Panel, Review
from innovation.gates.queries import owes_card
from innovation.meetings import invitations, policy, queries
from innovation.meetings.events import (
    AgendaChanged,
    AgendaFixed,
    MeetingCancelled,
    MeetingChanged,
    MeetingPlanned,
    PersonAsked,
)
from innovation.meetings.models import AgendaItem, Attendee, Meeting
from innovation.permission import Actor
from workflows import MEETING, Refused

OVER = ("The meeting is over, or was cancelled.",)
BEGUN = ("The meeting has begun, so its agenda stays as it is.",)
SCORE_FIRST = "Submit your own scorecards first: an order by rank tells what the others gave."
TOLD = invitations.SHOWN
PARTS = ("secretary", "observer")


@command(policy.may_call_panel_together)
def plan_meeting(
    actor: Actor,
    panel: Panel,
    *,
    title: str,
    starts_at: dt.datetime,
    minutes: int = 120,
    venue: str = "",
    link: str = "",
    openings: int | None = None,
    money_cents: int | None = None,
    whose: str = "panel",
    which: str = "ready",
) -> Meeting:
    """A meeting of the panel about what is ready (see ``queries.list_ready``); everybody at those reviews is asked."""
    _require_ahead(starts_at)
    if panel.retired_at is not None:
        raise Refused(("This panel has been retired.",))
    reviews = queries.list_ready(actor, panel, whose=whose, which=which)
    meeting = Meeting(
        programme_id=panel.programme_id,
        region_id=panel.region_id,
        panel_id=panel.id,
        gate_key=panel.gate_key,
        title=title,
        venue=venue,
        link=link,
        starts_at=starts_at,
        minutes=minutes,
        openings=openings,
        money_cents=money_cents,
        state=MEETING.initial,
        planned_by_id=actor.person_id,
        planned_at=now(),
        items=[],
        attendees=[],
    )
    db.session.add(meeting)
    meeting.items += [AgendaItem(review=review, minutes=_share(minutes, len(reviews))) for review in reviews]
    db.session.flush()
    record(actor, MeetingPlanned(meeting.id, panel.id, tuple(review.id for review in reviews)))
    _ask(actor, meeting, {m.person_id: m.role for m in panel.members if m.until is None} | queries.people_of(reviews))
    return meeting


def _require_ahead(starts_at: dt.datetime) -> None:
    if starts_at <= now():
        raise Refused(("This time has passed. Choose one that lies ahead.",))


def _share(minutes: int, items: int) -> int:
    """The minutes of a meeting in equal parts, five at least."""
    return max(5, minutes // items) if items else minutes


def _ask(actor: Actor, meeting: Meeting, parts: Mapping[int, str]) -> None:
    """Ask people who have not been asked yet."""
    known = {each.person_id for each in meeting.attendees}
    fresh = [Attendee(person_id=p, part=part, marks=[]) for p, part in sorted(parts.items()) if p not in known]
    meeting.attendees += fresh
    db.session.flush()
    if fresh:
        record_all(actor, [PersonAsked(meeting.id, each.id, each.part) for each in fresh])


@command(policy.may_prepare_meeting)
def change_meeting(actor: Actor, meeting: Meeting, **details: Any) -> Meeting:
    """Change when, where or how much there is to give, until the meeting opens; calendars are told what they show."""
    if meeting.state != "planned":
        raise Refused(("A meeting that has begun, or is over, is not changed.",))
    changed = tuple(sorted(name for name, value in details.items() if getattr(meeting, name) != value))
    if "starts_at" in changed:
        _require_ahead(details["starts_at"])
    for name in changed:
        setattr(meeting, name, details[name])
    if set(changed) & set(TOLD):
        meeting.sequence += 1
    if changed:
        record(actor, MeetingChanged(meeting.id, meeting.sequence, changed))
    return meeting


@command(policy.may_prepare_meeting)
def cancel_meeting(actor: Actor, meeting: Meeting) -> Meeting:
    """Call the meeting off; everybody who was asked is told, and their calendars too."""
    meeting.state = MEETING.fire(meeting.state, "cancel", meeting.facts)
    meeting.sequence += 1
    record(actor, MeetingCancelled(meeting.id, meeting.sequence))
    return meeting


@command(policy.may_ask_to_meeting)
def ask_to_meeting(actor: Actor, meeting: Meeting, *, person_id: int, part: str) -> Attendee:
    """Ask one more person, who writes the minutes or observes; whoever sits is asked by their seat."""
    if not meeting.is_live:
        raise Refused(OVER)
    if part not in PARTS:
        raise Refused(("Choose what the person comes as.",))
    person = db.session.get(Person, person_id)
    if person is None or person.account is None:
        raise Refused(("Nobody signs in with this address. Invite the person first.",))
    known = meeting.attendee_of(person_id)
    if known is not None:
        raise Refused((f"{person.name} has been asked already.",))
    _ask(actor, meeting, {person_id: part})
    return meeting.attendees[-1]


# The agenda


@command(policy.may_prepare_meeting)
def set_agenda(actor: Actor, meeting: Meeting, *, review_ids: Iterable[int], minutes: Mapping[int, int]) -> Meeting:
    """Keep, add and take away items until the chair fixes the agenda anew; ``minutes`` are by review.

    An item about which this person may know nothing stays as it is.
    """
    if meeting.state != "planned":
        raise Refused(BEGUN)
    wanted = set(review_ids)
    open_to = {item.review_id for item in meeting.items if queries.relation_to(actor, item).relation != "closed"}
    could = {r.id: r for r in queries.list_ready(actor, meeting.panel, whose="gate", which="open")}
    before = {item.review_id for item in meeting.items}
    unknown = wanted - before - could.keys()
    if unknown:
        raise Refused(("One of these ideas cannot be put on this agenda any more. Look at the list again.",))
    for item in [item for item in meeting.items if item.review_id in open_to - wanted]:
        meeting.items.remove(item)
        db.session.delete(item)
    fresh = [could[review_id] for review_id in sorted(wanted - before)]
    meeting.items += [AgendaItem(review=review) for review in fresh]
    db.session.flush()
    for item in meeting.items:
        item.minutes = minutes.get(item.review_id, item.minutes) or item.minutes
    if {item.review_id for item in meeting.items} != before:
        meeting.fixed_at = None
        for item in meeting.items:
            item.number = None
        meeting.ordered_by = ""
        record(actor, AgendaChanged(meeting.id, tuple(sorted(item.review_id for item in meeting.items))))
        _ask(actor, meeting, queries.people_of(fresh))
    else:
        flag_modified(meeting, "title")
    return meeting


@command(policy.may_fix_agenda)
def fix_agenda(actor: Actor, meeting: Meeting, *, order: str, numbers: Mapping[int, int] | None = None) -> Meeting:
    """Fix the order: by "rank", by "reference", or by "numbers" given to the items.

    From now on everybody sees it; one by rank, those only who see every mark behind it.
    """
    if meeting.state != "planned":
        raise Refused(BEGUN)
    if not meeting.items:
        raise Refused(("There is nothing on the agenda yet.",))
    if order == "rank" and any(owes_card(actor, item.review) for item in meeting.items):
        raise Refused((SCORE_FIRST,))
    for number, item in enumerate(_ordered(meeting, order, numbers or {}), 1):
        item.number = number
    meeting.fixed_at, meeting.ordered_by = now(), order
    record(actor, AgendaFixed(meeting.id, tuple(sorted(item.id for item in meeting.items))))
    return meeting


def _ordered(meeting: Meeting, order: str, numbers: Mapping[int, int]) -> list[AgendaItem]:
    if order == "rank":
        return queries.order_by_rank(meeting)
    if order == "reference":
        return sorted(meeting.items, key=lambda item: item.review.idea.reference)
    if order == "numbers":
        last = len(meeting.items) + 1
        return sorted(meeting.items, key=lambda item: (numbers.get(item.id, last), item.review.idea.reference))
    raise Refused(("Choose an order.",))


def reviews_of(meeting: Meeting) -> list[Review]:
    return [item.review for item in meeting.items]
