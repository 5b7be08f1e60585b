"""Signing in and out: the right password, the wrong one, and too many of them."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, passwords, queries
from innovation.accounts.models import Account, Attempt, UserSession
from innovation.accounts.throttling import Throttled
from innovation.db import db, now
from innovation.permission import STRANGER
from tests import make
from tests.databases import statements
from workflows import Refused

HOME, CAFE = "10.0.0.1", "203.0.113.9"


def someone(email: str = "teacher@gatehouse.example") -> Account:
    account = make.account(make.person("A teacher", email=email), passwords.hash_password(make.PASSWORD))
    db.session.commit()
    return account


def sign_in(email: str = "teacher@gatehouse.example", password: str = make.PASSWORD, address: str = HOME) -> str:
    return commands.sign_in(
        STRANGER, None, email=email, password=password, address=address, browser="Firefox · Linux", days=14
    )


def reset(account: Account, password: str) -> None:
    who = make.actor(account.person)
    commands.reset_password(who, commands.send_reset(who, account), password=password)


def fail(times: int, address: str = CAFE, email: str = "teacher@gatehouse.example") -> None:
    for _i in range(times):
        with pytest.raises(Refused):
            sign_in(email, "not the password", address)


def test_the_right_password_starts_a_session_that_is_kept_only_as_a_digest(app: Flask) -> None:
    account = someone()

    token = sign_in("  Teacher@Gatehouse.Example ")

    stored = db.session.scalars(sa.select(UserSession)).one()
    assert stored.token_digest == queries.digest(token) != token
    actor = queries.find_actor(token)
    assert actor is not None
    assert actor.person_id == account.person_id


def test_wrong_unknown_and_closed_are_refused_in_the_same_words(app: Flask) -> None:
    account = someone()
    closed = someone("closed@gatehouse.example")
    closed.disabled_at = now()
    db.session.commit()

    answers = set()
    for email, password in (
        (account.email, "not the password"),
        ("nobody@gatehouse.example", make.PASSWORD),
        ("closed@gatehouse.example", make.PASSWORD),
    ):
        with pytest.raises(Refused) as refused:
            sign_in(email, password)
        answers.add(refused.value.reasons)

    assert len(answers) == 1


@pytest.mark.parametrize("kind", ["open", "unknown", "closed", "without a password"])
def test_for_each_kind_of_sign_in_one_password_is_compared(
    app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    account = someone()
    if kind == "closed":
        account.disabled_at = now()
    if kind == "without a password":
        account.password_hash = None
    db.session.commit()
    compared: list[str] = []
    compare = PasswordHasher.verify

    def counted(hasher: PasswordHasher, stored: str, password: str) -> bool:
        compared.append(stored)
        return bool(compare(hasher, stored, password))

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    fail(1, email="nobody@gatehouse.example" if kind == "unknown" else account.email)

    assert [stored.rpartition("$")[0].rpartition("$")[0] for stored in compared] == [
        passwords.hash_password("x").rpartition("$")[0].rpartition("$")[0]
    ]


def test_the_database_is_asked_as_much_about_nobody_as_about_somebody(app: Flask) -> None:
    someone()
    closed = someone("closed@gatehouse.example")
    closed.disabled_at = now()
    db.session.commit()
    asked = {}
    for name in ("teacher", "closed", "nobody"):
        db.session.remove()
        with statements() as sent:
            fail(1, email=f"{name}@gatehouse.example")
        asked[name] = [text.split()[0] for text in sent]

    assert asked["teacher"] == asked["closed"] == asked["nobody"]


def test_a_hash_of_an_older_cost_is_renewed_at_sign_in(app: Flask) -> None:
    account = someone()
    before = account.password_hash
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(password_time_cost=2)

    sign_in()

    assert account.password_hash != before
    assert not passwords.is_outdated(account.password_hash or "")


def test_five_wrong_tries_from_one_address_ask_for_a_pause_that_ends(app: Flask) -> None:
    someone()
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        fail(5)
        with pytest.raises(Throttled) as throttled:
            sign_in(address=CAFE)
        clock.shift(throttled.value.retry_after)
        token = sign_in(address=CAFE)

    assert throttled.value.retry_after == 15 * 60
    assert token


def test_the_owner_gets_in_from_elsewhere_while_somebody_guesses(app: Flask) -> None:
    someone()
    fail(5)

    assert sign_in(address=HOME)


def test_guessing_from_everywhere_stops_new_addresses_but_not_one_that_signed_in_before(app: Flask) -> None:
    someone()
    sign_in(address=HOME)
    for n in range(20):
        fail(1, f"198.51.100.{n}")

    with pytest.raises(Throttled):
        sign_in(address=CAFE)
    assert sign_in(address=HOME)


def test_one_address_cannot_try_many_accounts(app: Flask) -> None:
    someone()
    for n in range(30):
        fail(1, CAFE, f"nobody{n}@gatehouse.example")

    with pytest.raises(Throttled):
        sign_in(address=CAFE)


def test_a_reset_while_the_old_password_is_compared_wins(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    account = someone()
    compare = passwords.is_right
    before = account.password_hash

    def slowly(stored: str | None, password: str) -> bool:
        is_right = compare(stored, password)
        reset(account, "quiet river stones")
        return is_right

    monkeypatch.setattr(passwords, "is_right", slowly)
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(password_time_cost=2)  # it would write the old one anew

    with pytest.raises(Refused, match="sign-in has changed"):
        sign_in()

    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0
    assert account.password_hash != before
    assert compare(account.password_hash, "quiet river stones")


def test_a_sign_in_that_is_closed_while_the_password_is_compared_starts_no_session(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = someone()

    def closing(_stored: str | None, _password: str) -> bool:
        db.session.execute(sa.update(Account).where(Account.id == account.id).values(disabled_at=now()))
        db.session.commit()
        return True

    monkeypatch.setattr(passwords, "is_right", closing)

    with pytest.raises(Refused, match="sign-in has changed"):
        sign_in()

    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0


def test_of_many_tries_at_once_no_more_are_looked_at_than_one_after_another(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone()
    looked_at: list[str] = []

    def slowly(_stored: str | None, password: str) -> bool:
        looked_at.append(password)
        time.sleep(0.2)
        return False

    def guess(number: int) -> type[Exception]:
        with app.app_context(), pytest.raises((Refused, Throttled)) as error:
            sign_in(password=f"guess {number}")
        return error.type

    monkeypatch.setattr(passwords, "is_right", slowly)
    with ThreadPoolExecutor(12) as threads:
        told = Counter(threads.map(guess, range(12)))

    assert (len(looked_at), told) == (5, {Refused: 5, Throttled: 7})


def test_what_turned_out_right_is_not_counted(app: Flask) -> None:
    someone()
    for _time in range(25):
        sign_in()

    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 0


def test_a_try_that_had_to_wait_is_not_counted(app: Flask) -> None:
    someone()
    fail(5)
    counted = db.session.scalar(sa.select(sa.func.count()).select_from(Attempt))

    with pytest.raises(Throttled):
        sign_in(address=CAFE)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == counted


def test_an_unknown_account_is_throttled_like_a_known_one(app: Flask) -> None:
    fail(5, CAFE, "nobody@gatehouse.example")

    with pytest.raises(Throttled):
        sign_in("nobody@gatehouse.example", address=CAFE)


def test_the_page_signs_in_goes_on_and_gives_a_fresh_session(client: FlaskClient) -> None:
    someone()
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"

    answer = client.post(
        "/sign-in?next=/account", data={"email": "teacher@gatehouse.example", "password": make.PASSWORD}
    )

    assert (answer.status_code, answer.location) == (302, "/account")
    with client.session_transaction() as after:
        assert "planted" not in after
        assert queries.find_actor(after["_user_id"]) is not None


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_the_page_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    someone()

    answer = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"email": "teacher@gatehouse.example", "password": make.PASSWORD},
    )

    assert answer.location == "/"


def test_signing_in_again_ends_the_session_before(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(client, account.person)

    client.post("/sign-in", data={"email": account.email, "password": make.PASSWORD})

    ended = [
        session.ended_at is not None for session in db.session.scalars(sa.select(UserSession).order_by(UserSession.id))
    ]
    assert ended == [True, False]


def test_the_page_keeps_the_email_and_says_no_in_words(client: FlaskClient) -> None:
    someone()

    answer = client.post("/sign-in", data={"email": "teacher@gatehouse.example", "password": "wrong wrong"})

    assert answer.status_code == 422
    assert "do not match" in answer.text
    assert 'value="teacher@gatehouse.example"' in answer.text
    assert "wrong wrong" not in answer.text


def test_the_page_says_when_to_try_again(client: FlaskClient) -> None:
    someone()
    fail(5, "127.0.0.1")

    answer = client.post("/sign-in", data={"email": "teacher@gatehouse.example", "password": make.PASSWORD})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert "Try again in 1" in answer.text


def test_signing_out_ends_the_session_for_good(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(client, account.person)
    with client.session_transaction() as session:
        token = session["_user_id"]

    answer = client.post("/sign-out")

    assert answer.location == "/sign-in"
    assert queries.find_actor(token) is None


def test_being_seen_is_noted_every_few_minutes(app: Flask) -> None:
    someone()
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        token = sign_in()
        found = queries.find_session(token)
        assert found is not None
        clock.shift(60)
        commands.note_visit(*found)
        soon = queries.find_session(token)
        clock.shift(600)
        commands.note_visit(*found)
        later = queries.find_session(token)

    assert soon is not None
    assert later is not None
    assert soon[1] == found[1]
    assert (later[1] - found[1]).total_seconds() == 660
