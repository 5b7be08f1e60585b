"""While the mail server is away everything that is due waits for it, taken up by a worker and in its order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.cli import examining_work
from innovation.db import db, now
from innovation.notifications import mailer
from innovation.notifications.models import Message
from tests.notifications.post import Postbox, message


@pytest.fixture
def away(app: Flask) -> None:
    """A mail server that refuses every connection."""
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(smtp_host="127.0.0.1", smtp_port=1)


def work(began: dt.datetime, seconds: range) -> None:
    for second in seconds:
        with time_machine.travel(began + dt.timedelta(seconds=second)):
            mailer.send_owed()


@pytest.mark.usefixtures("away")
def test_a_machine_whose_worker_tries_is_ready_however_much_mail_waits(client: FlaskClient) -> None:
    began, _owed = now(), [message() for _n in range(60)]

    work(began, range(1, 1000, 20))

    with time_machine.travel(began + dt.timedelta(seconds=1000)):
        ready = client.get("/readyz")
    assert (ready.status_code, ready.json["queue"], ready.json["late"]) == (200, True, True)


@pytest.mark.usefixtures("away")
def test_the_doctor_names_the_mail_server_and_not_the_worker(app: Flask) -> None:
    began, _owed = now(), [message() for _n in range(60)]
    work(began, range(1, 1000, 20))

    with time_machine.travel(began + dt.timedelta(seconds=1000)):
        found = examining_work.queue(app.config["SETTINGS"])

    assert (found.state, "ConnectionRefusedError" in found.text) == ("fault", True)
    assert "mail server" in found.advice


def test_where_no_worker_tries_the_machine_is_not_ready(client: FlaskClient) -> None:
    with time_machine.travel(now() - dt.timedelta(minutes=20)):
        message()

    assert client.get("/readyz").status_code == 503


def test_what_was_put_off_leaves_once_and_in_its_order_when_the_server_is_back(app: Flask, postbox: Postbox) -> None:
    there, began = app.config["SETTINGS"], now()
    _asked, *others = [message(subject=f"Number {n}") for n in range(5)]
    app.config["SETTINGS"] = there.changed(smtp_port=1)
    work(began, range(1, 2))
    app.config["SETTINGS"] = there

    work(began, range(2, 150, 20))

    subjects = [str(letter["Subject"]) for letter in postbox.letters]
    assert sorted(subjects) == [f"Number {n}" for n in range(5)]
    assert [each for each in subjects if each != "Number 0"] == [each.subject for each in others]


def test_a_message_over_which_the_server_hangs_up_keeps_the_others_for_no_longer_than_a_minute(
    postbox: Postbox,
) -> None:
    began, _bad, other = now(), message(), message()
    postbox.verdicts = ["421 Closing down", "421 Closing down", "250 OK"]

    work(began, range(1, 80, 10))

    db.session.refresh(other)
    assert (postbox.verdicts, other.sent_at is not None) == ([], True)


@pytest.mark.usefixtures("away")
def test_days_away_do_not_count_for_what_was_only_put_off(app: Flask) -> None:
    _asked, other = message(), message()
    other.refused_at, other.error, other.attempts = now() - dt.timedelta(days=4), "450 Later", 3
    db.session.commit()

    mailer.send_owed()

    found = db.session.get_one(Message, other.id)
    assert now() - found.refused_at < dt.timedelta(minutes=1)  # its five days begin anew
    assert (found.attempts, found.given_up_at) == (3, None)


@pytest.mark.parametrize("asked", [{"smtp_starttls": True}, {"smtp_username": "gatehouse"}])
def test_a_server_that_lacks_what_we_ask_of_it_for_every_message_refuses_none(
    app: Flask, postbox: Postbox, asked: dict[str, Any]
) -> None:
    there, (one, other) = app.config["SETTINGS"], (message(), message())
    one.refused_at = other.refused_at = now() - mailer.LONGEST_REFUSED
    db.session.commit()
    app.config["SETTINGS"] = there.changed(**asked)

    mailer.send_owed()
    db.session.refresh(one)
    db.session.refresh(other)
    tried, put_off = one.attempts, other.attempts
    app.config["SETTINGS"] = there
    work(now(), range(60, 180, 20))

    assert (tried, put_off, len(postbox.letters)) == (1, 0, 2)
