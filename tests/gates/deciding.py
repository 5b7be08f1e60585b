"""Deciding in tests: what each outcome requires, and the chair who decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

from innovation.db import now
from innovation.gates import commands, queries
from innovation.gates.models import Condition, Review
from innovation.gates.terms import ConditionTerms
from tests import make

SOON = now().date() + dt.timedelta(days=60)
DETAILS: dict[str, dict[str, Any]] = {
    "go": {"plan": "Two schools.", "next_date": SOON, "resources": "One coach."},
    "conditional": {"conditions": [ConditionTerms("Find a second school.", SOON)]},
    "recycle": {"target": "captured", "rework": "Name the schools.", "resubmit_by": SOON},
    "hold": {"hold_reason": "Waits for the new term.", "review_date": SOON},
    "stop": {"stop_reason": "duplicate", "lesson": "Look at what exists first.", "thanks": "Thank you."},
    "refer": {"refer_to": "The district office"},
}


def chair_of(review: Review) -> Any:
    return make.actor(review.leading[0].person)


def decide(review: Review, outcome: str = "go", **more: Any) -> Any:
    details = {
        "rationale": "A clear need.",
        "against_reason": "The panel knows more.",
        **DETAILS.get(outcome, {}),
        **more,
    }
    return commands.record_decision(chair_of(review), review, outcome=outcome, **details)


def owed(*, blocking: bool = False) -> Condition:
    """A condition of a conditional go at the screening."""
    review = make.scored_review()
    commands.record_decision(
        make.actor(review.leading[0].person),
        review,
        outcome="conditional",
        rationale="Nearly.",
        against_reason="Evidence is thin.",
        conditions=[ConditionTerms("A baseline.", now().date() + dt.timedelta(days=5), blocking=blocking)],
    )
    return queries.open_conditions(review.idea)[0]
