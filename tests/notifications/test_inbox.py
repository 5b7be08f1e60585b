"""The inbox: one's own notices, read one by one or all at once."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.models import Wall
from innovation.notifications import commands
from innovation.notifications.models import Notice
from innovation.permission import Forbidden
from tests import make
from tests.databases import statements


@pytest.fixture
def reader(app: Flask) -> Person:
    return make.person("Reader")


def notice(whose: Person, subject: str = "Something happened", **more: str) -> Notice:
    made = make.add(Notice(person_id=whose.id, why=f"test:{next(make.numbers)}", subject=subject, **more))
    db.session.commit()
    return made


def subjects(html: str) -> list[str]:
    return re.findall(r'<button[^>]* class="link">(?:<b>)?([^<]+)', html)


def test_every_page_says_how_many_are_unread(client: FlaskClient, reader: Person) -> None:
    notice(reader)
    notice(reader)

    html = make.sign_in(client, reader).get("/work").text

    assert "Inbox, 2 unread messages" in html


def test_only_one_s_own_notices_are_listed(client: FlaskClient, reader: Person) -> None:
    notice(make.person("Somebody else"), "Not yours")
    notice(reader, "Yours")

    assert subjects(make.sign_in(client, reader).get("/inbox").text) == ["Yours"]


def test_an_idea_that_was_walled_off_since_leaves_the_inbox(client: FlaskClient, reader: Person) -> None:
    idea = make.idea()
    seated = make.add(Notice(person_id=reader.id, why="event:1:seat", subject="You sit on a panel", idea_id=idea.id))
    notice(reader, "Of no idea")
    make.add(Wall(idea_id=idea.id, person_id=reader.id, why="affiliation:1"))
    db.session.commit()

    html = make.sign_in(client, reader).get("/inbox").text

    assert subjects(html) == ["Of no idea"]
    assert "Inbox, 1 unread message" in html
    assert client.post(f"/inbox/{seated.id}").status_code == 404


def test_opening_one_marks_it_read_and_leads_to_what_it_is_about(client: FlaskClient, reader: Person) -> None:
    found = notice(reader, link="/work")

    answer = make.sign_in(client, reader).post(f"/inbox/{found.id}")

    assert (answer.location, found.read_at is not None) == ("/work", True)


def test_a_link_that_leads_elsewhere_is_not_followed(client: FlaskClient, reader: Person) -> None:
    found = notice(reader, link="//evil.example/")

    assert make.sign_in(client, reader).post(f"/inbox/{found.id}").location == "/inbox"


def test_somebody_else_s_notice_is_not_there(client: FlaskClient, reader: Person) -> None:
    other = notice(make.person("Somebody else"))

    answer = make.sign_in(client, reader).post(f"/inbox/{other.id}")

    assert (answer.status_code, other.read_at) == (404, None)


def test_the_command_refuses_somebody_else(reader: Person) -> None:
    found = notice(make.person("Somebody else"))

    with pytest.raises(Forbidden):
        commands.mark_read(make.actor(reader), found)


def test_all_are_read_at_once_and_nobody_else_s(client: FlaskClient, reader: Person) -> None:
    other = notice(make.person("Somebody else"))
    mine = [notice(reader) for _each in range(3)]

    make.sign_in(client, reader).post("/inbox/read")

    db.session.expire_all()
    assert ([n.read_at is not None for n in mine], other.read_at) == ([True] * 3, None)


def test_the_unread_ones_can_be_shown_alone(client: FlaskClient, reader: Person) -> None:
    notice(reader, "New")
    old = notice(reader, "Old")
    commands.mark_read(make.actor(reader), old)

    assert subjects(make.sign_in(client, reader).get("/inbox?show=unread").text) == ["New"]


def test_the_inbox_takes_the_same_number_of_queries_for_1_and_for_30(client: FlaskClient, reader: Person) -> None:
    notice(reader)
    make.sign_in(client, reader).get("/inbox")
    with statements() as one:
        client.get("/inbox")
    for _each in range(30):
        notice(reader)

    with statements() as thirty:
        client.get("/inbox")

    assert len(thirty) == len(one)


def test_a_stranger_has_no_inbox(client: FlaskClient) -> None:
    assert client.get("/inbox").location == "/sign-in?next=/inbox"
