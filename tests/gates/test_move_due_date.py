"""The day of a condition is moved, with a reason: by whoever runs the gate or chaired it, while it is owed."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands
from innovation.gates.models import Condition
from innovation.permission import SYSTEM, Actor, Forbidden
from tests import make
from tests.gates.deciding import owed
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def in_days(days: int) -> dt.date:
    return now().date() + dt.timedelta(days=days)


@pytest.fixture
def condition() -> Condition:
    """A blocking condition of a conditional go at the screening, due in five days."""
    return owed(blocking=True)


def coordinator() -> Actor:
    return make.actor(make.staff("coordinator"))


def test_the_coordinator_moves_the_day_and_the_event_says_from_when_to_when(condition: Condition) -> None:
    commands.move_due_date(coordinator(), condition, due_on=in_days(40), reason="Schools are closed.")

    event = list_events(f"idea:{condition.idea_id}", limit=1)[0]
    assert (condition.due_on, condition.moved_reason) == (in_days(40), "Schools are closed.")
    assert (event.kind, event.data) == (
        "due_date_moved",
        {
            "idea_id": condition.idea_id,
            "condition_id": condition.id,
            "was": in_days(5).isoformat(),
            "due_on": in_days(40).isoformat(),
        },
    )


def test_the_chair_moves_it_and_the_owner_does_not(condition: Condition) -> None:
    chair = make.actor(condition.review.leading[0].person)

    with pytest.raises(Forbidden):
        commands.move_due_date(make.actor(condition.idea.owner), condition, due_on=in_days(9), reason="Please.")
    commands.move_due_date(chair, condition, due_on=in_days(3), reason="The gate is earlier.")

    assert condition.due_on == in_days(3)


@pytest.mark.parametrize(
    ("days", "reason", "why"),
    [
        (-1, "Late.", "Choose a day that has not passed."),
        (5, "Late.", "It is due on that day already."),
        (9, " ", "Say why the day is moved."),
    ],
)
def test_a_day_that_has_passed_the_same_day_or_no_reason_is_refused(
    condition: Condition, days: int, reason: str, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        commands.move_due_date(coordinator(), condition, due_on=in_days(days), reason=reason)

    assert (refused.value.reasons, condition.due_on) == ((why,), in_days(5))


def test_a_condition_that_is_settled_has_no_day_to_move(condition: Condition) -> None:
    commands.waive_condition(make.actor(make.staff("manager")), condition, reason="The district did it.")

    with pytest.raises(Refused):
        commands.move_due_date(coordinator(), condition, due_on=in_days(9), reason="Late.")

    assert condition.due_on == in_days(5)


def test_an_idea_on_hold_for_an_overdue_condition_goes_on_once_the_day_is_moved(condition: Condition) -> None:
    condition.due_on = in_days(-1)
    commands.hold_for_overdue(SYSTEM, condition)

    commands.move_due_date(coordinator(), condition, due_on=in_days(20), reason="Schools were closed.")
    commands.resume_idea(coordinator(), condition.idea)

    assert condition.idea.standing == "active"


def test_the_page_moves_the_day_and_says_why_on_the_condition(client: FlaskClient, condition: Condition) -> None:
    make.sign_in(client, make.staff("coordinator"))
    address = f"/conditions/{condition.id}/date"
    list_page = client.get(f"/ideas/{condition.idea.reference}/conditions").text
    sent = {"version": str(condition.version), "due_on": in_days(30).isoformat(), "reason": "Schools are closed."}

    answer = client.post(address, data=sent, follow_redirects=True)

    db.session.refresh(condition)
    assert address in list_page
    assert "The day is moved. The team is told." in answer.text
    assert "Its day was moved: Schools are closed." in answer.text
    assert condition.due_on == in_days(30)


def test_the_timeline_says_from_when_to_when(client: FlaskClient, condition: Condition) -> None:
    condition.due_on = dt.date(2030, 3, 1)
    commands.move_due_date(coordinator(), condition, due_on=dt.date(2030, 5, 4), reason="Schools are closed.")
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{condition.idea.reference}").text

    assert "The day of a condition was moved from 1 Mar 2030 to 4 May 2030: A baseline." in page
