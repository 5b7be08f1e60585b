"""What is learnt where a panel stops an idea, and forgotten where it turns out that it was not stopped."""

from __future__ import annotations

from innovation.gates.models import Decision, Review
from innovation.gates.terms import Verdict
from innovation.ideas.commands import keep_stop_lesson, void_lesson
from innovation.permission import Actor


def learn(actor: Actor, review: Review, verdict: Verdict, before: Decision | None = None) -> None:
    """Keep the lesson of a stop; that of the decision ``before`` it, which is superseded, is void."""
    if before is not None and before.outcome == "stop":
        void_lesson(actor, review.idea, place=review.gate.place)
    if verdict.outcome == "stop":
        keep_stop_lesson(actor, review.idea, verdict.details, place=review.gate.place)
