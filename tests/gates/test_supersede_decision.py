"""Putting a new decision in the place of the last one."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.gates import commands, queries
from innovation.gates.models import Review
from innovation.permission import Forbidden
from tests import make
from tests.gates.deciding import DETAILS, decide
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def test_a_superseding_decision_sends_the_idea_another_way() -> None:
    review = make.scored_review()
    first = decide(review, "conditional")
    manager = make.actor(make.staff("manager"))

    second = commands.supersede_decision(
        manager,
        review,
        reason="The date was wrong.",
        outcome="hold",
        rationale="Wait.",
        against_reason="Funds.",
        **DETAILS["hold"],
    )

    assert (second.supersedes_id, review.idea.standing, review.decision.id) == (first.id, "held", second.id)
    assert queries.open_conditions(review.idea) == []


def test_one_co_chair_does_not_undo_what_two_have_signed() -> None:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    for seat in review.seats:
        make.score(seat, 4)
    first, second = (make.actor(seat.person) for seat in review.leading)
    commands.record_decision(first, review, outcome="go", rationale="It lasts.", **DETAILS["go"])
    commands.sign_decision(second, review)

    with pytest.raises(Forbidden):
        commands.supersede_decision(
            first, review, reason="I think again.", outcome="hold", rationale="Wait.", **DETAILS["hold"]
        )

    assert review.decision.outcome == "go"


def test_a_decision_stands_once_the_idea_has_moved_on() -> None:
    review = make.scored_review()
    decide(review, "go")
    review.idea.state = review.idea.state._replace(place="at_pilot")
    manager = make.actor(make.staff("manager"))

    with pytest.raises(Refused) as refused:
        commands.supersede_decision(
            manager, review, reason="Late.", outcome="hold", rationale="Wait.", **DETAILS["hold"]
        )

    assert refused.value.reasons == (
        "The idea has moved on since this decision, so it stands. The next gate can decide anew.",
    )


@pytest.mark.parametrize(("outcome", "standing"), [("stop", "stopped"), ("refer", "referred")])
def test_a_new_decision_brings_back_an_idea_that_had_ended(outcome: str, standing: str) -> None:
    review = make.scored_review()
    decide(review, outcome)
    ended = review.idea.standing

    _supersede(review, "go")

    assert (ended, review.idea.state) == (standing, ("concept", "active"))


def test_a_new_decision_parts_two_ideas_that_were_merged() -> None:
    review, other = make.scored_review(), make.idea(make.person("Other owner"))
    make.grant(review.leading[0].person, "manager", programme_id=review.programme_id)
    decide(review, "merge", merge_into=other.reference)
    joined = [c.person_id for c in other.contributors if c.ended_at is None]

    _supersede(review, "go")

    assert joined == [review.idea.owner_id]
    assert [c.person_id for c in other.contributors if c.ended_at is None] == []
    assert (review.idea.state, review.idea.merged_into_id) == (("concept", "active"), None)


def test_a_new_decision_brings_an_idea_back_from_the_system() -> None:
    review = make.scored_review("institutionalisation", 7, mark=4)
    decide(review, "go")
    arrived = review.idea.place

    _supersede(review, "recycle", target="replicating")

    assert (arrived, review.idea.state) == ("institutionalised", ("replicating", "active"))


def _supersede(review: Review, outcome: str, **more: Any) -> None:
    details = {**DETAILS[outcome], **more}
    commands.supersede_decision(
        make.actor(make.staff("manager")),
        review,
        reason="New facts came up.",
        outcome=outcome,
        rationale="We look at it anew.",
        against_reason="The facts are new.",
        **details,
    )
