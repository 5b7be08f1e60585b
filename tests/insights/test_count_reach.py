"""Whom innovations reach: each place once, with the largest number that was said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innovation.db import db, now
from innovation.ideas.models import Wall
from innovation.insights import queries, reach
from innovation.insights.queries import Narrowed
from innovation.insights.reach import Cell
from innovation.permission import SYSTEM
from innovation.pilots.plan_models import Pilot, PilotSite
from tests import make

DAY = dt.date(2026, 1, 1)
PLACES = ["930320001", "930320002", "930320003", "Hall of the ward", "930320004"]
BANDS = None
POOR = {"930320001", "930320002"}


class Stay(NamedTuple):
    """An idea at a place, from one month of a year to another."""

    idea: int
    place: str
    learners: int | None
    since: int
    months: int
    compares: bool


STAYS = st.builds(
    Stay,
    st.integers(0, 3),
    st.sampled_from(PLACES),
    st.none() | st.integers(0, 40),
    st.integers(0, 11),
    st.integers(0, 6),
    st.booleans(),
)


@pytest.fixture
def schools(app: Flask) -> None:
    for emis in PLACES:
        if emis.isdigit():
            make.school(emis, quintile=1 if emis in POOR else 5)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=st.lists(STAYS, max_size=12),
    month=st.integers(0, 11),
)
def test_reach_is_what_counting_every_learner_by_hand_gives(schools: None, found: list[Stay], month: int) -> None:
    with db.session.begin_nested() as attempt:
        lay_out(found)

        whole = total(Narrowed())
        then = total(Narrowed(since=day(month), until=day(month)))

        attempt.rollback()

    assert counted(whole) == by_hand(found)
    assert counted(then) == by_hand(stay for stay in found if stay.since <= month <= stay.since + stay.months)


def total(by: Narrowed) -> Cell:
    return reach.total(queries.find_reach(SYSTEM, by).provinces.values())


def lay_out(found: list[Stay]) -> None:
    """A pilot for each stay, of the idea that it is of; pilots of an idea overlap as they come."""
    ideas = [make.idea(place="piloting") for _number in range(4)]
    for number, stay in enumerate(found, 1):
        days = {"starts_on": day(stay.since), "ends_on": day(stay.since + stay.months)}
        pilot = make.add(Pilot(idea=ideas[stay.idea], number=number, state="ended", **days))
        emis = stay.place if stay.place.isdigit() else None
        more = {"learners": stay.learners, "is_comparison": stay.compares}
        make.add(PilotSite(pilot=pilot, place=stay.place, emis=emis, **more))


def day(month: int) -> dt.date:
    return DAY + dt.timedelta(days=31 * month)


def by_hand(found: Iterable[Stay]) -> tuple[int, int, int, int]:
    """Places, learners, and both of the poorest schools: the learners of a place are numbered, and each is met once."""
    taught = [stay for stay in found if not stay.compares]
    places = {stay.place for stay in taught}
    learners = {(stay.place, number) for stay in taught for number in range(stay.learners or 0)}
    poor = {place for place in places if place in POOR}
    return len(places), len(learners), len(poor), len({one for one in learners if one[0] in POOR})


def counted(cell: Cell) -> tuple[int, int, int, int]:
    return cell.places, cell.learners, cell.poor, cell.poor_learners


def test_each_province_stage_district_and_innovation_has_its_part(schools: None) -> None:
    manager = make.actor(make.staff("manager"))
    lay_out(
        [Stay(0, PLACES[0], 30, 0, 3, False), Stay(1, PLACES[0], 20, 0, 3, False), Stay(1, PLACES[3], 5, 0, 3, False)]
    )

    found = queries.find_reach(manager, Narrowed())

    provinces = {code: (cell.places, cell.learners) for code, cell in found.provinces.items()}
    districts = [(row.name, row.cell.places, row.cell.share_poor) for row in found.districts]
    assert provinces == {"ZA-LP": (1, 30), "": (1, 5)}
    assert districts == [("", 1, None), ("Vhembe East", 1, 100)]
    assert {stage: (cell.places, cell.learners) for stage, cell in found.stages.items()} == {"pilot": (2, 35)}
    assert [(row.cell.places, row.cell.learners) for row in found.innovations] == [(2, 25), (1, 30)]


def test_an_idea_behind_a_wall_is_in_no_figure(schools: None) -> None:
    manager = make.staff("manager")
    lay_out([Stay(0, PLACES[0], 30, 0, 3, False)])
    idea_id = db.session.scalars(sa.select(Pilot.idea_id)).one()
    make.add(Wall(idea_id=idea_id, person_id=manager.id, why="seat:1", since=now()))

    seen = queries.find_reach(make.actor(manager), Narrowed())

    assert seen == ({}, [], {}, [])


def test_small_numbers_are_not_shown_on_the_page_nor_in_its_file(client: FlaskClient, schools: None) -> None:
    lay_out([Stay(0, PLACES[0], 7, 0, 3, False)])
    browser = make.sign_in(client, make.staff("manager"))

    page = browser.get("/reach").get_data(as_text=True)
    file = browser.get("/reach?export=csv").get_data(as_text=True)

    assert page.count("fewer than 10") >= 1
    assert ">7<" not in page
    assert [line.split(",")[-2] for line in file.splitlines()[1:]] == [""]


def test_nonsense_in_the_address_narrows_nothing(client: FlaskClient, schools: None) -> None:
    lay_out([Stay(0, PLACES[0], 70, 0, 3, False)])
    browser = make.sign_in(client, make.staff("manager"))

    answer = browser.get("/reach?programme=x&stage=moon&theme=none&province=ZA-XX&term=2026-9&page=-1")

    assert answer.status_code == 200
    assert "1 place<" in answer.get_data(as_text=True)
