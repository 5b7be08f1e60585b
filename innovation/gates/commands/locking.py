"""Keeping scorecards as they are while a meeting talks about them; one may be changed by the chair's leave."""

from __future__ import annotations

from collections.abc import Iterable

from innovation.command import command
from innovation.db import now
from innovation.events import record, record_all
from innovation.gates import policy
from innovation.gates.commands.holding import hold_still
from innovation.gates.events import LeaveGiven, ScoresLocked, ScoresUnlocked
from innovation.gates.models import Review, Seat
from innovation.permission import Actor
from workflows import Refused


def lock_scores(actor: Actor, reviews: Iterable[Review]) -> None:
    """Lock the cards of these reviews: a part of the command that opens a meeting."""
    locked = [review for review in reviews if review.is_open and review.locked_at is None]
    for review in locked:
        review.locked_at = now()
    if locked:
        record_all(actor, [ScoresLocked(review.idea_id, review.id) for review in locked])


def unlock_scores(actor: Actor, reviews: Iterable[Review]) -> None:
    """Let members score again where nothing was decided; what leave was given is over."""
    unlocked = [review for review in reviews if review.locked_at is not None and review.is_open]
    for review in unlocked:
        review.locked_at = None
        for seat in review.seats:
            seat.leave_at = None
    if unlocked:
        record_all(actor, [ScoresUnlocked(review.idea_id, review.id) for review in unlocked])


@command(policy.may_give_leave)
def give_leave(actor: Actor, seat: Seat) -> Seat:
    """Let a member change a locked card once; the card before it is kept."""
    hold_still(seat.review)
    if seat.review.locked_at is None or seat.review.state != "scoring":
        raise Refused(("Scorecards are not locked, so no leave is needed.",))
    if not (seat.counts and seat.cleared):
        raise Refused(("This seat does not score.",))
    if seat.leave_at is not None:
        raise Refused(("This member has leave already.",))
    seat.leave_at = now()
    record(actor, LeaveGiven(seat.review.idea_id, seat.review_id, seat.id))
    return seat
