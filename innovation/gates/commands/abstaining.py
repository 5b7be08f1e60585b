"""A member who gives no marks, for a reason, and who takes part again after all."""

from __future__ import annotations

from innovation.command import command
from innovation.db import now
from innovation.events import record
from innovation.gates import policy
from innovation.gates.commands.holding import hold_still
from innovation.gates.events import AbstentionEnded, SeatAbstained
from innovation.gates.models import Seat
from innovation.permission import Actor
from workflows import Refused


@command(policy.may_score_idea)
def abstain(actor: Actor, seat: Seat, *, reason: str) -> Seat:
    """Give no marks at this review: the seat counts neither for the quorum nor for the mean."""
    hold_still(seat.review)
    _require_open(seat)
    if seat.abstains:
        raise Refused(("You abstain already.",))
    if seat.submitted:
        raise Refused(("You have submitted a scorecard, and it counts. You can change it with a reason.",))
    if not reason.strip():
        raise Refused(("Say why you abstain. The chair and the coordinator read it.",))
    seat.abstained_at, seat.abstained_because = now(), reason.strip()
    if not seat.review.leading:
        raise Refused(("Nobody else could lead this panel. Ask the coordinator to seat another chair first.",))
    record(actor, SeatAbstained(seat.review.idea_id, seat.review_id, seat.id))
    return seat


@command(policy.may_score_idea)
def end_abstention(actor: Actor, seat: Seat) -> Seat:
    """Take part again, while the review is open; a draft is still there."""
    hold_still(seat.review)
    _require_open(seat)
    if not seat.abstains:
        raise Refused(("You take part already.",))
    seat.abstained_at, seat.abstained_because = None, ""
    record(actor, AbstentionEnded(seat.review.idea_id, seat.review_id, seat.id))
    return seat


def _require_open(seat: Seat) -> None:
    if not seat.cleared:
        raise Refused(("Declare your interests first. If you declared one, the chair has to answer it.",))
    if not seat.review.is_open:
        raise Refused(("This review is closed, so scorecards stay as they are.",))
