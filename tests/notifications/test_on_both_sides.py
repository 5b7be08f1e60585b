"""Whoever has two parts is told by neither what the other one keeps from them: by letters, by the post, by the log."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from innovation import worker
from innovation.accounts import commands as accounts
from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands
from innovation.gates.models import Review
from innovation.notifications import messages, post
from innovation.notifications.models import Notice
from innovation.notifications.post import Letter
from innovation.permission import SYSTEM
from tests import make
from tests.funders.watching import fund, listed


def subjects_of(person: Person) -> list[str]:
    return list(db.session.scalars(sa.select(Notice.subject).where(Notice.person_id == person.id)))


@pytest.fixture
def running(app: Flask) -> Person:
    """The coordinator of the region, who signs in and has an idea of their own."""
    who = make.staff("coordinator", "Running Person")
    make.account(who)
    return who


@pytest.fixture
def manager(app: Flask) -> Person:
    who = make.staff("manager", "Managing Person")
    make.account(who)
    return who


def sitting(of: Person, *, helps: bool = False) -> Review:
    """A panel of a chair and three members for an idea of this person, or one that they contribute to."""
    idea = make.idea(make.person("Owner") if helps else of, place="at_screening", title="Reading clubs")
    if helps:
        make.contributor(idea, of)
    review = make.review(of=idea)
    worker.deliver_owed()
    return review


def everything_happens(review: Review) -> None:
    """What a panel does among itself: interests, abstaining, scoring, and a chair who can act no longer."""
    chair, government, practitioner, member = review.seats
    make.account(chair.person)
    make.declare(chair)
    make.declare(government)
    make.declare(practitioner, "declare", "My sister works there.")
    commands.settle_interest(make.actor(chair.person), practitioner, answer="accepted")
    commands.overrule_interest(make.actor(chair.person), practitioner, answer="removed", reason="Too close.")
    make.declare(member)
    commands.abstain(make.actor(member.person), member, reason="I was ill.")
    commands.end_abstention(make.actor(member.person), member)
    for seat in (chair, government, member):
        make.score(seat)
    worker.deliver_owed()
    accounts.close_sign_in(SYSTEM, chair.person)
    worker.deliver_owed()
    worker.deliver_owed()


@pytest.mark.parametrize("helps", [False, True])
def test_a_coordinator_is_not_told_what_the_panel_for_their_own_idea_does(
    running: Person, manager: Person, *, helps: bool
) -> None:
    review = sitting(running, helps=helps)
    before = subjects_of(running)

    everything_happens(review)

    assert subjects_of(running) == before
    assert {subject.partition(":")[0] for subject in subjects_of(manager)} >= {
        *("An answer was overruled", "A panel member abstains", "Nobody chairs a review"),
        "The panel can decide on “Reading clubs”",
    }


def test_a_declared_interest_that_nobody_else_answers_is_not_told_to_the_coordinator_whose_idea_it_is(
    running: Person, manager: Person
) -> None:
    review = sitting(running)

    make.declare(review.seats[0], "declare", "My sister works there.")
    worker.deliver_owed()

    told = [subject for who in (running, manager) for subject in subjects_of(who) if "interest" in subject]
    assert told == ["An interest to answer: “Reading clubs”"]
    assert told[0] in subjects_of(manager)


# The post and the log, which administrators read


@pytest.fixture
def administrator(app: Flask) -> Person:
    who = make.staff("administrator")
    make.account(who)
    return who


def mailed(letter: Letter, to: Person | None = None, why: str = "event:1:told") -> None:
    post.send(to or make.person("Reader"), "reader@gatehouse.example", letter, why=why)
    db.session.commit()


@pytest.mark.parametrize("part", ["owner", "contributor", "seat"])
def test_an_administrator_reads_no_mails_of_others_about_an_idea_in_which_they_have_a_part(
    client: FlaskClient, administrator: Person, part: str
) -> None:
    idea = make.idea(administrator if part == "owner" else None, place="at_screening", title="Quagga clubs")
    review = make.review(of=idea)
    if part == "contributor":
        make.contributor(idea, administrator)
    if part == "seat":
        coordinator = make.actor(make.staff("coordinator"))
        commands.seat_person(coordinator, review, person_id=administrator.id, role="member")
    mailed(messages.quorum_reached(review))
    mailed(messages.about(idea, "pilot_started"), administrator, "event:2:told")
    make.sign_in(client, administrator)

    page = client.get("/mail").text

    assert ["The panel can decide on “Quagga clubs”" in page, "Quagga" in page] == [False, True]


def test_an_administrator_of_one_fund_reads_no_mails_to_another(client: FlaskClient, administrator: Person) -> None:
    idea, theirs, other = listed(title="Quagga clubs"), fund("One fund"), fund("Another fund")
    interest = other.interested(idea)
    make.grant(administrator, "funder_member", funder_id=theirs.funder.id)
    mailed(messages.money_for_owner(interest, "commitment_offered"))
    make.sign_in(client, administrator)

    assert "Another fund" not in client.get("/mail").text


@pytest.mark.parametrize(("part", "shown"), [("nothing", True), ("owner", False), ("funder", False)])
def test_what_a_fund_looks_for_is_in_the_post_of_those_only_who_have_no_part_in_anything(
    client: FlaskClient, administrator: Person, part: str, *, shown: bool
) -> None:
    if part == "owner":
        make.idea(administrator)
    if part == "funder":
        make.grant(administrator, "funder_member", funder_id=fund("One fund").funder.id)
    mailed(Letter("search_alert", "/", said=("1 new idea for “Quagga clubs”", "It fits.")), why="search:1:1")
    make.sign_in(client, administrator)

    assert ("Quagga" in client.get("/mail").text) == shown


@pytest.mark.parametrize("part", ["owner", "contributor"])
def test_an_administrator_reads_in_the_log_of_their_own_idea_what_its_team_may(
    client: FlaskClient, administrator: Person, part: str
) -> None:
    idea = make.idea(administrator if part == "owner" else None, place="at_screening")
    if part == "contributor":
        make.contributor(idea, administrator)
    review = make.review(of=idea)
    make.score(review.seats[0])
    make.sign_in(client, administrator)

    told = client.get("/log?export=csv").text

    kinds = ("panel_convened", "interest_declared", "scorecard_submitted")
    assert [kind in told for kind in kinds] == [True, False, False]


def test_an_administrator_who_sits_reads_nothing_of_the_idea_in_the_log_until_it_is_decided(
    client: FlaskClient, administrator: Person
) -> None:
    review = make.review()
    coordinator = make.actor(make.staff("coordinator"))
    commands.seat_person(coordinator, review, person_id=administrator.id, role="member")
    make.score(review.seats[0])
    make.sign_in(client, administrator)
    before = client.get("/log?export=csv").text

    review.state = "cancelled"
    db.session.commit()

    subject = f"idea:{review.idea_id}"
    assert [subject in before, subject in client.get("/log?export=csv").text] == [False, True]


def test_an_administrator_who_works_for_a_fund_does_not_read_in_the_log_what_other_funds_do(
    client: FlaskClient, administrator: Person
) -> None:
    idea, other = listed(), fund("Another fund")
    other.interested(idea)
    db.session.commit()
    make.sign_in(client, administrator)
    before = client.get("/log?export=csv").text
    make.grant(administrator, "funder_member", funder_id=fund("One fund").funder.id)
    db.session.commit()

    assert ["interest_shown" in before, "interest_shown" in client.get("/log?export=csv").text] == [True, False]
