"""Inviting somebody: the link, what it opens, and taking it back."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts import commands, passwords, queries
from innovation.accounts.models import Person, RoleGrant, Token
from innovation.db import db
from innovation.notifications.models import Message
from innovation.permission import SYSTEM, Actor, Forbidden
from tests import make
from workflows import Refused


def invite(actor: Actor = SYSTEM, **more: str) -> Person:
    values = {"name": "New coordinator", "email": "new@gatehouse.example", "role": "coordinator"}
    return commands.invite_person(actor, None, **(values | {"where": f"programme:{make.programme().id}"} | more))


def secret() -> str:
    return queries.secret_of(db.session.scalars(sa.select(Token).order_by(Token.id.desc())).first())  # type: ignore[arg-type]


def roles(person: Person) -> list[tuple[str, bool]]:
    return [(grant.role, grant.ended_at is None) for grant in person.grants]


def test_an_invited_person_opens_their_sign_in_and_is_signed_in(client: FlaskClient) -> None:
    person = invite()
    link = f"/invitations/{secret()}"

    shown = client.get(link)
    answer = client.post(link, data={"password": "seven brown goats"})

    assert "Gate coordinator" in shown.text
    assert (answer.status_code, answer.location) == (302, "/")
    assert person.account is not None
    assert passwords.is_right(person.account.password_hash, "seven brown goats")
    with client.session_transaction() as session:
        actor = queries.find_actor(session["_user_id"])
    assert actor is not None
    assert actor.has("coordinator")


def test_whoever_is_invited_has_a_letter_that_names_the_site_and_holds_the_link(app: Flask) -> None:
    person = invite()
    db.session.commit()

    worker.deliver_owed()

    letter = db.session.scalars(sa.select(Message).filter_by(person_id=person.id)).one()
    assert letter.subject == "You are invited to Gatehouse"
    assert f"/invitations/{secret()}" in letter.text


def test_the_link_works_once_and_for_two_weeks(app: Flask) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=False) as clock:
        invite()
        link = secret()
        clock.shift(dt.timedelta(days=13, hours=23))
        before = queries.find_token(queries.INVITATION, link)
        clock.shift(dt.timedelta(hours=2))
        after = queries.find_token(queries.INVITATION, link)

    assert before is not None
    assert after is None


def test_sending_it_again_replaces_the_link(app: Flask) -> None:
    person = invite()
    first = secret()

    commands.send_invitation(SYSTEM, person)

    assert queries.find_token(queries.INVITATION, first) is None
    assert queries.find_token(queries.INVITATION, secret()) is not None


def test_withdrawing_ends_the_link_and_the_roles(app: Flask) -> None:
    person = invite()
    link = secret()

    commands.withdraw_invitation(SYSTEM, person)

    assert queries.find_token(queries.INVITATION, link) is None
    assert roles(person) == [("coordinator", False)]


def test_somebody_with_a_sign_in_gets_the_role_and_no_link(app: Flask) -> None:
    known = make.person("Known", email="new@gatehouse.example")
    make.account(known)

    person = invite(name="Another name")

    assert person.id == known.id
    assert person.name == "Known"
    assert roles(person) == [("coordinator", True)]
    assert db.session.scalars(sa.select(Token)).all() == []


def test_an_owner_known_without_a_sign_in_stays_one_person(app: Flask) -> None:
    owner = make.person("Owner", email="New@gatehouse.example")

    assert invite().id == owner.id


def test_a_manager_invites_facilitators_of_the_programme_only(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    elsewhere = make.programme("other")

    invited = invite(manager, role="facilitator")

    assert roles(invited) == [("facilitator", True)]
    with pytest.raises(Forbidden):
        invite(manager, role="manager")
    with pytest.raises(Forbidden):
        invite(manager, role="administrator", where="site")
    with pytest.raises(Refused):
        invite(manager, where=f"programme:{elsewhere.id}")
    with pytest.raises(Refused):
        invite(manager, role="funder_member", where=f"funder:{make.funder().id}")


def test_a_manager_of_a_region_invites_for_the_region_only(client: FlaskClient) -> None:
    region, other = make.region(), make.region("NW")
    manager = make.staff("manager", region_id=region.id)
    make.sign_in(client, manager)

    invited = invite(make.actor(manager), role="facilitator", where=f"region:{region.id}")

    assert roles(invited) == [("facilitator", True)]
    assert client.get("/people/invitations").status_code == 200
    for where in (f"region:{other.id}", f"programme:{make.programme().id}"):
        with pytest.raises(Refused):
            invite(make.actor(manager), role="facilitator", where=where)


def test_a_refused_invitation_leaves_nobody_behind(app: Flask) -> None:
    manager = make.actor(make.staff("manager"))
    db.session.commit()

    with pytest.raises(Forbidden):
        invite(manager, role="manager")

    assert db.session.scalars(sa.select(Person).where(Person.email == "new@gatehouse.example")).all() == []


@pytest.mark.parametrize("role", ["coordinator", "facilitator", "funder_admin"])
def test_nobody_else_may_invite(client: FlaskClient, role: str) -> None:
    make.sign_in(client, make.staff(role))

    assert client.get("/people/invitations").status_code == 403


def test_the_page_invites_and_leads_to_the_person(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator"))
    where = f"region:{make.region().id}"

    answer = client.post(
        "/people/invitations",
        data={"email": "new@gatehouse.example", "name": "New", "role": "coordinator", "where": where},
    )

    person = db.session.scalars(sa.select(Person).where(Person.email == "new@gatehouse.example")).one()
    grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == person.id)).one()
    assert answer.location == f"/people/{person.id}"
    assert (grant.programme_id, grant.region_id) == (make.programme().id, make.region().id)
    assert "Invited" in client.get(answer.location).text


def test_a_role_that_does_not_fit_the_place_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    make.sign_in(client, make.staff("administrator"))

    answer = client.post(
        "/people/invitations",
        data={"email": "new@gatehouse.example", "name": "New person", "role": "coordinator", "where": "site"},
    )

    assert answer.status_code == 422
    assert "Choose a programme or a region for this role." in answer.text
    assert 'value="New person"' in answer.text


def test_an_unknown_link_says_so(client: FlaskClient) -> None:
    answer = client.get("/invitations/nothing-like-it")

    assert answer.status_code == 404
    assert "This link does not work any more" in answer.text


def test_an_account_is_opened_once_and_with_an_email_of_its_own(app: Flask) -> None:
    person, other = make.person(email="one@gatehouse.example"), make.person(email="one@gatehouse.example")
    commands.open_account(make.actor(person), person, password="seven brown goats")

    for whose in (person, other):
        with pytest.raises(Refused):
            commands.open_account(make.actor(whose), whose, password="seven brown goats")


def test_an_account_is_opened_by_nobody_else(app: Flask) -> None:
    person = make.person()

    with pytest.raises(Forbidden):
        commands.open_account(make.actor(make.person()), person, password="seven brown goats")
