"""Incidents on their pages: reported, settled and opened again there, and by nobody who has no part in it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation import pilot_reminders
from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.models import Wall
from innovation.notifications.models import Notice
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from tests import make
from tests.pilots.harmed import reported, settled
from tests.pilots.typed import held

FORM = {"happened_on": "2026-08-04", "site_id": "", "kind": "safety", "severity": "harm", "what": "A shelf fell."}


def at(pilot: Pilot, rest: str = "") -> str:
    return f"/ideas/{pilot.idea.reference}/pilot/incidents{rest}"


def test_it_is_reported_on_the_page_with_the_day_on_which_the_police_was_told(client: FlaskClient) -> None:
    pilot = held()
    owner = make.sign_in(client, pilot.idea.owner)

    sent = owner.post(at(pilot, "/new"), data={**FORM, "told_police": "2026-08-05"})
    page = owner.get(sent.location).text

    assert sent.status_code == 302
    assert ["A shelf fell." in page, "Police was told on 5 Aug 2026." in page] == [True, True]
    assert "The pilot is paused" in owner.get(at(pilot)).text


def test_an_error_loses_nothing_that_was_typed(client: FlaskClient) -> None:
    pilot = held()
    owner = make.sign_in(client, pilot.idea.owner)

    sent = owner.post(at(pilot, "/new"), data={**FORM, "severity": "", "told_police": "2026-08-05"})

    assert (sent.status_code, pilot.state) == (422, "running")
    assert ["A shelf fell." in sent.text, 'value="2026-08-05"' in sent.text] == [True, True]


def test_of_very_many_sites_the_one_is_typed_by_its_number_or_name(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("innovation.pilots.queries.visits.MOST_LISTED", 1)
    pilot = held()
    owner = make.sign_in(client, pilot.idea.owner)

    unknown = owner.post(at(pilot, "/new"), data={**FORM, "site_id": "Nowhere"})
    owner.post(at(pilot, "/new"), data={**FORM, "site_id": pilot.sites[1].place})

    assert (unknown.status_code, "No site of the pilot has this number or name." in unknown.text) == (422, True)
    assert make.first(Incident).site_id == pilot.sites[1].id


def test_the_page_says_why_the_pilot_cannot_go_on_before_the_button_is_there(client: FlaskClient) -> None:
    pilot = held()
    incident = reported(pilot)
    coordinator = make.sign_in(client, make.staff("coordinator"))

    before = coordinator.get(at(pilot)).text
    refused = coordinator.post(f"/ideas/{pilot.idea.reference}/pilot/resumption")
    settled(incident)
    after = coordinator.get(at(pilot)).text
    coordinator.post(f"/ideas/{pilot.idea.reference}/pilot/resumption")

    reason = "An incident in which somebody came to harm is not settled yet."
    assert [reason in before, "Let the pilot go on" in before] == [True, False]
    assert (refused.status_code, reason in refused.text) == (409, True)
    assert [reason in after, "Let the pilot go on" in after, pilot.state] == [False, True, "running"]


def test_a_coordinator_settles_it_and_opens_it_again(client: FlaskClient) -> None:
    pilot = held()
    incident = reported(pilot)
    coordinator = make.sign_in(client, make.staff("coordinator"))
    said = {"s-found": "It was loose.", "s-changes": "All are fixed.", "s-settled_on": "2026-08-06"}

    coordinator.post(at(pilot, f"/{incident.id}/settlement"), data=said)
    between = incident.state
    coordinator.post(at(pilot, f"/{incident.id}/reopening"), data={"r-reason": "One was left out."})
    page = coordinator.get(at(pilot, f"/{incident.id}")).text

    assert (between, incident.state) == ("settled", "open")
    assert ["It was loose." in page, "All are fixed." in page, "One was left out." in page] == [True] * 3


def test_the_owner_sees_no_way_to_settle_it(client: FlaskClient) -> None:
    pilot = held()
    incident = reported(pilot)
    owner = make.sign_in(client, pilot.idea.owner)

    page = owner.get(at(pilot, f"/{incident.id}")).text
    sent = owner.post(at(pilot, f"/{incident.id}/settlement"), data={"s-found": "Nothing."})

    assert ["Settle it" in page, sent.status_code] == [False, 403]


@pytest.fixture
def outsiders(app: Flask) -> tuple[Incident, list[Person]]:
    """Somebody recused, a facilitator, a funder's person and a stranger to the idea."""
    clinic = make.clinic()
    pilot = held(idea=make.idea(place="piloting", clinic_id=clinic.id))
    recused = make.staff("coordinator")
    make.add(Wall(idea_id=pilot.idea_id, person_id=recused.id, why="seat:1"))
    facilitator = make.grant(make.person(), "facilitator", clinic_id=clinic.id, programme_id=pilot.idea.programme_id)
    return reported(pilot), [recused, facilitator, make.funder_person(make.funder()), make.person()]


def test_nobody_without_a_part_in_it_finds_an_incident(
    client: FlaskClient, outsiders: tuple[Incident, list[Person]]
) -> None:
    incident, people = outsiders
    pages = [at(incident.pilot, rest) for rest in ("", "/new", f"/{incident.id}", "?export=csv")]

    answers = {make.sign_in(client, person).get(page).status_code for person in people for page in pages}

    assert answers == {404}


def test_an_idea_s_history_tells_the_facilitator_nothing_of_it(
    client: FlaskClient, outsiders: tuple[Incident, list[Person]]
) -> None:
    incident, people = outsiders
    address = f"/ideas/{incident.idea.reference}?history=all"

    facilitator, owner = (make.sign_in(client, who).get(address).text for who in (people[1], incident.idea.owner))

    assert ["incident" in facilitator.lower(), "An incident in the pilot was reported." in owner] == [False, True]


def test_whoever_settles_is_reminded_around_the_day(app: Flask) -> None:
    morning = dt.datetime(2026, 8, 5, 6, tzinfo=dt.UTC)
    with time_machine.travel(morning, tick=False):
        make.account(make.staff("coordinator"))
        incident = reported(held(), severity="minor")
        db.session.commit()
    with time_machine.travel(morning + dt.timedelta(days=12), tick=False):
        pilot_reminders.remind_incidents()
        pilot_reminders.remind_incidents()

    subjects = db.session.scalars(sa.select(Notice.subject)).all()
    assert incident.settle_by == dt.date(2026, 8, 19)
    assert subjects == [f"An incident waits to be settled: “{incident.idea.title}”"]
