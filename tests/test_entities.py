"""Things made from plain rows: as SQLAlchemy's own loader would have made them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from innovation.accounts.models import Person
from innovation.db import db
from innovation.entities import Kinds
from innovation.programmes.models import Programme
from innovation.programmes.queries import programme_of
from innovation.statements import ask
from tests import make
from tests.databases import statements

PEOPLE = Kinds(Person)


def read() -> list[Person]:
    return [person for (person,) in PEOPLE.made(ask(sa.select(*PEOPLE.columns).order_by(Person.id)))]


def test_a_thing_that_was_read_can_be_changed(app: Flask) -> None:
    make.person("Anna")
    db.session.commit()
    db.session.expunge_all()

    [person] = read()
    person.name = "Anna B"
    db.session.flush()

    db.session.expire_all()
    assert (person.name, person.version) == ("Anna B", 2)


def test_a_thing_that_is_known_stays_as_it_is(app: Flask) -> None:
    person = make.person("Anna")
    db.session.commit()
    person.name = "Anna B"

    [again] = read()

    assert again is person
    assert person.name == "Anna B"


def test_what_had_expired_is_filled_in(app: Flask) -> None:
    person = make.person("Anna")
    db.session.commit()
    db.session.expire(person)

    read()

    with statements() as sent:
        assert person.name == "Anna"
    assert sent == []


def test_what_is_read_late_is_not_read_with_the_rest(app: Flask) -> None:
    programme = make.programme()
    number, checksum = programme.id, programme.workflow_version.checksum
    db.session.commit()
    db.session.expunge_all()

    with statements() as sent:
        found = programme_of(number)

    assert (len(sent), found.workflow_version.checksum) == (1, checksum)
    assert "text" not in vars(found.workflow_version)
    assert found is db.session.get_one(Programme, number)
