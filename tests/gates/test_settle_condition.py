"""What a conditional go owes: evidence, answers, waivers and the day that passes."""

from __future__ import annotations

import datetime as dt

import pytest

from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.models import Condition
from innovation.permission import SYSTEM, Forbidden
from tests import make
from tests.gates.deciding import owed
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def test_evidence_is_offered_by_the_owner_and_accepted_by_the_coordinator() -> None:
    condition = owed()

    commands.offer_evidence(make.actor(condition.idea.owner), condition, text="The results.")
    commands.settle_condition(make.actor(make.staff("coordinator")), condition, answer="met")

    assert (condition.state, queries.open_conditions(condition.idea)) == ("met", [])


def test_returned_evidence_says_what_is_missing_and_is_owed_again() -> None:
    condition = owed()
    commands.offer_evidence(make.actor(condition.idea.owner), condition, text="The results.")
    coordinator = make.actor(make.staff("coordinator"))

    with pytest.raises(Refused) as refused:
        commands.settle_condition(coordinator, condition, answer="returned")
    commands.settle_condition(coordinator, condition, answer="returned", reason="Of all schools, please.")

    assert refused.value.reasons == ("Say what is still missing.",)
    assert (condition.state, condition.settled_reason) == ("open", "Of all schools, please.")


def test_nothing_is_accepted_before_it_is_offered() -> None:
    condition = owed()

    with pytest.raises(Refused):
        commands.settle_condition(make.actor(make.staff("coordinator")), condition, answer="met")

    assert db.session.get(Condition, condition.id).state == "open"


def test_the_chair_waives_with_a_reason_and_the_owner_does_not() -> None:
    condition = owed()
    chair = make.actor(condition.review.leading[0].person)

    with pytest.raises(Forbidden):
        commands.waive_condition(make.actor(condition.idea.owner), condition, reason="Please.")
    commands.waive_condition(chair, condition, reason="The district did it.")

    assert condition.state == "waived"


def overdue(day: dt.date) -> list[int]:
    return list(db.session.scalars(queries.overdue_blocking_ids(day)))


def test_an_overdue_blocking_condition_puts_the_idea_on_hold() -> None:
    condition = owed(blocking=True)
    tomorrow = condition.due_on + dt.timedelta(days=1)
    found = overdue(tomorrow)

    commands.hold_for_overdue(SYSTEM, condition)

    assert (found, condition.idea.state) == ([condition.id], ("concept", "held"))
    assert overdue(tomorrow) == []


def test_only_the_system_holds_ideas_for_a_condition() -> None:
    condition = owed(blocking=True)

    with pytest.raises(Forbidden):
        commands.hold_for_overdue(make.actor(make.staff("manager")), condition)

    assert condition.idea.standing == "active"


def test_a_condition_that_does_not_block_holds_nothing() -> None:
    condition = owed()

    assert overdue(condition.due_on + dt.timedelta(days=1)) == []


def test_open_conditions_are_must_meets_at_the_next_gate() -> None:
    condition = owed()
    idea = condition.idea
    idea.state = idea.state._replace(place="at_pilot")
    review = make.review("pilot", 5, of=idea)
    seat = make.declare(review.seats[1])

    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(seat.person), seat, entries=make.entries(review.gate))

    assert refused.value.reasons == ("“A baseline.” is still open.",)
