"""What becomes of an idea on hold: resumed when nothing overdue would hold it again."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.gates import commands, queries
from innovation.gates.models import Condition
from innovation.gates.terms import ConditionTerms
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM, Actor, Forbidden
from tests import make
from workflows import Refused, State

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def overdue() -> Condition:
    """A blocking condition past its day, for which the clock has put the idea on hold."""
    review = make.scored_review()
    decided = commands.record_decision(
        make.actor(review.leading[0].person),
        review,
        outcome="conditional",
        rationale="Nearly.",
        against_reason="Evidence is thin.",
        conditions=[ConditionTerms("A baseline.", now().date() + dt.timedelta(days=5), blocking=True)],
    )
    condition: Condition = decided.conditions[0]
    condition.due_on = now().date() - dt.timedelta(days=2)
    commands.hold_for_overdue(SYSTEM, condition)
    db.session.commit()
    return condition


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def test_the_coordinator_takes_an_idea_off_hold() -> None:
    idea = make.idea(place="at_screening", standing="held", held_until=now().date())

    commands.resume_idea(coordinator(), idea)

    assert (idea.state, idea.held_until) == (State("at_screening", "active"), None)


def test_an_owner_does_not_resume() -> None:
    idea = make.idea(standing="held")

    with pytest.raises(Forbidden):
        commands.resume_idea(make.actor(idea.owner), idea)


def test_an_idea_that_the_clock_would_hold_again_is_not_resumed(overdue: Condition) -> None:
    with pytest.raises(Refused) as refused:
        commands.resume_idea(coordinator(), overdue.idea)

    day = f"{overdue.due_on:%d %b %Y}"
    assert refused.value.reasons == (
        f"The condition “A baseline.” was due on {day} and blocks. "
        "Settle it or waive it first: until then the idea would be put on hold again.",
    )
    assert db.session.get_one(Idea, overdue.idea_id).standing == "held"


def test_once_the_condition_is_waived_the_idea_goes_on(overdue: Condition) -> None:
    commands.waive_condition(make.actor(make.staff("manager")), overdue, reason="The district did it.")

    commands.resume_idea(coordinator(), overdue.idea)

    assert (overdue.idea.standing, queries.list_overdue_blocking(now().date())) == ("active", [])


def test_the_page_says_why_before_the_button(client: FlaskClient, overdue: Condition) -> None:
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{overdue.idea.reference}").text

    assert ("This idea is on hold and cannot go on yet." in page, "/resumption" in page) == (True, False)
