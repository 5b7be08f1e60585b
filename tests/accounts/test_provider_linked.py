"""Whose account a provider opens: linking, invitations, one's own page, and proving oneself by it."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts import commands, queries
from innovation.accounts.models import Account, Identity, UserSession
from innovation.db import db, now
from innovation.events import Event
from innovation.notifications.models import Message
from innovation.permission import SYSTEM
from tests import make
from tests.accounts.by_provider import go, linked, way_back
from tests.accounts.local_provider import Provider
from tests.accounts.two_steps import EMAIL, code_step, is_signed_in, password_step, shown, someone, with_app

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
    assert len({re.sub(r'<p class="print-only">.*', "", answer.text) for answer in answers}) == 1
    assert "Accounts are opened by invitation" in answers[0].text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 3


@pytest.mark.parametrize("email", ["k\u0435\u0435per@gatehouse.example", "\u212aeeper@gatehouse.example"])
def test_letters_that_only_look_alike_are_another_e_mail(client: FlaskClient, provider: Provider, email: str) -> None:
    someone("keeper@gatehouse.example")
    provider.person["email"] = email

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


def test_a_second_factor_after_the_provider_makes_no_password_of_it(client: FlaskClient, provider: Provider) -> None:
    account = someone()
    secret, _codes = with_app(account)
    linked(account, provider)
    halfway = go(client)

    code_step(client, shown(secret), halfway.location)

    assert is_signed_in(client)
    assert client.get("/account/second-factor").location == "/account/proof"


@pytest.mark.parametrize("told", [{"auth_time": None}, {"auth_time": int(time.time()) - 7200}, {"sub": "person-2"}])
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
