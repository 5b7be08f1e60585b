"""A second factor by an authenticator app: setting it up, signing in with it, and taking it off."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, factors, queries, secondfactor
from innovation.accounts.models import Account, AppFactor, RecoveryCode, UserSession
from innovation.accounts.throttling import Throttled
from innovation.db import db, now
from innovation.permission import Forbidden
from tests import make
from tests.accounts.two_steps import (
    HOME,
    begun_secret,
    code_step,
    finish,
    is_signed_in,
    password_step,
    shown,
    someone,
    with_app,
)
from workflows import Refused

CAFE = "203.0.113.9"


# Setting it up


def test_an_app_is_set_up_by_its_first_code_and_brings_ten_recovery_codes_once(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(client, account.person)

    client.post("/account/second-factor/app/secret")
    picture = client.get("/account/second-factor/app")
    answer = code_step(client, shown(begun_secret(account)), "/account/second-factor/app")

    assert (picture.status_code, answer.status_code) == (200, 200)
    assert "<svg" in picture.text
    codes = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.text)
    assert len(set(codes)) == 10
    assert codes[0] not in client.get("/account/second-factor").text
    assert answer.headers["Cache-Control"] == "no-store"
    assert factors.has_factor(account.id)


def test_an_app_that_was_only_begun_is_not_asked_for(client: FlaskClient) -> None:
    account = someone()
    commands.begin_app(make.actor(account.person), account)

    answer = password_step(client)

    assert answer.location == "/"
    assert is_signed_in(client)


def test_a_wrong_first_code_changes_nothing(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(client, account.person)
    client.post("/account/second-factor/app/secret")

    answer = code_step(client, "000000", "/account/second-factor/app")

    assert answer.status_code == 422
    assert not factors.has_factor(account.id)


def test_the_secret_and_the_codes_are_not_readable_in_the_database(app: Flask) -> None:
    account = someone()

    secret, codes = with_app(account)

    kept = db.session.scalars(sa.select(AppFactor.sealed_secret)).one()
    digests = set(db.session.scalars(sa.select(RecoveryCode.digest)))
    assert secret not in kept
    assert secondfactor.unseal(kept) == secret
    assert digests == {secondfactor.digests(account.id, code)[0] for code in codes}
    assert not digests & {queries.digest(code) for code in codes}


def test_a_key_that_was_changed_still_opens_what_was_kept_under_the_one_before(app: Flask) -> None:
    account = someone()
    secret, codes = with_app(account)

    app.config.update(SECRET_KEY="another key", SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])

    assert finish(account, shown(secret))
    assert finish(account, codes[0])


def test_adding_and_removing_end_the_other_sessions_and_keep_this_one(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(app_client := client.application.test_client(), account.person)
    make.sign_in(client, account.person)
    client.post("/account/second-factor/app/secret")
    code_step(client, shown(begun_secret(account)), "/account/second-factor/app")
    after_adding = (is_signed_in(client), is_signed_in(app_client))
    make.sign_in(app_client, account.person)

    client.post("/account/second-factor/app/removal")

    assert after_adding == (True, False)
    assert (is_signed_in(client), is_signed_in(app_client)) == (True, False)
    assert not factors.has_factor(account.id)
    assert factors.count_codes(account.id) == 0


def test_a_session_of_an_hour_is_asked_for_the_password_first(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(client, account.person)
    db.session.execute(sa.update(UserSession).values(created_at=now() - dt.timedelta(hours=1)))
    db.session.commit()

    before = client.post("/account/second-factor/app/secret")
    wrong = client.post("/account/proof", data={"current_password": "not the password"})
    right = client.post("/account/proof", data={"current_password": make.PASSWORD})
    after = client.post("/account/second-factor/app/secret")

    assert (before.location, wrong.status_code) == ("/account/proof", 422)
    assert (right.location, after.location) == ("/account/second-factor", "/account/second-factor/app")


def test_nobody_keeps_a_second_factor_for_another_person(app: Flask) -> None:
    account = someone()

    with pytest.raises(Forbidden):
        commands.begin_app(make.actor(make.staff("administrator")), account)


# Signing in


def test_the_password_alone_opens_nothing_and_the_code_opens_the_page_that_was_asked_for(client: FlaskClient) -> None:
    secret, _codes = with_app(someone())

    first = password_step(client, "/sign-in?next=/inbox")
    between = is_signed_in(client)
    second = code_step(client, shown(secret), first.location)

    assert (first.location, between) == ("/sign-in/second-step?next=/inbox", False)
    assert second.location == "/inbox"
    assert is_signed_in(client)


def test_the_second_step_begins_a_fresh_browser_session(client: FlaskClient) -> None:
    secret, _codes = with_app(someone())
    password_step(client)
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"

    code_step(client, shown(secret))

    with client.session_transaction() as after:
        assert not {"planted", "half_way"} & set(after)


def test_a_code_is_taken_once(app: Flask) -> None:
    account = someone()
    secret, _codes = with_app(account)
    code = shown(secret)
    finish(account, code)

    with pytest.raises(Refused):
        finish(account, code)


def test_a_code_from_before_the_last_one_is_refused(app: Flask) -> None:
    account = someone()
    secret, _codes = with_app(account)
    with time_machine.travel(now(), tick=False) as clock:
        earlier = shown(secret)
        clock.shift(30)
        finish(account, shown(secret))

        with pytest.raises(Refused):
            finish(account, earlier)


@pytest.mark.parametrize(("seconds", "works"), [(-90, False), (-30, True), (30, True), (90, False)])
def test_a_clock_may_differ_by_half_a_minute(app: Flask, seconds: int, works: bool) -> None:
    account = someone()
    secret, _codes = with_app(account)
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(password_time_cost=1)
    with time_machine.travel(now() + dt.timedelta(minutes=10), tick=False) as clock:
        clock.shift(seconds)
        code = shown(secret)
        clock.shift(-seconds)

        try:
            taken = bool(finish(account, code))
        except Refused:
            taken = False

    assert taken == works


def test_the_half_way_point_is_over_after_ten_minutes(client: FlaskClient) -> None:
    secret, _codes = with_app(someone())
    with time_machine.travel(now(), tick=False) as clock:
        password_step(client)
        clock.shift(601)
        answer = code_step(client, shown(secret))

    assert answer.location == "/sign-in"
    assert not is_signed_in(client)


def test_a_password_that_changes_meanwhile_sends_back_to_the_beginning(client: FlaskClient) -> None:
    account = someone()
    secret, _codes = with_app(account)
    password_step(client)
    commands.change_password(
        make.actor(account.person),
        account,
        current_password=make.PASSWORD,
        new_password="quiet river stones",
        address=HOME,
    )

    answer = code_step(client, shown(secret))

    assert answer.location == "/sign-in"
    assert not is_signed_in(client)


def test_the_second_step_is_closed_without_the_first(client: FlaskClient) -> None:
    secret, _codes = with_app(someone())

    answer = code_step(client, shown(secret))

    assert answer.location == "/sign-in"


def test_five_wrong_codes_ask_for_a_pause_from_that_address_only(app: Flask) -> None:
    account = someone()
    secret, _codes = with_app(account)
    for _i in range(5):
        with pytest.raises(Refused):
            finish(account, "000000", CAFE)

    with pytest.raises(Throttled):
        finish(account, shown(secret), CAFE)
    assert finish(account, shown(secret), HOME)


def test_guessing_from_everywhere_stops_new_addresses_but_not_one_that_signed_in_before(app: Flask) -> None:
    account = someone()
    secret, codes = with_app(account)
    finish(account, codes[0], HOME)
    for n in range(20):
        with pytest.raises(Refused):
            finish(account, "000000", f"198.51.100.{n}")

    with pytest.raises(Throttled):
        finish(account, shown(secret), CAFE)
    assert finish(account, shown(secret), HOME)


def test_of_many_codes_at_once_no_more_are_looked_at_than_one_after_another(app: Flask) -> None:
    account = someone()
    with_app(account)
    account_id = account.id
    ready = threading.Barrier(10)

    def guess(number: int) -> type[Exception]:
        with app.app_context():
            mine = db.session.get_one(Account, account_id)
            db.session.rollback()
            ready.wait(10)
            with pytest.raises((Refused, Throttled)) as error:
                finish(mine, f"{number:06}", CAFE)
        return error.type

    with ThreadPoolExecutor(10) as threads:
        told = Counter(threads.map(guess, range(10)))

    assert told == {Refused: 5, Throttled: 5}


def test_a_code_that_had_to_wait_is_not_handed_back(client: FlaskClient) -> None:
    secret, _codes = with_app(someone())
    password_step(client)
    for _i in range(5):
        code_step(client, "000000")

    answer = code_step(client, shown(secret))

    assert answer.status_code == 429
    assert shown(secret) not in answer.text
