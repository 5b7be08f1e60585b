"""Signing in by a provider: what is believed of its answer, and whose account it opens."""

from __future__ import annotations

import datetime as dt
import html
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from innovation import worker
from innovation.accounts import commands, queries
from innovation.accounts.models import Account, Identity, UserSession
from innovation.db import db, now
from innovation.events import Event
from innovation.notifications.models import Message
from innovation.permission import SYSTEM
from tests import make
from tests.accounts.local_provider import CLIENT, SECRET, Provider, running
from tests.accounts.two_steps import EMAIL, code_step, is_signed_in, password_step, shown, someone, with_app

BACK = "http://127.0.0.1:5000"


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(served: Provider, app: Flask) -> Provider:
    """The provider, honest again, and named in the settings."""
    served.__init__(served.issuer)  # type: ignore[misc]
    name(app, served)
    return served


def name(app: Flask, provider: Provider, **more: Any) -> None:
    named = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
        "oidc_name": "Demo directory",
        "oidc_timeout": 1.0,
    }
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update=named | more)
    app.extensions.pop("provider", None)


def linked(account: Account, provider: Provider) -> Identity:
    made = make.add(Identity(account_id=account.id, issuer=provider.issuer, subject="person-1", email=EMAIL))
    db.session.commit()
    return made


def address_in(page: TestResponse) -> str:
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def way_back(client: FlaskClient, start: str = "/sign-in/provider") -> str:
    """Go to the provider as a browser does; the address on our site to which it sends us back."""
    there = requests.get(address_in(client.post(start)), allow_redirects=False, timeout=5).headers["Location"]
    assert there.startswith(f"{BACK}/sign-in/provider/return?")
    return there.removeprefix(BACK)


def go(client: FlaskClient, start: str = "/sign-in/provider") -> TestResponse:
    return client.get(way_back(client, start))


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


# Whose account it opens


def test_an_account_is_linked_once_its_owner_has_signed_in_as_before(client: FlaskClient, provider: Provider) -> None:
    someone()

    asked = go(client, "/sign-in/provider?next=/account")
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Identity))
    password_step(client, asked.location)
    client.post("/sign-out")
    go(client)

    assert (asked.location, before) == ("/sign-in?next=/account", 0)
    assert is_signed_in(client)


def test_with_a_second_factor_it_is_linked_after_that_and_not_before(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    secret, _codes = with_app(account)
    go(client)
    password_step(client)
    halfway = len(queries.list_identities(account))

    code_step(client, shown(secret))

    assert (halfway, len(queries.list_identities(account))) == (0, 1)


def test_somebody_else_who_signs_in_there_is_not_linked(client: FlaskClient, provider: Provider) -> None:
    someone()
    other = someone("other@gatehouse.example")
    go(client)

    client.post("/sign-in", data={"email": other.email, "password": make.PASSWORD})

    assert is_signed_in(client)
    assert db.session.scalars(sa.select(Identity)).all() == []


def test_an_offer_to_link_ends_after_ten_minutes(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    go(client)

    with time_machine.travel(now() + dt.timedelta(minutes=11)):
        password_step(client)

    assert queries.list_identities(account) == []


def test_a_stranger_an_unchecked_e_mail_and_a_closed_account_get_the_same_answer(
    client: FlaskClient, app: Flask, provider: Provider
) -> None:
    someone()
    closed = someone("closed@gatehouse.example")
    closed.disabled_at = now()
    gone = someone("gone@gatehouse.example")
    make.add(Identity(account_id=gone.id, issuer=provider.issuer, subject="person-9"))
    gone.disabled_at = now()
    db.session.commit()
    people: list[dict[str, Any]] = [
        {"sub": "person-2", "email": "stranger@gatehouse.example", "email_verified": True},
        {"sub": "person-3", "email": EMAIL, "email_verified": False},
        {"sub": "person-4", "email": EMAIL, "email_verified": "true"},
        {"sub": "person-5", "email": EMAIL},
        {"sub": "person-6", "email": ["teacher@gatehouse.example"], "email_verified": True},
        {"sub": "person-7"},
        {"sub": "person-8", "email": "closed@gatehouse.example", "email_verified": True},
        {"sub": "person-9", "email": "gone@gatehouse.example", "email_verified": True},
    ]

    provider.about = {"sub": "person-7"}
    answers = []
    for person in people:
        provider.person = person
        answers.append(go(app.test_client()))

    assert {answer.status_code for answer in answers} == {403}
    assert len({re.sub(r'value="[^"]+"', "", answer.text) for answer in answers}) == 1
    assert "Accounts are opened by invitation" in answers[0].text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 3


def test_letters_that_only_look_alike_are_another_e_mail(client: FlaskClient, provider: Provider) -> None:
    someone()
    provider.person["email"] = EMAIL.replace("e", "\u0435")

    assert go(client).status_code == 403


# Invitations


def invited() -> str:
    commands.invite_person(
        SYSTEM, None, name="New teacher", email=EMAIL, role="coordinator", where=f"programme:{make.programme().id}"
    )
    token = queries.find_invitation(db.session.scalars(sa.select(make.Person).filter_by(email=EMAIL)).one())
    assert token is not None
    return f"/invitations/{queries.secret_of(token)}"


def test_an_invitation_is_accepted_by_the_provider_and_opens_the_account(
    client: FlaskClient, provider: Provider
) -> None:
    link = invited()

    offered = client.get(link)
    answer = go(client, f"{link}/provider")

    assert "Open it with Demo directory instead" in offered.text
    assert answer.location == "/"
    assert is_signed_in(client)
    assert client.get(link).status_code == 404
    client.post("/sign-out")
    assert go(client).location == "/"


@pytest.mark.parametrize("person", [{"email": "other@gatehouse.example"}, {"email_verified": False}])
def test_an_invitation_of_another_e_mail_is_not_accepted(
    client: FlaskClient, provider: Provider, person: dict[str, Any]
) -> None:
    link = invited()
    provider.person |= person

    answer = go(client, f"{link}/provider")

    assert answer.location == link
    assert "by another e-mail" in client.get(link).text
    assert db.session.scalars(sa.select(Account)).all() == []


def test_an_invitation_that_was_withdrawn_meanwhile_opens_nothing(client: FlaskClient, provider: Provider) -> None:
    back = way_back(client, f"{invited()}/provider")
    commands.withdraw_invitation(SYSTEM, db.session.scalars(sa.select(make.Person).filter_by(email=EMAIL)).one())

    assert client.get(back).status_code == 404
    assert db.session.scalars(sa.select(Account)).all() == []


def test_whoever_has_no_password_gets_in_by_a_mailed_link_when_the_provider_is_gone(
    client: FlaskClient, provider: Provider
) -> None:
    go(client, f"{invited()}/provider")
    client.post("/sign-out")

    client.post("/forgotten-password", data={"email": EMAIL})

    owed = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert owed is not None
    assert owed.kind == "password_reset_asked"


# One's own page


def test_linking_on_ones_own_page_ends_other_sessions_and_is_told_by_mail(
    client: FlaskClient, app: Flask, provider: Provider
) -> None:
    account = someone()
    other = make.sign_in(app.test_client(), account.person)
    make.sign_in(client, account.person)
    provider.person["email"] = "at.work@gatehouse.example"

    go(client, "/account/identities")
    worker.deliver_owed()

    assert "at.work@gatehouse.example" in client.get("/account").text
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    assert db.session.scalars(sa.select(Message.subject)).all() == ["Your sign-in was linked"]


def test_taking_the_link_away_ends_what_it_opened_and_is_told_by_mail(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    identity = linked(account, provider)
    make.sign_in(client, account.person)

    client.post(f"/account/identities/{identity.id}/removal")
    worker.deliver_owed()
    client.post("/sign-out")

    assert go(client).location == "/sign-in"
    assert db.session.scalars(sa.select(Message.subject)).all() == ["Your sign-in is no longer linked"]


def test_nobody_takes_away_the_link_of_somebody_else(client: FlaskClient, provider: Provider) -> None:
    identity = linked(someone(), provider)
    make.sign_in(client, someone("other@gatehouse.example").person)

    assert client.post(f"/account/identities/{identity.id}/removal").status_code == 404


def test_one_sign_in_of_the_provider_opens_one_account(client: FlaskClient, provider: Provider) -> None:
    linked(someone(), provider)
    other = someone("other@gatehouse.example")
    make.sign_in(client, other.person)

    go(client, "/account/identities")

    assert "linked to somebody else" in client.get("/account").text
    assert queries.list_identities(other) == []


def test_an_answer_for_one_session_links_nothing_in_another(client: FlaskClient, provider: Provider) -> None:
    make.sign_in(client, someone().person)
    back = way_back(client, "/account/identities")
    other = someone("other@gatehouse.example")
    make.sign_in(client, other.person)

    assert client.get(back).status_code == 404
    assert db.session.scalars(sa.select(Identity)).all() == []


def test_a_sign_in_by_the_provider_is_asked_for_a_proof_before_factors_change(
    client: FlaskClient, provider: Provider
) -> None:
    linked(someone(), provider)
    go(client)

    before = client.get("/account/second-factor").location
    proved = go(client, "/account/proof/provider")

    assert before == "/account/proof"
    assert proved.location == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200


@pytest.mark.parametrize("told", [{"auth_time": None}, {"auth_time": NOW - 7200}, {"sub": "person-2"}])
def test_a_proof_counts_only_when_the_provider_has_asked_the_same_person_again(
    client: FlaskClient, provider: Provider, told: dict[str, Any]
) -> None:
    linked(someone(), provider)
    go(client)
    provider.told = told

    proved = go(client, "/account/proof/provider")

    assert proved.location == "/account/proof"
    assert client.get("/account/second-factor").location == "/account/proof"


def test_events_hold_ids_only(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    make.sign_in(client, account.person)

    go(client, "/account/identities")

    event = db.session.scalars(sa.select(Event).where(Event.kind == "identity_linked")).one()
    identity = db.session.scalars(sa.select(Identity)).one()
    assert event.data == {"person_id": account.person_id, "identity_id": identity.id}


def test_a_session_that_the_provider_began_is_listed_and_ends_here_alone(
    client: FlaskClient, provider: Provider
) -> None:
    linked(someone(), provider)
    go(client)

    client.post("/sign-out")

    assert db.session.scalars(sa.select(UserSession)).one().ended_at is not None
    assert not is_signed_in(client)


# Without a provider


def test_without_a_provider_there_is_no_button_and_no_such_address(client: FlaskClient) -> None:
    account = someone()
    answers = [client.post("/sign-in/provider"), client.get("/sign-in/provider/return")]
    shown = client.get("/sign-in").text
    make.sign_in(client, account.person)
    answers.append(client.post("/account/identities"))

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "/sign-in/provider" not in shown
    assert "identities" not in client.get("/account").text
