"""How the database finds what lists show: by an index, and never by reading a table that grows with the programme.

The plans are those of SQLite without statistics, which is how every database begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.accounts.queries import has_demo_accounts
from innovation.db import db
from innovation.gates.models import Review
from innovation.ideas import queries
from innovation.ideas.models import Idea
from innovation.ideas.queries import Filters
from innovation.ideas.queries.lists import SORTS, walks
from innovation.permission import Actor
from tests import make

GROWING = (
    "idea|revision|contributor|idea_access|idea_wall|handin|ask|review|seat|scorecard|score|decision|condition"
    "|event|delivery|notice|message|person|account|role_grant|meeting"
)
# Each holds only the few rows that wait for somebody.
OF_FEW = (
    *("ix_idea_at_gate", "ix_idea_held", "ix_handin_waiting", "ix_review_open"),
    *("ix_seat_gone", "ix_account_disabled", "ix_person_demo", "ix_message_unsent", "ix_message_owed"),
)
# These give their rows in order from one end, and are left at the end of a page.
WALKED = ("ix_person_name", "uq_idea_reference", "sqlite_autoindex_idea")
WHOLE = re.compile(rf"^SCAN (?:{GROWING})\b(?!.*(?:{'|'.join((*OF_FEW, *WALKED))}))")
# By nothing but where an idea belongs and whether it is under way.
OF_A_PROGRAMME = re.compile(
    r"SEARCH idea USING (?:COVERING )?INDEX \w+ \((?:(?:programme|region)_id|standing)=\?[^<>]*\)$"
)

SORTED = "USE TEMP B-TREE FOR ORDER BY"


@pytest.fixture(autouse=True)
def on_sqlite(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics: bench/growth.py measures it.")


@contextmanager
def explained() -> Iterator[list[list[str]]]:
    """The plan of each thing that the database is asked meanwhile, line by line."""
    asked: list[tuple[str, Any]] = []
    plans: list[list[str]] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_more: Any) -> None:
        if text.startswith(("SELECT", "WITH")):
            asked.append((text, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    for text, parameters in asked:
        plans.append([row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)])


def plan_of(query: sa.Select[Any]) -> list[str]:
    with explained() as plans:
        db.session.execute(query).all()
    return plans[0]


def plan_of_list(actor: Actor, filters: Filters, sort: str) -> list[str]:
    """How the first ideas of each part of a list are found."""
    return [line for walk in walks(actor, filters, sort) for line in plan_of(walk.limit(21))]


def plan_with(index: str, plans: list[list[str]]) -> list[str]:
    """The plan of the statement that uses an index."""
    return next(plan for plan in plans if any(f" {index}" in line for line in plan))


def faults(plan: list[str]) -> list[str]:
    """Where all rows are sorted, or a whole table is read."""
    return [line for line in plan if line == SORTED or WHOLE.match(line)]


def finding_ideas(plan: list[str]) -> str:
    return next(line for line in plan if re.match(r"(SEARCH|SCAN) idea\b", line))


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


def staff_of_a_region(role: str) -> Person:
    return make.staff(role, region_id=make.region().id)


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


# Every page

# Read from the newest back, as far as the page goes.
FROM_THE_END = {
    "/log": {"SCAN event", "SCAN event USING INDEX ix_event_at"},
    "/mail": {"SCAN message", "SCAN message USING COVERING INDEX ix_message_person_id"},
}
PAGES = {
    "/": ("manager", "coordinator", "coordinator of a region", "facilitator"),
    "/?place=concept&theme=t1": ("coordinator", "coordinator of a region"),
    "/?q=reading": ("coordinator", "coordinator of a region"),
    "/?owner=me": ("owner", "coordinator", "coordinator of a region", "member"),
    "/search?q=reading": ("owner", "coordinator", "coordinator of a region", "member"),
    "/work": ("owner", "coordinator", "coordinator of a region", "facilitator", "member", "funder"),
    "/due": ("owner", "coordinator", "coordinator of a region", "member"),
    "/due?when=overdue": ("owner", "coordinator"),
    "/reviews": ("manager", "coordinator", "coordinator of a region", "member"),
    **dict.fromkeys(
        (
            *("/reviews?q=reading", "/reviews?state=decided", "/reviews?state=cancelled", "/reviews?gate=screening"),
            *("/reviews?state=decided&gate=screening", "/reviews?due=overdue", "/reviews?due=week"),
            *("/reviews?mine=seat", "/reviews?mine=waiting"),
        ),
        ("manager", "coordinator", "coordinator of a region", "member"),
    ),
    "/reviews?state=open": ("coordinator", "coordinator of a region", "member"),
    "/reviews/desk?act=convene": ("coordinator", "coordinator of a region"),
    "/reviews/desk?act=remind": ("coordinator", "coordinator of a region"),
    "/reviews/desk?act=present": ("coordinator", "coordinator of a region"),
    "/clinics": ("manager", "facilitator"),
    "/funders/ideas": ("funder",),
    "/people": ("manager", "administrator"),
    "/people?q=tha+mo": ("manager", "administrator"),
    "/people?q=thabo@gatehouse.example": ("manager", "administrator"),
    "/people?role=coordinator": ("manager", "administrator"),
    "/people?role=coordinator&q=tha": ("manager", "administrator"),
    "/people?state=closed": ("manager", "administrator"),
    "/people?state=invited": ("manager", "administrator"),
    "/inbox": ("owner",),
    "/log": ("administrator",),
    "/log?since=2026-01-01": ("administrator",),
    "/log?until=2001-01-01": ("administrator",),
    "/log?kind=idea_captured": ("administrator",),
    "/log?person=thabo": ("administrator",),
    "/mail": ("administrator",),
    "/mail?state=owed": ("administrator",),
    "/mail?state=given_up": ("administrator",),
}


def reader(who: str) -> Person:
    if who == "member":
        return make.review(of=make.idea(place="at_screening")).seats[0].person
    if who == "owner":
        return make.idea().owner
    if who == "funder":
        return make.grant(make.person(), "funder_admin", funder_id=make.funder().id)
    if who == "coordinator of a region":
        return staff_of_a_region("coordinator")
    return make.staff(who)


@pytest.mark.parametrize(("address", "who"), [(address, who) for address, all_of in PAGES.items() for who in all_of])
def test_no_page_reads_a_whole_table(client: FlaskClient, address: str, who: str) -> None:
    make.clinic()
    make.review(of=make.idea(place="at_screening"))
    make.sign_in(client, reader(who))
    client.get(address)

    with explained() as plans:
        response = client.get(address)

    assert response.status_code == 200
    found = {line for plan in plans for line in plan if WHOLE.match(line)}
    assert sorted(found - FROM_THE_END.get(address, set())) == []


@pytest.mark.parametrize("address", ["/work", "/due"])
@pytest.mark.parametrize("who", ["manager", "coordinator", "coordinator of a region", "facilitator"])
def test_what_waits_is_found_first_and_then_its_idea(client: FlaskClient, who: str, address: str) -> None:
    """From all ideas of a programme one would come to the few that something waits for by way of thousands."""
    make.sign_in(client, reader(who))
    client.get(address)

    with explained() as plans:
        client.get(address)

    assert [line for plan in plans for line in plan if OF_A_PROGRAMME.match(line)] == []


def test_reviews_are_read_in_the_order_of_an_index(client: FlaskClient) -> None:
    """The first ones of each kind are; these alone are sorted then."""
    make.review(of=make.idea(place="at_screening"))
    make.sign_in(client, make.staff("coordinator"))

    with explained() as plans:
        client.get("/reviews")

    plan = plan_with("ix_review_closed", plans)
    assert "SEARCH review USING INDEX ix_review_state_due_on (state=?)" in plan
    assert plan.count(SORTED) == 3  # those that wait for the reader, the ids of the first ones, the rows of the page


NARROWED_REVIEWS = {
    "state=decided": "ix_review_state_closed",
    "state=cancelled": "ix_review_state_closed",
    "gate=screening": "ix_review_gate",
    "state=decided&gate=screening": "ix_review_gate",
}


@pytest.mark.parametrize("narrowed", sorted(NARROWED_REVIEWS))
def test_narrowed_reviews_have_an_index_for_the_order_and_for_the_count(client: FlaskClient, narrowed: str) -> None:
    make.sign_in(client, make.staff("coordinator"))

    with explained() as plans:
        client.get(f"/reviews?{narrowed}")

    led = {line for plan in plans for line in plan if NARROWED_REVIEWS[narrowed] in line}
    assert len(led) >= 1
    assert [line for plan in plans for line in plan if "ix_review_closed" in line or OF_A_PROGRAMME.match(line)] == []


@pytest.mark.parametrize("narrowed", ["q=reading", "mine=seat", "mine=waiting"])
def test_reviews_that_are_few_are_found_by_what_makes_them_few(client: FlaskClient, narrowed: str) -> None:
    make.sign_in(client, make.staff("coordinator"))

    with explained() as plans:
        client.get(f"/reviews?{narrowed}")

    walked = re.compile(r"ix_review_(closed|state)|SCAN (review|idea)\b")
    assert [line for plan in plans for line in plan if walked.search(line) or OF_A_PROGRAMME.match(line)] == []


DAYS = ["since=2026-01-01", "until=2001-01-01", "kind=idea_captured&until=2001-01-01", "kind=idea_captured"]


@pytest.mark.parametrize("narrowed", DAYS)
def test_the_log_of_some_days_is_read_from_the_last_of_them(client: FlaskClient, narrowed: str) -> None:
    make.sign_in(client, make.staff("administrator"))

    with explained() as plans:
        client.get(f"/log?{narrowed}")

    plan = plan_with("ix_event_kind_at" if "kind" in narrowed else "ix_event_at", plans[::-1])
    assert faults(plan) == []


@pytest.mark.parametrize("address", ["/work", "/reviews"])
def test_seats_at_open_reviews_are_found_among_all_that_somebody_ever_had(client: FlaskClient, address: str) -> None:
    make.sign_in(client, reader("member"))
    client.get(address)

    with explained() as plans:
        client.get(address)

    found = [line for plan in plans for line in plan if "ix_seat_person" in line and "person_id=?)" in line]
    assert [line for line in found if "COVERING" not in line and "SCAN" in line] == []
    assert any("ix_seat_person (person_id=? AND closed_at=?)" in line for plan in plans for line in plan)


def test_whether_a_panel_sits_is_looked_up_among_the_open_reviews(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("coordinator"))

    with explained() as plans:
        client.get("/reviews/desk?act=convene")

    assert faults(plan_with("ix_idea_at_gate", plans)) == []
    assert any("COVERING INDEX ix_review_open" in line for line in plan_with("ix_idea_at_gate", plans))


def test_a_list_of_people_is_read_in_its_order(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator"))

    with explained() as plans:
        client.get("/people")

    assert faults(plan_with("ix_person_name", plans)) == []


def test_a_world_without_a_demonstration_is_told_from_an_index(app: Flask) -> None:
    with explained() as plans:
        found = has_demo_accounts()

    assert not found
    assert [line for plan in plans for line in plan if WHOLE.match(line)] == []


def test_an_inbox_is_read_in_its_order(client: FlaskClient) -> None:
    make.sign_in(client, make.person())

    with explained() as plans:
        client.get("/inbox")

    assert faults(plan_with("ix_notice_list", plans)) == []


def test_the_tables_that_grow_are_tables() -> None:
    """So that a renamed one is not forgotten here."""
    assert sorted(set(GROWING.split("|")) - set(db.metadata.tables)) == []
    assert {Idea.__tablename__, Review.__tablename__} <= set(GROWING.split("|"))
