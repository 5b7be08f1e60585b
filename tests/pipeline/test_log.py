"""The log: for administrators only, filtered, and exported as listed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.events import PersonCorrected
from innovation.clinics.events import CardPhotographed
from innovation.db import db
from innovation.events import Event, record
from innovation.gates import commands as gates
from innovation.ideas.events import AskMade, CanvasHandedIn, OwnershipHandedOver
from innovation.ideas.models import Idea, Wall
from innovation.permission import SYSTEM
from tests import make
from tests.databases import statements

MAY, JUNE = dt.datetime(2026, 5, 31, 12, tzinfo=dt.UTC), dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def idea(app: Flask) -> Idea:
    """An idea of which two things are recorded, by its owner in May and by the system in June."""
    made = make.idea(make.person("Naledi"))
    record(make.actor(made.owner), CanvasHandedIn(made.id, 2), at=MAY)
    record(SYSTEM, AskMade(made.id, 1, 1), at=JUNE)
    db.session.commit()
    return made


@pytest.fixture
def page(client: FlaskClient, idea: Idea) -> FlaskClient:
    return make.sign_in(client, make.staff("administrator"))


def kinds(html: str) -> list[str]:
    """What happened, row by row."""
    return re.findall(r"<td>([A-Z][a-z ]+)</td>", html)


def test_everything_is_listed_newest_first(page: FlaskClient) -> None:
    assert kinds(page.get("/log").text) == ["Ask made", "Canvas handed in"]


def test_under_which_name_a_file_was_kept_is_not_shown(page: FlaskClient) -> None:
    record(SYSTEM, CardPhotographed(make.clinic().id, 1, "a" * 64, "b" * 48))
    db.session.commit()

    shown = page.get("/log").text

    assert "Card photographed" in shown
    assert "instead of" not in shown.lower()
    assert "b" * 48 not in shown.lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=ask_made", ["Ask made"]),
        ("person=nale", ["Canvas handed in"]),
        ("since=2026-06-01", ["Ask made"]),
        ("until=2026-05-31", ["Canvas handed in"]),
        ("since=0001-01-01&until=9999-12-31", ["Ask made", "Canvas handed in"]),
        ("subject=idea:999", []),
    ],
)
def test_each_filter_narrows_the_list(page: FlaskClient, query: str, found: list[str]) -> None:
    assert kinds(page.get(f"/log?{query}").text) == found


def test_an_idea_is_found_by_its_reference(page: FlaskClient, idea: Idea) -> None:
    assert len(kinds(page.get(f"/log?subject={idea.reference.lower()}").text)) == 2


def test_the_export_holds_what_is_listed(page: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(page.get("/log?kind=ask_made&export=csv").get_data().decode("utf-8-sig"))))

    stored = db.session.scalars(sa.select(Event).where(Event.kind == "ask_made")).one()
    assert [(row["What happened"], row["Hash"]) for row in rows] == [("ask_made", stored.hash)]


def test_nothing_of_an_idea_behind_a_wall_is_listed_found_or_exported(client: FlaskClient, idea: Idea) -> None:
    administrator = make.staff("administrator")
    make.add(Wall(idea_id=idea.id, person_id=administrator.id, why="affiliation:1"))
    make.sign_in(client, administrator)

    shown = [client.get(path).text for path in ("/log", f"/log?subject={idea.reference}", "/log?export=csv")]

    assert [idea.title in text or f"idea:{idea.id}" in text for text in shown] == [False, False, False]


def test_a_date_that_is_none_is_said_to_be_wrong(page: FlaskClient) -> None:
    assert page.get("/log?since=yesterday").status_code == 422


@pytest.mark.parametrize("role", ["manager", "coordinator", "facilitator"])
def test_nobody_else_reads_it(client: FlaskClient, idea: Idea, role: str) -> None:
    make.sign_in(client, make.staff(role))

    assert [client.get(path).status_code for path in ("/log", "/log?export=csv")] == [404] * 2


def test_the_log_takes_the_same_number_of_queries_for_1_and_for_30_events(page: FlaskClient, idea: Idea) -> None:
    page.get("/log")
    with statements() as few:
        page.get("/log")
    for number in range(30):
        record(SYSTEM, CanvasHandedIn(idea.id, number + 3))
    db.session.commit()

    with statements() as many:
        page.get("/log")

    assert len(many) == len(few)


def facts(html: str) -> list[str]:
    return re.findall(r'data-label="Facts"><span>(.*?)</span>', html, re.DOTALL)


def test_facts_are_said_in_words_and_names(client: FlaskClient, app: Flask) -> None:
    review = make.scored_review()
    gates.record_decision(
        make.actor(review.leading[0].person), review, outcome="go", rationale="Yes.", **make.go_details()
    )
    record(SYSTEM, OwnershipHandedOver(review.idea_id, review.idea.owner_id, make.person("Thandi").id))
    make.sign_in(client, make.staff("administrator"))

    page = client.get("/log").text

    said = facts(page)
    assert said[0] == "From: Owner · To: Thandi"
    go = f"Gate: {review.gate.name} · Outcome: {review.idea.definition.outcome('go').label}"
    assert {go, "Quorum reached: no", "Quorum reached: yes"} <= set(said)
    assert re.findall(r"\w+_\w+|\w+=|idea:\d", "".join(said)) == []


def test_a_subject_is_named_and_an_idea_opens_for_whom_it_is_open(client: FlaskClient, app: Flask) -> None:
    idea, administrator = make.idea(title="Reading clubs"), make.staff("administrator")
    clubs = make.idea(administrator)
    for made in (idea, clubs):
        record(SYSTEM, CanvasHandedIn(made.id, 2))
    record(SYSTEM, PersonCorrected(make.person("Lerato").id))
    make.sign_in(client, administrator)

    page = client.get("/log").text

    assert [f'href="/ideas/{made.reference}"' in page for made in (idea, clubs)] == [False, True]
    assert (idea.reference in page, 'data-label="Subject">Lerato<br>' in page) == (True, True)


def test_the_export_keeps_the_raw_facts(page: FlaskClient, idea: Idea) -> None:
    rows = list(csv.DictReader(io.StringIO(page.get("/log?export=csv").get_data().decode("utf-8-sig"))))

    assert [json.loads(row["Facts"])["idea_id"] for row in rows] == [idea.id] * 2
    assert [row["Subject"] for row in rows] == [f"idea:{idea.id}"] * 2
