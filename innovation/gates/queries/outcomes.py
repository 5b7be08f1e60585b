"""What can be decided at a gate now, and what stands in the way."""

from __future__ import annotations

from innovation.gates.models import Review
from innovation.gates.queries.standing import count_recycles, review_facts
from innovation.permission import Actor
from workflows import REVIEW, JourneyFacts, State

AT_MEETING = "A meeting talks about this idea. Record the decision there, with those who are at the table."
OWN_FIRST = "Submit your own scorecard first: the panel's scores open to you then."


def ruled_out(review: Review) -> dict[str, str]:
    """Outcomes that cannot follow at the gate of a review, each with why; its own decision, if any, is not counted."""
    idea, at = review.idea, State(review.gate.place, "active")
    in_question = review.decision is not None and review.decision.outcome == "recycle"
    recycles = count_recycles(idea, review.gate_key) - in_question
    facts = JourneyFacts(decided=True, recycles=recycles, target=next(iter(review.gate.recycle_to), None))
    reasons = {outcome.key: idea.journey.reasons(at, outcome.key, facts) for outcome in idea.definition.outcomes}
    return {key: why[0] for key, why in reasons.items() if why}


def before_deciding(actor: Actor, review: Review) -> tuple[str, ...]:
    """What has to happen before the person can record a decision."""
    own = (OWN_FIRST,) if owes_card(actor, review) else ()
    return (*own, *REVIEW.reasons(review.state, "decide", review_facts(review)))


def owes_card(actor: Actor, review: Review) -> bool:
    """True for a member who scores and has not submitted, while the others' scores are sealed to them."""
    seat = review.seat_of(actor.person_id)
    return review.state == "scoring" and seat is not None and seat.scores and seat.submitted is None
