"""What a passkey must not do: answer twice, for another purpose, too late, or without being genuine."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, factors, passkeys
from innovation.accounts.commands.passkeys import NOT_GENUINE
from innovation.accounts.commands.second_factor import TOO_LATE
from innovation.accounts.models import Account, Attempt, Passkey
from innovation.accounts.passkeys import Challenge
from innovation.accounts.throttling import Throttled
from innovation.db import db, now
from innovation.permission import STRANGER, Forbidden
from tests import make
from tests.accounts.two_steps import HOME, is_signed_in, password_step, someone, with_app
from workflows import Refused


@pytest.fixture(autouse=True)
def named(app: Flask) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(base_url="https://gatehouse.example")


def passkey_of(account: Account, credential: str = "a2V5") -> Passkey:
    made = make.add(Passkey(account_id=account.id, name="My phone", credential=credential, public_key="cHVi"))
    db.session.commit()
    return made


def answer_of(passkey: Passkey) -> str:
    """An answer in the right shape that no passkey has signed."""
    sent = {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA"}
    return json.dumps({"id": passkey.credential, "rawId": passkey.credential, "type": "public-key", "response": sent})


def sign_in(answer: str, challenge: Challenge | None) -> str:
    return commands.sign_in_with_passkey(
        STRANGER, None, answer=answer, challenge=challenge, address=HOME, browser="", days=14
    )


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"id": 7}', '{"id": "unknown"}', "no json", '{"id": "a2V5"}'])
def test_what_no_passkey_has_signed_starts_no_session(app: Flask, answer: str) -> None:
    passkey_of(someone())

    with pytest.raises(Refused) as refused:
        sign_in(answer, Challenge.make("alone"))

    assert refused.value.reasons == (NOT_GENUINE,)


def test_a_forged_signature_starts_no_session(app: Flask) -> None:
    passkey = passkey_of(someone())

    with pytest.raises(Refused) as refused:
        sign_in(answer_of(passkey), Challenge.make("alone"))

    assert refused.value.reasons == (NOT_GENUINE,)


def test_a_challenge_is_tried_once_even_when_the_answer_was_refused(app: Flask) -> None:
    passkey, challenge = passkey_of(someone()), Challenge.make("alone")
    reasons = []

    for _i in range(2):
        with pytest.raises(Refused) as refused:
            sign_in(answer_of(passkey), challenge)
        reasons.append(refused.value.reasons[0])

    assert reasons == [NOT_GENUINE, TOO_LATE]


def test_a_challenge_is_for_its_purpose_and_for_five_minutes(app: Flask) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        kept = Challenge.make("alone").kept()
        clock.shift(299)
        soon = (Challenge.read(kept, "alone"), Challenge.read(kept, "second"))
        clock.shift(2)
        late = Challenge.read(kept, "alone")

    assert (soon[0] is not None, soon[1], late) == (True, None, None)


def test_answers_that_are_not_genuine_ask_for_a_pause(app: Flask) -> None:
    passkey = passkey_of(someone())
    for _i in range(30):
        with pytest.raises(Refused):
            sign_in(answer_of(passkey), Challenge.make("alone"))

    with pytest.raises(Throttled):
        sign_in(answer_of(passkey), Challenge.make("alone"))


def test_whoever_sends_nonsense_keeps_no_genuine_passkey_behind_the_same_address_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    passkey = passkey_of(someone())
    for _i in range(40):
        with pytest.raises((Refused, Throttled)):
            sign_in(answer_of(passkey), Challenge.make("alone"))
    monkeypatch.setattr(passkeys, "count_signed", lambda *_asked, **_more: 1)

    assert sign_in(answer_of(passkey), Challenge.make("alone"))


@pytest.mark.parametrize(
    "answer",
    ["[" * 20_000, '{"id": "\\ud800"}', '{"id": "a\\u0000b"}', '{"id": ["x"]}', f'{{"id": "{"a" * 5_000}"}}'],
)
def test_nonsense_is_refused_and_counted(client: FlaskClient, answer: str) -> None:
    client.post("/sign-in/passkey/options")

    refused = client.post("/sign-in/passkey", data={"passkey_token": answer})

    assert refused.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Attempt.id))) == 1


def test_the_page_says_no_in_words_and_signs_nobody_in(client: FlaskClient) -> None:
    passkey = passkey_of(someone())
    options = client.post("/sign-in/passkey/options").get_json()

    answer = client.post("/sign-in/passkey", data={"passkey_token": answer_of(passkey)})

    assert (options["rpId"], options["allowCredentials"], options["userVerification"]) == (
        "gatehouse.example",
        [],
        "required",
    )
    assert answer.status_code == 422
    assert "This passkey was not accepted" in answer.text
    assert not is_signed_in(client)


def test_the_password_alone_is_not_enough_for_who_has_a_passkey(client: FlaskClient) -> None:
    passkey_of(someone())

    answer = password_step(client)

    assert answer.location == "/sign-in/second-step"
    assert not is_signed_in(client)


def test_a_passkey_of_somebody_else_does_not_finish_a_sign_in(client: FlaskClient) -> None:
    with_app(someone())
    theirs = passkey_of(someone("other@gatehouse.example"))
    password_step(client)
    client.post("/sign-in/passkey/options?second=1")

    answer = client.post("/sign-in/passkey?second=1", data={"passkey_token": answer_of(theirs)})

    assert answer.status_code == 422
    assert not is_signed_in(client)


def test_options_for_a_second_step_are_for_who_has_given_the_password(client: FlaskClient) -> None:
    passkey_of(someone())

    assert client.post("/sign-in/passkey/options?second=1").status_code == 404


def test_an_answer_that_is_not_genuine_adds_no_passkey(client: FlaskClient) -> None:
    account = someone()
    make.sign_in(client, account.person)
    client.post("/account/passkeys/options")

    answer = client.post("/account/passkeys", data={"name": "My phone", "passkey_token": "{}"})

    assert answer.status_code == 422
    assert 'value="My phone"' in answer.text
    assert not factors.has_factor(account.id)


def test_one_renames_and_removes_only_ones_own(client: FlaskClient) -> None:
    own, theirs = passkey_of(someone()), passkey_of(someone("other@gatehouse.example"), "b3RoZXI")
    make.sign_in(client, own.account.person)
    account_id = own.account_id

    statuses = [
        client.post(f"/account/passkeys/{theirs.id}/removal").status_code,
        client.post(f"/account/passkeys/{theirs.id}", data={"name": "Mine"}).status_code,
        client.post(f"/account/passkeys/{own.id}", data={"name": "My stick"}).status_code,
        client.post(f"/account/passkeys/{own.id}/removal").status_code,
    ]

    assert statuses == [404, 404, 302, 302]
    assert [passkey.name for passkey in factors.list_passkeys(theirs.account_id)] == ["My phone"]
    assert not factors.has_factor(account_id)


def test_the_command_asks_too(app: Flask) -> None:
    passkey = passkey_of(someone())

    with pytest.raises(Forbidden):
        commands.remove_passkey(make.actor(make.staff("administrator")), passkey)


def test_an_administrator_takes_passkeys_off_too(app: Flask) -> None:
    account = someone()
    passkey_of(account)

    commands.reset_second_factor(make.actor(make.staff("administrator")), account.person)

    assert not factors.has_factor(account.id)


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://gatehouse.example", True),
        ("http://localhost:5000", True),
        ("http://gatehouse.example", False),
        ("http://127.0.0.1:5000", False),
    ],
)
def test_passkeys_are_offered_where_browsers_allow_them(
    app: Flask, client: FlaskClient, address: str, possible: bool
) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(base_url=address)

    assert passkeys.are_possible() == possible
    assert ("Sign in with a passkey" in client.get("/sign-in").text) == possible
