"""The pages of readings: typed in without scripts, errors beside the box, and a picture that reads a few rows."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from innovation.db import db
from innovation.pilots import queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.writing import Measured, standing_in
from tests import make
from tests.databases import statements
from tests.pilots.typed import cell, held, typed


def address(pilot: Pilot, rest: str = "") -> str:
    return f"/ideas/{pilot.idea.reference}/pilot/readings{rest}"


def box(pilot: Pilot, site: int = 0, **texts: object) -> dict[str, object]:
    of = cell(pilot, site)
    return {f"{part}-{of.indicator_id}-{of.site_id}": text for part, text in texts.items()}


def test_readings_are_typed_into_the_boxes_of_a_term(client: FlaskClient) -> None:
    pilot = held()
    owner = make.sign_in(client, pilot.idea.owner)

    sent = owner.post(
        address(pilot, "?term=2026-2"),
        data=box(pilot, value="41,5", learners="38", spread="6", seen="") | box(pilot, 1, value="", seen=""),
    )

    [written] = standing_in([cell(pilot, at, term="2026-2") for at in range(3)]).values()
    assert (sent.status_code, written.measured) == (302, Measured(41.5, 38, 6.0))


def test_an_error_stands_beside_its_box_and_nothing_typed_is_lost(client: FlaskClient) -> None:
    pilot = held()
    owner = make.sign_in(client, pilot.idea.owner)

    sent = owner.post(address(pilot), data=box(pilot, value="many", seen="") | box(pilot, 1, value="33.25", seen=""))

    assert sent.status_code == 422
    assert [text in sent.text for text in ('value="many"', 'value="33.25"', "Write a number, such as")] == [True] * 3
    assert queries.list_summaries(pilot) == []


def test_a_box_that_others_have_changed_is_told_and_can_be_sent_again(client: FlaskClient) -> None:
    pilot = held()
    owner = make.sign_in(client, pilot.idea.owner)
    typed(pilot, {cell(pilot): Measured(30)})

    stale = owner.post(address(pilot, "?term=2026-3"), data=box(pilot, value="35", seen=""))
    now_there = standing_in([cell(pilot)])[cell(pilot)].id
    again = owner.post(address(pilot, "?term=2026-3"), data=box(pilot, value="35", seen=now_there))

    assert (stale.status_code, 'value="35"' in stale.text, "Somebody else has changed this" in stale.text) == (
        409,
        True,
        True,
    )
    assert (again.status_code, standing_in([cell(pilot)])[cell(pilot)].measured.value) == (302, 35.0)


def test_only_those_who_type_see_single_values_and_only_the_team_and_staff_the_sums(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(31.375, 9)})
    history = "/{}/{}".format(*cell(pilot)[:2])
    people = (pilot.idea.owner, make.staff("manager"), make.person())

    seen = {
        rest: [make.sign_in(client, who).get(address(pilot, rest)).status_code for who in people]
        for rest in ("", history, "/overview")
    }
    sums = [make.sign_in(client, who).get(address(pilot, "/overview")).text for who in people[:2]]

    assert seen == {"": [200, 404, 404], history: [200, 404, 404], "/overview": [200, 200, 404]}
    assert ["31.4" in text for text in sums] == [True, False]


def test_a_mean_has_the_digits_of_the_pack_and_the_history_those_that_were_typed(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(31.375, 40, 2.25), cell(pilot, 1): Measured(30.0, 40)})
    whose = make.sign_in(client, pilot.idea.owner)

    sums, history = (whose.get(address(pilot, rest)).text for rest in ("/overview", "/{}/{}".format(*cell(pilot)[:2])))

    assert [number in sums for number in (">30.7<", ">31.4<", ">30.0<", "30.6875", "31.375")] == [True] * 3 + [
        False
    ] * 2
    assert [number in history for number in ("31.375", ">2.25<")] == [True, True]


def test_the_page_of_sums_asks_as_much_for_many_sites_as_for_few(client: FlaskClient) -> None:
    asked = []
    for sites in (2, 30):
        pilot = held(sites=sites) if sites == 2 else held_again(sites)
        typed(pilot, {cell(pilot, at): Measured(20.0 + at) for at in range(sites - 1)})
        reader = make.sign_in(client, pilot.idea.owner)
        reader.get(address(pilot, "/overview"))
        with statements() as seen:
            assert reader.get(address(pilot, "/overview")).status_code == 200
        asked.append(len(seen))

    assert asked[0] == asked[1]


def held_again(sites: int) -> Pilot:
    from tests.pilots.held import pilot

    made = pilot(sites=sites)
    db.session.commit()
    return made


def test_a_warning_is_answered_on_the_page(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(2)})
    warning = queries.list_open(pilot)[0].warning
    at = f"/ideas/{pilot.idea.reference}/pilot/warnings/{warning.id}/answer"
    coordinator = make.sign_in(client, make.staff("coordinator"))

    without = coordinator.post(at, data={f"w{warning.id}-answer": "go_on"})
    answered = coordinator.post(
        at, data={f"w{warning.id}-answer": "go_on", f"w{warning.id}-reason": "The tool was new."}
    )

    db.session.expire_all()
    assert (without.status_code, answered.status_code, pilot.state) == (422, 302, "running")


def test_an_idea_without_a_pilot_says_that_nothing_is_measured_yet(client: FlaskClient) -> None:
    idea = make.idea()

    page = make.sign_in(client, idea.owner).get(f"/ideas/{idea.reference}/pilot/readings/overview")

    assert (page.status_code, "Nothing is measured yet" in page.text) == (200, True)


def test_below_the_picture_each_term_has_its_number_and_each_year_stands_once(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot, term=term): Measured(30, 90) for term in ("baseline", "2026-1", "2026-3")})

    page = make.sign_in(client, pilot.idea.owner).get(address(pilot, "/overview")).text

    below = re.findall(r'y="(?:117|129)">([^<]+)</text>', page)
    assert below == ["Before", "1", "2026", "2", "3", "4"]
