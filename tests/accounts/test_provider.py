"""Signing in by a provider: what is believed of its answer, and what when it is away."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.db import now
from tests import make
from tests.accounts.by_provider import address_in, go, linked, name, way_back
from tests.accounts.local_provider import CLIENT, Provider, running
from tests.accounts.two_steps import EMAIL, code_step, is_signed_in, password_step, shown, someone, with_app

# Signing in


def test_whoever_is_linked_is_signed_in_in_a_fresh_session_and_goes_on(client: FlaskClient, provider: Provider) -> None:
    linked(someone(), provider)
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["left"] = "from before"

    answer = go(client, "/sign-in/provider?next=/account")

    assert (answer.status_code, answer.location) == (302, "/account")
    assert is_signed_in(client)
    with client.session_transaction() as session:
        assert "left" not in session
        assert "provider" not in session


def test_the_way_there_has_a_challenge_a_nonce_and_a_state(client: FlaskClient, provider: Provider) -> None:
    address = address_in(client.post("/sign-in/provider"))

    assert address.startswith(f"{provider.issuer}/authorization?")
    asked = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", "openid+email")
    assert min(len(asked[part]) for part in ("state", "nonce", "code_challenge")) >= 43


@pytest.mark.parametrize("going", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_nobody_is_sent_elsewhere_afterwards(client: FlaskClient, provider: Provider, going: str) -> None:
    linked(someone(), provider)

    assert go(client, f"/sign-in/provider?next={going}").location == "/"


def test_the_second_factor_is_still_asked_for_and_then_the_page_opens(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    secret, _codes = with_app(account)
    linked(account, provider)

    halfway = go(client, "/sign-in/provider?next=/account")
    before = is_signed_in(client)
    answer = code_step(client, shown(secret), halfway.location)

    assert halfway.location == "/sign-in/second-step?next=/account"
    assert not before
    assert answer.location == "/account"


def test_a_claim_of_a_second_factor_there_does_not_stand_in_for_ours(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    with_app(account)
    linked(account, provider)
    provider.told = {"amr": ["pwd", "mfa"], "acr": "urn:mfa"}

    assert go(client).location == "/sign-in/second-step"


def test_a_role_that_needs_a_second_factor_opens_nothing_else(
    client: FlaskClient, app: Flask, provider: Provider
) -> None:
    name(app, provider, second_factor_roles=["administrator"])
    linked(someone(whose=make.staff("administrator")), provider)

    go(client)

    assert client.get("/account").location == "/account/second-factor"


def test_new_keys_of_the_provider_count_at_once(client: FlaskClient, provider: Provider) -> None:
    linked(someone(), provider)
    go(client)
    client.post("/sign-out")
    provider.change_key()

    go(client)

    assert is_signed_in(client)


def test_an_e_mail_that_only_the_details_tell_is_believed_of_the_same_person(
    client: FlaskClient, provider: Provider
) -> None:
    someone()
    provider.person = {"sub": "person-1"}
    provider.about = {"sub": "person-1", "email": EMAIL, "email_verified": True}
    same = go(client).location
    provider.about["sub"] = "person-2"

    other = go(client)

    assert same == "/sign-in"
    assert other.status_code == 400


# What is not believed


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"told": {"nonce": "another"}},
    "no nonce": {"told": {"nonce": None}},
    "another audience": {"told": {"aud": "another-site"}},
    "one of two audiences, for another party": {"told": {"aud": [CLIENT, "another-site"], "azp": "another-site"}},
    "out of date": {"told": {"exp": NOW - 3600, "iat": NOW - 7200}},
    "without an end": {"told": {"exp": None}},
    "from another issuer": {"told": {"iss": "https://elsewhere.example"}},
    "of nobody": {"told": {"sub": ""}},
    "of a number": {"told": {"sub": 7}},
    "unsigned": {"header": {"alg": "none"}},
    "signed with the shared secret": {"header": {"alg": "HS256"}},
    "under a key that is not there": {"header": {"kid": "three"}},
    "a forged state": {"back": {"state": "forged"}},
    "a state of odd letters": {"back": {"state": "ŝtato"}},
    "an invented code": {"back": {"code": "invented"}},
    "no code": {"back": {"code": ""}},
    "another issuer in the address": {"back": {"iss": "https://elsewhere.example"}},
    "no issuer where one is promised": {"described": {"authorization_response_iss_parameter_supported": True}},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_not_genuine_signs_nobody_in(client: FlaskClient, provider: Provider, lie: str) -> None:
    linked(someone(), provider)
    vars(provider).update(LIES[lie])

    answer = go(client)

    assert answer.status_code == 400
    assert "You are not signed in yet" in answer.text
    assert not is_signed_in(client)


def test_a_signature_of_somebody_elses_key_is_refused(client: FlaskClient, provider: Provider) -> None:
    linked(someone(), provider)
    there = provider.published
    provider.change_key()
    provider.published, provider.header = there, {"kid": there.kid}

    assert go(client).status_code == 400


def test_the_same_answer_counts_once_even_with_the_cookie_of_before(client: FlaskClient, provider: Provider) -> None:
    linked(someone(), provider)
    back = way_back(client)
    with client.session_transaction() as session:
        kept = session["provider"]
    client.get(back)
    client.post("/sign-out")
    with client.session_transaction() as session:
        session["provider"] = kept

    again = client.get(back)

    assert again.status_code == 400
    assert provider.asked.count("/keys") == 1
    assert not is_signed_in(client)


def test_an_answer_in_another_browser_or_without_a_question_signs_nobody_in(
    client: FlaskClient, app: Flask, provider: Provider
) -> None:
    linked(someone(), provider)
    back = way_back(client)
    victim = app.test_client()

    answers = [victim.get(back), victim.get("/sign-in/provider/return"), victim.get("/sign-in/provider/return?error=x")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert not is_signed_in(victim)


def test_an_answer_of_eleven_minutes_is_too_late(client: FlaskClient, provider: Provider) -> None:
    linked(someone(), provider)
    back = way_back(client)

    with time_machine.travel(now() + dt.timedelta(minutes=11)):
        answer = client.get(back)

    assert answer.status_code == 400
    assert "longer than ten minutes" in answer.text


def test_whoever_stops_there_is_told_how_to_go_on(client: FlaskClient, provider: Provider) -> None:
    client.post("/sign-in/provider")

    answer = client.get("/sign-in/provider/return?error=access_denied&error_description=<script>&state=x")

    assert answer.status_code == 400
    assert "You stopped on the way" in answer.text
    assert "<script>&" not in answer.text


def test_thirty_answers_that_are_not_genuine_ask_for_a_pause_from_that_address_only(
    client: FlaskClient, provider: Provider
) -> None:
    linked(someone(), provider)
    provider.back = {"state": "forged"}
    back = ""
    for _n in range(30):
        back = way_back(client)
        client.get(back)
    provider.back = {}

    paused = client.get(way_back(client))
    elsewhere = client.get(way_back(client), environ_overrides={"REMOTE_ADDR": "203.0.113.9"})

    assert paused.status_code == 429
    assert elsewhere.location == "/"


# The provider itself


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_description_that_does_not_fit_is_not_followed(
    client: FlaskClient, provider: Provider, described: dict[str, Any]
) -> None:
    provider.described = described

    answer = client.post("/sign-in/provider")

    assert answer.status_code == 503
    assert "with your password or a passkey" in answer.text


@pytest.mark.parametrize("part", ["jwks_uri", "token_endpoint", "userinfo_endpoint"])
def test_nothing_is_fetched_from_a_host_that_was_not_named(client: FlaskClient, provider: Provider, part: str) -> None:
    linked(someone(), provider)
    provider.person = {"sub": "person-1"}
    with running() as inside:
        provider.described = {part: f"{inside.issuer}/secrets"}

        answer = go(client)

        assert inside.asked == []
    assert answer.status_code == 503


def test_a_second_host_of_the_provider_can_be_named(client: FlaskClient, app: Flask, provider: Provider) -> None:
    linked(someone(), provider)
    with running() as keys:
        keys.published = provider.published
        provider.described = {"jwks_uri": f"{keys.issuer}/keys"}
        name(app, provider, oidc_hosts=[keys.issuer.removeprefix("http://")])

        go(client)

    assert is_signed_in(client)


def test_a_detour_is_not_followed(client: FlaskClient, provider: Provider) -> None:
    with running() as inside:
        provider.elsewhere = f"{inside.issuer}/secrets"

        answer = client.post("/sign-in/provider")

        assert inside.asked == []
    assert answer.status_code == 503


def test_an_answer_that_drips_is_given_up_in_time(client: FlaskClient, provider: Provider) -> None:
    provider.drip = 0.05
    began = time.monotonic()

    answer = client.post("/sign-in/provider")

    assert answer.status_code == 503
    assert time.monotonic() - began < 4


def test_while_the_provider_is_away_the_other_ways_are_named_and_work(
    client: FlaskClient, app: Flask, provider: Provider
) -> None:
    someone()
    name(app, provider, oidc_issuer="http://127.0.0.1:9")

    away = client.post("/sign-in/provider")
    answer = password_step(client)

    assert away.status_code == 503
    assert "Forgotten your password?" in away.text
    assert answer.location == "/"


def test_answers_that_are_not_genuine_keep_no_browser_behind_the_same_address_out_that_is_known(
    client: FlaskClient, app: Flask, provider: Provider
) -> None:
    linked(someone(), provider)
    go(client)
    client.post("/sign-out")
    provider.back = {"state": "forged"}
    strange = app.test_client()
    wrong = [go(strange).status_code for _n in range(31)]
    provider.back = {}

    assert wrong == [400] * 30 + [429]
    assert go(client).status_code == 302
