"""Coming to a gate without a deliverable, or past the day that was set: waived by whom the process names."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask.testing import FlaskClient

from innovation.db import db, now
from innovation.gates import commands, queries
from innovation.gates.after_models import Waiver
from innovation.ideas import moves
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.permission import Actor, Forbidden
from tests import make
from workflows import JourneyFacts, Refused

pytestmark = pytest.mark.usefixtures("app")
BUDGET = "pilot/budget"


def idea_before_the_pilot_gate() -> Idea:
    idea = make.idea(make.person("Owner"), place="concept", due_on=now().date() + dt.timedelta(days=9))
    db.session.commit()
    return idea


def chair() -> Actor:
    panel = make.panel("pilot", 5)
    db.session.commit()
    return make.actor(next(member.person for member in panel.members if member.role == "chair"))


def ask(idea: Idea, what: str = BUDGET) -> Waiver:
    return commands.ask_waiver(make.actor(idea.owner), idea, what=what, grounds="The district pays for it.")


def missing(idea: Idea) -> bool:
    return any("budget" in sentence.lower() for sentence in ideas.readiness(idea).missing)


def test_the_chair_of_the_panel_waives_a_deliverable_and_it_is_missed_no_more() -> None:
    idea, leading = idea_before_the_pilot_gate(), chair()
    before = missing(idea)
    waiver = ask(idea)
    asked = missing(idea)

    commands.answer_waiver(leading, queries.as_asked(waiver), answer="granted", reason="The letter says so.")

    item = next(item for item in ideas.readiness(idea).items if item.key == "budget")
    assert (before, asked, missing(idea)) == (True, True, False)
    assert (item.done, item.detail) == (True, "waived")


def test_neither_the_team_nor_a_coordinator_nor_another_chair_waives_a_deliverable() -> None:
    idea, staff = idea_before_the_pilot_gate(), make.staff("coordinator")
    other = next(member.person for member in make.panel("screening").members)
    chair()
    waiver = ask(idea)

    for person in (idea.owner, staff, other):
        with pytest.raises(Forbidden):
            commands.answer_waiver(make.actor(person), queries.as_asked(waiver), answer="granted", reason="Fine.")

    assert waiver.state == "asked"


def test_a_coordinator_waives_the_day_by_asking_and_taking_it_back_sets_the_day_again() -> None:
    idea, staff = idea_before_the_pilot_gate(), make.actor(make.staff("coordinator"))
    day = idea.due_on
    db.session.commit()

    waiver = commands.ask_waiver(staff, idea, what="pilot/@day", grounds="Exams.")
    waived = (waiver.state, idea.due_on, waiver.was_due_on)
    commands.revoke_waiver(staff, queries.as_asked(waiver), reason="Exams are over.")

    assert waived == ("granted", None, day)
    assert (waiver.state, idea.due_on, idea.waived) == ("revoked", day, "")


def test_a_day_that_was_waived_comes_back_later_by_the_time_of_a_hold() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC), tick=False):  # a Monday
        idea, staff = idea_before_the_pilot_gate(), make.actor(make.staff("coordinator"))
        idea.due_on = dt.date(2026, 11, 10)
        db.session.commit()
        waiver = commands.ask_waiver(staff, idea, what="pilot/@day", grounds="Exams.")
        moves.move(idea, "overdue", JourneyFacts())
    with time_machine.travel(dt.datetime(2026, 11, 9, 8, tzinfo=dt.UTC), tick=False):
        commands.resume_idea(staff, idea)

    commands.revoke_waiver(staff, queries.as_asked(waiver), reason="Exams are over.")

    assert idea.due_on == dt.date(2026, 11, 17)


def test_nobody_is_asked_to_answer_once_the_idea_stands_at_its_gate_or_beyond() -> None:
    idea, leading = idea_before_the_pilot_gate(), chair()
    ask(idea)
    asked = {}

    for place in ("concept", "at_pilot", "ready"):
        idea.state = idea.state._replace(place=place)
        db.session.commit()
        asked[place] = len(queries.to_waive(leading))

    assert asked == {"concept": 1, "at_pilot": 0, "ready": 0}


def test_a_waiver_stays_once_the_idea_has_been_presented() -> None:
    idea, leading = idea_before_the_pilot_gate(), chair()
    waiver = ask(idea)
    commands.answer_waiver(leading, queries.as_asked(waiver), answer="granted", reason="The letter says so.")
    idea.state = idea.state._replace(place="at_pilot")
    db.session.commit()

    with pytest.raises(Refused) as refused:
        commands.revoke_waiver(leading, queries.as_asked(waiver), reason="No.")

    assert refused.value.reasons == ("The idea has been presented, so what it came with stays as it is.",)


def test_what_cannot_be_waived_or_waits_already_is_not_asked_for() -> None:
    idea = idea_before_the_pilot_gate()
    ask(idea)

    for what in (BUDGET, "pilot/canvas", "pilot/no_such_thing", "screening/budget"):
        with pytest.raises(Refused):
            ask(idea, what)

    assert [waiver.key for waiver in queries.list_waivers(idea)] == ["budget"]


def test_the_chair_finds_it_among_their_work_and_the_panel_reads_the_reason(client: FlaskClient) -> None:
    idea, leading = idea_before_the_pilot_gate(), chair()
    waiver = ask(idea)
    person = db.session.get(make.Person, leading.person_id)
    browser = make.sign_in(client, person)

    waiting = browser.get("/work").text
    hidden = browser.get(f"/ideas/{idea.reference}").status_code
    browser.post(f"/waivers/{waiver.id}", data={"answer": "granted", "reason": "The letter of the district says so."})
    idea.state = idea.state._replace(place="at_pilot")
    review = make.review("pilot", 5, of=idea)
    seat = review.seats[0]
    make.declare(seat)
    pack = make.sign_in(client, seat.person).get(f"/reviews/{review.id}").text

    assert "Answer a request for a waiver" in waiting
    assert hidden == 404
    assert "The letter of the district says so." in pack


def test_the_team_asks_on_a_page_that_lists_every_waiver(client: FlaskClient) -> None:
    idea = idea_before_the_pilot_gate()
    browser = make.sign_in(client, idea.owner)

    answer = browser.post(f"/ideas/{idea.reference}/waivers", data={"what": BUDGET, "grounds": "The district pays."})

    assert answer.status_code == 302
    assert "The district pays." in browser.get(f"/ideas/{idea.reference}/waivers").text


def test_a_list_shows_what_is_waived_as_neither_done_nor_missing(client: FlaskClient) -> None:
    idea, leading = idea_before_the_pilot_gate(), chair()
    commands.answer_waiver(leading, queries.as_asked(ask(idea)), answer="granted", reason="The letter says so.")

    page = make.sign_in(client, idea.owner).get(f"/ideas/{idea.reference}/deliverables").text

    assert page.count('<span class="tick waived">') == 1
