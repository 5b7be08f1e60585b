"""Recovery codes, a second factor taken off by an administrator, who is told, and roles that need one."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts import commands, factors
from innovation.accounts.models import Account
from innovation.app import create_app
from innovation.config import BadSettings
from innovation.db import db
from innovation.events import Event
from innovation.notifications.models import Message
from innovation.permission import SYSTEM, Forbidden
from innovation.worker import deliver_owed
from tests import make
from tests.accounts.two_steps import (
    EMAIL,
    begun_secret,
    code_step,
    finish,
    password_step,
    shown,
    someone,
    with_app,
)
from workflows import Refused

# Recovery codes


def test_a_recovery_code_works_once_however_it_is_typed(client: FlaskClient) -> None:
    account = someone()
    _secret, codes = with_app(account)
    password_step(client)

    answer = code_step(client, codes[3].lower().replace("-", " "), "/sign-in/second-step?recovery=1")

    assert answer.location == "/"
    assert "You have 9 left" in client.get("/account").text
    with pytest.raises(Refused):
        finish(account, codes[3])


def test_new_recovery_codes_replace_the_old_ones(client: FlaskClient) -> None:
    account = someone()
    _secret, codes = with_app(account)
    make.sign_in(client, account.person)

    answer = client.post("/account/second-factor/codes")

    renewed = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.text)
    assert len(set(renewed) - set(codes)) == 10
    with pytest.raises(Refused):
        finish(account, codes[0])
    assert finish(account, renewed[0])


def test_there_are_no_recovery_codes_without_a_second_factor(app: Flask) -> None:
    account = someone()

    with pytest.raises(Refused):
        commands.renew_codes(make.actor(account.person), account)


# Taking it off for somebody, and asking for it


def test_an_administrator_takes_it_off_and_the_person_is_told(client: FlaskClient) -> None:
    account = someone()
    with_app(account)
    make.sign_in(client, make.staff("administrator"))

    page = client.get(f"/people/{account.person_id}")
    answer = client.post(f"/people/{account.person_id}/second-factor/removal")

    assert "Take off the second factor" in page.text
    assert answer.location == f"/people/{account.person_id}"
    assert not factors.has_factor(account.id)
    assert kinds()[-1] == "second_factors_reset"


@pytest.mark.parametrize("role", ["manager", "coordinator"])
def test_nobody_but_an_administrator_takes_it_off(app: Flask, role: str) -> None:
    account = someone()
    with_app(account)

    with pytest.raises(Forbidden):
        commands.reset_second_factor(make.actor(make.staff(role, programme_id=make.programme().id)), account.person)


def test_an_administrator_does_not_take_off_their_own_without_the_password(app: Flask) -> None:
    administrator = make.staff("administrator")
    with_app(someone(whose=administrator))

    with pytest.raises(Forbidden):
        commands.reset_second_factor(make.actor(administrator), administrator)


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(Event.kind).order_by(Event.id)))


def test_each_change_is_told_by_mail(app: Flask) -> None:
    account = someone()
    _secret, codes = with_app(account)
    finish(account, codes[0])
    commands.renew_codes(make.actor(account.person), account)
    commands.remove_app(make.actor(account.person), account)

    deliver_owed()

    subjects = db.session.scalars(sa.select(Message.subject).order_by(Message.id)).all()
    assert subjects == [
        "A second factor was added to your sign-in",
        "A recovery code was used to sign in",
        "You have new recovery codes",
        "A second factor was removed from your sign-in",
    ]


def test_the_address_before_is_told_that_the_sign_in_has_another_one(app: Flask) -> None:
    account = someone()
    with_app(account)
    deliver_owed()
    correct(account, "thief@gatehouse.example")
    correct(account, "thief-again@gatehouse.example")
    commands.reset_second_factor(SYSTEM, account.person)

    deliver_owed()

    told = db.session.execute(sa.select(Message.to_address, Message.subject).order_by(Message.id)).all()[1:]
    assert [tuple(each) for each in told] == [
        (EMAIL, "Your sign-in has another e-mail now"),
        ("thief-again@gatehouse.example", "Your second factor was taken off"),
    ]
    assert account.former_email is None


def test_nobody_is_told_of_an_e_mail_that_stayed_or_came_back(app: Flask) -> None:
    account = someone()
    correct(account, EMAIL.upper())
    correct(account, "slip@gatehouse.example")
    correct(account, EMAIL)

    deliver_owed()

    assert db.session.scalars(sa.select(Message.to_address)).all() == []


def correct(account: Account, email: str) -> None:
    commands.correct_person(SYSTEM, account.person, name="A teacher", email=email, position="", phone="")


def test_a_role_that_needs_one_opens_nothing_else_until_it_is_there(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(second_factor_roles=["administrator"])
    account = someone(whose=make.staff("administrator"))
    make.sign_in(client, account.person)

    before = [client.get(path).location for path in ("/", "/people", "/account")]
    page = client.get("/account/second-factor")
    client.post("/account/second-factor/app/secret")
    code_step(client, shown(begun_secret(account)), "/account/second-factor/app")

    assert before == ["/account/second-factor"] * 3
    assert "Your role needs a second factor" in page.text
    assert client.get("/people").status_code == 200


def test_others_are_not_asked_for_one(app: Flask, client: FlaskClient) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].changed(second_factor_roles=["administrator"])
    make.sign_in(client, someone().person)

    assert client.get("/account").status_code == 200


def test_a_role_that_does_not_exist_stops_the_start(database: dict[str, object]) -> None:
    with pytest.raises(BadSettings, match="teller is no role"):
        create_app(**database, second_factor_roles=["teller"])
