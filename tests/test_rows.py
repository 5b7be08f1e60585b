"""Rows that are written at once: as the unit of work would have written them, and afterwards as if they were read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.models import Idea, Revision
from innovation.rows import insert_all
from tests import make
from tests.databases import statements


def test_what_was_not_said_is_as_the_unit_of_work_writes_it(app: Flask) -> None:
    by_session, at_once = Person(name="Anna"), Person(name="Anna")
    db.session.add(by_session)
    db.session.flush()

    insert_all([at_once])

    db.session.expire_all()
    said = [{**vars_of(person), "id": 0, "created_at": None} for person in (by_session, at_once)]
    assert said[0] == said[1]


def vars_of(thing: object) -> dict[str, object]:
    return {column.key: getattr(thing, column.key) for column in sa.inspect(type(thing)).column_attrs}


def test_each_of_many_has_its_own_number_and_its_own_values(app: Flask) -> None:
    idea = make.idea()
    made = [Revision(idea_id=idea.id, number=n, title=f"{n}", answers={"n": n}) for n in range(2, 9)]

    insert_all(made)

    db.session.expire_all()
    assert [(each.title, each.answers) for each in made] == [(f"{n}", {"n": n}) for n in range(2, 9)]


def test_what_was_written_is_not_written_again_and_can_be_changed(app: Flask) -> None:
    [person] = insert_all([Person(name="Anna")])

    with statements() as sent:
        db.session.flush()
        person.name = "Anna B"
        db.session.flush()

    db.session.expire_all()
    assert (len(sent), person.name, person.version) == (1, "Anna B", 2)


def test_what_it_belongs_to_can_be_asked_of_it(app: Flask) -> None:
    idea = make.idea()

    [revision] = insert_all([Revision(idea_id=idea.id, number=9, title="Ninth", answers={})])

    assert revision.idea is idea
    assert db.session.get(Idea, idea.id) is idea


def test_a_second_one_of_what_there_can_be_only_one_is_refused(app: Flask) -> None:
    idea = make.idea()
    insert_all([Revision(idea_id=idea.id, number=9, title="Ninth", answers={})])

    with pytest.raises(IntegrityError):
        insert_all([Revision(idea_id=idea.id, number=9, title="Another", answers={})])
