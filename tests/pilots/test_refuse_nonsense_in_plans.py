"""Plans: what makes no sense is refused beside its field, in words, and everything typed stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.command import stamp_of
from innovation.db import now
from innovation.pilots import commands, queries
from innovation.pilots.plan_models import Pilot
from tests import make
from tests.pilots.harmed import reported
from tests.pilots.planned import FIRST, begun, ready_to_start, terms
from workflows import Refused

Sent = dict[str, Any]
MEASURE = {"rows-0-name": "Words", "rows-0-target": "40", "rows-0-stop_at": "10", "rows-0-more_is_better": "more"}
GRANTED = {"rows-0-name": "Clearance", "rows-0-status": "granted", "rows-0-stands_since": "2026-01-05"}


def sent(client: FlaskClient, pilot: Pilot, part: str, data: Sent) -> Any:
    make.sign_in(client, pilot.idea.owner)
    return client.post(f"/ideas/{pilot.idea.reference}/pilot/plan/{part}", data=data)


@pytest.mark.parametrize(
    ("part", "data", "said"),
    [
        ("measures", {"rows-0-name": "", "rows-0-target": "40"}, "Say what this row is about"),
        ("measures", {**MEASURE, "rows-0-stop_at": "40"}, "This must be below the number from which it is a success"),
        ("measures", {**MEASURE, "rows-0-more_is_better": "less"}, "this must be above the number for a success"),
        ("measures", {**MEASURE, "rows-1-name": "WORDS"}, "Another row has this name"),
        ("budget", {"rows-0-item": "", "rows-0-paid_by": "The schools"}, "Say what this row is about"),
        ("permissions", GRANTED, "Say who saw it"),
        ("permissions", {**GRANTED, "rows-0-stands_since": ""}, "Say since when it is in hand"),
        (
            "permissions",
            {**GRANTED, "rows-0-seen_by": "Lead", "rows-0-expires_on": "2026-01-04"},
            "This must not be before the day since when it stands",
        ),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_beside_its_field(
    client: FlaskClient, part: str, data: Sent, said: str
) -> None:
    pilot = ready_to_start()
    before = [row.id for row in queries.list_rows(pilot, part)]

    answer = sent(client, pilot, part, data)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert [row.id for row in queries.list_rows(pilot, part)] == before
    assert all(str(value) in answer.text for value in data.values())


def test_what_is_in_hand_cannot_have_come_tomorrow(client: FlaskClient) -> None:
    tomorrow = (now().date() + dt.timedelta(days=3)).isoformat()

    answer = sent(client, ready_to_start(), "permissions", {**GRANTED, "rows-0-stands_since": tomorrow})

    assert (answer.status_code, "This day has not come yet" in answer.text) == (422, True)


@pytest.mark.parametrize(("field", "day"), [("starts_on", "2026-10-07"), ("ends_on", "2026-09-30")])
def test_a_day_that_does_not_belong_to_its_term_is_refused(client: FlaskClient, field: str, day: str) -> None:
    terms()
    days = {"first_term": "2026-3", "last_term": "2026-4", field: day}

    answer = sent(client, ready_to_start(), "outline", {"design": "before_after", **days})

    assert (answer.status_code, "This day does not belong to Term" in answer.text) == (422, True)


def test_a_line_of_several_words_may_be_wrapped_and_is_kept_as_one(client: FlaskClient) -> None:
    pilot = ready_to_start()

    sent(client, pilot, "roles", {"rows-0-name": "Leads\r\nthe pilot"})

    assert [row.name for row in queries.list_rows(pilot, "roles")] == ["Leads the pilot"]


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ({"left_because": "It closed."}, "Say on which day the place leaves"),
        ({"left_on": FIRST - dt.timedelta(days=1), "left_because": "It closed."}, "had not begun"),
        ({"left_on": dt.date(2099, 1, 1), "left_because": "It closed."}, "has not come yet"),
    ],
)
def test_a_place_leaves_on_a_day_of_the_pilot(app: Flask, left: Sent, said: str) -> None:
    pilot = begun()

    with pytest.raises(Refused, match=said):
        commands.change_site(make.actor(pilot.idea.owner), pilot, site=pilot.sites[0], reason="It closed.", **left)


def test_a_place_where_something_happened_is_not_taken_out(client: FlaskClient) -> None:
    pilot = ready_to_start()
    reported(pilot, site_id=pilot.sites[0].id)
    make.sign_in(client, pilot.idea.owner)

    answer = client.post(f"/ideas/{pilot.idea.reference}/pilot/sites/{pilot.sites[0].id}", data={"remove": "1"})

    assert (answer.status_code, "An incident was reported there" in answer.text) == (422, True)


def test_a_place_is_not_taken_out_of_a_plan_that_has_changed_meanwhile(client: FlaskClient) -> None:
    pilot = ready_to_start()
    client = make.sign_in(client, pilot.idea.owner)
    here = f"/ideas/{pilot.idea.reference}/pilot/sites/{pilot.sites[0].id}"
    stale = {"remove": "1", "as_seen": stamp_of(pilot)}
    commands.change_outline(make.actor(pilot.idea.owner), pilot, means="Another grant.")

    answer = client.post(here, data=stale)

    assert (answer.status_code, len(queries.list_places(pilot))) == (409, 1)


@pytest.mark.parametrize("part", ["budget", "risks", "roles", "outline"])
def test_a_part_of_a_plan_that_has_changed_meanwhile_is_refused_with_what_was_typed(
    client: FlaskClient, part: str
) -> None:
    pilot = ready_to_start()
    client = make.sign_in(client, pilot.idea.owner)
    first = {"budget": "rows-0-item", "risks": "rows-0-risk", "roles": "rows-0-name", "outline": "hypothesis"}[part]
    stale = {first: "Typed by the slower one", "design": "before_after", "as_seen": stamp_of(pilot)}
    commands.change_outline(make.actor(pilot.idea.owner), pilot, means="Another grant.")

    answer = client.post(f"/ideas/{pilot.idea.reference}/pilot/plan/{part}", data=stale)

    assert (answer.status_code, "Typed by the slower one" in answer.text) == (409, True)
