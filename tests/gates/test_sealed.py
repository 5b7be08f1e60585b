"""What others gave is sealed: for whoever may not know it yet, every answer is the same whatever they gave."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands
from innovation.gates.models import Review, Score, Scorecard
from tests import make

LISTS = ("/", "/?sort=total", "/work", "/reviews", "/reviews?export=csv", "/reviews?sort=score", "/search?q=clubs")
# How many have submitted: the coordinator may know what was scored from the quorum of three on.
SUBMITTED = {"waiting": 3, "observer": 3, "owner": 3, "contributor": 3, "coordinator": 2}
CHANGING = re.compile(rb"nonce-[^'\"]+|nonce=\"[^\"]+\"|name=\"(?:csrf_token|once|tab|key)\"[^>]+")


def sitting(submitted: int) -> tuple[Review, dict[str, Person]]:
    """A review with a few cards in, and everybody who must not know what they say."""
    idea = make.idea(make.person("Owner"), place="at_screening", title="Reading clubs")
    people = {"owner": idea.owner, "contributor": make.contributor(idea), "observer": make.person("Observer")}
    people["coordinator"] = make.staff("coordinator", "Coordinator beside")
    review = make.review(of=idea)
    observer = {"person_id": people["observer"].id, "role": "observer"}
    make.declare(commands.seat_person(make.actor(people["coordinator"]), review, **observer))
    for seat in review.seats[:submitted]:
        make.score(seat, 5, note="A note.", feedback="Well done.")
    if review.seats[3].stance == "undeclared":
        make.declare(review.seats[3])
    return review, {**people, "waiting": review.seats[3].person}


def addresses(review: Review) -> list[str]:
    at_review = [f"/reviews/{review.id}{page}" for page in ("", "/scorecard", "/decision", "/outcome", "/seats")]
    at_idea = [f"/ideas/{review.idea.reference}{page}" for page in ("", "?history=all", "/gate", "/conditions")]
    return [*LISTS, "/inbox", "/reviews/desk?act=remind", *at_review, *at_idea]


def all_that_is_seen(client: FlaskClient, review: Review) -> dict[str, tuple[int, bytes, str | None]]:
    """Status, content and fingerprint of every page, without what differs from one moment to the next."""
    seen = {}
    for address in addresses(review):
        answer = client.get(address)
        seen[address] = (answer.status_code, CHANGING.sub(b"", answer.data), answer.headers.get("ETag"))
    return seen


@pytest.mark.parametrize("reader", SUBMITTED)
def test_nothing_that_is_sent_depends_on_what_is_sealed(app: Flask, client: FlaskClient, reader: str) -> None:
    review, people = sitting(SUBMITTED[reader])
    make.sign_in(client, people[reader])
    before = all_that_is_seen(client, review)
    db.session.execute(sa.update(Score).where(Score.mark.is_not(None)).values(mark=10, comment="Quite another text"))
    db.session.execute(sa.update(Score).where(Score.mark.is_(None)).values(answer="no", fixable=False))
    db.session.execute(sa.update(Scorecard).values(note="Quite another note", feedback="Quite another feedback"))
    db.session.commit()
    db.session.expire_all()

    after = all_that_is_seen(client, review)

    assert [address for address in before if before[address] != after[address]] == []
    assert [status for status, _content, _etag in before.values()].count(200) >= 8


def test_the_same_change_is_seen_by_whoever_has_submitted(app: Flask, client: FlaskClient) -> None:
    """What is compared above would show a difference if there were one."""
    review, _people = sitting(3)
    make.sign_in(client, review.seats[0].person)
    before = all_that_is_seen(client, review)
    db.session.execute(sa.update(Score).where(Score.mark.is_not(None)).values(mark=10))
    db.session.commit()
    db.session.expire_all()

    after = all_that_is_seen(client, review)

    assert before[f"/reviews/{review.id}"] != after[f"/reviews/{review.id}"]
