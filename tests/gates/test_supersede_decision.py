"""Putting a new decision in the place of the last one."""

from __future__ import annotations

import pytest

from innovation.gates import commands, queries
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
