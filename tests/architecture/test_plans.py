"""How the database finds what lists show: by an index, and never by reading a table that grows with the programme.

The plans are those of SQLite without statistics, which is how every database begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation.accounts.models import Person
from innovation.ideas import queries
from innovation.ideas.queries import Filters
from innovation.ideas.queries.lists import SORTS
from tests import make
from tests.architecture.explained import (
    faults,
    finding_ideas,
    plan_of,
    plan_of_list,
    staff_of_a_region,
)

pytestmark = pytest.mark.usefixtures("on_sqlite")


# The pipeline, for those who see much of it

EACH_WAY = [f"{sign}{key}" for key in SORTS for sign in ("", "-")]
NARROWED = {
    "nothing": Filters(),
    "place": Filters(place="concept"),
    "standing": Filters(standing="stopped"),
    "theme": Filters(theme="t1"),
    "topic": Filters(topic="literacy"),
    "district": Filters(district=1),
    "region": Filters(region="LP"),
    "waiting": Filters(waiting=30),
    "place and theme": Filters(place="concept", theme="t1"),
    "place and district": Filters(place="concept", district=1),
    "place and topic": Filters(place="concept", topic="literacy"),
    "theme and district": Filters(theme="t1", district=1),
    "theme and topic": Filters(theme="t1", topic="literacy"),
    "topic and district": Filters(topic="literacy", district=1),
}


READERS: dict[str, Callable[[], Person]] = {
    "manager": lambda: make.staff("manager"),
    "coordinator of a region": lambda: staff_of_a_region("coordinator"),
    "facilitator": lambda: make.staff("facilitator"),
}


@pytest.mark.parametrize("reader", sorted(READERS))
@pytest.mark.parametrize("narrowed", sorted(NARROWED))
def test_a_long_list_is_read_in_each_of_its_orders(app: Flask, narrowed: str, reader: str) -> None:
    actor = make.actor(READERS[reader]())
    filters = replace(NARROWED[narrowed], programme=make.programme().id)

    plans = {sort: plan_of_list(actor, filters, sort) for sort in EACH_WAY}

    assert {sort: found for sort, plan in plans.items() if (found := faults(plan))} == {}


BY_ITS_OWN = {
    "place": "ix_idea_place",
    "standing": "ix_idea_standing",
    "theme": "ix_idea_theme",
    "topic": "ix_idea_topic",
    "district": "ix_idea_district",
    "region": "ix_idea_region",
    "place and theme": "ix_idea_theme_place",
    "place and district": "ix_idea_district",
    "place and topic": "ix_idea_topic",
    "theme and district": "ix_idea_district",
    "theme and topic": "ix_idea_topic",
    "topic and district": "ix_idea_district",
}


@pytest.mark.parametrize("narrowed", sorted(BY_ITS_OWN))
def test_a_filter_has_an_index_for_the_usual_order_and_for_the_count(app: Flask, narrowed: str) -> None:
    actor = make.actor(make.staff("manager"))
    filters = replace(NARROWED[narrowed], programme=make.programme().id)

    listed = plan_of_list(actor, filters, "-place_since")
    counted = plan_of(sa.select(queries.count_ideas(actor, filters)))

    assert set(led_by(listed)) == set(led_by(counted)) == {BY_ITS_OWN[narrowed]}


@pytest.mark.parametrize("reader", sorted(READERS))
@pytest.mark.parametrize("narrowed", ["nothing", *sorted(BY_ITS_OWN)])
def test_no_idea_is_read_before_it_is_known_to_be_in_the_list(app: Flask, narrowed: str, reader: str) -> None:
    """A row of an idea is two pages of the file, and of a thousand that are counted each lies somewhere else."""
    actor = make.actor(READERS[reader]())
    filters = replace(NARROWED[narrowed], programme=make.programme().id)

    plan = plan_of_list(actor, filters, "-place_since") + plan_of(sa.select(queries.count_ideas(actor, filters)))

    lists = [line for line in plan if re.search(r"INDEX ix_idea_(?!owner|clinic|wall|access)", line)]
    assert [line for line in lists if "COVERING" not in line] == []


def test_a_theme_by_title_is_told_from_the_index_of_titles(app: Flask) -> None:
    actor = make.actor(make.staff("manager"))
    filters = Filters(programme=make.programme().id, theme="t1")

    plan = plan_of_list(actor, filters, "title")

    assert finding_ideas(plan) == "SEARCH idea USING COVERING INDEX ix_idea_title (programme_id=?)"


def test_the_ideas_of_a_region_are_counted_by_its_index(app: Flask) -> None:
    actor = make.actor(staff_of_a_region("coordinator"))

    counted = plan_of(sa.select(queries.count_ideas(actor, Filters(programme=make.programme().id))))

    assert "ix_idea_region" in led_by(counted)


def led_by(plan: list[str]) -> list[str]:
    """The indexes by which ideas are found."""
    return [
        found[1] for line in plan if (found := re.match(r"(?:SEARCH|SCAN) idea USING (?:COVERING )?INDEX (\w+)", line))
    ]


# The pipeline, where few ideas are left of it

FEW = {
    "clinic": (Filters(clinic=1), "SEARCH idea USING INDEX ix_idea_clinic_id"),
    "owner": (Filters(owner="me"), "SEARCH idea USING INDEX ix_idea_owner_id"),
    "words": (Filters(q="reading"), "SEARCH idea USING INTEGER PRIMARY KEY"),
}


@pytest.mark.parametrize("narrowed", sorted(FEW))
def test_few_ideas_are_found_by_what_makes_them_few(app: Flask, narrowed: str) -> None:
    filters, expected = FEW[narrowed]
    actor = make.actor(make.staff("manager"))
    filters = replace(filters, programme=make.programme().id)

    plans = {sort: plan_of_list(actor, filters, sort) for sort in EACH_WAY}

    found = {sort: finding_ideas(plan) for sort, plan in plans.items()}
    assert {sort: line for sort, line in found.items() if not line.startswith(expected)} == {}


def test_whoever_sees_only_their_own_ideas_starts_from_these(app: Flask) -> None:
    actor = make.actor(make.idea().owner)
    filters = Filters(programme=make.programme().id, place="concept")

    plans = {sort: plan_of_list(actor, filters, sort) for sort in EACH_WAY}

    found = {sort: finding_ideas(plan) for sort, plan in plans.items()}
    by_number = "SEARCH idea USING INTEGER PRIMARY KEY"
    assert {sort: line for sort, line in found.items() if not line.startswith(by_number)} == {}
