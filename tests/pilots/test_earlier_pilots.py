"""An idea that tries again: what is owed from its earlier pilot can still be read, and be done."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from innovation.ideas.models import Idea
from innovation.pilots import commands, queries
from innovation.pilots.incident_models import Incident
from innovation.pilots.plan_models import Pilot
from innovation.pilots.writing import Measured
from tests import make
from tests.pilots.harmed import reported
from tests.pilots.typed import cell, held, typed
from tests.pilots.visited import DAY as FIRST_DAY
from tests.pilots.visited import visited


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


def measured_twice() -> Pilot:
    """A first pilot with something on each of its pages, and another one after it."""
    first = held(sites=3)
    owner = make.actor(first.idea.owner)
    typed(first, {cell(first, site=at): Measured(20.0 + at, 40) for at in range(3)})
    visited(first, worked="The first club reads.")
    commands.enter_spend(owner, first, line_id=None, spent_on=FIRST_DAY, amount_cents=4_200_00, what="Old books")
    tried_again(first)
    return first


PAGES = ("", "/sites", "/readings/overview", "/visits", "/visits/1", "/spend", "/results", "/adaptations")


def test_every_page_of_an_earlier_pilot_is_read_and_nothing_of_it_changed(client: FlaskClient) -> None:
    first = measured_twice()
    here = f"/ideas/{first.idea.reference}/pilot"
    owner = make.sign_in(client, first.idea.owner)

    pages = {page: owner.get(f"{here}{page}?pilot=1") for page in PAGES}

    assert {page: found.status_code for page, found in pages.items()} == dict.fromkeys(PAGES, 200)
    for found in pages.values():
        main = found.text.partition("<main")[2]
        assert "This is pilot 1 of this idea. It is over" in main
        assert 'method="post"' not in main
    assert "Old books" in pages["/spend"].text
    assert "The first club reads." in pages["/visits/1"].text
    assert f'href="{here}/spend?pilot=1"' in pages["/visits"].text
    assert 'name="pilot" value="1"' in pages["/spend"].text


def test_the_latest_pilot_shows_nothing_of_the_earlier_one_and_names_it(client: FlaskClient) -> None:
    first = measured_twice()
    here = f"/ideas/{first.idea.reference}/pilot"
    owner = make.sign_in(client, first.idea.owner)

    plan, spend = owner.get(here).text, owner.get(f"{here}/spend").text

    assert f'href="{here}?pilot=1"' in plan
    assert "Old books" not in spend
    assert "It is over" not in plan


def test_what_is_sent_to_an_earlier_pilot_is_forbidden(client: FlaskClient) -> None:
    first = measured_twice()
    owner = make.sign_in(client, first.idea.owner)
    entry = {"spent_on": "2026-08-04", "amount_cents": "10", "in_kind": "", "what": "Late", "line_id": ""}

    answers = [
        owner.post(f"/ideas/{first.idea.reference}/pilot/{page}?pilot=1", data=data).status_code
        for page, data in (("spend", entry), ("adaptations", {}), ("plan/outline", {}), ("sites", {}))
    ]

    assert answers == [403] * 4
    assert queries.read_spend(first, FIRST_DAY).actual.total == 4_200_00


def test_an_earlier_pilot_is_read_by_those_who_read_the_latest(client: FlaskClient) -> None:
    first = measured_twice()
    here = f"/ideas/{first.idea.reference}/pilot"

    stranger = make.sign_in(client, make.person("Stranger")).get(f"{here}/spend?pilot=1").status_code
    coordinator = make.sign_in(client, make.staff("coordinator")).get(f"{here}/spend?pilot=1").status_code
    nowhere = [client.get(f"{here}/spend?pilot={number}").status_code for number in ("3", "0", "x")]

    assert (stranger, coordinator, nowhere) == (404, 200, [404, 404, 200])


def test_an_earlier_pilot_without_entries_does_not_ask_for_them(client: FlaskClient) -> None:
    first = held()
    page = f"/ideas/{first.idea.reference}/pilot/spend"
    owner = make.sign_in(client, first.idea.owner)
    asked = "Enter what is spent as it is spent"
    before = asked in owner.get(page).text
    tried_again(first)

    over = owner.get(f"{page}?pilot=1").text

    assert [before, asked in over, "What was spent on this pilot was not written down here." in over] == [
        True,
        False,
        True,
    ]
