"""What came in the way of a pilot, at the next gate: cost, incidents without a word of safeguarding, and warnings."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.dossiers import making
from innovation.gates.models import Review
from innovation.ideas import commands as ideas
from innovation.ideas.deliverables import Part, content_inside, content_of
from innovation.ideas.models import Handin
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries import what_happened
from innovation.pilots.writing import Measured
from tests import make
from tests.pilots.harmed import reported, settled
from tests.pilots.held import pilot as held_pilot
from tests.pilots.measured import measure
from tests.pilots.test_enter_spend import budgeted, entered
from tests.pilots.typed import cell, held, typed


def test_cost_is_told_line_by_line_and_for_each_learner(app: Flask) -> None:
    pilot = budgeted()
    entered(pilot, cents=130_000)

    found = what_happened.spend(pilot)

    assert found is not None
    assert found.rows == (
        ("Printing", "R1\u00a0000", "R1\u00a0300", "over by R300"),
        ("Rooms", "R500", "R0", "R500"),
        ("All inputs", "R1\u00a0500", "R1\u00a0300", ""),
    )
    assert found.notes[0] == "For each learner, from all inputs: R4.33; planned: R5."


def told(pilot: Pilot) -> tuple[Part, list[tuple[str, ...]]]:
    found = what_happened.incidents(pilot)
    assert found is not None
    return found, [row[1:] for row in found.rows]


def test_incidents_are_told_by_kind_and_how_bad_with_what_changed(app: Flask) -> None:
    pilot = held()
    settled(reported(pilot, severity="minor"))
    reported(pilot, kind="property", severity="near_miss")

    part, rows = told(pilot)

    assert rows == [
        ("Safety", "Minor", "Settled", "Every shelf is fixed."),
        ("Property", "Near miss", "Not settled", "–"),
    ]
    assert (part.notes, part.inside) == (("1 is not settled.",), True)


def test_of_safeguarding_no_word_is_told(app: Flask) -> None:
    pilot = held()
    settled(reported(pilot, kind="safeguarding"))

    part, rows = told(pilot)

    assert rows == [("Safeguarding", "Harm", "Settled", "Known to those who run the programme")]
    assert "shelf" not in str(part)


def test_stop_warnings_are_told_with_answer_and_reason(app: Flask) -> None:
    pilot = held(indicators=2)
    typed(pilot, {cell(pilot): Measured(2)})
    coordinator = make.actor(make.staff("coordinator"))
    for each in queries.list_open(pilot):
        commands.answer_stop_warning(coordinator, each.warning, answer="change", reason="More time.")
    typed(pilot, {cell(pilot, at, indicator=1): Measured(2) for at in (0, 1)})

    found = what_happened.warnings(pilot)

    assert found is not None
    assert [row[2:] for row in found.rows] == [
        ("the mean was 2.0, the threshold 10.0", "not answered yet", "–"),
        ("2 sites beyond 10.0", "not answered yet", "–"),
        ("1 site beyond 10.0", "Go on with a change", "More time."),
    ]


def test_a_pilot_in_which_nothing_came_in_the_way_says_so_of_incidents_alone(app: Flask) -> None:
    pilot = held()

    found = [part(pilot) for part in (what_happened.spend, what_happened.incidents, what_happened.warnings)]

    assert [part.notes if part else None for part in found] == [None, ("None was reported.",), None]


@pytest.fixture
def reviewed(app: Flask) -> tuple[Review, Pilot]:
    """A review at the replication gate of an idea in whose pilot somebody came to harm; its results were accepted."""
    idea = make.idea(place="at_replication")
    pilot = held_pilot(idea, sites=8)
    measure(pilot, (20,) * 8, (25, 26, 27, 28, 29, 30, 31, 32))
    reported(pilot)
    made = commands.hand_in_pack(make.actor(idea.owner), pilot, deliverable="results", text="It worked.")
    ideas.accept_deliverable(make.actor(make.staff("coordinator")), made)
    return make.review("replication", 7, of=idea), pilot


def test_the_panel_reads_the_summary_and_what_is_on_record_beside_the_question(
    client: FlaskClient, reviewed: tuple[Review, Pilot]
) -> None:
    review, pilot = reviewed
    seat = make.declare(review.seats[0])
    member = make.sign_in(client, seat.person)

    page = member.get(f"/reviews/{review.id}").text
    reported(pilot, kind="safeguarding", severity="minor")
    for each in queries.list_incidents(pilot).items:
        settled(each.incident)
    afterwards = member.get(f"/reviews/{review.id}").text

    assert "1 incident of harm or safeguarding was reported; 1 not settled." in page
    assert ["1 is not settled." in page, "shelf" in page] == [True, False]
    assert "2 incidents of harm or safeguarding were reported, and all are settled." in afterwards


def test_a_version_hides_the_part_about_incidents_from_everybody_else(reviewed: tuple[Review, Pilot]) -> None:
    _review, pilot = reviewed
    made = make.first(Handin, deliverable="results")
    asked = pilot.idea.definition.deliverable("results")

    titles = [[part.title for part in read(asked, made.content).parts] for read in (content_of, content_inside)]

    assert ["Incidents" in each for each in titles] == [False, True]


@pytest.mark.parametrize(("whose", "reads"), [("owner", True), ("facilitator", False)])
def test_a_dossier_holds_it_for_the_team_and_not_for_a_facilitator(app: Flask, whose: str, reads: bool) -> None:
    clinic = make.clinic()
    idea = make.idea(place="piloting", clinic_id=clinic.id)
    pilot = held_pilot(idea, sites=8)
    measure(pilot, (20,) * 8, (25, 26, 27, 28, 29, 30, 31, 32))
    reported(pilot)
    commands.hand_in_pack(make.actor(idea.owner), pilot, deliverable="results", text="It worked.")
    facilitator = make.grant(make.person(), "facilitator", clinic_id=clinic.id, programme_id=idea.programme_id)
    reader: Any = {"owner": idea.owner, "facilitator": facilitator}[whose]

    records = making.make(make.actor(reader), idea.reference).records

    assert ("Incidents" in str(records["deliverables"])) is reads
