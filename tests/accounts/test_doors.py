"""Every page of accounts: closed to strangers, and to people without the role."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from innovation.accounts.models import RoleGrant, UserSession
from innovation.db import db, now
from innovation.events import Event
from tests import make

PUBLIC = {
    "accounts.accept_by_provider",
    "accounts.provider_return",
    "accounts.second_step",
    "accounts.sign_in_by_provider",
    "accounts.sign_in_by_passkey",
    "accounts.sign_in_options",
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.forgotten",
    "accounts.new_password",
    "accounts.invitation",
}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("accounts.")]


def address(rule: Rule) -> str:
    """The rule for the first person and the first thing of each kind."""
    return rule.build(dict.fromkeys(rule.arguments, 1))[1]  # type: ignore[index]


def test_the_pages_without_sign_in_are_these(app: Flask) -> None:
    opened = {rule.endpoint for rule in rules(app) if getattr(app.view_functions[rule.endpoint], "is_public", False)}

    assert opened == PUBLIC


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_is_sent_to_sign_in_from_every_other_page(client: FlaskClient, app: Flask, method: str) -> None:
    closed = [rule for rule in rules(app) if rule.endpoint not in PUBLIC and method in (rule.methods or ())]

    answers = {rule.endpoint: client.open(address(rule), method=method) for rule in closed}

    assert closed
    assert {name for name, answer in answers.items() if not answer.location.startswith("/sign-in")} == set()


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "funder_admin", "funder_member"])
def test_without_the_role_nothing_about_people_is_there_and_nothing_changes(
    client: FlaskClient, app: Flask, role: str
) -> None:
    someone = make.staff("coordinator", "Somebody else")
    make.account(someone)
    make.sign_in(client, make.staff(role))
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    pages = [rule for rule in rules(app) if rule.rule.startswith("/people")]

    statuses = {
        (rule.endpoint, method): client.open(
            rule.build({name: someone.id if name == "person_id" else 1 for name in rule.arguments})[1],  # type: ignore[index]
            method=method,
        ).status_code
        for rule in pages
        for method in ("GET", "POST")
        if method in (rule.methods or ())
    }

    assert set(statuses.values()) == {403, 404}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before


def test_an_ended_role_opens_nothing_from_the_next_page_on(client: FlaskClient) -> None:
    admin = make.staff("administrator")
    make.sign_in(client, admin)
    opened = client.get("/people").status_code
    db.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == admin.id)).one().ended_at = now()
    db.session.commit()

    assert (opened, client.get("/people").status_code) == (200, 403)


def test_an_ended_session_opens_nothing_from_the_next_page_on(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator"))
    db.session.scalars(sa.select(UserSession)).one().ended_at = now()
    db.session.commit()

    assert client.get("/people").location == "/sign-in?next=/people"
