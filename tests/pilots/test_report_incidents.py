"""Incidents: where somebody comes to harm the pilot is paused at once, and goes on only when that is settled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.events import list_events
from innovation.gates.models import Review
from innovation.notifications.models import Notice
from innovation.permission import Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.incident_models import Incident, IncidentEntry
from innovation.pilots.writing import Measured
from innovation.worker import deliver_owed
from tests import make
from tests.pilots.harmed import DAY, reported, settled
from tests.pilots.planned import ready_to_start
from tests.pilots.typed import cell, held, typed
from tests.pilots.visited import visited
from workflows import Refused


def coordinator() -> Any:
    return make.actor(make.staff("coordinator"))


def test_harm_pauses_the_pilot_at_once_and_anything_less_does_not(app: Flask) -> None:
    pilot = held()

    states = []
    for severity in ("near_miss", "minor", "harm"):
        reported(pilot, severity=severity)
        states.append(pilot.state)

    assert states == ["running", "running", "paused"]
    kinds = ["incident_reported", "incident_reported", "incident_reported", "pilot_paused"]
    assert [event.kind for event in reversed(list_events(f"idea:{pilot.idea_id}"))] == kinds


def test_a_second_harm_finds_the_pilot_paused_and_is_no_error(app: Flask) -> None:
    pilot = held()

    reported(pilot)
    reported(pilot, what="A second shelf fell.")

    assert (pilot.state, queries.facts_of(pilot).harm) == ("paused", 2)
    assert len(list_events(f"idea:{pilot.idea_id}", kinds=["pilot_paused"])) == 1


def test_a_pilot_that_asks_is_paused_and_asks_again_afterwards(app: Flask) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(2)})
    asked = pilot.state

    settled(reported(pilot))
    commands.resume_pilot(coordinator(), pilot)

    assert (asked, pilot.state) == ("asking", "asking")


def test_before_it_begins_a_pilot_cannot_start_until_harm_is_settled(app: Flask) -> None:
    pilot = ready_to_start()
    incident = reported(pilot)
    owner = make.actor(pilot.idea.owner)

    with pytest.raises(Refused) as refused:
        commands.start_pilot(owner, pilot)
    told = queries.read_plan(pilot).missing
    settled(incident)
    commands.start_pilot(owner, pilot)

    assert refused.value.reasons == told == ("An incident in which somebody came to harm is not settled yet.",)
    assert pilot.state == "running"


def test_after_its_end_an_incident_is_kept_and_weighs_at_the_next_gate(app: Flask) -> None:
    pilot = held(state="ended")

    incident = reported(pilot)

    assert pilot.state == "ended"
    assert queries.count_grave(pilot.idea) == (1, 1)
    settled(incident)
    assert queries.count_grave(pilot.idea) == (1, 0)


def test_while_it_is_paused_readings_can_still_be_typed(app: Flask) -> None:
    pilot = held()
    reported(pilot)

    written = typed(pilot, {cell(pilot): Measured(30)})

    assert (written.new, pilot.state) == (1, "paused")


def test_a_paused_pilot_goes_on_only_when_all_harm_is_settled(app: Flask) -> None:
    pilot = held()
    first, second = reported(pilot), reported(pilot)
    settled(first)

    with pytest.raises(Refused) as refused:
        commands.resume_pilot(coordinator(), pilot)
    settled(second)
    between = pilot.state
    commands.resume_pilot(coordinator(), pilot)

    assert refused.value.reasons == ("An incident in which somebody came to harm is not settled yet.",)
    assert (between, pilot.state) == ("paused", "running")
    with pytest.raises(Refused):
        commands.resume_pilot(coordinator(), pilot)


def test_neither_team_nor_stranger_settles_or_lets_it_go_on(app: Flask) -> None:
    pilot = held()
    incident = reported(pilot)

    for person in (pilot.idea.owner, make.contributor(pilot.idea), make.person()):
        with pytest.raises(Forbidden):
            settled(incident, by=person)
        with pytest.raises(Forbidden):
            commands.resume_pilot(make.actor(person), pilot)

    assert (incident.state, pilot.state) == ("open", "paused")


def test_a_settled_incident_is_opened_again_with_a_reason_and_pauses_again(app: Flask) -> None:
    pilot = held()
    incident = settled(reported(pilot))
    commands.resume_pilot(coordinator(), pilot)

    with pytest.raises(Refused):
        commands.reopen_incident(coordinator(), incident, reason="")
    commands.reopen_incident(coordinator(), incident, reason="Another shelf came down.")

    assert (incident.state, pilot.state) == ("open", "paused")
    steps = [entry.step for entry in queries.list_entries([incident])[incident.id]]
    assert steps == ["settled", "reopened"]


def test_what_was_taken_for_minor_and_turns_out_to_be_harm_pauses_the_pilot(app: Flask) -> None:
    pilot = held()
    incident = reported(pilot, severity="minor")

    commands.grade_incident(coordinator(), incident, severity="harm", reason="The wrist was broken.")

    assert (incident.severity, pilot.state) == ("harm", "paused")
    [entry] = queries.list_entries([incident])[incident.id]
    assert (entry.step, entry.before, entry.code) == ("graded", "minor", "harm")


def test_the_day_on_which_others_were_told_is_kept_and_added_to(app: Flask) -> None:
    pilot = held()

    incident = reported(pilot, told={"police": DAY})
    commands.tell_outside(make.actor(pilot.idea.owner), incident, told={"social_worker": DAY})

    entries = queries.list_entries([incident])[incident.id]
    assert [(entry.step, entry.code, entry.day) for entry in entries] == [
        ("told", "police", DAY),
        ("told", "social_worker", DAY),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened_on": dt.date(2099, 1, 1)},
        {"kind": "weather"},
        {"severity": "fatal"},
        {"what": ""},
        {"told": {"the press": DAY}},
    ],
)
def test_what_cannot_be_right_is_refused_and_pauses_nothing(app: Flask, wrong: dict[str, Any]) -> None:
    pilot = held()

    with pytest.raises(Refused):
        reported(pilot, **wrong)

    assert pilot.state == "running"
    assert db.session.scalar(sa.select(sa.func.count(Incident.id))) == 0


def test_no_event_says_what_happened_or_of_which_kind(app: Flask) -> None:
    pilot = held()

    settled(reported(pilot, kind="safeguarding", told={"police": DAY}))

    facts = " ".join(event.facts for event in list_events(f"idea:{pilot.idea_id}"))
    assert [word in facts for word in ("shelf", "wall", "safeguarding")] == [False, False, False]


def letters() -> set[tuple[str, bool]]:
    """Who has had a letter about harm, and whether its link leads to the incidents."""
    query = sa.select(Person.name, Notice.link).join(Notice, Notice.person_id == Person.id)
    rows = db.session.execute(query.where(Notice.subject.contains("came to harm")))
    return {(name, link.endswith("/incidents")) for name, link in rows}


def test_owner_coordinator_and_chair_are_told_of_harm_and_of_nothing_that_happened(app: Flask) -> None:
    review = make.review("pilot", of=make.idea(place="at_pilot"))
    chair = next(seat for seat in review.seats if seat.role == "chair")
    for seat in review.seats:
        seat.stance = "none"
    db.session.execute(sa.update(Review).values(state="decided"))
    pilot = held(idea=review.idea)
    helper = make.contributor(review.idea)
    make.account(make.first(Person, name="Coordinator"))

    commands.report_incident(
        make.actor(helper), pilot, happened_on=DAY, kind="safety", severity="harm", what="A shelf fell."
    )
    deliver_owed()

    assert letters() == {(review.idea.owner.name, True), ("Coordinator", True), (chair.person.name, False)}
    texts = db.session.scalars(sa.select(Notice.text).where(Notice.subject.contains("came to harm")))
    assert [("shelf" in text, "paused" in text) for text in texts] == [(False, True)] * 3


def test_whoever_settles_finds_it_in_their_work_and_then_the_pilot_that_can_go_on(client: FlaskClient) -> None:
    pilot = held()
    incident = reported(pilot)
    coordinator = make.sign_in(client, make.staff("coordinator"))

    work, due = (coordinator.get(at).text for at in ("/work", "/due?kind=incident"))
    settled(incident)
    afterwards = coordinator.get("/work").text

    assert ["Settle an incident in a pilot" in work, "An incident in a pilot is to be settled" in due] == [True, True]
    assert ["Settle an incident" in afterwards, "Let a paused pilot go on" in afterwards] == [False, True]


def test_entries_are_only_ever_added(app: Flask) -> None:
    pilot = held()
    incident = settled(reported(pilot))
    commands.reopen_incident(coordinator(), incident, reason="Too early.")
    settled(incident, found="It was fixed badly.")

    texts = db.session.scalars(sa.select(IncidentEntry.text).order_by(IncidentEntry.id)).all()

    assert texts == ["It was not fixed to the wall.", "Too early.", "It was fixed badly."]


@pytest.mark.parametrize("sites", [3, 201])
def test_what_was_seen_at_a_visit_is_reported_with_its_day_and_site(client: FlaskClient, sites: int) -> None:
    pilot = held(sites=sites)
    visit = visited(pilot, 1, harm=True, visited_on=DAY)
    make.sign_in(client, pilot.idea.owner)
    page = f"/ideas/{pilot.idea.reference}/pilot/incidents/new?visit={visit.number}"

    form = client.get(page).text

    said = f'value="{pilot.sites[1].place}"' if sites > 200 else f'<option value="{visit.site_id}" selected'
    assert [said in form, f'value="{DAY.isoformat()}"' in form] == [True, True]
    assert page in client.get(f"/ideas/{pilot.idea.reference}/pilot/visits/{visit.number}").text
    assert client.get(page.replace(f"visit={visit.number}", "visit=77")).status_code == 200


@pytest.mark.parametrize("day", [dt.date(2026, 8, 3), dt.date(26, 8, 4)])
def test_nobody_can_have_been_told_before_it_happened(app: Flask, day: dt.date) -> None:
    pilot = held()

    with pytest.raises(Refused, match="told before it happened"):
        reported(pilot, told={"police": day})

    assert (db.session.scalar(sa.select(sa.func.count()).select_from(Incident)), pilot.state) == (0, "running")


def test_a_year_that_was_typed_wrongly_is_no_day_of_an_incident(app: Flask) -> None:
    with pytest.raises(Refused, match="long before the pilot began"):
        reported(held(), happened_on=dt.date(206, 8, 4))
