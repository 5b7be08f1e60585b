"""Rows that are written at once: as the unit of work would have written them, and afterwards as if they were read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from innovation.accounts.models import Person
from innovation.db import db
from innovation.ideas.models import Contributor, Idea, Revision
from innovation.rows import insert_all, update_all
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


def test_what_was_changed_gets_its_next_version_and_is_not_written_again(app: Flask) -> None:
    idea = make.idea()
    before, changed_at = idea.version, idea.updated_at
    idea.title, idea.due_on = "Reading clubs at night", idea.due_on

    with statements() as sent:
        update_all([idea])
        db.session.flush()

    db.session.expire_all()
    assert (len(sent), idea.title, idea.version) == (1, "Reading clubs at night", before + 1)
    assert idea.updated_at > changed_at


def test_what_was_changed_by_somebody_else_is_not_overwritten(app: Flask) -> None:
    idea = make.idea()
    db.session.execute(sa.text("UPDATE idea SET version = version + 1, title = 'Theirs'"))
    idea.title = "Ours"

    with pytest.raises(StaleDataError):
        update_all([idea])

    db.session.expire(idea)
    assert db.session.scalar(sa.text("SELECT title FROM idea")) == "Theirs"


def test_what_hangs_on_a_thing_is_left_to_the_unit_of_work(app: Flask) -> None:
    idea, friend = make.idea(), make.person()
    idea.title = "Ours"
    idea.contributors.append(Contributor(person_id=friend.id))

    update_all([idea])
    db.session.flush()

    db.session.expire_all()
    assert (idea.title, [each.person_id for each in idea.contributors]) == ("Ours", [friend.id])


def test_of_many_one_that_is_there_already_refuses_all_and_the_next_are_written(app: Flask) -> None:
    idea_id = make.idea().id
    db.session.commit()

    with pytest.raises(IntegrityError):
        insert_all([Revision(idea_id=idea_id, number=n, title=f"{n}", answers={}) for n in range(9, 0, -1)])

    db.session.rollback()
    insert_all([Revision(idea_id=idea_id, number=n, title=f"{n}", answers={}) for n in range(20, 30)])
    numbers = db.session.scalars(sa.select(Revision.number).filter_by(idea_id=idea_id).order_by(Revision.number))
    assert list(numbers) == [1, *range(20, 30)]


def test_many_are_one_statement_whose_text_is_the_same_for_any_number_of_them(app: Flask) -> None:
    """psycopg reads a new text letter by letter in Python: of an import of 10 000 rows that was a third."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite reads a text in C.")
    with statements() as sent:
        insert_all([Person(name=f"{n}") for n in range(10)])
        insert_all([Person(name=f"{n}") for n in range(30)])

    assert sent == [sent[0]] * 2
