"""One's own account: sessions, password and details."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, passwords, queries
from innovation.accounts.browsers import describe
from innovation.accounts.models import Account, Person, UserSession
from innovation.db import db, now
from innovation.permission import Forbidden
from tests import make
from workflows import Refused


def someone() -> Person:
    person = make.person("A teacher")
    make.account(person, passwords.hash_password(make.PASSWORD))
    db.session.commit()
    return person


def other_session(whose: Person, token: str = "elsewhere") -> UserSession:
    session = UserSession(
        account_id=make.account(whose).id, token_digest=queries.digest(token), expires_at=now() + dt.timedelta(days=1)
    )
    return make.add(session)


def test_the_page_lists_own_sessions_only(client: FlaskClient) -> None:
    person, stranger = someone(), make.person()
    other_session(person).browser = "Safari · iPhone"
    other_session(stranger, "theirs").browser = "Edge · Windows"
    make.sign_in(client, person)

    answer = client.get("/account")

    assert answer.status_code == 200
    assert "Safari · iPhone" in answer.text
    assert "Edge · Windows" not in answer.text


def test_ending_a_session_signs_that_browser_out(client: FlaskClient) -> None:
    person = someone()
    session = other_session(person)
    make.sign_in(client, person)

    client.post(f"/account/sessions/{session.id}")

    assert queries.find_actor("elsewhere") is None


def test_another_persons_session_is_not_there(client: FlaskClient) -> None:
    session = other_session(make.person())
    make.sign_in(client, someone())

    answer = client.post(f"/account/sessions/{session.id}")

    assert answer.status_code == 404
    assert queries.find_actor("elsewhere") is not None


def test_another_persons_session_cannot_be_ended_by_the_command_either(app: Flask) -> None:
    session = other_session(make.person())

    with pytest.raises(Forbidden):
        commands.end_session(make.actor(make.staff("administrator")), session)


def test_ending_all_others_keeps_this_one(client: FlaskClient) -> None:
    person = someone()
    other_session(person, "one")
    other_session(person, "two")
    make.sign_in(client, person)

    client.post("/account/other-sessions")

    assert (queries.find_actor("one"), queries.find_actor("two")) == (None, None)
    assert client.get("/account").status_code == 200


def change(client: FlaskClient, current: str, new: str) -> int:
    return client.post("/account/password", data={"current_password": current, "new_password": new}).status_code


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(client: FlaskClient) -> None:
    person = someone()
    other_session(person)
    make.sign_in(client, person)

    statuses = [
        change(client, "not the password", "quiet river stones"),
        change(client, make.PASSWORD, "quiet river stones"),
    ]

    account = db.session.scalars(sa.select(Account)).one()
    assert statuses == [422, 302]
    assert passwords.is_right(account.password_hash, "quiet river stones")
    assert queries.find_actor("elsewhere") is None


def test_a_session_that_ended_while_the_password_was_compared_changes_none(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = someone()
    make.sign_in(client, person)
    compare = passwords.is_right

    def slowly(stored: str | None, password: str) -> bool:
        account = db.session.scalars(sa.select(Account)).one()
        who = make.actor(account.person)
        commands.reset_password(who, commands.send_reset(who, account), password="a brand new secret")
        return compare(stored, password)

    monkeypatch.setattr(passwords, "is_right", slowly)

    status = change(client, make.PASSWORD, "quiet river stones")

    account = db.session.scalars(sa.select(Account)).one()
    assert status == 422
    assert compare(account.password_hash, "a brand new secret")


def test_new_sessions_give_no_more_tries_to_prove_the_password(app: Flask) -> None:
    person = someone()
    clients = [make.sign_in(app.test_client(), person) for _session in range(4)]

    tries = [
        client.post("/account/proof", data={"current_password": f"wrong {n}"}).status_code
        for client in clients
        for n in range(3)
    ]

    assert tries == [422] * 10 + [429] * 2


@pytest.mark.parametrize("password", ["too short", "password123", "aaaaaaaaaaaa", "P A S S W O R D 1 2 3"])
def test_a_weak_password_is_refused_with_a_reason(app: Flask, password: str) -> None:
    person = someone()

    with pytest.raises(Refused):
        commands.change_password(
            make.actor(person),
            make.account(person),
            current_password=make.PASSWORD,
            new_password=password,
            address="10.0.0.1",
        )


def test_the_own_email_is_no_password() -> None:
    assert passwords.fault_of("teacher.limpopo@gatehouse.example", "Teacher.Limpopo@gatehouse.example")
    assert passwords.fault_of("teacher.limpopo", "teacher.limpopo@gatehouse.example")


def test_words_in_a_row_need_no_signs_or_capitals() -> None:
    assert passwords.fault_of("seven brown goats", "teacher@gatehouse.example") is None


def test_details_are_saved_and_too_long_ones_come_back(client: FlaskClient) -> None:
    make.sign_in(client, someone())

    good = client.post("/account/details", data={"name": "A. Teacher", "position": "Deputy principal", "phone": ""})
    bad = client.post("/account/details", data={"name": "x" * 121, "position": "", "phone": ""})

    assert (good.status_code, bad.status_code) == (302, 422)
    assert "x" * 121 in bad.text
    assert db.session.scalars(sa.select(Person.name)).one() == "A. Teacher"


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/account").location == "/sign-in?next=/account"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8.0", ""),
    ],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert describe(agent) == words


def test_opening_a_page_notes_that_the_session_is_in_use(client: FlaskClient) -> None:
    make.sign_in(client, someone())
    session = db.session.scalars(sa.select(UserSession)).one()
    session.seen_at = before = now() - dt.timedelta(minutes=10)
    db.session.commit()

    client.get("/account")

    assert db.session.scalars(sa.select(UserSession)).one().seen_at > before
