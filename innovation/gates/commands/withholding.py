"""Keeping what a panel has decided, until it is announced."""

from __future__ import annotations

from collections.abc import Sequence

from innovation.db import db, now
from innovation.events import record
from innovation.gates import queries
from innovation.gates.after_models import WithheldDecision
from innovation.gates.deadlines import due_after
from innovation.gates.events import DecisionWithheld
from innovation.gates.models import Review
from innovation.gates.terms import Verdict
from innovation.permission import Actor
from workflows.scoring import PanelResult


def withhold(
    actor: Actor, review: Review, verdict: Verdict, result: PanelResult, *, signers: Sequence[int | None]
) -> WithheldDecision:
    """Write the decision down and lock its review; the idea stays where it is, and nobody is told."""
    advised, idea = result.recommendation, review.idea
    review.settled_at = now()
    withheld = WithheldDecision(
        review=review,
        idea_id=idea.id,
        content=verdict.as_json(),
        basis={
            "recommended": advised.outcome if advised else None,
            "because": advised.reason if advised else "",
            "total": round(result.total * 100) if result.total is not None else None,
            "signed_by": list(signers),
        },
        decided_by_id=actor.person_id,
        decided_at=review.settled_at,
        tell_by=due_after(idea.programme, idea.definition.after.feedback_days),
    )
    db.session.add(withheld)
    record(actor, DecisionWithheld(idea.id, review.id))
    return withheld


def drop_withheld(actor: Actor, review: Review) -> None:
    """Part of cancelling a review: what its panel had decided is never announced."""
    withheld = queries.withheld_decision(review)
    if withheld is not None:
        end(withheld, actor, "cancelled", "")
        review.settled_at = None


def end(withheld: WithheldDecision, actor: Actor, how: str, reason: str) -> None:
    """Close what was held back, one way or another; it stays on the record."""
    withheld.ended_at, withheld.ended_as, withheld.ended_because = now(), how, reason
    withheld.ended_by_id = actor.person_id
