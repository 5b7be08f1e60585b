"""A forgotten password: the link, and everything it must not give away."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, passwords, queries
from innovation.accounts.models import Person, Token, UserSession
from innovation.accounts.throttling import Throttled
from innovation.db import db, now
from innovation.events import Event
from innovation.permission import STRANGER
from tests import make
from workflows import Refused


def someone() -> Person:
    person = make.person("A teacher", email="teacher@gatehouse.example")
    make.account(person, passwords.hash_password(make.PASSWORD))
    db.session.commit()
    return person


def ask(email: str = "teacher@gatehouse.example") -> None:
    commands.ask_reset(STRANGER, None, email=email, address="10.0.0.1")


def newest() -> Token:
    return db.session.scalars(sa.select(Token).order_by(Token.id.desc())).first()  # type: ignore[return-value]


def test_known_and_unknown_get_the_same_answer(client: FlaskClient) -> None:
    someone()

    known = client.post("/forgotten-password", data={"email": "teacher@gatehouse.example"})
    unknown = client.post("/forgotten-password", data={"email": "nobody@gatehouse.example"})

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert known.text.replace("teacher@", "nobody@") == unknown.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Token)) == 1


@pytest.mark.parametrize("email", ["teacher@gatehouse.example", "nobody@gatehouse.example"])
def test_how_long_the_answer_takes_does_not_tell_whether_there_is_an_account(app: Flask, email: str) -> None:
    someone()
    begun = time.perf_counter()

    ask(email)

    assert time.perf_counter() - begun >= commands.RESET_SECONDS


def test_the_secret_is_kept_nowhere_and_can_be_made_again(app: Flask) -> None:
    someone()
    ask()

    secret = queries.secret_of(newest())

    assert newest().digest == queries.digest(secret)
    facts = db.session.scalars(sa.select(Event.facts).where(Event.kind == "password_reset_asked")).one()
    assert secret not in facts
    assert newest().nonce not in facts


def test_the_link_sets_a_password_once_and_ends_every_session(client: FlaskClient) -> None:
    person = someone()
    make.add(
        UserSession(
            account_id=make.account(person).id,
            token_digest=queries.digest("stolen"),
            expires_at=now() + dt.timedelta(days=1),
        )
    )
    db.session.commit()
    ask()
    link = f"/new-password/{queries.secret_of(newest())}"

    shown = client.get(link)
    first = client.post(link, data={"password": "seven brown goats"})
    second = client.post(link, data={"password": "eight brown goats"})

    assert (shown.status_code, first.status_code, second.status_code) == (200, 302, 404)
    assert passwords.is_right(make.account(person).password_hash, "seven brown goats")
    assert queries.find_actor("stolen") is None


def test_the_link_is_over_after_an_hour(app: Flask) -> None:
    someone()
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        ask()
        secret = queries.secret_of(newest())
        clock.shift(3601)

        assert queries.find_token(queries.RESET, secret) is None


def test_a_newer_link_replaces_the_one_before(app: Flask) -> None:
    someone()
    ask()
    first = queries.secret_of(newest())
    ask()

    assert queries.find_token(queries.RESET, first) is None


def test_a_link_works_for_its_own_kind_only(app: Flask) -> None:
    someone()
    ask()

    assert queries.find_token(queries.INVITATION, queries.secret_of(newest())) is None


def test_two_at_once_set_one_password(app: Flask) -> None:
    person = someone()
    ask()
    token = newest()
    commands.reset_password(make.actor(person), token, password="seven brown goats")

    with pytest.raises(Refused):
        commands.reset_password(make.actor(person), token, password="eight brown goats")

    assert passwords.is_right(make.account(person).password_hash, "seven brown goats")


def test_a_weak_password_leaves_the_link_working(client: FlaskClient) -> None:
    someone()
    ask()
    link = f"/new-password/{queries.secret_of(newest())}"

    answer = client.post(link, data={"password": "password123"})

    assert answer.status_code == 422
    assert "among the first that people guess" in answer.text
    assert client.get(link).status_code == 200


def test_a_closed_account_gets_no_link(app: Flask) -> None:
    make.account(someone()).disabled_at = now()
    db.session.commit()

    ask()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Token)) == 0


def test_nobodys_mailbox_is_flooded_and_one_address_has_to_wait(app: Flask) -> None:
    someone()
    for _i in range(10):
        ask()

    with pytest.raises(Throttled):
        ask()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Token)) == 3
