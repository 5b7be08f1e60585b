"""What processes say can be followed by the id of a request, and tells nothing about persons."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from innovation.command import transaction
from innovation.db import db
from tests import make

NAME, ADDRESS = "Thandiwe Canary", "thandiwe.canary@example.org"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def failing(app: Flask) -> Any:
    """The sign-in page fails, and says in its error whom it was for."""

    def fail() -> None:
        raise ValueError(f"{NAME} <{ADDRESS}> could not be read")

    kept = app.view_functions["ideas.status"]
    fail.is_public = True  # type: ignore[attr-defined]
    app.view_functions["ideas.status"] = fail
    testing, app.config["TESTING"] = app.config["TESTING"], False
    yield
    app.view_functions["ideas.status"], app.config["TESTING"] = kept, testing


def test_the_id_of_the_proxy_is_kept_and_given_back(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})

    assert answer.headers["X-Request-ID"] == "proxy-0123456789"


@pytest.mark.parametrize("said", ["short", "a" * 65, "with a space in it", "<script>alert(1)</script>", ""])
def test_an_id_that_is_none_is_replaced(client: FlaskClient, said: str) -> None:
    first, second = (client.get("/healthz", headers={"X-Request-ID": said}) for _i in range(2))

    assert len(first.headers["X-Request-ID"]) == 32
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]


def test_an_error_is_found_by_the_id_of_its_request_and_names_nobody(
    client: FlaskClient, failing: None, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/status", headers={"X-Request-ID": "proxy-0123456789"})

    said = capsys.readouterr().err
    [line] = [json.loads(text) for text in said.splitlines()]
    assert answer.status_code == 500
    assert (line["event"], line["request"], line["errors"]) == ("unforeseen", "proxy-0123456789", ["ValueError"])
    assert line["places"][-1].endswith(" fail")
    assert [word for word in (*NAME.split(), ADDRESS) if word in said] == []


def test_a_refusal_of_the_database_does_not_quote_the_row(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    person = make.person(NAME)
    person_id = person.id
    db.session.commit()

    try:
        with transaction():
            make.person(ADDRESS, id=person_id)
    except Exception as error:
        structlog.get_logger().exception("not_kept", why=f"{error}")

    said = capsys.readouterr().err
    assert json.loads(said)["event"] == "not_kept"
    assert [word for word in (*NAME.split(), "canary") if word in said] == []


def test_addresses_are_taken_out_wherever_they_stand(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().warning("told", to=f"Somebody <{ADDRESS}>", more={"all": [ADDRESS]})

    [line] = lines(capsys)
    assert (line["to"], line["more"]) == ("Somebody <[address]>", {"all": ["[address]"]})


def test_libraries_speak_in_the_same_form(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").warning("no answer from %s", ADDRESS)

    [line] = lines(capsys)
    assert (line["event"], line["level"]) == ("no answer from [address]", "warning")


def test_signing_in_with_a_wrong_password_says_nothing_about_whom(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    make.account(make.person(NAME, email=ADDRESS))
    db.session.commit()

    client.post("/sign-in", data={"email": ADDRESS, "password": "not the password"})

    said = capsys.readouterr().err
    assert [word for word in (*NAME.split(), ADDRESS, "not the password") if word in said] == []


def test_an_error_that_a_library_tells_of_is_not_quoted(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(NAME)
    except ValueError:
        logging.getLogger("some.library").exception("it failed")

    said = capsys.readouterr().err
    assert json.loads(said)["errors"] == ["ValueError"]
    assert NAME not in said
