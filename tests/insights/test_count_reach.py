"""Whom innovations reach: each place once, with the largest number that was said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innovation.db import db, now
from innovation.ideas.models import Idea, Wall
from innovation.insights import queries, reach
from innovation.insights.queries import Narrowed
from innovation.insights.reach import Cell
from innovation.permission import SYSTEM
from innovation.pilots import places as pilot_places
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.privacy import together
from innovation.replication import places as rollout_places
from innovation.replication.models import Rollout, RolloutSite
from tests import make

DAY = dt.date(2026, 1, 1)
PLACES = ["930320001", "930320002", "930320003", "Hall of the ward", "hall of the WARD", "930320004"]
POOR = {"930320001", "930320002"}
IDEAS, IN_THE_SYSTEM = 4, 3  # the last idea is part of how things are done
STATES = ("planned", "running", "ended", "asked", "agreed", "stopped", "declined")


class Stay(NamedTuple):
    """An idea at a place in one pilot or rollout, which lasts from one month of a year to another.

    The place may have come ``later`` and have left ``sooner``, by so many months.
    """

    idea: int
    place: str
    learners: int | None
    since: int
    months: int
    compares: bool
    kind: str = "pilot"
    state: str = "ended"
    later: int | None = None
    sooner: int | None = None


STAYS = st.builds(
    Stay,
    st.integers(0, IDEAS - 1),
    st.sampled_from(PLACES),
    st.none() | st.integers(0, 40),
    st.integers(0, 11),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from(["pilot", "rollout", "rollout"]),
    st.sampled_from(STATES),
    st.none() | st.integers(0, 2),
    st.none() | st.integers(0, 2),
)
KINDS = st.sampled_from(["", "pilot", "rollout", "system"])


@pytest.fixture
def schools(app: Flask) -> None:
    make.idea()  # and with it all that ideas stand in
    for emis in PLACES:
        if emis.isdigit():
            make.school(emis, quintile=1 if emis in POOR else 5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(STAYS, max_size=14), month=st.integers(0, 12), kind=KINDS, idea=st.none() | st.integers(0, 3))
def test_reach_is_what_counting_every_learner_by_hand_gives(
    schools: None, found: list[Stay], month: int, kind: str, idea: int | None
) -> None:
    with db.session.begin_nested() as attempt:
        ideas = lay_out(found)
        only = {"kind": kind, "idea_id": None if idea is None else ideas[idea].id}

        whole, then = total(Narrowed(**only)), total(Narrowed(**only, since=day(month), until=day(month)))
        listed = queries.list_schools(SYSTEM, Narrowed(**only, since=day(month), until=day(month)), 100)

        attempt.rollback()

    asked = [stay for stay in found if idea in (None, stay.idea) and kind in ("", stage_of(stay))]
    assert counted(whole) == by_hand(asked)
    assert counted(then) == by_hand(stay for stay in asked if first_of(stay) <= month <= last_of(stay))
    assert (len(listed), said(listed)) == (then.places, then.learners)


def total(by: Narrowed) -> Cell:
    return reach.total(queries.find_reach(SYSTEM, by).provinces.values())


def lay_out(found: list[Stay]) -> list[Idea]:
    """A pilot or rollout for each stay, of the idea that it is of; those of an idea overlap as they come."""
    ideas = [make.idea(place="piloting") for _number in range(IN_THE_SYSTEM)]
    ideas.append(make.idea(place=ideas[0].definition.stages[-1].key))
    for number, stay in enumerate(found, 1):
        (_pilot if stay.kind == "pilot" else _rollout)(ideas[stay.idea], number, stay)
    return ideas


def _pilot(idea: Idea, number: int, stay: Stay) -> None:
    days = {"starts_on": day(stay.since), "ends_on": day(stay.since + stay.months)}
    pilot = make.add(Pilot(idea=idea, number=number, state=stay.state, **days))
    left_on = None if stay.sooner is None else day(last_of(stay))
    make.add(PilotSite(pilot=pilot, is_comparison=stay.compares, left_on=left_on, **place_of(stay)))
    pilot_places.keep_places(pilot.id)


def _rollout(idea: Idea, number: int, stay: Stay) -> None:
    days = {"agreed_on": day(stay.since), "closed_on": day(stay.since + stay.months)}
    about = {"organisation": f"Adopter {number}", "kind": "district"}
    rollout = make.add(Rollout(idea=idea, number=number, state=stay.state, **about, **days))
    own = {"starts_on": None if stay.later is None else day(first_of(stay))}
    own |= {"ends_on": None if stay.sooner is None else day(last_of(stay))}
    make.add(RolloutSite(rollout=rollout, **place_of(stay), **own))
    rollout_places.keep_places(rollout.id)


def place_of(stay: Stay) -> dict[str, Any]:
    emis = stay.place if stay.place.isdigit() else None
    return {"place": stay.place, "emis": emis, "learners": stay.learners, "teachers": 1}


def first_of(stay: Stay) -> int:
    """The month in which the place came; a pilot has all its places from the beginning."""
    return stay.since + (stay.later or 0 if stay.kind == "rollout" else 0)


def last_of(stay: Stay) -> int:
    return stay.since + stay.months - (stay.sooner or 0)


def stage_of(stay: Stay) -> str:
    return "system" if stay.idea == IN_THE_SYSTEM else stay.kind


def is_reached(stay: Stay) -> bool:
    """Whether something was done there: it had begun, and the place was not for comparison."""
    if stay.kind == "pilot":
        return stay.state != "planned" and not stay.compares
    return stay.state in ("running", "ended") or (stay.state == "stopped" and stay.later is not None)


def day(month: int) -> dt.date:
    return DAY + dt.timedelta(days=31 * month)


def by_hand(found: Iterable[Stay]) -> tuple[int, int, int, int, int]:
    """Places, learners, both of the poorest schools, and teachers.

    The learners of a place are numbered, and each is met once; those of places with fewer than ten are met by nobody.
    """
    reached = [stay for stay in found if is_reached(stay)]
    places = {stay.place.lower() for stay in reached}
    met = {(stay.place.lower(), number) for stay in reached for number in range(stay.learners or 0)}
    told = [one for one in met if (one[0], 9) in met]
    poor = {place for place in places if place in POOR}
    return len(places), len(told), len(poor), sum(place in POOR for place, _number in told), len(places)


def counted(cell: Cell) -> tuple[int, int, int, int, int]:
    return cell.places, cell.learners, cell.poor, cell.poor_learners, cell.teachers


def said(listed: Iterable[Any]) -> int:
    return together(row.learners or 0 for row in listed)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(STAYS, min_size=1, max_size=8), one=st.integers(1, 9), other=st.integers(1, 9), kind=KINDS)
def test_no_figure_depends_on_a_small_number(schools: None, found: list[Stay], one: int, other: int, kind: str) -> None:
    few = [stay for stay in found if stay.place.lower() == found[0].place.lower()]

    reached = []
    for number in (one, other):
        with db.session.begin_nested() as attempt:
            ideas = lay_out([stay._replace(learners=number) if stay in few else stay for stay in found])
            which = (Narrowed(kind=kind), Narrowed(idea_id=ideas[found[0].idea].id), Narrowed(since=DAY, until=DAY))
            reached.append([figures(by, ideas) for by in which])
            attempt.rollback()

    assert reached[0] == reached[1]


def figures(by: Narrowed, ideas: list[Idea]) -> Any:
    """All that a page is made from, the ideas by their order."""
    found, order = queries.find_reach(SYSTEM, by), [idea.reference for idea in ideas]
    return found._replace(innovations=[(order.index(row.more), row.cell) for row in found.innovations])  # type: ignore[list-item]


def test_a_page_and_its_file_are_the_same_whatever_a_small_number_is(client: FlaskClient, schools: None) -> None:
    lay_out([Stay(0, PLACES[0], 3, 0, 3, False), Stay(1, PLACES[1], 40, 0, 3, False)])
    site = db.session.scalars(sa.select(PilotSite).filter_by(place=PLACES[0])).one()
    browser = make.sign_in(client, make.staff("manager"))
    addresses = ["/reach", "/reach?stage=pilot", "/reach?province=ZA-LP", "/reach?export=csv"]

    first = [main_of(browser.get(address).text) for address in addresses]
    site.learners = 9
    pilot_places.keep_places(site.pilot_id)
    db.session.commit()
    then = [main_of(browser.get(address).text) for address in addresses]

    assert first == then
    assert "40" in first[0]


def main_of(page: str) -> str:
    return page.partition("<main")[2] or page


def test_each_province_stage_district_and_innovation_has_its_part(schools: None) -> None:
    manager = make.actor(make.staff("manager"))
    lay_out(
        [Stay(0, PLACES[0], 30, 0, 3, False), Stay(1, PLACES[0], 20, 0, 3, False), Stay(1, PLACES[3], 5, 0, 3, False)]
    )

    found = queries.find_reach(manager, Narrowed())

    provinces = {code: (cell.places, cell.learners) for code, cell in found.provinces.items()}
    districts = [(row.name, row.cell.places, row.cell.share_poor) for row in found.districts]
    assert provinces == {"ZA-LP": (1, 30), "": (1, 0)}
    assert districts == [("", 1, None), ("Vhembe East", 1, 100)]
    assert {stage: (cell.places, cell.learners) for stage, cell in found.stages.items()} == {"pilot": (2, 30)}
    assert [(row.cell.places, row.cell.learners) for row in found.innovations] == [(2, 20), (1, 30)]


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
