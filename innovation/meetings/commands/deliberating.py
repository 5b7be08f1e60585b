"""What happens with an item: notes, votes, leave to change a card, a decision, or that it is put off."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from innovation.command import command
from innovation.db import db, hold_row, now
from innovation.events import record
from innovation.gates import commands as gates
from innovation.gates.after_models import WithheldDecision
from innovation.gates.models import Decision, Proposal, Seat
from innovation.gates.terms import CHOICES
from innovation.meetings import policy, queries
from innovation.meetings.commands.running import NOT_OPEN, keep_decision, note_as_decided, stop_clock
from innovation.meetings.events import (
    ItemPutOff,
    LeaveNoted,
    MotionPut,
    NoteTaken,
    VoteCast,
    VotesCounted,
)
from innovation.meetings.models import LIVE, AgendaItem, ItemNote, Meeting, Motion, Vote
from innovation.permission import Actor, NotThere
from workflows import AGENDA_ITEM, Refused

NOT_IN_HAND = ("Take this item first: it is not the one in hand.",)


def _require_in_hand(item: AgendaItem) -> None:
    if item.meeting.state != "open":
        raise Refused(NOT_OPEN)
    if item.meeting.in_hand_id != item.id:
        raise Refused(NOT_IN_HAND)


@command(policy.may_take_notes)
def take_note(actor: Actor, item: AgendaItem, *, text: str) -> ItemNote:
    """Write down what was said, while the meeting is open."""
    if item.meeting.state != "open":
        raise Refused(NOT_OPEN)
    if not text.strip():
        raise Refused(("Write what was said.",))
    note = ItemNote(text=text.strip(), written_by_id=actor.person_id, written_at=now())
    item.notes.append(note)
    db.session.flush()
    record(actor, NoteTaken(item.meeting_id, item.id, note.id))
    return note


def _hold_still(motion: Motion) -> None:
    """Until the transaction ends nobody else votes on it or counts it."""
    hold_row(motion)
    db.session.expire(motion, ["votes"])


@command(policy.may_put_motion)
def put_motion(actor: Actor, item: AgendaItem, *, outcome: str, text: str = "") -> Motion:
    """Ask those at the table to vote on an outcome."""
    _require_in_hand(item)
    if outcome not in {each.key for each in item.idea.definition.outcomes}:
        raise Refused(("Choose an outcome.",))
    if item.open_motion is not None:
        raise Refused(("A vote is open. Count it first.",))
    _require_quorum(item)
    motion = Motion(outcome=outcome, text=text.strip(), put_by_id=actor.person_id, put_at=now(), votes=[])
    item.motions.append(motion)
    db.session.flush()
    record(actor, MotionPut(item.meeting_id, item.id, motion.id))
    return motion


def _require_quorum(item: AgendaItem) -> None:
    reasons = AGENDA_ITEM.reasons("discussed", "decide", item.facts)
    if reasons:
        raise Refused(reasons)


@command(policy.may_vote_on_motion)
def cast_vote(actor: Actor, motion: Motion, *, choice: str) -> Vote:
    """Vote for or against, or abstain; a vote can be changed until it is counted."""
    _hold_still(motion)
    _require_in_hand(motion.item)
    if motion.counted_at is not None:
        raise Refused(("This vote has been counted.",))
    if choice not in CHOICES:
        raise Refused(("Choose for, against or abstain.",))
    vote = next((each for each in motion.votes if each.person_id == actor.person_id), None)
    if vote is None:
        vote = Vote(person_id=actor.person_id, choice=choice, cast_at=now())
        motion.votes.append(vote)
    else:
        vote.choice, vote.cast_at = choice, now()
    db.session.flush()
    record(actor, VoteCast(motion.item.meeting_id, motion.id, vote.id))
    return vote


@command(policy.may_put_motion)
def count_votes(actor: Actor, motion: Motion) -> Motion:
    """Close the vote: carried with more for than against. Who has left, or was recused, meanwhile does not count."""
    _hold_still(motion)
    _require_in_hand(motion.item)
    if motion.counted_at is not None:
        raise Refused(("This vote has been counted.",))
    electors = set(motion.item.electors)
    for vote in [vote for vote in motion.votes if vote.person_id not in electors]:
        motion.votes.remove(vote)
        db.session.delete(vote)
    tally = motion.tally
    if not sum(tally.values()):
        raise Refused(("Nobody has voted yet.",))
    motion.counted_at, motion.carried = now(), tally["for"] > tally["against"]
    motion.present = len(electors)
    record(actor, VotesCounted(motion.item.meeting_id, motion.item_id, motion.id, motion.carried))
    return motion


@command(policy.may_put_motion)
def give_leave(actor: Actor, item: AgendaItem, *, seat_id: int) -> Seat:
    """Let a member change their locked scorecard after the discussion; both versions are kept."""
    _require_in_hand(item)
    seat = next((each for each in item.review.seats if each.id == seat_id), None)
    if seat is None:
        raise NotThere
    gates.give_leave(actor, seat)
    record(actor, LeaveNoted(item.meeting_id, item.id))
    return seat


@command(policy.may_put_off_item)
def put_off(actor: Actor, item: AgendaItem, *, reason: str) -> AgendaItem:
    """Leave the item for another time, with the reason that the minutes give."""
    hold_row(item)
    if item.meeting.state != "open":
        raise Refused(NOT_OPEN)
    if not reason.strip():
        raise Refused(("Say why this item is put off.",))
    item.state = AGENDA_ITEM.fire(item.state, "put_off", item.facts)
    item.reason = reason.strip()
    if item.meeting.in_hand_id == item.id:
        stop_clock(item.meeting)
    record(actor, ItemPutOff(item.meeting_id, item.id))
    return item


@command(policy.may_decide_item)
def decide_item(actor: Actor, item: AgendaItem, **decision: Any) -> Decision | Proposal | WithheldDecision:
    """Record what the panel decides, by ``gates.record_decision``, with its quorum at the table and its last vote.

    Where two chairs sign, the item is decided when the second one has signed. What is held back is decided as well:
    the minutes tell it to the table only, until it is announced.
    """
    _require_in_hand(item)
    _require_quorum(item)
    queries.load_cards([item.review])
    made = gates.record_decision(actor, item.review, **decision, at_table=item.at_table)
    if not isinstance(made, Proposal):
        item.state = AGENDA_ITEM.fire(item.state, "decide", item.facts)
        stop_clock(item.meeting)
        keep_decision(actor, item, made)
    return made


@command(policy.may_note_decision)
def note_decision(actor: Actor, review_id: int) -> None:
    """A panel has decided: the live meeting that has it on its agenda notes that, unless it knows already.

    So it is where the second chair signs, on the page of the review.
    """
    query = (
        sa.select(AgendaItem)
        .join(AgendaItem.meeting)
        .where(AgendaItem.review_id == review_id, Meeting.state.in_(LIVE), AgendaItem.state != "decided")
    )
    for item in db.session.scalars(query):
        note_as_decided(actor, item)
