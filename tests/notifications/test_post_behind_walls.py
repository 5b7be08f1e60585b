"""The post as administrators see it: no mail that tells of an idea which is walled off from them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db, now
from innovation.events import Event, record
from innovation.gates.events import IdeaJoined
from innovation.ideas.models import Idea, Wall
from innovation.notifications import messages, post
from innovation.notifications.models import Message, MessageIdea, Notice
from innovation.notifications.post import Letter
from innovation.notifications.telling import deciding
from innovation.permission import SYSTEM
from tests import make


@pytest.fixture
def administrator(app: Flask) -> Person:
    who = make.staff("administrator")
    make.account(who)
    return who


def mail_of(letter: Letter, why: str = "event:1:told") -> Message:
    """A mail to somebody else."""
    post.send(make.person("Reader"), "reader@gatehouse.example", letter, why=why)
    db.session.commit()
    return db.session.scalars(sa.select(Message).where(Message.why == why)).one()


def wall_off(idea: Idea, who: Person) -> None:
    make.add(Wall(idea_id=idea.id, person_id=who.id, why="seat:1"))
    db.session.commit()


def test_a_mail_about_an_idea_behind_a_wall_is_in_no_list_count_or_page(
    client: FlaskClient, administrator: Person
) -> None:
    idea, other = make.idea(title="Quagga clubs"), make.idea(title="Impala clubs")
    found = mail_of(messages.hold_ended(idea))
    mail_of(messages.hold_ended(other), "event:2:told")
    make.sign_in(client, administrator)
    before = client.get("/mail").text, client.get(f"/mail/{found.id}").status_code
    wall_off(idea, administrator)

    lists = [client.get(path).text for path in ("/mail", "/mail?state=owed")]
    codes = [client.get(f"/mail/{found.id}").status_code, client.post(f"/mail/{found.id}/repeat").status_code]

    assert ("Quagga" in before[0], before[1]) == (True, 200)
    assert [("Quagga" in told, "Impala" in told) for told in lists] == [(False, True), (False, True)]
    assert codes == [404, 404]


def test_others_are_shown_it_all_the_same(client: FlaskClient, administrator: Person) -> None:
    idea = make.idea(title="Quagga clubs")
    found = mail_of(messages.hold_ended(idea))
    wall_off(idea, make.staff("administrator"))
    make.sign_in(client, administrator)

    assert "Quagga" in client.get("/mail").text
    assert client.get(f"/mail/{found.id}").status_code == 200


def test_a_mail_of_several_ideas_is_left_out_where_one_of_them_is_behind_a_wall(
    client: FlaskClient, administrator: Person
) -> None:
    idea, other = make.idea(title="Quagga clubs"), make.idea(title="Impala clubs")
    mail_of(messages.idea_joined(idea, other))
    wall_off(other, administrator)
    make.sign_in(client, administrator)

    assert "Quagga" not in client.get("/mail").text


def test_nobody_is_told_that_an_idea_behind_their_wall_was_joined_to_their_own(app: Flask) -> None:
    idea, other = make.idea(), make.idea()
    recused = make.contributor(idea)
    wall_off(other, recused)
    record(SYSTEM, IdeaJoined(idea.id, other.id))

    deciding.tell_joined(make.first(Event, kind="idea_joined"))

    assert set(db.session.scalars(sa.select(Notice.person_id))) == {idea.owner_id}


def test_a_mail_of_no_idea_is_shown_to_every_administrator(client: FlaskClient, administrator: Person) -> None:
    mail_of(messages.password_changed())
    wall_off(make.idea(), administrator)
    make.sign_in(client, administrator)

    assert "reader@gatehouse.example" in client.get("/mail").text


def test_a_mail_that_is_owed_twice_is_one_and_tells_of_its_idea_once(app: Flask) -> None:
    idea = make.idea()

    for _time in range(2):
        found = mail_of(messages.hold_ended(idea))

    told = db.session.execute(sa.select(MessageIdea.message_id, MessageIdea.idea_id)).all()
    assert [tuple(row) for row in told] == [(found.id, idea.id)]


def test_mails_that_were_given_up_are_listed_newest_first(client: FlaskClient, administrator: Person) -> None:
    for number in (1, 2):
        mail_of(messages.password_changed(), f"event:{number}:told").subject = f"Letter {number}"
    db.session.execute(sa.update(Message).values(given_up_at=now()))
    db.session.commit()
    make.sign_in(client, administrator)

    told = client.get("/mail?state=given_up").text

    assert 0 < told.index("Letter 2") < told.index("Letter 1")
