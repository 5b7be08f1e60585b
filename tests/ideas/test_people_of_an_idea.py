"""Contributors come and go, and an idea is handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person, Token
from innovation.db import db
from innovation.events import list_events
from innovation.gates import commands as gates
from innovation.ideas import commands, queries
from innovation.ideas.models import Access, Idea, Wall
from innovation.permission import Forbidden, NotThere
from tests import make
from workflows import Refused


def test_a_contributor_is_found_by_e_mail_whatever_its_case(app: Flask) -> None:
    idea = make.idea()
    known = make.person("Known", email="known@gatehouse.example")

    contributor = commands.add_contributor(make.actor(idea.owner), idea, name="K", email="Known@Gatehouse.example")

    assert contributor.person == known
    assert queries.find_idea(make.actor(known), idea.reference) == idea


def test_a_contributor_without_an_address_is_a_new_person(app: Flask) -> None:
    idea = make.idea()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0

    commands.add_contributor(make.actor(idea.owner), idea, name="A teacher", email="")

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == before + 1


def test_a_former_contributor_no_longer_sees_the_idea_and_can_come_back(app: Flask) -> None:
    idea = make.idea()
    owner = make.actor(idea.owner)
    person = make.person("Helper", email="helper@gatehouse.example")
    contributor = commands.add_contributor(owner, idea, name="", email=person.email)
    commands.end_contributor(owner, contributor)
    with pytest.raises(NotThere):
        queries.find_idea(make.actor(person), idea.reference)

    commands.add_contributor(owner, idea, name="", email=person.email)

    assert queries.find_idea(make.actor(person), idea.reference) == idea


@pytest.mark.parametrize("who", ["owner", "contributor"])
def test_nobody_is_named_twice(app: Flask, who: str) -> None:
    idea = make.idea()
    person = idea.owner if who == "owner" else make.contributor(idea)

    with pytest.raises(Refused, match="already"):
        commands.add_contributor(make.actor(idea.owner), idea, name="x", email=person.email)


def test_somebody_behind_a_wall_takes_no_part(app: Flask) -> None:
    idea = make.idea()
    member = make.person()
    make.add(Wall(idea_id=idea.id, person_id=member.id, why="seat:1"))

    with pytest.raises(Refused, match="cannot take part"):
        commands.hand_over_idea(make.actor(idea.owner), idea, email=member.email)


@pytest.mark.parametrize("join", [commands.add_contributor, commands.hand_over_idea])
def test_whoever_sits_on_its_panel_does_not_join_the_team(app: Flask, join: Callable[..., Any]) -> None:
    review = make.scored_review()
    member = review.seats[1].person

    with pytest.raises(Refused, match="sits on the panel"):
        join(make.actor(review.idea.owner), review.idea, name="", email=member.email)


def test_a_member_joins_the_team_once_the_panel_has_gone_home(app: Flask) -> None:
    review = make.review()
    gates.cancel_review(make.actor(make.staff("coordinator")), review)

    row = commands.add_contributor(
        make.actor(review.idea.owner), review.idea, name="", email=review.seats[1].person.email
    )

    assert row.person_id == review.seats[1].person_id


def test_a_new_owner_without_a_sign_in_is_sent_the_link_to_one(app: Flask) -> None:
    idea = make.idea()

    commands.hand_over_idea(make.actor(idea.owner), idea, name="Heir", email="heir@gatehouse.example")

    token = db.session.scalars(sa.select(Token)).one()
    assert (token.kind, token.person_id, token.subject_id) == ("claim", idea.owner_id, idea.id)
    assert list_events(f"idea:{idea.id}")[0].kind == "owner_named"


def test_the_former_owner_stays_a_contributor(app: Flask) -> None:
    idea = make.idea()
    former, heir = idea.owner, make.contributor(idea)
    make.account(heir)
    row = queries.list_contributors(idea)[0]

    commands.hand_over_idea(make.actor(former), idea, contributor_id=row.id)

    assert idea.owner == heir
    assert [c.person for c in queries.list_contributors(idea)] == [former]
    event = list_events(f"idea:{idea.id}")[0]
    assert event.data == {"idea_id": idea.id, "from_id": former.id, "to_id": heir.id}


def test_a_contributor_hands_over_nothing(app: Flask) -> None:
    idea = make.idea()
    contributor = make.contributor(idea)

    with pytest.raises(Forbidden):
        commands.hand_over_idea(make.actor(contributor), idea, name="Me", email=contributor.email)


def test_the_pages_add_end_and_hand_over(app: Flask, client: FlaskClient) -> None:
    idea = make.idea()
    make.sign_in(client, idea.owner)
    address = f"/ideas/{idea.reference}/people"

    faulty = client.post(address, data={"name": "A teacher", "email": "no address"})
    added = client.post(address, data={"name": "A teacher", "email": "teacher@gatehouse.example"})
    row = queries.list_contributors(idea)[0]
    nameless = client.post(f"/ideas/{idea.reference}/owner", data={"to": "new"})
    handed = client.post(f"/ideas/{idea.reference}/owner", data={"to": str(row.id)})

    assert (faulty.status_code, added.status_code, nameless.status_code, handed.status_code) == (422, 302, 422, 302)
    assert 'value="no address"' in faulty.get_data(as_text=True)
    assert db.session.get_one(Idea, idea.id).owner.name == "A teacher"


def test_a_panel_member_who_may_read_sees_names_and_no_addresses(app: Flask, client: FlaskClient) -> None:
    idea = make.idea(make.person("The owner", email="secret@gatehouse.example"))
    member = make.person()
    make.add(Access(idea_id=idea.id, person_id=member.id, why="seat:1"))
    make.sign_in(client, member)

    page = client.get(f"/ideas/{idea.reference}/people").get_data(as_text=True)

    assert "The owner" in page
    assert "secret@gatehouse.example" not in page
