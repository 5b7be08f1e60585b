"""Who is told when an interest moves the chair to somebody else, and when a ruling overrules what was said."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from innovation import worker
from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands
from innovation.gates.models import Review
from innovation.notifications import messages, post
from innovation.notifications.models import Notice
from tests import make


def convened(last: str = "deputy") -> Review:
    """A review whose panel has heard that it is convened; its last seat is the deputy's."""
    review = make.review(of=make.idea(place="at_screening", title="Reading clubs"))
    review.seats[3].role = last
    for person in (*(seat.person for seat in review.seats), make.first(Person, name="Coordinator")):
        make.account(person)
    db.session.commit()
    worker.deliver_owed()
    return review


def told_since(count: int) -> list[tuple[str, str]]:
    """Who has a new notice, and its subject."""
    worker.deliver_owed()
    rows = sa.select(Person.name, Notice.subject).join(Notice, Notice.person_id == Person.id).order_by(Notice.id)
    return [(name, subject) for name, subject in db.session.execute(rows)][count:]


def notices() -> int:
    return db.session.scalar(sa.select(sa.func.count(Notice.id))) or 0


def test_the_deputy_is_told_that_they_chair_now(app: Flask) -> None:
    review = convened()
    before = notices()

    make.declare(review.seats[0], "recuse")

    assert told_since(before) == [("Panel member", "You chair a review now: “Reading clubs”")]


def test_where_nobody_is_left_to_chair_the_coordinator_is_told(app: Flask) -> None:
    review = convened("member")
    before = notices()

    make.declare(review.seats[0], "recuse")

    assert told_since(before) == [("Coordinator", "Nobody chairs a review: “Reading clubs”")]


def test_an_explanation_is_sent_to_whoever_answers_it(app: Flask) -> None:
    review = convened()
    review.idea.captured_by_id = review.seats[3].person_id
    review.seats[3].role = "observer"
    make.declare(review.seats[0])
    db.session.commit()
    worker.deliver_owed()
    before = notices()

    make.declare(review.seats[3], "none", "I only held the pen.")

    assert told_since(before) == [("Panel chair", "An interest to answer: “Reading clubs”")]


def test_a_ruling_is_told_to_the_member_and_to_the_coordinator(app: Flask) -> None:
    review = convened()
    chair, member = review.seats[0], review.seats[1]
    make.declare(chair)
    make.declare(member)
    db.session.commit()
    worker.deliver_owed()
    before = notices()

    commands.overrule_interest(make.actor(chair.person), member, answer="removed", reason="They share an office.")

    assert told_since(before) == [
        ("Panel government", "You are recused from a review"),
        ("Coordinator", "An answer was overruled: “Reading clubs”"),
    ]


@pytest.mark.parametrize("admitted", [True, False])
def test_only_who_may_read_it_again_is_told_the_name_of_the_idea(app: Flask, admitted: bool) -> None:
    review = convened()

    letter = messages.interest_overruled(review, admitted=admitted)
    subject, text = post.write(letter, review.seats[1].person)

    assert ("Reading clubs" in subject + text, bool(letter.link)) == (admitted, admitted)
