"""A file that a job made is fetched days later: nothing is in it that has closed to its person since."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import exports
from innovation.accounts.models import Person, RoleGrant
from innovation.command import transaction
from innovation.db import db, now
from innovation.funders.models import Award
from innovation.gates import commands as gate_commands
from innovation.gates.models import Review, Seat
from innovation.ideas.models import Idea, Wall
from innovation.jobs import running
from tests import make
from tests.databases import statements

SCORES = "/reviews?scores=yes&export=csv"
TOTAL = "Total of 100"


@pytest.fixture(autouse=True)
def every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)


def have_made(client: FlaskClient, who: Person, path: str) -> str:
    """Where the file is that the worker has made of a list."""
    make.sign_in(client, who)
    asked = client.post(client.get(path).location)
    running.run_owed()
    return f"{asked.location}/file"


def wall_off(idea: Idea, who: Person) -> None:
    with transaction():
        db.session.add(Wall(idea_id=idea.id, person_id=who.id, why="seat:1", since=now()))


def end_role(who: Person, role: str) -> None:
    with transaction():
        held = sa.update(RoleGrant).where(RoleGrant.person_id == who.id, RoleGrant.role == role)
        db.session.execute(held.values(ended_at=now()))


# Every list, and how something in it closes


class Closing(NamedTuple):
    """Who asks for which list, what closes to them after it was made, and a text that only that brings into it."""

    who: Person
    path: str
    close: Callable[[], object]
    told: str


def an_idea() -> Closing:
    who, idea = make.staff("coordinator"), make.idea()
    return Closing(who, "/?export=csv", lambda: wall_off(idea, who), idea.reference)


def a_review() -> Closing:
    who, review = make.staff("coordinator"), make.review()
    return Closing(who, "/reviews?export=csv", lambda: wall_off(review.idea, who), review.idea.reference)


def a_person() -> Closing:
    """A manager of all regions becomes the manager of one."""
    who = make.staff("manager")
    other = make.staff("facilitator", region_id=make.region("GP").id)

    def narrow() -> None:
        with transaction():
            held = sa.update(RoleGrant).where(RoleGrant.person_id == who.id)
            db.session.execute(held.values(region_id=make.region("LP").id))

    return Closing(who, "/people?export=csv", narrow, str(other.email))


def an_event() -> Closing:
    who, review = make.staff("administrator"), make.review()
    return Closing(who, "/log?export=csv", lambda: wall_off(review.idea, who), f"idea:{review.idea_id},")


def the_schools() -> Closing:
    who, school = make.staff("coordinator"), make.school()
    return Closing(who, "/schools?export=csv", lambda: end_role(who, "coordinator"), school.emis)


def an_award() -> Closing:
    funder = make.funder()
    who = make.funder_person(funder)
    make.add(Award(funder_id=funder.id, identifier="1", title="Reading clubs", amount_minor=1, currency="ZAR"))
    return Closing(who, f"/funders/{funder.key}?export=csv", lambda: end_role(who, "funder_member"), "Reading clubs")


CLOSINGS = {
    "ideas": an_idea,
    "reviews": a_review,
    "people": a_person,
    "log": an_event,
    "schools": the_schools,
    "awards": an_award,
}


@pytest.mark.usefixtures("app")
def test_every_list_that_can_be_long_is_tried_here() -> None:
    assert set(exports.LISTINGS) == set(CLOSINGS)


@pytest.mark.parametrize("key", CLOSINGS)
def test_what_has_closed_since_a_file_was_made_is_not_in_it(app: Flask, client: FlaskClient, key: str) -> None:
    closing = CLOSINGS[key]()
    make.account(closing.who)
    path = have_made(client, closing.who, closing.path)
    before = client.get(path).text

    closing.close()

    assert (closing.told in before, closing.told in client.get(path).text) == (True, False)


def test_who_was_found_by_their_whole_address_stays_in_the_file(app: Flask, client: FlaskClient) -> None:
    who, stranger = make.staff("manager"), make.person()

    path = have_made(client, who, f"/people?q={stranger.email}&export=csv")

    assert str(stranger.email) in client.get(path).text


def test_who_is_no_longer_the_managers_is_not_read_by_the_worker_either(app: Flask, client: FlaskClient) -> None:
    closing = a_person()
    make.sign_in(client, closing.who)
    asked = client.post(client.get(closing.path).location)
    closing.close()

    running.run_owed()

    assert closing.told not in client.get(f"{asked.location}/file").text


# Marks


@pytest.fixture
def coordinator(app: Flask) -> Person:
    who = make.staff("coordinator")
    make.account(who)
    return who


def decided(mark: int) -> Review:
    review = make.scored_review(mark=mark)
    chair = make.actor(review.seats[0].person)
    gate_commands.record_decision(chair, review, outcome="go", rationale="Good.", **make.go_details())
    return review


def own(idea: Idea, who: Person) -> None:
    idea.owner_id = who.id


def contribute(idea: Idea, who: Person) -> None:
    make.contributor(idea, who)


def keep_an_alternates_seat(idea: Idea, who: Person) -> None:
    """Their role ends, and their seat keeps the review in sight."""
    review = make.first(Review, idea_id=idea.id)
    make.add(Seat(review_id=review.id, person_id=who.id, role="alternate", stance="none"))
    end_role(who, "coordinator")


def lose_the_quorum(idea: Idea, _who: Person) -> None:
    """Members step back after they have scored."""
    review = make.first(Review, idea_id=idea.id)
    for seat in review.seats[: review.quorum]:
        seat.stance = "recused"


@pytest.mark.parametrize("close", [own, contribute, keep_an_alternates_seat, lose_the_quorum])
def test_marks_that_have_closed_since_are_left_out_as_when_asked_anew(
    coordinator: Person, client: FlaskClient, close: Callable[[Idea, Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = decided(7).idea
    path = have_made(client, coordinator, SCORES)
    before = client.get(path).text
    with transaction():
        close(idea, coordinator)

    kept = client.get(path).text
    monkeypatch.setattr(exports, "AT_ONCE", 5)
    anew = client.get(SCORES).text

    assert (TOTAL in before, kept) == (True, anew)
    assert idea.reference in kept
    assert "70.0" not in kept


def test_one_line_whose_marks_have_closed_leaves_no_column_of_marks(coordinator: Person, client: FlaskClient) -> None:
    idea, other = decided(7).idea, decided(8).idea
    path = have_made(client, coordinator, SCORES)
    with transaction():
        own(idea, coordinator)

    told = client.get(path).text

    assert (idea.reference in told, other.reference in told) == (True, True)
    assert [word for word in (TOTAL, "70.0", "80.0") if word in told] == []


def test_marks_stay_in_the_file_while_they_are_open(coordinator: Person, client: FlaskClient) -> None:
    decided(7)
    path = have_made(client, coordinator, SCORES)

    assert "70.0" in client.get(path).text


def test_no_mark_is_read_to_see_whether_it_is_open(coordinator: Person, client: FlaskClient) -> None:
    decided(7)
    path = have_made(client, coordinator, SCORES)

    with statements() as asked:
        client.get(path)

    assert [text for text in asked if re.search(r"\b(FROM|JOIN) score\b", text)] == []
    assert any(re.search(r"\bFROM scorecard\b", text) for text in asked)
