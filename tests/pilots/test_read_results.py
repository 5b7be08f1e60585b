"""What a pilot shows: only pairs count, groups stand apart, and small cells are nowhere."""

from __future__ import annotations

import csv
import io

from flask import Flask
from flask.testing import FlaskClient

from innovation.db import now
from innovation.pilots import queries
from innovation.pilots.columns import make_columns_anew
from innovation.pilots.places import keep_places
from innovation.pilots.reading_models import Reading
from tests import make
from tests.pilots.held import pilot as held_pilot
from tests.pilots.measured import compared, eight_sites, measure


def test_only_sites_measured_twice_count_and_the_others_are_counted(app: Flask) -> None:
    pilot = held_pilot(sites=5)
    measure(pilot, (20, 20, 20, 20, None), (24, 26, 28, None, 90))

    [effect] = queries.read_results(pilot).effects

    found = effect.pilot
    assert (found.pairs, found.mean, found.left_out) == (3, 6.0, 2)
    assert (found.no_baseline, found.no_reading, found.quartiles) == (1, 1, (4.0, 5.0, 6.0, 7.0, 8.0))


def test_high_dosage_and_comparison_stand_apart(app: Flask) -> None:
    pilot = held_pilot(sites=8)
    compared(pilot, 4, 5, 6)
    pilot.sites[7].is_high_dosage = True
    measure(pilot, (20,) * 8, (30, 31, 32, 33, 21, 22, 23, 90))

    [effect] = queries.read_results(pilot).effects

    assert [(kind, group.pairs) for kind, group in effect.groups] == [
        ("pilot", 4),
        ("high_dosage", 1),
        ("comparison", 3),
    ]
    assert effect.more_than_compared.middle == 9.5
    assert effect.verdict(effect.more_than_compared) == "better"


def test_fewer_than_ten_learners_are_in_no_figure(app: Flask) -> None:
    pilot = held_pilot(sites=4)
    measure(pilot, (20,) * 4, (24, 26, 28, 77))
    make.add(pilot.sites[3]).learners = 9
    for reading in queries.list_readings(pilot.indicators[0]):
        if reading.site is pilot.sites[3]:
            reading.learners = None
    keep_places(pilot.id)
    make_columns_anew(each.id for each in pilot.indicators)

    found = queries.read_results(pilot)

    assert (found.effects[0].pilot.pairs, found.effects[0].pilot.small) == (3, 1)
    assert [site.change for site in found.sites[pilot.indicators[0].id]] == [4.0, 6.0, 8.0]


def test_a_corrected_reading_counts_once_and_the_latest_term_comes_first(app: Flask) -> None:
    pilot = eight_sites()
    old = next(each for each in queries.list_readings(pilot.indicators[0]) if each.value == 25)
    old.replaced_at = now()
    make.add(Reading(indicator=pilot.indicators[0], site=old.site, term="2026-3", value=33, learners=100))
    make.add(Reading(indicator=pilot.indicators[0], site=old.site, term="2026-4", value=50, learners=100))
    make_columns_anew(each.id for each in pilot.indicators)

    latest, chosen = queries.read_results(pilot), queries.read_results(pilot, "2026-3")

    assert (latest.terms, latest.term, latest.effects[0].pilot.pairs) == (("2026-4", "2026-3"), "2026-4", 1)
    assert (chosen.effects[0].pilot.pairs, chosen.effects[0].pilot.mean) == (8, 9.5)


def test_the_page_shows_what_may_be_said_and_the_file_the_same(app: Flask, client: FlaskClient) -> None:
    pilot = eight_sites()
    make.sign_in(client, pilot.idea.owner)

    page = client.get(f"/ideas/{pilot.idea.reference}/pilot/results").text
    file = client.get(f"/ideas/{pilot.idea.reference}/pilot/results?kind=csv").text

    lines = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
    assert "Mean change: +8.5 at 8 sites, between +6.5 and +10.5." in page
    assert "Nothing was compared, so this does not show what caused it." in page
    assert page.count('r="5"/>') == 8
    assert '<b class="tag" aria-current="page">Term 3 of 2026</b>' in page
    assert (lines[0]["Sites measured twice"], lines[0]["Change"], len(lines)) == ("8", "8.5", 9)


def test_whoever_has_no_part_in_the_idea_finds_no_results(app: Flask, client: FlaskClient) -> None:
    pilot = eight_sites()
    make.sign_in(client, make.staff("facilitator"))

    answer = client.get(f"/ideas/{pilot.idea.reference}/pilot/results")

    assert answer.status_code == 404


def test_two_schools_of_one_name_are_told_apart_by_their_numbers_and_others_keep_their_name(app: Flask) -> None:
    pilot = held_pilot(sites=3)
    make.school("930320003").name = "Hill School"
    measure(pilot, (20,) * 3, (24, 26, 28))

    sites = queries.read_results(pilot).sites[pilot.indicators[0].id]

    assert [site.place for site in sites] == [
        "Demo Primary School (930320001)",
        "Demo Primary School (930320002)",
        "Hill School",
    ]
