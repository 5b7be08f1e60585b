"""When the database is away, people see a clear page, and it comes back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import db
from tests import make


@pytest.fixture
def away(app: Flask) -> Iterator[list[int]]:
    """The database is away: every statement and every transaction fails, and is counted."""
    tried: list[int] = []

    def fail(*_args: Any) -> None:
        tried.append(1)
        raise sa.exc.OperationalError("SELECT 1", None, ConnectionError("the server is away"))

    watched = ("begin", "before_cursor_execute")
    db.session.remove()
    for name in watched:
        sa.event.listen(db.engine, name, fail, insert=True)
    yield tried
    for name in watched:
        sa.event.remove(db.engine, name, fail)


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, make.person("Demo owner"))
    db.session.commit()
    return client


@pytest.mark.parametrize("address", ["/", "/sign-in", "/work", "/ideas/LP26-0001"])
def test_a_page_without_a_database_says_so_and_asks_for_nothing_more(
    app: Flask, request: pytest.FixtureRequest, address: str
) -> None:
    client = signed_in(app)
    tried: list[int] = request.getfixturevalue("away")

    answer = client.get(address)

    assert (answer.status_code, answer.headers["Retry-After"], len(tried)) == (503, "5", 1)
    assert "Back in a moment" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers


def test_what_was_typed_is_handed_back(app: Flask, request: pytest.FixtureRequest) -> None:
    client = signed_in(app)
    request.getfixturevalue("away")

    answer = client.post("/ideas/new", data={"title": "A reading corner", "password": "never shown"})

    assert answer.status_code == 503
    assert "A reading corner" in answer.text
    assert "never shown" not in answer.text


def test_the_process_lives_and_is_not_ready(client: FlaskClient, away: list[int]) -> None:
    alive, ready, figures = client.get("/healthz"), client.get("/readyz"), client.get("/metrics")

    assert (alive.status_code, ready.status_code, figures.status_code) == (200, 503, 200)
    assert ready.json == {"ready": False, "database": False, "tables": False, "queue": False, "late": False}
    assert "gatehouse_database_up 0" in figures.text


def test_the_next_page_after_it_came_back_is_whole(app: Flask) -> None:
    client = signed_in(app)

    def fail(*_args: Any) -> None:
        raise sa.exc.OperationalError("SELECT 1", None, ConnectionError("the server is away"))

    sa.event.listen(db.engine, "begin", fail, insert=True)
    during = client.get("/work").status_code
    sa.event.remove(db.engine, "begin", fail)
    after = client.get("/work").status_code

    assert (during, after) == (503, 200)


def test_a_database_that_goes_away_while_a_page_is_drawn_is_told_of_in_the_same_way(app: Flask) -> None:
    client = signed_in(app)
    db.session.remove()

    def fail_at_the_frame(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM notice" in statement and "FROM seat" in statement:  # what the navigation asks, last of all
            raise sa.exc.OperationalError(statement, None, ConnectionError("the server is away"))

    sa.event.listen(db.engine, "before_cursor_execute", fail_at_the_frame)
    answer = client.get("/work")
    sa.event.remove(db.engine, "before_cursor_execute", fail_at_the_frame)

    assert answer.status_code == 503
    assert "Back in a moment" in answer.text
