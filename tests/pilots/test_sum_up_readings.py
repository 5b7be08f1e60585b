"""The summaries say what the readings come to, whatever was written in which order."""

from __future__ import annotations

import math
import random
from collections import defaultdict

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.db import db
from innovation.pilots import queries
from innovation.pilots.columns import UNSAID, read_columns
from innovation.pilots.places import keep_places
from innovation.pilots.plan_models import Pilot
from innovation.pilots.reading_models import Reading, ReadingSummary
from innovation.pilots.writing import Cell, Measured, count_all_anew
from tests.pilots.typed import TERMS, cell, held, typed

Sums = dict[tuple[int, str, str], tuple[float, ...]]


def summed(pilot: Pilot) -> Sums:
    """What the readings come to, by going through all of them."""
    kinds = {
        site.id: "comparison" if site.is_comparison else "high_dosage" if site.is_high_dosage else "programme"
        for site in pilot.sites
    }
    found: dict[tuple[int, str, str], list[Reading]] = defaultdict(list)
    for reading in db.session.scalars(sa.select(Reading).where(Reading.replaced_at.is_(None))):
        found[reading.indicator_id, reading.term, kinds[reading.site_id]].append(reading)
    return {
        key: (
            len(of),
            math.fsum(each.value for each in of),
            math.fsum(each.value**2 for each in of),
            min(each.value for each in of),
            max(each.value for each in of),
            sum(each.learners or 0 for each in of),
            sum(each.learners is not None and each.learners < 10 for each in of),
        )
        for key, of in found.items()
    }


def kept() -> Sums:
    rows = db.session.scalars(sa.select(ReadingSummary).execution_options(populate_existing=True))
    return {
        (row.indicator_id, row.term, row.kind): (
            *(row.sites, row.total, row.squares, row.lowest, row.highest, row.learners, row.small),
        )
        for row in rows
    }


def any_write(chance: random.Random, pilot: Pilot) -> dict[Cell, Measured | None]:
    """Some cells typed, some corrected, some emptied."""
    given: dict[Cell, Measured | None] = {}
    for _each in range(chance.randint(1, 12)):
        at = cell(pilot, chance.randrange(6), chance.randrange(2), chance.choice(list(TERMS)))
        measured = Measured(
            round(chance.uniform(-50, 150), 3), chance.choice((None, 4, 30)), chance.choice((None, 3.5))
        )
        given[at] = measured if chance.random() < 0.8 else None
    return given


@pytest.mark.parametrize("seed", range(3))
def test_the_summaries_are_those_of_all_readings_after_any_writes(app: Flask, seed: int) -> None:
    chance, pilot = random.Random(seed), held(sites=6, indicators=2)
    pilot.sites[1].is_comparison = pilot.sites[2].is_high_dosage = True

    for _each in range(15):
        typed(pilot, any_write(chance, pilot))

    told, counted = kept(), summed(pilot)
    assert told.keys() == counted.keys()
    assert [told[key] for key in counted] == [pytest.approx(sums) for sums in counted.values()]
    assert pieces(pilot) == rows()


def pieces(pilot: Pilot) -> set[tuple[int, str, int, float, int]]:
    """The readings as the columns hold them."""
    columns = read_columns([each.id for each in pilot.indicators], TERMS)
    assert all((column["site"][1:] > column["site"][:-1]).all() for column in columns.values())
    return {(*key, int(site), value, int(n)) for key, column in columns.items() for site, n, value in column.tolist()}


def rows() -> set[tuple[int, str, int, float, int]]:
    found = db.session.scalars(sa.select(Reading).where(Reading.replaced_at.is_(None)))
    return {
        (each.indicator_id, each.term, each.site_id, each.value, UNSAID if each.learners is None else each.learners)
        for each in found
    }


@pytest.mark.parametrize("seed", range(3))
def test_sums_that_are_told_are_those_of_the_sites_with_learners_enough(app: Flask, seed: int) -> None:
    chance, pilot = random.Random(seed), held(sites=6, indicators=2)
    pilot.sites[1].is_comparison, pilot.sites[3].learners = True, chance.choice((7, 70))
    keep_places(pilot.id)

    for _each in range(10):
        typed(pilot, any_write(chance, pilot))

    told = {(row.indicator_id, row.term, row.kind): row for row in queries.list_told_summaries(pilot)}
    by_hand: dict[tuple[int, str, str], list[float]] = {key: [] for key in summed(pilot)}
    for each in db.session.scalars(sa.select(Reading).where(Reading.replaced_at.is_(None))):
        kind = "comparison" if each.site.is_comparison else "programme"
        if (each.learners or each.site.learners) >= 10:
            by_hand[each.indicator_id, each.term, kind].append(each.value)
    assert {key: (row.told, pytest.approx(row.total)) for key, row in told.items()} == {
        key: (len(values), math.fsum(values)) for key, values in by_hand.items()
    }


def test_they_are_counted_anew_when_a_site_is_of_another_kind(app: Flask) -> None:
    pilot = held()
    typed(pilot, {cell(pilot): Measured(30, 80), cell(pilot, 1): Measured(20, 70)})
    pilot.sites[1].is_comparison = True

    count_all_anew(pilot)

    assert kept() == summed(pilot)
