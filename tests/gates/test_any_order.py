"""Whatever people do, in any order: no review is decided without its declarations, its quorum and its chair."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands
from innovation.gates.models import CLEARED, Review
from innovation.ideas.models import Access
from innovation.permission import Forbidden
from tests import make
from workflows import Refused

SEATS = st.integers(min_value=0, max_value=3)
OUTCOMES = st.sampled_from(["go", "conditional", "recycle", "hold", "stop", "refer"])
DAY = now().date() + dt.timedelta(days=30)
DETAILS: dict[str, Any] = {
    "plan": "A plan.",
    "next_date": DAY,
    "resources": "A coach.",
    "conditions": [commands.ConditionTerms("A baseline.", DAY)],
    "target": "captured",
    "rework": "The logic.",
    "resubmit_by": DAY,
    "hold_reason": "The term.",
    "review_date": DAY,
    "stop_reason": "duplicate",
    "lesson": "Look first.",
    "thanks": "Thank you.",
    "refer_to": "The district",
}


class Sitting(RuleBasedStateMachine):
    """One review, with people who declare, score, step back and try to decide at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.review_id = make.review(scoring="later").id
        self.coordinator = make.actor(make.staff("coordinator"))

    @property
    def review(self) -> Review:
        found = db.session.get(Review, self.review_id)
        assert found is not None
        return found

    def try_to(self, act: Any, *args: Any, **details: Any) -> None:
        try:
            act(*args, **details)
        except (Refused, Forbidden):
            db.session.rollback()

    @rule()
    def open_scoring(self) -> None:
        self.try_to(commands.open_scoring, self.coordinator, self.review)

    @rule(at=SEATS, level=st.sampled_from(["none", "none", "none", "declare", "recuse"]))
    def declare(self, at: int, level: str) -> None:
        seat = self.review.seats[at]
        self.try_to(commands.declare_interest, make.actor(seat.person), seat, level=level, text="A friend.")

    @rule(at=SEATS, by=SEATS, answer=st.sampled_from(["accepted", "refused"]))
    def settle(self, at: int, by: int, answer: str) -> None:
        seats = self.review.seats
        self.try_to(commands.settle_interest, make.actor(seats[by].person), seats[at], answer=answer)

    @rule(at=SEATS)
    def excuse(self, at: int) -> None:
        self.try_to(commands.excuse_seat, self.coordinator, self.review.seats[at])

    @rule(at=SEATS, mark=st.integers(min_value=0, max_value=10))
    def score(self, at: int, mark: int) -> None:
        seat = self.review.seats[at]
        card = make.entries(self.review.gate, mark)
        self.try_to(commands.submit_scorecard, make.actor(seat.person), seat, entries=card, change_reason="Again.")

    @rule()
    def everybody_scores(self) -> None:
        self.open_scoring()
        for at in range(4):
            self.declare(at, "none")
            self.score(at, 7)

    @rule(by=SEATS, outcome=OUTCOMES)
    def decide(self, by: int, outcome: str) -> None:
        review = self.review
        self.try_to(
            commands.record_decision,
            make.actor(review.seats[by].person),
            review,
            outcome=outcome,
            rationale="Because.",
            against_reason="We know more.",
            **DETAILS,
        )

    @invariant()
    def decided_means_declared_and_quorate(self) -> None:
        review = self.review
        if review.state != "decided":
            assert (review.decisions, review.idea.state) == ([], ("at_screening", "active"))
            return
        counting = [seat for seat in review.seats if seat.counts]
        assert all(seat.stance in CLEARED for seat in counting)
        assert sum(seat.submitted is not None for seat in counting) >= review.quorum
        assert len(review.decisions) == 1
        assert review.decisions[0].decided_by_id in {seat.person_id for seat in review.leading}

    @invariant()
    def who_may_read_has_declared(self) -> None:
        open_to = {
            access.person_id
            for access in db.session.scalars(db.select(Access).filter_by(idea_id=self.review.idea_id))
            if access.until is None or access.until > now()
        }
        assert open_to == {seat.person_id for seat in self.review.seats if seat.stance in CLEARED}

    @invariant()
    def a_decision_is_told_once(self) -> None:
        told = list_events(f"idea:{self.review.idea_id}", kinds=["gate_decided"])
        assert len(told) == len(self.review.decisions)


@pytest.mark.usefixtures("app")
def test_no_order_of_actions_decides_without_declarations_and_quorum(app: Flask, tmp_path: Path) -> None:
    run_state_machine_as_test(
        Sitting,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
