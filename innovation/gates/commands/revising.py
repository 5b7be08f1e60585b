"""A newer revision while a panel sits: put before the panel, read by its members, and their marks confirmed."""

from __future__ import annotations

from innovation.command import command
from innovation.db import now
from innovation.events import record
from innovation.gates import policy
from innovation.gates.commands.holding import hold_still
from innovation.gates.commands.marking import require_open
from innovation.gates.events import RevisionTaken, ScorecardConfirmed
from innovation.gates.models import Review, Score, Scorecard, Seat
from innovation.ideas import queries as ideas_queries
from innovation.permission import Actor
from workflows import Refused

MEETS = "The panel meets about this idea and talks about the revision that it has scored. Do this after the meeting."


@command(policy.may_take_revision)
def take_revision(actor: Actor, review: Review) -> Review:
    """Put the newest revision before the panel in the place of the one that it reads; cards keep theirs."""
    hold_still(review)
    if not review.is_open:
        raise Refused(("This review is closed.",))
    if review.locked_at is not None:
        raise Refused((MEETS,))
    newest = ideas_queries.latest_revision(review.idea)
    if newest.id == review.revision_id:
        raise Refused(("The panel reads the newest revision already.",))
    review.revision = newest
    for proposal in review.proposals:
        proposal.ended_at = proposal.ended_at or now()  # nobody signs for a text that the other has not read
    record(actor, RevisionTaken(review.idea_id, review.id, newest.number))
    return review


@command(policy.may_score_idea)
def confirm_scorecard(actor: Actor, seat: Seat, *, revision_id: int | None = None) -> Scorecard:
    """Say that one's marks stand for the newer revision: the same card again, tied to it; the older one is kept.

    ``revision_id`` is the revision that the member was shown.
    """
    hold_still(seat.review)
    require_open(seat, revision_id)
    before = seat.submitted
    if before is None:
        raise Refused(("Submit your scorecard first.",))
    if before.revision_id == seat.review.revision_id:
        raise Refused(("Your marks are for this revision already.",))
    card = Scorecard(
        number=max(each.number for each in seat.cards) + 1,
        revision_id=seat.review.revision_id,
        note=before.note,
        feedback=before.feedback,
        submitted_at=now(),
        confirms=True,
        scores=[Score(**said_by(score)) for score in before.scores],
    )
    seat.cards.append(card)
    seat.leave_at = None  # it was for one change, and this is one
    record(actor, ScorecardConfirmed(seat.review.idea_id, seat.review_id, seat.id, card.number))
    return card


def said_by(score: Score) -> dict[str, object]:
    """What a member put down for one criterion, to be put down again."""
    names = ("criterion", "answer", "fixable", "mark", "not_applicable", "comment")
    return {name: getattr(score, name) for name in names}
