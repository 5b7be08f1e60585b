"""The record on PostgreSQL: sealed, whole, and found out when somebody alters it."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from innovation import chain
from innovation.accounts.events import SessionStarted
from innovation.command import transaction
from innovation.db import db
from innovation.events import record
from tests import make
from tests.databases import take_guards_away


def three_things_happen() -> None:
    for _n in range(3):
        person = make.person()
        with transaction():
            record(make.actor(person), SessionStarted(person.id, 1))


def test_a_record_that_nobody_touched_is_whole(app: Flask) -> None:
    three_things_happen()
    chain.seal_all()

    report = chain.verify()

    assert (report.ok, report.events, report.unsealed) == (True, 3, 0)


def test_a_row_altered_behind_the_back_of_the_application_is_named(app: Flask) -> None:
    three_things_happen()
    chain.seal_all()
    subject = db.session.scalar(sa.text("SELECT subject FROM event ORDER BY id LIMIT 1"))
    take_guards_away()
    db.session.execute(sa.text("UPDATE event SET facts = '{}' WHERE subject = :subject"), {"subject": subject})
    db.session.commit()

    report = chain.verify()

    assert report.faults == [f"{subject}: event 1 was altered."]
