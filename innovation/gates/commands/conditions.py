"""What a conditional go still owes: evidence offered, accepted, returned or waived, its day moved, and overdue."""

from __future__ import annotations

import datetime as dt

from innovation.command import command
from innovation.db import db, now
from innovation.events import record
from innovation.gates import policy
from innovation.gates.after_models import ConditionMove
from innovation.gates.deadlines import today_of
from innovation.gates.events import (
    ConditionMet,
    ConditionOffered,
    ConditionReturned,
    ConditionWaived,
    DueDateMoved,
    HeldForCondition,
)
from innovation.gates.models import Condition
from innovation.ideas import moves
from innovation.ideas import queries as ideas_queries
from innovation.permission import Actor
from workflows import CONDITION, JourneyFacts, Refused


@command(policy.may_offer_evidence)
def offer_evidence(
    actor: Actor, condition: Condition, *, text: str = "", link: str = "", attachment_id: int | None = None
) -> Condition:
    """Hand in what shows that the condition is met: in words, by a link, or by a file of the idea."""
    link = link.strip()
    if not text.strip() and not link and attachment_id is None:
        raise Refused(("Write what shows that this is met, give a link, or choose a file.",))
    if link and not link.lower().startswith(("http://", "https://")):
        raise Refused(("A link begins with https://.",))
    if attachment_id is not None and attachment_id not in {
        f.id for f in ideas_queries.list_attachments(condition.idea)
    }:
        raise Refused(("Choose a file that has been handed in for this idea.",))
    condition.state = CONDITION.fire(condition.state, "offer")
    condition.offered, condition.settled_reason = text.strip(), ""
    condition.offered_link, condition.offered_attachment_id = link, attachment_id
    record(actor, ConditionOffered(condition.idea_id, condition.id))
    return condition


@command(policy.may_settle_condition)
def settle_condition(actor: Actor, condition: Condition, *, answer: str, reason: str = "") -> Condition:
    """Accept the evidence ("met"), or return it ("returned") with what is missing."""
    if answer not in ("met", "returned"):
        raise Refused(("Choose whether the condition is met.",))
    if answer == "returned" and not reason.strip():
        raise Refused(("Say what is still missing.",))
    condition.state = CONDITION.fire(condition.state, "accept" if answer == "met" else "return")
    condition.settled_reason = reason.strip()
    if answer == "met":
        condition.settled_by_id, condition.settled_at = actor.person_id, now()
        record(actor, ConditionMet(condition.idea_id, condition.id))
    else:
        record(actor, ConditionReturned(condition.idea_id, condition.id))
    return condition


@command(policy.may_move_due_date)
def move_due_date(actor: Actor, condition: Condition, *, due_on: dt.date, reason: str) -> Condition:
    """Give the condition another day, sooner or later, with a reason that the team reads."""
    if due_on < today_of(condition.idea.programme):
        raise Refused(("Choose a day that has not passed.",))
    if due_on == condition.due_on:
        raise Refused(("It is due on that day already.",))
    if not reason.strip():
        raise Refused(("Say why the day is moved.",))
    condition.state = CONDITION.fire(condition.state, "move")
    was, condition.due_on, condition.moved_reason = condition.due_on, due_on, reason.strip()
    moved = {"was": was, "due_on": due_on, "reason": reason.strip(), "moved_by_id": actor.person_id}
    db.session.add(ConditionMove(condition_id=condition.id, moved_at=now(), **moved))
    record(actor, DueDateMoved(condition.idea_id, condition.id, was.isoformat(), due_on.isoformat()))
    return condition


@command(policy.may_waive_condition)
def waive_condition(actor: Actor, condition: Condition, *, reason: str) -> Condition:
    """Let the condition go, with a reason that stays on the record."""
    if not reason.strip():
        raise Refused(("Say why this condition is waived.",))
    condition.state = CONDITION.fire(condition.state, "waive")
    condition.settled_reason = reason.strip()
    condition.settled_by_id, condition.settled_at = actor.person_id, now()
    record(actor, ConditionWaived(condition.idea_id, condition.id))
    return condition


@command(policy.may_hold_for_condition)
def hold_for_overdue(actor: Actor, condition: Condition) -> Condition:
    """Put the idea on hold for a blocking condition whose day has passed; the clock asks for this."""
    moves.move(condition.idea, "overdue", JourneyFacts())
    record(actor, HeldForCondition(condition.idea_id, condition.id))
    return condition
