"""The plan of a pilot: made from what the gate approved, filled in, and started once nothing is missing."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation import reactions
from innovation.events import list_events
from innovation.gates import commands as gates
from innovation.gates.events import GateDecided
from innovation.permission import SYSTEM, Forbidden
from innovation.pilots import commands, queries
from innovation.pilots.costing import cost_of
from innovation.pilots.plan_models import PilotSite
from tests import make
from tests.databases import statements
from tests.pilots.planned import FIRST, LAST, approved, begun, handed_in, ready_to_start, rows_of, terms
from workflows import Refused


def test_a_plan_grows_from_the_tables_that_were_accepted(app: Flask) -> None:
    idea = approved()
    handed_in(idea, "measurement_plan", [{"indicator": "Not accepted"}], number=2, state="returned")

    pilot = commands.plan_pilot(make.actor(idea.owner), idea)

    first, second = queries.list_rows(pilot, "measures")
    assert (first.name, first.unit, first.baseline, first.target, first.stop_at) == (
        *("Words read in a minute", "words"),
        *(24.0, 40.0, None),
    )
    assert (second.unit, second.baseline, second.target, second.stop_at) == ("%", None, 85.0, 50.0)
    assert [(line.item, line.amount_cents) for line in queries.list_rows(pilot, "budget")] == [
        ("Stipends", 6_000_000),
        ("Rooms", None),
    ]
    assert [(risk.likely, risk.harm) for risk in queries.list_rows(pilot, "risks")] == [("Possible", "Slight")]
    assert [row.kind for row in queries.list_rows(pilot, "permissions")] == [
        *("department", "governing_bodies", "clearances", "consents"),
    ]


def test_an_idea_that_handed_in_no_tables_has_a_plan_all_the_same(app: Flask) -> None:
    idea = make.idea(place="ready")

    pilot = commands.plan_pilot(make.actor(idea.owner), idea)

    assert (pilot.state, queries.list_rows(pilot, "measures")) == ("planned", [])
    assert len(queries.list_rows(pilot, "risks")) == 2


def test_a_decision_that_lets_the_idea_on_plans_its_pilot_once(app: Flask) -> None:
    review = make.scored_review("pilot", size=5)
    idea = review.idea
    chair = make.actor(review.seats[0].person)
    gates.record_decision(chair, review, outcome="go", rationale="Ready.", **make.go_details())
    [decided] = [event for event in list_events(f"idea:{idea.id}") if event.kind == GateDecided.kind()]

    for _again in range(2):
        reactions.plan_pilot(decided)

    pilot = queries.latest_pilot(idea)
    assert pilot is not None
    assert (pilot.number, pilot.decision_id, pilot.revision_id) == (1, review.decision.id, review.revision_id)


def test_an_idea_that_has_not_passed_its_gate_has_no_plan(app: Flask) -> None:
    idea = make.idea(place="concept")

    with pytest.raises(Refused, match="passed the gate"):
        commands.plan_pilot(make.actor(idea.owner), idea)


def test_days_follow_the_terms_and_can_be_moved(app: Flask) -> None:
    terms()
    idea = approved()
    owner, pilot = make.actor(idea.owner), commands.plan_pilot(make.actor(idea.owner), idea)

    commands.change_outline(owner, pilot, first_term="2026-3", last_term="2026-3", starts_on=None, ends_on=None)
    followed = (pilot.starts_on, pilot.ends_on)
    commands.change_outline(owner, pilot, last_term="2026-4", starts_on=dt.date(2026, 8, 3))

    assert followed == (FIRST, dt.date(2026, 9, 23))
    assert (pilot.starts_on, pilot.ends_on) == (dt.date(2026, 8, 3), LAST)


def test_what_is_missing_is_said_and_the_pilot_does_not_start(app: Flask) -> None:
    idea = approved()
    owner = make.actor(idea.owner)
    pilot = commands.plan_pilot(owner, idea)

    with pytest.raises(Refused) as refused:
        commands.start_pilot(owner, pilot)

    assert refused.value.reasons == (
        "Write the hypothesis: what will change for whom, and why.",
        "Choose the terms, or the first and the last day.",
        "Say what the pilot is run with: money, people and materials.",
        "Name at least one place where the pilot is held.",
        "Settle every permission and clearance: in hand, or asked for where that is enough.",
    )
    assert (idea.place, pilot.state) == ("ready", "planned")


def test_a_pilot_is_started_from_its_plan(app: Flask) -> None:
    pilot = ready_to_start()
    idea = pilot.idea

    commands.start_pilot(make.actor(idea.owner), pilot)

    assert (idea.place, pilot.state) == ("piloting", "running")
    assert idea.pilot_plan == {
        "sites": [make.school().emis],
        "starts_on": "2026-07-21",
        "ends_on": "2026-12-09",
        "means": "A grant.",
    }


def test_a_pilot_ends_when_its_idea_has_left_it(app: Flask) -> None:
    pilot = begun()
    idea = pilot.idea
    still = commands.end_pilot(SYSTEM, idea)
    idea.place = "replicating"

    commands.end_pilot(SYSTEM, idea)

    assert (still, pilot.state) == (None, "ended")


def test_an_idea_that_tries_again_has_another_plan(app: Flask) -> None:
    pilot = begun()
    idea = pilot.idea
    idea.place = "ready"

    again = commands.plan_pilot(SYSTEM, idea)

    assert (pilot.state, again.number, again.state) == ("ended", 2, "planned")


def test_a_contributor_plans_and_does_not_start(app: Flask) -> None:
    pilot = ready_to_start()
    helper = make.actor(make.contributor(pilot.idea))

    commands.change_outline(helper, pilot, means="Two grants.")
    with pytest.raises(Forbidden):
        commands.start_pilot(helper, pilot)

    assert pilot.means == "Two grants."


def test_rows_are_changed_added_and_taken_out(app: Flask) -> None:
    idea = approved()
    owner = make.actor(idea.owner)
    pilot = commands.plan_pilot(owner, idea)
    (number, row), _rooms = rows_of(pilot, "budget", "item", "amount_cents")

    rooms = {"item": "Rooms", "amount_cents": 1_000_000, "in_kind": True}
    changed = [(number, {**row, "amount_cents": 5_000_000}), (None, rooms)]
    commands.change_rows(owner, pilot, part="budget", rows=changed)

    cost = cost_of(queries.list_rows(pilot, "budget"), 300)
    assert (cost.money, cost.in_kind, cost.for_each, cost.unpriced) == (5_000_000, 1_000_000, 20_000, 0)


def test_a_place_stands_in_a_plan_once(app: Flask) -> None:
    pilot = ready_to_start()

    with pytest.raises(Refused, match="in the plan already"):
        commands.add_site(make.actor(pilot.idea.owner), pilot, place=make.school().emis)


def test_the_sites_are_held_against_the_schools_of_their_district(app: Flask) -> None:
    idea = approved()
    owner = make.actor(idea.owner)
    pilot = commands.plan_pilot(owner, idea)
    for number in range(1, 11):
        make.school(f"93032{number:04}", quintile=1 if number <= 9 else 5, urban_rural="rural", learners=150)
    for number in (1, 2, 10):
        commands.add_site(owner, pilot, place=f"93032{number:04}")
    make.school("930999999", district_id=make.district("Mopani").id, quintile=5)

    found, against = queries.compare_sites(pilot)

    assert (found.sites, found.all, against) == (3, 10, "district")
    assert (found.poorest.sites, round(found.poorest.of_all, 2)) == (2, 0.9)


def test_the_plan_is_begun_filled_in_and_started_on_its_pages(app: Flask, client: FlaskClient) -> None:
    terms()
    idea = approved()
    make.sign_in(client, idea.owner)
    here = f"/ideas/{idea.reference}/pilot"

    client.post(here)
    outline = {"hypothesis": "If, then.", "design": "before_after", "first_term": "2026-3", "last_term": "2026-4"}
    client.post(f"{here}/plan/outline", data={**outline, "means": "A grant."})
    client.post(f"{here}/sites", data={"place": make.school().emis, "kind": "programme", "learners": "300"})
    pilot = queries.latest_pilot(idea)
    sent = {}
    for at, row in enumerate(queries.list_rows(pilot, "permissions")):
        sent |= {f"rows-{at}-id": row.id, f"rows-{at}-name": row.name, f"rows-{at}-kind": row.kind}
        sent |= {f"rows-{at}-status": "granted", f"rows-{at}-stands_since": "2026-06-01", f"rows-{at}-seen_by": "Lead"}
    client.post(f"{here}/plan/permissions", data=sent)
    page = client.get(here).text
    client.post(f"{here}/start")

    assert "The idea moves on." in page
    assert (idea.place, pilot.state) == ("piloting", "running")


def test_words_instead_of_a_number_are_answered_with_places_to_choose_from(app: Flask, client: FlaskClient) -> None:
    idea, emis = approved(), make.school().emis
    commands.plan_pilot(make.actor(idea.owner), idea)
    make.sign_in(client, idea.owner)

    picking = client.post(f"/ideas/{idea.reference}/pilot/sites", data={"place": "demo primary", "kind": "programme"})

    assert picking.status_code == 422
    assert f'value="{emis}"' in picking.text


def test_the_page_says_why_not_now(app: Flask, client: FlaskClient) -> None:
    idea = approved()
    commands.plan_pilot(make.actor(idea.owner), idea)
    make.sign_in(client, idea.owner)

    page = client.get(f"/ideas/{idea.reference}/pilot").text

    assert "Name at least one place where the pilot is held." in page
    assert f"/ideas/{idea.reference}/pilot/start" not in page


@pytest.mark.parametrize("page", ["", "/sites"])
def test_a_page_asks_as_much_for_thirty_sites_as_for_one(app: Flask, client: FlaskClient, page: str) -> None:
    pilot = ready_to_start()
    address = f"/ideas/{pilot.idea.reference}/pilot{page}"
    make.sign_in(client, pilot.idea.owner)
    client.get(address)

    with statements() as one:
        client.get(address)
    for number in range(2, 31):
        school = make.school(f"93032{number:04}", quintile=number % 5 + 1)
        make.add(PilotSite(pilot=pilot, place=school.emis, emis=school.emis))
    with statements() as thirty:
        client.get(address)

    assert len(thirty) == len(one)
    assert len(thirty) <= 24
