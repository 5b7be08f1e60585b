"""A mail is given up for a no of its server, and never for the days in which it was away."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask

from innovation.db import db, now
from innovation.notifications import mailer
from innovation.notifications.models import Message
from tests.notifications.post import Postbox, due_again, message


def fail_for_days(app: Flask, found: Message) -> None:
    """The server is away, and the message waits."""
    there = app.config["SETTINGS"]
    app.config["SETTINGS"] = there.changed(smtp_port=1)
    for _hour in range(13):
        mailer.send_owed()
        due_again(found)
    app.config["SETTINGS"] = there


def test_what_a_server_refuses_for_now_after_days_away_is_tried_again(app: Flask, postbox: Postbox) -> None:
    found = message()
    fail_for_days(app, found)
    postbox.verdicts = ["451 Greylisted, try again in five minutes"]

    refused = mailer.send_owed()
    due_again(found)
    waiting = found.given_up_at
    sent = mailer.send_owed()

    assert (refused, waiting, sent) == (0, None, 1)


def test_what_is_refused_for_now_is_given_up_after_five_days_of_it(postbox: Postbox) -> None:
    found, began = message(), now()
    given_up = []
    for days in (0, 4.9, 5.1):
        postbox.answers = ["450 Try again later"]
        with time_machine.travel(began + dt.timedelta(days=days)):
            due_again(found)
            mailer.send_owed()
        db.session.refresh(found)
        given_up.append(found.given_up_at is not None)

    assert given_up == [False, False, True]


def test_days_in_which_the_server_was_away_do_not_count(app: Flask, postbox: Postbox) -> None:
    found, began = message(), now()
    postbox.answers = ["450 Try again later", "450 Try again later"]
    mailer.send_owed()
    due_again(found)

    with time_machine.travel(began + dt.timedelta(days=6)):
        fail_for_days(app, found)
        mailer.send_owed()

    db.session.refresh(found)
    assert (postbox.answers, found.given_up_at) == ([], None)


def test_what_a_server_refuses_for_good_after_reading_it_is_given_up(postbox: Postbox) -> None:
    found = message()
    postbox.verdicts = ["554 This looks like spam"]

    mailer.send_owed()

    db.session.refresh(found)
    assert (found.given_up_at is not None, "This looks like spam" in str(found.error)) == (True, True)


def test_a_server_that_closes_is_no_refusal_of_the_message(postbox: Postbox) -> None:
    found, next_one = message(), message()
    postbox.verdicts = ["421 Closing down"]

    mailer.send_owed()

    db.session.refresh(found)
    db.session.refresh(next_one)
    assert (found.refused_at, found.given_up_at, next_one.attempts) == (None, None, 0)


def test_a_server_that_wants_everybody_to_sign_in_first_refuses_no_message(postbox: Postbox) -> None:
    one, other = message(), message()
    postbox.answers = ["530 5.7.0 Authentication required"]

    mailer.send_owed()

    db.session.refresh(one)
    db.session.refresh(other)
    assert (one.given_up_at, one.refused_at, other.attempts, postbox.letters) == (None, None, 0, [])


@pytest.mark.parametrize(("answer", "was_taken"), [("200 Fine", True), ("Thank you!", False)])
def test_a_message_that_is_answered_in_an_odd_way_is_not_sent_again(
    postbox: Postbox, answer: str, was_taken: bool
) -> None:
    letter = message()
    postbox.verdicts = [answer]

    mailer.send_owed()
    with time_machine.travel(now() + dt.timedelta(hours=12)):
        mailer.send_owed()

    db.session.refresh(letter)
    assert (letter.sent_at is not None, letter.given_up_at is not None) == (was_taken, not was_taken)
    assert postbox.letters == []
