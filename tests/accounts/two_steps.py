"""People with a second factor, and the codes that their app shows."""

from __future__ import annotations

import pyotp
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from innovation.accounts import commands, factors, passwords, queries, secondfactor
from innovation.accounts.models import Account, Person
from innovation.accounts.secondfactor import HalfWay
from innovation.db import db, now
from tests import make

EMAIL, HOME = "teacher@gatehouse.example", "10.0.0.1"


def someone(email: str = EMAIL, whose: Person | None = None) -> Account:
    person = whose or make.person("A teacher", email=email)
    account = make.account(person)
    account.password_hash = passwords.hash_password(make.PASSWORD)
    db.session.commit()
    return account


def with_app(account: Account) -> tuple[str, list[str]]:
    """Set up an app, a minute ago; its secret and the recovery codes."""
    with time_machine.travel(now().timestamp() - 60, tick=False):
        begun = commands.begin_app(make.actor(account.person), account)
        secret = secondfactor.unseal(begun.sealed_secret) or ""
        codes = commands.confirm_app(make.actor(account.person), account, code=shown(secret))
    return secret, codes


def shown(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(now())


def begun_secret(account: Account) -> str:
    return secondfactor.unseal(factors.find_begun_app(account).sealed_secret) or ""


def password_step(client: FlaskClient, address: str = "/sign-in") -> TestResponse:
    return client.post(address, data={"email": EMAIL, "password": make.PASSWORD})


def code_step(client: FlaskClient, code: str, address: str = "/sign-in/second-step") -> TestResponse:
    return client.post(address, data={"secret_code": code})


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def finish(account: Account, code: str, address: str = HOME) -> str:
    return commands.finish_sign_in(
        queries.actor_of(account.person),
        account,
        half=HalfWay.of(account),
        code=code,
        address=address,
        browser="Firefox · Linux",
        days=14,
    )
