"""A mail that its server does not want for now is told apart: it rings no alarm, and is not forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.cli import examining_work
from innovation.db import db, now
from innovation.health import find_backlog, reading
from innovation.notifications import commands, mailer
from innovation.notifications.models import Message
from tests import make
from tests.notifications.post import Postbox, message


def full(**more: Any) -> Message:
    """A mail to a mailbox that has been full for two days."""
    found, later = message(), now() + dt.timedelta(hours=6)
    found.made_at = found.refused_at = now() - dt.timedelta(days=2)
    found.attempts, found.next_at, found.error = 9, later, "SMTPRecipientsRefused: 452 Mailbox full"
    for name, value in more.items():
        setattr(found, name, value)
    db.session.commit()
    return found


def waiting() -> dt.timedelta:
    with reading() as connection:
        return find_backlog(connection).messages.waiting


def test_a_full_mailbox_is_counted_apart_and_rings_no_alarm(client: FlaskClient) -> None:
    full()

    ready, figures = client.get("/readyz"), client.get("/metrics").text.splitlines()

    assert (ready.status_code, ready.json["late"]) == (200, False)
    assert "gatehouse_messages_waiting_seconds 0.0" in figures
    assert ("gatehouse_messages_owed 1" in figures, "gatehouse_messages_refused 1" in figures) == (True, True)


def test_the_doctor_says_how_many_are_refused_for_now_and_since_when(app: Flask) -> None:
    full(), full(refused_at=now() - dt.timedelta(days=4))

    found = examining_work.queue(app.config["SETTINGS"])

    assert found.state == "attention"
    assert "The mail server does not take 2 of the mails for now, the first for 4 days." in found.text
    assert "/mail" in found.advice


def test_a_mail_that_waits_for_the_server_is_late_beside_one_that_is_refused(client: FlaskClient) -> None:
    full()
    full(refused_at=None, made_at=now() - dt.timedelta(days=1))

    assert round(waiting() / dt.timedelta(days=1)) == 1


def test_one_that_nobody_tries_again_is_late(client: FlaskClient) -> None:
    full(next_at=now() - dt.timedelta(minutes=20))

    assert (client.get("/readyz").status_code, waiting() >= dt.timedelta(minutes=20)) == (503, True)


# Sending again


def test_a_mail_that_is_sent_again_starts_afresh(app: Flask, postbox: Postbox) -> None:
    found = full(given_up_at=now(), attempts=12)
    commands.send_again(make.actor(make.staff("administrator")), found)
    asked = found.attempts
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(smtp_port=1)

    mailer.send_owed()

    db.session.refresh(found)
    told = (asked, found.attempts, found.next_at < now() + dt.timedelta(minutes=1))
    db.session.rollback()
    assert (told, waiting() < dt.timedelta(minutes=1)) == ((0, 1, True), True)


def test_a_mail_that_is_sent_again_hides_none_that_fails_for_longer(app: Flask, postbox: Postbox) -> None:
    found = full(given_up_at=now())
    full(refused_at=None, made_at=now() - dt.timedelta(days=1))
    commands.send_again(make.actor(make.staff("administrator")), found)
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(smtp_port=1)

    mailer.send_owed()

    assert round(waiting() / dt.timedelta(days=1)) == 1


def test_a_mail_that_is_sent_again_in_vain_is_late_since_then(app: Flask, postbox: Postbox) -> None:
    found = full(given_up_at=now())
    commands.send_again(make.actor(make.staff("administrator")), found)
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(smtp_port=1)
    mailer.send_owed()

    with time_machine.travel(now() + dt.timedelta(hours=2)):
        mailer.send_owed()

        assert round(waiting() / dt.timedelta(hours=1)) == 2


def test_a_fault_of_our_own_is_no_refusal_and_loses_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = full(refused_at=None, next_at=now(), attempts=0, error=None)

    def fail(*_args: Any) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(mailer, "compose", fail)
    for _day in range(7):
        broken.next_at = now()
        db.session.commit()
        mailer.send_owed()

    with reading() as connection:
        owed = find_backlog(connection).messages
    assert (owed.refused, owed.failing_for.days, owed.error) == (0, 2, "KeyError: 'ours'")
    assert (broken.given_up_at, broken.refused_at) == (None, None)


def test_a_moment_without_the_server_makes_no_alarm_of_full_mailboxes(app: Flask) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(smtp_host="127.0.0.1", smtp_port=1)
    refused = [full(next_at=now()) for _n in range(2)]
    message()
    db.session.commit()

    mailer.send_owed()

    db.session.expire_all()
    assert waiting() < dt.timedelta(minutes=1)
    assert [now() - each.refused_at < dt.timedelta(minutes=1) for each in refused] == [True, True]
