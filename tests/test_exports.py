"""Lists as files: exactly what is listed, scores only where every one is open, long ones by the worker."""

from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation import exports
from innovation.accounts.models import Person
from innovation.command import transaction
from innovation.db import db, now
from innovation.gates import commands as gate_commands
from innovation.ideas.models import Wall
from innovation.jobs import running
from innovation.jobs.models import Job
from innovation.tables import chunks_of, read_table
from tests import make


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def coordinator(app: Flask) -> Person:
    who = make.staff("coordinator")
    make.account(who)
    db.session.commit()
    return who


# Scores


def decided(mark: int) -> str:
    review = make.scored_review(mark=mark)
    chair = make.actor(review.seats[0].person)
    gate_commands.record_decision(chair, review, outcome="go", rationale="Good.", **make.go_details())
    return review.idea.reference


def test_means_are_columns_where_every_mark_in_the_list_is_open(
    app: Flask, coordinator: Person, client: FlaskClient
) -> None:
    references = {decided(7), decided(8)}
    make.sign_in(client, coordinator)

    table = rows(client.get("/reviews?state=decided&export=csv&scores=yes").data)

    assert {row["Reference"]: row["Screening gate: Logic"] for row in table}.keys() == references
    assert sorted(row["Total of 100"] for row in table) == ["70.0", "80.0"]


def test_one_sealed_review_in_the_list_leaves_no_column_of_scores_and_is_named(
    app: Flask, coordinator: Person, client: FlaskClient
) -> None:
    open_to_all = decided(7)
    sealed = make.review()
    make.score(sealed.seats[0])
    make.sign_in(client, coordinator)

    asked = rows(client.get("/reviews?export=csv&scores=yes").data)
    plain = rows(client.get("/reviews?export=csv").data)

    said = {row["Reference"]: row.pop("Scores, left out of every line") for row in asked}
    assert said == {open_to_all: "", sealed.idea.reference: "sealed to you"}
    assert asked == plain


def test_a_member_who_has_not_submitted_gets_no_scores(app: Flask, client: FlaskClient) -> None:
    review = make.review(size=4)
    for seat in review.seats[:3]:
        make.score(seat)
    make.declare(review.seats[3])
    make.sign_in(client, review.seats[3].person)

    heading = client.get("/reviews?export=csv&scores=yes").text.splitlines()[0]

    assert "Total" not in heading


# Long lists


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if five rows were many."""
    monkeypatch.setattr(exports, "AT_ONCE", 5)


@pytest.mark.usefixtures("short")
def test_a_long_list_is_made_by_the_worker_in_its_order(app: Flask, coordinator: Person, client: FlaskClient) -> None:
    for _n in range(7):
        make.idea()
    make.sign_in(client, coordinator)
    offer = client.get("/?sort=-title&export=csv")
    asked = client.post(offer.location)
    running.run_owed()
    table = rows(client.get(f"{asked.location}/file").data)

    ideas = sorted((row["Title"] for row in table), reverse=True)
    assert (offer.status_code, [row["Title"] for row in table], len(table)) == (302, ideas, 7)


@pytest.mark.usefixtures("short")
def test_what_has_closed_since_is_not_in_the_file(app: Flask, coordinator: Person, client: FlaskClient) -> None:
    ideas = [make.idea() for _n in range(6)]
    make.sign_in(client, coordinator)
    asked = client.post(client.get("/?export=xlsx").location)
    running.run_owed()
    with transaction():
        db.session.add(Wall(idea_id=ideas[2].id, person_id=coordinator.id, why="seat:1", since=now()))

    table = read_table(client.get(f"{asked.location}/file").data, "ideas.xlsx")

    found = {row.values["Reference"] for row in table.rows}
    assert found == {idea.reference for idea in ideas} - {ideas[2].reference}


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("path", ["/log", "/people", "/schools"])
def test_every_long_list_can_be_asked_for(app: Flask, client: FlaskClient, path: str) -> None:
    who = make.staff("administrator")
    for number in range(6):
        make.account(make.person())
        make.school(f"93032000{number}")
    review = make.review()
    for seat in review.seats:
        make.score(seat)
    make.sign_in(client, who)

    offer = client.get(f"{path}?export=csv")
    page = client.get(offer.location)
    asked = client.post(offer.location)
    running.run_owed()

    assert (offer.status_code, page.status_code, db.session.query(Job).one().state) == (302, 200, "finished")
    assert len(rows(client.get(f"{asked.location}/file").data)) > 5


def test_what_was_not_sealed_here_is_not_there(app: Flask, coordinator: Person, client: FlaskClient) -> None:
    make.sign_in(client, coordinator)
    good = exports.seal({"list": "ideas", "kind": "csv", "asked": {"filters": {}, "sort": "title"}})

    nonsense = (good[:-3] + "abc", "x", "\u00e9", "A" * 900)
    codes = [client.get(f"/jobs/export/{what}").status_code for what in (good, *nonsense)]

    assert codes == [200, 404, 404, 404, 404]


# What spreadsheets do with a text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_a_formula_is_no_formula_in_a_csv(text: str) -> None:
    told = b"".join(chunks_of([("a", "A")], [{"a": text}], "csv"))

    assert next(iter(rows(told)))["A"] == f"'{text}"


def test_what_cannot_be_seen_is_left_out() -> None:
    told = b"".join(chunks_of([("a", "A")], [{"a": "a\x00b\x1bc\ud800d"}], "csv"))

    assert rows(told) == [{"A": "abcd"}]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_table_takes_little_memory(kind: str) -> None:
    columns = [(str(n), f"Column {n}") for n in range(10)]
    lines = ({str(n): "a text of some length" for n in range(10)} for _line in range(1_500))
    next(chunks_of(columns, [], kind))  # what writing loads is no part of it
    tracemalloc.start()

    size = sum(len(chunk) for chunk in chunks_of(columns, lines, kind))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (peak < 1_500_000, size > 10_000) == (True, True)
