"""School terms: a manager adds those of a new year, and corrects them."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.permission import Forbidden
from innovation.places import commands, queries
from tests import make
from workflows import Refused

FIRST, LAST = dt.date(2028, 1, 12), dt.date(2028, 3, 24)


def test_a_manager_adds_a_term_and_corrects_its_days(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))

    commands.keep_term(manager, None, year=2028, number=1, starts_on=FIRST, ends_on=LAST)
    commands.keep_term(manager, None, year=2028, number=1, starts_on=FIRST, ends_on=dt.date(2028, 3, 31))

    assert [(term.key, term.ends_on) for term in queries.list_terms(FIRST)] == [("2028-1", dt.date(2028, 3, 31))]


@pytest.mark.parametrize(
    ("year", "ends_on", "reason"),
    [(2028, FIRST, "must end after"), (2027, LAST, "within its year"), (2028, LAST, "some of these days")],
)
def test_a_term_that_makes_no_sense_is_refused(app: Flask, year: int, ends_on: dt.date, reason: str) -> None:
    manager = make.actor(make.staff("manager"))
    commands.keep_term(manager, None, year=2028, number=1, starts_on=FIRST, ends_on=LAST)

    with pytest.raises(Refused, match=reason):
        commands.keep_term(manager, None, year=year, number=2, starts_on=FIRST, ends_on=ends_on)


def test_others_do_not_keep_terms(app: Flask) -> None:
    with pytest.raises(Forbidden):
        commands.keep_term(
            make.actor(make.staff("coordinator")), None, year=2028, number=1, starts_on=FIRST, ends_on=LAST
        )


def test_the_page_shows_what_is_kept(app: Flask, client: FlaskClient) -> None:
    make.sign_in(client, make.staff("manager"))

    client.post(
        "/schools/terms", data={"year": "2028", "number": "1", "starts_on": "2028-01-12", "ends_on": "2028-03-24"}
    )
    page = client.get("/schools/terms").text

    assert "Term 1 of 2028" in page
    assert "24 Mar 2028" in page
