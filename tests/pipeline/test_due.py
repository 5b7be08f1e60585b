"""What is due: one list of every date within somebody's sight, and the calendar that programs read."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from innovation.accounts import commands as accounts
from innovation.accounts import queries as account_queries
from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.gates import commands as gates
from innovation.gates.models import Review
from innovation.gates.terms import ConditionTerms
from innovation.ideas.models import Wall
from innovation.pipeline.due import DueFilters, list_due
from innovation.web import today
from tests import make
from tests.databases import statements
from tests.meetings.sitting import Sitting
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def convened(days: int = 10) -> Review:
    idea = make.idea(place="at_screening", title="Reading clubs")
    panel = make.panel(size=4)
    db.session.commit()
    due = now().date() + dt.timedelta(days=days)
    coordinator = make.actor(make.staff("coordinator"))
    return gates.convene_panel(coordinator, idea, panel_id=panel.id, due_on=due, sooner="The year ends.")


def due_for(person: Person, **filters: str) -> list[tuple[str, str]]:
    page = list_due(make.actor(person), DueFilters(**filters), today=now().date())
    return [(item.kind, item.title) for item in page.items]


def test_a_coordinator_sees_every_date_the_earliest_first() -> None:
    convened(days=10)
    make.idea(place="concept", title="Late work", due_on=now().date() - dt.timedelta(days=1))
    make.idea(place="at_pilot", standing="held", held_until=now().date() + dt.timedelta(days=3), title="On hold")
    make.idea(place="concept", standing="stopped", due_on=now().date(), title="Stopped")

    found = due_for(make.staff("coordinator"))

    assert found == [("idea", "Late work"), ("hold", "On hold"), ("review", "Reading clubs")]


def test_the_list_is_narrowed_by_what_and_by_when() -> None:
    convened(days=10)
    make.idea(place="concept", title="Late work", due_on=now().date() - dt.timedelta(days=1))
    coordinator = make.staff("coordinator")

    narrowed = [due_for(coordinator, kind="review"), due_for(coordinator, when="overdue")]

    assert narrowed == [[("review", "Reading clubs")], [("idea", "Late work")]]


def test_an_owner_sees_the_dates_of_their_own_idea_only() -> None:
    owner = make.person()
    make.idea(owner, place="concept", title="Mine", due_on=now().date())
    make.idea(place="concept", title="Another one", due_on=now().date())

    assert due_for(owner) == [("idea", "Mine")]


def test_whoever_owes_a_condition_sees_that_one_and_no_other_of_the_idea() -> None:
    review = make.scored_review()
    day = now().date() + dt.timedelta(days=5)
    terms = [ConditionTerms(text, day) for text in ("One", "Two")]
    decide = {"outcome": "conditional", "rationale": "Nearly.", "against_reason": "Thin.", "conditions": terms}
    decision = gates.record_decision(make.actor(review.leading[0].person), review, **decide)
    helper = make.person()  # somebody who has left the team since
    decision.conditions[0].owner_id = helper.id
    db.session.flush()

    assert due_for(helper) == [("condition", review.idea.title)]


def test_a_recused_member_sees_the_idea_in_no_list_of_dates() -> None:
    review = convened()
    member = review.seats[1]
    gates.declare_interest(make.actor(member.person), member, level="recuse")

    assert due_for(member.person) == []


def test_a_coordinator_behind_a_wall_sees_none_of_its_dates() -> None:
    coordinator = make.staff("coordinator")
    idea = make.idea(place="concept", due_on=now().date())
    make.add(Wall(idea_id=idea.id, person_id=coordinator.id, why="declared", since=now()))

    assert due_for(coordinator) == []


def test_the_page_and_its_export_say_the_same(app: Flask, client: FlaskClient) -> None:
    make.idea(place="concept", title="Late work", due_on=today() - dt.timedelta(days=1))
    make.sign_in(client, make.staff("coordinator"))

    page, exported = client.get("/due").text, client.get("/due?export=csv").text
    nonsense = client.get("/due?kind=nonsense&when=never").text

    assert ["Late work" in text for text in (page, nonsense)] == [True, True]
    assert [line.split(",")[1:] for line in exported.strip().splitlines()[1:]] == [
        ["Work at its stage", re.findall(r"LP26-\d+", page)[0], "Late work"]
    ]


def test_the_list_asks_the_same_for_one_date_and_for_thirty() -> None:
    coordinator = make.actor(make.staff("coordinator"))
    counted = []
    for number in (1, 29):
        for _time in range(number):
            make.idea(place="concept", due_on=now().date())
        with statements() as asked:
            list_due(coordinator, DueFilters(), today=now().date())
        counted.append(len(asked))

    assert counted == [2, 2]


# The calendar


@pytest.fixture
def member() -> Person:
    """Somebody who still has to declare, with a calendar."""
    person = convened().seats[0].person
    make.account(person)
    accounts.open_calendar(make.actor(person), person)
    return person


def address(person: Person) -> str:
    token = account_queries.find_calendar(person)
    assert token is not None
    return f"/calendar/{account_queries.secret_of(token)}.ics"


def test_a_calendar_program_reads_what_is_due_without_signing_in(client: FlaskClient, member: Person) -> None:
    answer = client.get(address(member))

    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert answer.mimetype == "text/calendar"
    assert [(str(e["summary"]).split(" (")[0], e.decoded("dtstart")) for e in events] == [
        ("Say whether you have an interest", now().date() + dt.timedelta(days=10))
    ]


def test_a_meeting_stands_in_the_calendar_at_its_hours(client: FlaskClient) -> None:
    sitting = Sitting(ideas=1, minutes=90)
    meeting, person = sitting.meeting, sitting.person("chair")
    accounts.open_calendar(make.actor(person), person)

    events = Calendar.from_ical(client.get(address(person)).data).walk("VEVENT")

    hours = [(e.decoded("dtstart"), e.decoded("dtend")) for e in events if "meeting" in str(e["summary"])]
    assert hours == [(meeting.starts_at.replace(microsecond=0), meeting.ends_at.replace(microsecond=0))]


def test_the_title_of_an_idea_stands_in_no_calendar(client: FlaskClient, member: Person) -> None:
    assert "Reading clubs" not in client.get(address(member)).text


def test_a_calendar_that_has_not_changed_is_not_sent_again(client: FlaskClient, member: Person) -> None:
    first = client.get(address(member))

    again = client.get(address(member), headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


def test_a_new_address_ends_the_earlier_one(client: FlaskClient, member: Person) -> None:
    earlier = address(member)

    accounts.open_calendar(make.actor(member), member)

    assert [client.get(each).status_code for each in (earlier, address(member))] == [404, 200]


def test_a_closed_address_and_a_closed_sign_in_give_nothing(client: FlaskClient, member: Person) -> None:
    known = address(member)
    assert member.account is not None
    member.account.disabled_at = now()
    db.session.commit()
    while_closed = client.get(known).status_code
    member.account.disabled_at = None
    accounts.close_calendar(make.actor(member), member)

    assert (while_closed, client.get(known).status_code) == (404, 404)


def test_there_is_nothing_to_close_without_an_address() -> None:
    person = make.person()

    with pytest.raises(Refused):
        accounts.close_calendar(make.actor(person), person)


def test_the_account_page_makes_and_shows_the_address(app: Flask, client: FlaskClient) -> None:
    person = make.person()
    make.sign_in(client, person)

    client.post("/account/calendar")

    assert address(person) in client.get("/account").text
