"""The next gate's pack: what the pilot knows is put together, kept as it stands, and read by the panel that way."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from innovation.dossiers import making
from innovation.gates.models import Review
from innovation.ideas import commands as ideas
from innovation.ideas.models import Handin
from innovation.permission import Forbidden
from innovation.pilots import commands
from innovation.pilots.plan_models import Pilot
from tests import make
from tests.pilots.held import pilot as held_pilot
from tests.pilots.measured import eight_sites, measure
from workflows import Refused

WORDS = "It worked where coaches came twice a week."


def handed_in(pilot: Pilot) -> Handin:
    return commands.hand_in_pack(make.actor(pilot.idea.owner), pilot, deliverable="results", text=WORDS)


def test_a_pack_holds_what_was_measured_and_the_teams_own_words(app: Flask) -> None:
    pilot = eight_sites()

    made = handed_in(pilot)

    [against, level, where, incidents] = made.content["parts"]
    assert (made.number, made.content["text"]) == (1, WORDS)
    assert list(against["rows"][0]) == [
        *("Words read in a minute 1", "40.0", "10.0", "20.0", "28.5", "+8.5 (+6.5 … +10.5)"),
        "Target not met. Changed for the better",
    ]
    assert level["title"] == "Level of evidence, worked out: E0 Untested"
    assert list(where["rows"][0])[:3] == ["Schools of the pilot", "8", "800"]
    assert (list(incidents["notes"]), incidents["inside"]) == (["None was reported."], True)


def test_what_was_handed_in_stays_as_it_was(app: Flask) -> None:
    pilot = eight_sites()
    made = handed_in(pilot)

    measure(pilot, (None,) * 8, (90,) * 8, term="2026-4")
    again = handed_in(pilot)
    db.session.refresh(made)

    shown = [(each.content["parts"][0]["title"], each.content["parts"][0]["rows"][0][4]) for each in (made, again)]
    assert shown == [
        ("Results against the thresholds, Term 3 of 2026", "28.5"),
        ("Results against the thresholds, Term 4 of 2026", "90.0"),
    ]


def test_without_readings_there_is_nothing_to_hand_in_and_a_file_will_do(app: Flask) -> None:
    pilot = held_pilot()
    owner = make.actor(pilot.idea.owner)

    filed = ideas.hand_in_deliverable(owner, pilot.idea, deliverable="results", content={"text": "See the file."})

    assert filed.number == 1


def test_with_readings_a_file_is_refused(app: Flask) -> None:
    pilot = eight_sites()
    owner = make.actor(pilot.idea.owner)

    with pytest.raises(Refused) as refused:
        ideas.hand_in_deliverable(owner, pilot.idea, deliverable="results", content={"text": "See the file."})

    assert refused.value.reasons == ("This is made from what the pilot measured. Hand it in on the pilot's pages.",)


def test_only_the_team_and_its_coordinator_hand_in(app: Flask) -> None:
    pilot = eight_sites()

    with pytest.raises(Forbidden):
        commands.hand_in_pack(make.actor(make.person()), pilot, deliverable="results", text=WORDS)


@pytest.fixture
def reviewed(app: Flask) -> tuple[Review, Pilot]:
    """A review at the replication gate of an idea whose results were accepted."""
    idea = make.idea(place="at_replication")
    pilot = held_pilot(idea, sites=8)
    measure(pilot, (20,) * 8, (25, 26, 27, 28, 29, 30, 31, 32))
    made = handed_in(pilot)
    ideas.accept_deliverable(make.actor(make.staff("coordinator")), made)
    return make.review("replication", 7, of=idea), pilot


def test_the_panel_reads_the_version_that_was_there_when_it_was_convened(
    client: FlaskClient, reviewed: tuple[Review, Pilot]
) -> None:
    review, pilot = reviewed
    seat = make.declare(review.seats[0])
    measure(pilot, (None,) * 8, (90,) * 8, term="2026-4")
    ideas.accept_deliverable(make.actor(make.staff("coordinator")), handed_in(pilot))

    page = make.sign_in(client, seat.person).get(f"/reviews/{review.id}").text

    assert WORDS in page
    assert "Results against the thresholds, Term 3 of 2026" in page
    assert "Results against the thresholds, Term 4 of 2026" not in page
    assert "Version 2 has been handed in since." in page


def test_the_dossier_holds_it_and_only_for_those_who_read_the_pack(
    client: FlaskClient, reviewed: tuple[Review, Pilot]
) -> None:
    _review, pilot = reviewed

    records = making.make(make.actor(pilot.idea.owner), pilot.idea.reference).records
    refused = make.sign_in(client, make.person()).get(f"/ideas/{pilot.idea.reference}/pilot/pack/results")

    [told] = records["deliverables"]
    assert told["parts"][0]["title"] == "Results against the thresholds, Term 3 of 2026"
    assert refused.status_code == 404
