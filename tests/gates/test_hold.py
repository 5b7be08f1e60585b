"""What becomes of an idea on hold: resumed when nothing overdue would hold it again."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.events import list_events
from innovation.gates import commands, queries
from innovation.gates.models import Condition, Ending
from innovation.gates.terms import ConditionTerms
from innovation.ideas import moves
from innovation.ideas.models import Idea
from innovation.permission import SYSTEM, Actor, Forbidden
from innovation.programmes.workdays import working_days_after
from tests import make
from workflows import JourneyFacts, Refused, State

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

    day = f"{overdue.due_on.day} {overdue.due_on:%b %Y}"
    assert refused.value.reasons == (
        f"The condition “A baseline.” was due on {day} and blocks. "
        "Settle it, waive it or move its date first: until then the idea would be put on hold again.",
    )
    assert db.session.get_one(Idea, overdue.idea_id).standing == "held"


def test_once_the_condition_is_waived_the_idea_goes_on(overdue: Condition) -> None:
    commands.waive_condition(make.actor(make.staff("manager")), overdue, reason="The district did it.")

    commands.resume_idea(coordinator(), overdue.idea)

    again = list(db.session.scalars(queries.overdue_blocking_ids(now().date())))
    assert (overdue.idea.standing, again) == ("active", [])


def test_the_page_says_why_before_the_button(client: FlaskClient, overdue: Condition) -> None:
    make.sign_in(client, make.staff("coordinator"))

    page = client.get(f"/ideas/{overdue.idea.reference}").text

    assert ("This idea is on hold and cannot go on yet." in page, "/resumption" in page) == (True, False)


STOP = {"stop_reason": "no_evidence", "lesson": "Ask the schools first.", "thanks": "Thank you all."}


def stop(idea: Idea, **more: str) -> Ending:
    stop_reason = idea.definition.stop_reasons[0].key
    details = {**STOP, "stop_reason": stop_reason, **more}
    return commands.end_held_idea(coordinator(), idea, outcome="stop", rationale="Nobody has time.", **details)


def test_an_idea_on_hold_at_a_stage_is_stopped_with_its_lesson(overdue: Condition) -> None:
    ending = stop(overdue.idea)

    assert (overdue.idea.state, ending.details["lesson"]) == (State("concept", "stopped"), "Ask the schools first.")
    assert list_events(f"idea:{overdue.idea_id}", kinds=["held_idea_ended"])[0].data["outcome"] == "stop"


def test_it_is_referred_or_joins_another_idea(overdue: Condition) -> None:
    other, third = make.idea(title="The other"), make.idea(place="concept", standing="held")

    commands.end_held_idea(
        coordinator(), overdue.idea, outcome="merge", rationale="The same.", merge_into=other.reference
    )
    commands.end_held_idea(coordinator(), third, outcome="refer", rationale="Theirs.", refer_to="The district")

    assert (overdue.idea.standing, overdue.idea.merged_into_id, third.standing) == ("merged", other.id, "referred")
    assert overdue.idea.owner_id in {contributor.person_id for contributor in other.contributors}


def test_what_a_stop_requires_is_asked_for(overdue: Condition) -> None:
    with pytest.raises(Refused) as refused:
        stop(overdue.idea, lesson="", stop_reason="whim")

    assert refused.value.reasons == (
        "Write down the lesson that others can learn from it.",
        "Choose one of the reasons for stopping.",
    )


@pytest.mark.parametrize(("place", "standing"), [("concept", "active"), ("at_pilot", "held"), ("concept", "stopped")])
def test_only_an_idea_on_hold_at_a_stage_is_ended_so(place: str, standing: str) -> None:
    idea = make.idea(place=place, standing=standing)

    with pytest.raises(Refused):
        stop(idea)

    assert idea.state == State(place, standing)


def test_an_outcome_that_ends_nothing_is_refused(overdue: Condition) -> None:
    with pytest.raises(Refused, match="Choose how the idea ends"):
        commands.end_held_idea(coordinator(), overdue.idea, outcome="go", rationale="Go.")


def test_the_owner_does_not_end_it_so(overdue: Condition) -> None:
    with pytest.raises(Forbidden):
        commands.end_held_idea(
            make.actor(overdue.idea.owner), overdue.idea, outcome="refer", rationale="R", refer_to="B"
        )


def test_the_page_ends_it_and_the_idea_tells_why(client: FlaskClient, overdue: Condition) -> None:
    idea = overdue.idea
    make.sign_in(client, make.staff("coordinator"))
    assert f"/ideas/{idea.reference}/ending" in client.get(f"/ideas/{idea.reference}").text
    address, sent = f"/ideas/{idea.reference}/ending", {"outcome": "stop", "rationale": "Nobody has time."}
    version = client.get(address).text.split('name="version" value="')[1].split('"')[0]
    unfinished = client.post(address, data={**sent, "version": version})

    reason = idea.definition.stop_reasons[0].key
    answer = client.post(address, data={**sent, **STOP, "stop_reason": reason, "version": version})

    page = client.get(f"/ideas/{idea.reference}").text
    assert (unfinished.status_code, 'id="lesson-error"' in unfinished.text) == (422, True)
    assert (answer.status_code, "Ask the schools first." in page, "while it was on hold." in page) == (302, True, True)


def test_the_clock_stands_still_while_an_idea_is_on_hold() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC), tick=False):  # a Monday
        idea = make.idea(place="at_pilot", due_on=dt.date(2026, 11, 10))
        moves.move(idea, "hold", JourneyFacts(decided=True))
    with time_machine.travel(dt.datetime(2026, 11, 9, 8, tzinfo=dt.UTC), tick=False):
        commands.resume_idea(coordinator(), idea)

    assert (idea.due_on, idea.held_since) == (dt.date(2026, 11, 17), None)


def test_a_panel_that_sits_for_an_idea_gets_the_time_of_the_hold_as_well() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC), tick=False):
        review = make.scored_review()
        review.due_on = dt.date(2026, 11, 10)
        moves.move(review.idea, "hold", JourneyFacts(decided=True))
    with time_machine.travel(dt.datetime(2026, 11, 9, 8, tzinfo=dt.UTC), tick=False):
        commands.resume_idea(coordinator(), review.idea)

    assert review.due_on == dt.date(2026, 11, 17)


def test_an_idea_gets_the_time_of_the_stage_that_it_comes_to() -> None:
    make.programme().country = "ZA"
    with time_machine.travel(dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC), tick=False):
        idea = make.idea(place="at_screening")
        moves.move(idea, "go", JourneyFacts(decided=True))

    assert idea.due_on == working_days_after(dt.date(2026, 11, 2), 60, "ZA")
