"""Whoever guesses from the same address keeps nobody out of a browser from which they have signed in before."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, queries, throttling
from innovation.accounts.models import Account
from tests import make
from tests.accounts.test_signing_in import fail, reset, someone
from tests.accounts.two_steps import code_step, finish, shown, with_app
from workflows import Refused

HERE = "127.0.0.1"


def sign_in(client: FlaskClient, account: Account, password: str = make.PASSWORD) -> int:
    return client.post("/sign-in", data={"email": account.email, "password": password}).status_code


def signed_in_before(app: Flask, *accounts: Account) -> FlaskClient:
    client = app.test_client()
    for account in accounts:
        assert sign_in(client, account) == 302
        client.post("/sign-out")
    return client


def exhaust(account: Account) -> None:
    """Somebody at the same address has tried this account, and many others."""
    fail(5, HERE, account.email)
    for n in range(25):
        fail(1, HERE, f"nobody{n}@gatehouse.example")


def test_guesses_from_the_same_address_do_not_bind_a_browser_that_signed_in_before(app: Flask) -> None:
    account = someone()
    own, strange = signed_in_before(app, account), app.test_client()
    exhaust(account)

    assert (sign_in(strange, account), sign_in(own, account)) == (429, 302)


def test_a_browser_is_known_for_those_only_who_signed_in_there(app: Flask) -> None:
    one, another, third = someone(), someone("another@gatehouse.example"), someone("third@gatehouse.example")
    shared = signed_in_before(app, one, another)
    exhaust(one)

    assert [sign_in(shared, whose) for whose in (one, another, third)] == [302, 302, 429]


def test_a_known_browser_has_five_tries_of_its_own(app: Flask) -> None:
    account = someone()
    own = signed_in_before(app, account)

    exhaust(account)

    tries = [sign_in(own, account, "not the password") for _time in range(6)]

    assert tries == [422] * 5 + [429]


@pytest.mark.parametrize("forged", ["", "x", "WyJhIixbImIiXV0.c2lnbmVk", "W10.x" * 100])
def test_a_cookie_that_is_not_ours_makes_no_browser_known(app: Flask, forged: str) -> None:
    account = someone()
    client = app.test_client()
    client.set_cookie("known", forged)
    exhaust(account)

    assert sign_in(client, account) == 429


def test_what_the_browser_keeps_names_nobody(app: Flask) -> None:
    account = someone()
    client = app.test_client()

    answer = client.post("/sign-in", data={"email": account.email, "password": make.PASSWORD})

    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("known=")]
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert account.email not in cookie


def test_a_new_email_leaves_the_browser_known_and_a_new_password_does_not(app: Flask) -> None:
    account = someone()
    own = signed_in_before(app, account)
    account.email = "changed@gatehouse.example"
    exhaust(account)
    with_new_email = sign_in(own, account)
    own.post("/sign-out")
    reset(account, "quiet river stones")

    assert (with_new_email, sign_in(own, account, "quiet river stones")) == (302, 429)


def test_whoever_has_taken_the_cookie_keeps_its_owner_out_no_more_than_others_do(app: Flask) -> None:
    account = someone()
    own = signed_in_before(app, account)
    thief = app.test_client()
    thief.set_cookie("known", own.get_cookie("known").value)
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    data = {"email": account.email, "password": "not the password"}
    guesses = [thief.post("/sign-in", data=data, environ_base=elsewhere).status_code for _time in range(12)]

    assert sign_in(own, account) == 302
    assert guesses == [422] * 10 + [429] * 2


def test_behind_tls_no_sibling_site_can_plant_what_makes_a_browser_known(app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    account = someone()
    data = {"email": account.email, "password": make.PASSWORD}

    answer = app.test_client().post("/sign-in", data=data, base_url="https://localhost")

    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if "known=" in line]
    assert cookie.startswith("__Host-known=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_the_limits_of_a_browser_are_its_own() -> None:
    limits = [throttling.browser_limit(1, "a"), throttling.browser_limit(1, "b"), throttling.browser_limit(2, "a")]

    assert len({limit.key for limit in limits}) == 3


def test_whoever_is_kept_out_everywhere_gets_in_by_a_mailed_link(app: Flask) -> None:
    account = someone()
    for n in range(20):
        fail(1, f"203.0.113.{n}", account.email)
    new, other = app.test_client(), app.test_client()
    token = commands.send_reset(make.actor(account.person), account)
    kept_out = sign_in(new, account)

    new.post(f"/new-password/{queries.secret_of(token)}", data={"password": "quiet river stones"})

    assert (kept_out, sign_in(other, account, "quiet river stones")) == (429, 429)
    assert sign_in(new, account, "quiet river stones") == 302


# What is tried besides passwords


def test_guessed_codes_do_not_bind_a_browser_that_signed_in_before(app: Flask) -> None:
    account = someone()
    own, strange = signed_in_before(app, account), app.test_client()
    secret, _codes = with_app(account)
    for n in range(5):
        with pytest.raises(Refused):
            finish(account, f"00000{n}", HERE)
    for client in (own, strange):
        assert sign_in(client, account) == 302

    assert (code_step(strange, shown(secret)).status_code, code_step(own, shown(secret)).status_code) == (429, 302)


def test_a_known_browser_has_five_codes_of_its_own_and_then_counts_like_any_other(app: Flask) -> None:
    account = someone()
    own = signed_in_before(app, account)
    with_app(account)
    sign_in(own, account)

    tries = [code_step(own, f"0000{n:02}").status_code for n in range(11)]

    assert tries == [422] * 10 + [429]


def test_who_asks_for_many_links_keeps_no_known_browser_from_asking(app: Flask) -> None:
    own, strange = signed_in_before(app, someone()), app.test_client()
    tries = [ask(strange, n) for n in range(11)]

    assert tries == [200] * 10 + [429]
    assert ask(own, 11) == 200


def ask(client: FlaskClient, number: int) -> int:
    return client.post("/forgotten-password", data={"email": f"nobody{number}@gatehouse.example"}).status_code
