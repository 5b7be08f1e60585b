"""An idea that tries again: what is owed from its earlier pilot can still be read, and be done."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from innovation.ideas.models import Idea
from innovation.pilots import queries
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from innovation.pilots.writing import Measured
from tests import make
from tests.pilots.harmed import reported
from tests.pilots.typed import cell, held, typed


def tried_again(first: Pilot) -> Pilot:
    """The pilot is over, and the idea has another one."""
    first.state = "ended"
    return make.add(Pilot(idea=first.idea, number=2, state="running"))


def harmed(idea: Idea | None = None) -> Incident:
    first = held(idea=idea)
    found = reported(first)
    tried_again(first)
    return found


def test_an_incident_of_an_earlier_pilot_is_listed_and_settled(client: FlaskClient) -> None:
    found = harmed()
    page = f"/ideas/{found.idea.reference}/pilot/incidents"
    coordinator = make.sign_in(client, make.staff("coordinator"))

    listed = coordinator.get(page)
    read = coordinator.get(f"{page}/{found.id}")
    told = {"s-found": "A loose shelf.", "s-changes": "All are fixed.", "s-settled_on": "2026-08-04"}
    settled = coordinator.post(f"{page}/{found.id}/settlement", data=told)

    assert f"{page}/{found.id}" in listed.text
    assert (read.status_code, settled.status_code, found.state) == (200, 302, "settled")


def test_where_there_is_one_pilot_its_number_is_not_told_in_the_list(client: FlaskClient) -> None:
    found = reported(held())
    page = f"/ideas/{found.idea.reference}/pilot/incidents"
    coordinator = make.sign_in(client, make.staff("coordinator"))

    alone = coordinator.get(page).text
    tried_again(found.pilot)
    beside = coordinator.get(page).text

    assert ["Pilot 1" in alone, "Pilot 1" in beside] == [False, True]


def test_nobody_is_asked_whether_a_pilot_goes_on_that_is_over(client: FlaskClient) -> None:
    first = held()
    typed(first, {cell(first): Measured(2)})
    coordinator = make.sign_in(client, make.staff("coordinator"))
    asked = f"/ideas/{first.idea.reference}/pilot/readings/overview"
    lists = ("/work", "/due?kind=stop_warning")
    before = [asked in coordinator.get(at).text for at in lists]
    tried_again(first)

    after = [asked in coordinator.get(at).text for at in lists]

    assert (before, after) == ([True, True], [False, False])


def test_the_next_gate_counts_what_is_owed_of_all_pilots(app: Flask) -> None:
    found = harmed()

    assert queries.count_grave(found.idea) == (1, 1)
