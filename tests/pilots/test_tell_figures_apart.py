"""A figure beside the threshold or target that it is held against never reads the same unless it is the same."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.pilots import commands
from innovation.pilots.plan_models import Pilot
from innovation.pilots.queries import what_happened
from innovation.pilots.saying import figure
from innovation.pilots.writing import Measured
from tests import make
from tests.pilots.held import pilot as held_pilot
from tests.pilots.measured import measure
from tests.pilots.typed import cell, held, typed


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        (39.96, 40.0, ("39.96", "40.00")),
        (39.996, 40.0, ("39.996", "40.000")),
        (39.9996, 40.0, ("39.9996", "40.0000")),
        (40.02, 40.04, ("40.02", "40.04")),
        (0.996, 1.0, ("0.996", "1.000")),
        (-39.96, -40.0, ("−39.96", "−40.00")),
        (39.94, 40.0, ("39.9", "40.0")),
        (40.0, 40.0, ("40.0", "40.0")),
        (39.999999999, 40.0, ("40.0", "40.0")),
        (39.96, None, ("40.0", "–")),
    ],
)
def test_both_get_the_digits_that_show_which_is_which(
    value: float, limit: float | None, shown: tuple[str, str]
) -> None:
    assert (figure(value, beside=[limit]), figure(limit, beside=[value])) == shown


def test_a_change_keeps_its_sign_with_more_digits() -> None:
    assert figure(4.04, signed=True, beside=[4.0, 50.0]) == "+4.04"


def test_the_results_say_by_how_little_the_target_is_missed_and_the_threshold_crossed(
    app: Flask, client: FlaskClient
) -> None:
    pilot = _just_short()
    make.sign_in(client, pilot.idea.owner)

    page = client.get(f"/ideas/{pilot.idea.reference}/pilot/results").text

    assert "Not on target: the mean is 39.96, the target 40.00." in page
    assert "Mean change: +19.96 at 3 sites" in page
    assert "target +20.00" in page
    assert '<td class="num">39.96</td>' in page
    assert "Beyond the stop threshold" in page


def test_a_pack_writes_the_mean_apart_from_target_and_threshold(app: Flask) -> None:
    pilot = _just_short()

    made = commands.hand_in_pack(make.actor(pilot.idea.owner), pilot, deliverable="results", text="So close.")

    against = made.content["parts"][0]["rows"][0]
    assert list(against[1:5]) == ["40.00", "39.98", "20.0", "39.96"]
    assert against[5].startswith("+19.96 (")


def test_a_warning_and_the_sums_show_on_which_side_of_the_threshold_a_mean_lies(client: FlaskClient) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(9.9), cell(pilot, 1): Measured(10.02), cell(pilot, 2): Measured(9.96)})
    make.sign_in(client, pilot.idea.owner)

    page = client.get(f"/ideas/{pilot.idea.reference}/pilot/readings/overview").text
    part = what_happened.warnings(pilot)

    assert "the mean of the sites was 9.96; the stop threshold is 10.00." in page
    assert '<td class="num">9.96 <span' in page
    assert "Stop threshold 10.00" in page
    assert "2 sites are on the wrong side of 10.00:" in page
    assert [f"({value})" in page for value in ("9.9", "9.96", "10.0")] == [True, True, False]
    assert part is not None
    assert [row[2] for row in part.rows] == ["the mean was 9.96, the threshold 10.00", "2 sites beyond 10.0"]


def _just_short() -> Pilot:
    """Three sites whose mean is 39.96, where the target is 40 and the stop threshold 39.98."""
    pilot = held_pilot()
    pilot.indicators[0].stop_at = 39.98
    measure(pilot, (20, 20, 20), (39.95, 39.96, 39.97))
    return pilot
