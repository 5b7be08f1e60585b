"""After the start a plan changes by amendments, with their reasons, never silently."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import reactions
from innovation.db import db
from innovation.events import list_events
from innovation.notifications.models import Notice
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import Reading
from innovation.pilots.writing import Measured
from tests import make
from tests.pilots.measured import eight_sites
from tests.pilots.planned import LAST, begun, rows_of
from tests.pilots.typed import cell, held, typed
from workflows import Refused


def test_a_change_after_the_start_is_an_amendment_with_its_reason(app: Flask) -> None:
    pilot = begun()
    owner = make.actor(pilot.idea.owner)

    commands.change_outline(owner, pilot, ends_on=dt.date(2027, 3, 1), reason="The strike took three weeks.")

    [amendment] = queries.list_amendments(pilot).items
    assert (amendment.number, amendment.part, amendment.reason) == (1, "outline", "The strike took three weeks.")
    assert amendment.changes == [
        {"what": "ends_on", "of": "", "before": LAST.isoformat(), "after": "2027-03-01"},
    ]
    assert pilot.idea.pilot_plan["ends_on"] == "2027-03-01"
    assert pilot.idea.due_on == dt.date(2027, 3, 1)


def test_without_a_reason_nothing_changes(app: Flask) -> None:
    pilot = begun()

    with pytest.raises(Refused, match="say why the plan changes"):
        commands.change_outline(make.actor(pilot.idea.owner), pilot, means="Less money.")

    assert pilot.means == "A grant."


def test_the_coordinator_is_told_of_an_amendment(app: Flask) -> None:
    pilot, coordinator = begun(), make.staff("coordinator")
    make.account(coordinator)
    commands.change_outline(make.actor(pilot.idea.owner), pilot, means="Two grants.", reason="A second funder.")
    event = list_events(f"idea:{pilot.idea_id}")[0]

    reactions.named("tell_pilot_amended")(event)

    assert event.kind == "pilot_amended"
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.person_id == coordinator.id)) == 1


def test_a_measure_that_was_read_stays_in_the_plan(app: Flask) -> None:
    pilot = begun()
    owner = make.actor(pilot.idea.owner)
    first, second = queries.list_rows(pilot, "measures")
    make.add(Reading(indicator_id=first.id, site_id=pilot.sites[0].id, term="2026-3", value=30.0))

    with pytest.raises(Refused, match="a measure with readings stays"):
        commands.change_rows(
            owner, pilot, part="measures", rows=[(second.id, {"name": second.name})], reason="Too much work."
        )

    assert len(queries.list_rows(pilot, "measures")) == 2


def test_rows_taken_out_and_added_stand_in_the_amendment(app: Flask) -> None:
    pilot = begun()
    owner = make.actor(pilot.idea.owner)
    kept = rows_of(pilot, "risks", "risk")

    commands.change_rows(owner, pilot, part="risks", rows=[(None, {"risk": "Floods"})], reason="Coaches stay.")

    [amendment] = queries.list_amendments(pilot).items
    assert [(change["before"], change["after"]) for change in amendment.changes] == [
        (kept[0][1]["risk"], None),
        (None, "Floods"),
    ]


def test_a_place_leaves_with_the_day_and_why(app: Flask) -> None:
    pilot = begun()
    owner, [site] = make.actor(pilot.idea.owner), pilot.sites
    other = commands.add_site(owner, pilot, place=make.school("930320002").emis, reason="A second school asked.")

    commands.change_site(
        owner, pilot, site=site, left_on=dt.date(2026, 9, 1), left_because="It closed.", reason="It closed."
    )

    counts = queries.count_sites(pilot)
    assert (counts.programme, counts.left) == (1, 1)
    assert pilot.idea.pilot_plan["sites"] == [other.place]
    with pytest.raises(Refused, match="say when and why"):
        commands.remove_site(owner, pilot, site=other)


def test_a_plan_that_has_ended_stays_as_it_is(app: Flask) -> None:
    pilot = begun()
    pilot.state = "ended"

    with pytest.raises(Refused, match="has ended"):
        commands.change_outline(make.actor(pilot.idea.owner), pilot, means="More.", reason="Late.")


def test_the_page_lists_the_amendments_in_words(app: Flask, client: FlaskClient) -> None:
    pilot = begun()
    make.sign_in(client, pilot.idea.owner)
    commands.change_outline(make.actor(pilot.idea.owner), pilot, ends_on=dt.date(2027, 3, 1), reason="The strike.")

    page = shown(client, pilot)

    assert "Last day 9 Dec 2026 1 Mar 2027" in page
    assert "Reason: The strike." in page


def test_a_place_that_is_to_be_compared_with_is_summed_up_apart_from_then_on(app: Flask) -> None:
    pilot = held(sites=2)
    typed(pilot, {cell(pilot, site=number): Measured(value) for number, value in enumerate((20.0, 40.0))})
    owner = make.actor(pilot.idea.owner)

    commands.change_site(owner, pilot, site=pilot.sites[1], is_comparison=True, reason="It had to wait a year.")

    sums = {row.kind: (row.sites, row.total) for row in queries.list_summaries(pilot)}
    assert sums == {"programme": (1, 20.0), "comparison": (1, 40.0)}


def shown(client: FlaskClient, pilot: Pilot, query: str = "") -> str:
    """The amendments as they are read, without the marks of the page."""
    page = client.get(f"/ideas/{pilot.idea.reference}/pilot{query}").text
    found = page.partition('id="amendments"')[2].partition("</aside>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_rows_and_places_read_as_added_and_taken_out_by_their_names(app: Flask, client: FlaskClient) -> None:
    pilot = begun()
    owner = make.actor(make.sign_in(client, pilot.idea.owner) and pilot.idea.owner)
    line = {"item": "Books", "unit": "", "quantity": None, "amount_cents": 500_000, "paid_by": "", "in_kind": True}
    permission = {"name": "Letter", "kind": "department", "status": "applied", "stands_since": None}
    kept = [(row.id, {"name": row.name}) for row in queries.list_rows(pilot, "permissions")]
    commands.change_rows(owner, pilot, part="budget", rows=[(None, line)], reason="Fewer.")
    commands.change_rows(owner, pilot, part="permissions", rows=[*kept, (None, permission)], reason="A letter.")
    commands.add_site(owner, pilot, place=make.school("930320009", name="Hill School").emis, reason="It asked.")

    read = shown(client, pilot)

    assert "Added — Hill School (930320009)" in read
    assert "Letter: Kind — Permission of the provincial department or the district" in read
    assert "Taken out Rooms —" in read
    assert "Books: How — In kind" in read


def test_a_long_text_shows_its_differences_woven(app: Flask, client: FlaskClient) -> None:
    pilot = begun()
    make.sign_in(client, pilot.idea.owner)
    owner, said = make.actor(pilot.idea.owner), "If coaches visit each school in each week of a term, they read faster."
    commands.change_outline(owner, pilot, hypothesis=said, reason="Said better.")
    commands.change_outline(owner, pilot, hypothesis=said.replace("week", "month"), reason="Fewer visits.")

    page = client.get(f"/ideas/{pilot.idea.reference}/pilot").text

    assert "<del>week </del><ins>month </ins>" in page


def test_every_amendment_can_be_read_ten_to_a_page(app: Flask, client: FlaskClient) -> None:
    pilot = begun()
    make.sign_in(client, pilot.idea.owner)
    for number in range(12):
        commands.change_outline(make.actor(pilot.idea.owner), pilot, means=f"Grant {number}.", reason="More.")

    first, second = shown(client, pilot), shown(client, pilot, "?amendments=2")

    assert [text.count("Reason: More.") for text in (first, second)] == [10, 2]
    assert "Grant 0." in second


def test_a_threshold_that_was_moved_is_told_beside_the_results_and_in_the_pack(app: Flask, client: FlaskClient) -> None:
    pilot = eight_sites()
    owner = make.actor(make.sign_in(client, pilot.idea.owner) and pilot.idea.owner)
    [measure] = queries.list_rows(pilot, "measures")
    rows = [(measure.id, {"name": measure.name, "target": 28.0})]
    commands.change_rows(owner, pilot, part="measures", rows=rows, reason="It was too high.")

    results = client.get(f"/ideas/{pilot.idea.reference}/pilot/results").text
    handed_in = commands.hand_in_pack(owner, pilot, deliverable="results", text="It worked.")

    [note] = [note for note in handed_in.content["parts"][0]["notes"] if "Amendment 1" in note]
    assert note.endswith("success from 28.0, before that 40.0. Reason: It was too high.")
    assert note in html.unescape(results)
