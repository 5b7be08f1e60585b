"""How the database finds what each page shows: by an index, and never by reading a table that grows."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.accounts.queries import has_demo_accounts
from innovation.db import db
from innovation.gates.models import Review
from innovation.ideas.models import Idea
from tests import make
from tests.architecture.explained import (
    GROWING,
    OF_A_PROGRAMME,
    SORTED,
    WHOLE,
    explained,
    faults,
    plan_with,
    staff_of_a_region,
)

pytestmark = pytest.mark.usefixtures("on_sqlite")


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

    plan = plan_with("ix_idea_at_gate", plans)
    assert faults(plan) == ["USE TEMP B-TREE FOR ORDER BY"]  # of the ideas of one page, which are found in their order
    assert any("COVERING INDEX ix_review_open" in line for line in plan)
    assert any("COVERING INDEX ix_idea_at_gate" in line for line in plan)


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
