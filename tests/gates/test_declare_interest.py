"""Declaring an interest, and answering one: what opens, what closes, and who may say so."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.models import Declaration, Review
from innovation.ideas import queries as ideas_queries
from innovation.permission import Forbidden, NotThere
from tests import make
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")


def test_no_interest_opens_the_idea() -> None:
    review = make.review()
    seat = review.seats[1]

    make.declare(seat)

    assert ideas_queries.find_idea(make.actor(seat.person), review.idea.reference) == review.idea


def test_a_declared_interest_keeps_the_idea_closed_until_it_is_accepted() -> None:
    review = make.review()
    chair, seat = review.seats[0], review.seats[1]
    make.declare(chair)
    make.declare(seat, "declare", "My sister teaches there.")
    with pytest.raises(NotThere):
        ideas_queries.find_idea(make.actor(seat.person), review.idea.reference)

    commands.settle_interest(make.actor(chair.person), seat, answer="accepted")

    assert (seat.stance, ideas_queries.find_idea(make.actor(seat.person), review.idea.reference)) == (
        "accepted",
        review.idea,
    )


def test_whoever_steps_back_sees_the_idea_nowhere_whatever_else_they_are() -> None:
    review = make.review()
    seat = review.seats[1]
    make.grant(seat.person, "manager", programme_id=review.programme_id)
    make.declare(seat)

    make.declare(seat, "recuse")

    actor = make.actor(seat.person)
    with pytest.raises(NotThere):
        ideas_queries.find_idea(actor, review.idea.reference)
    with pytest.raises(NotThere):
        queries.find_review(actor, review.id)
    with pytest.raises(NotThere):
        queries.panel_view(actor, review)
    assert queries.waiting_for(actor) == []


def test_a_refused_interest_recuses() -> None:
    review = make.review()
    make.declare(review.seats[0])
    make.declare(review.seats[1], "declare", "I sell the kit.")

    commands.settle_interest(make.actor(review.seats[0].person), review.seats[1], answer="refused", reason="Too close.")

    assert (review.seats[1].stance, len(review.idea.walls)) == ("recused", 1)


def test_every_declaration_is_kept() -> None:
    review = make.review()
    make.declare(review.seats[0])
    make.declare(review.seats[1])
    make.declare(review.seats[1], "declare", "I have been asked to help.")
    commands.settle_interest(make.actor(review.seats[0].person), review.seats[1], answer="accepted")

    levels = db.session.scalars(sa.select(Declaration.level).where(Declaration.seat_id == review.seats[1].id)).all()

    assert levels == ["none", "declare", "accepted"]


def test_the_coordinator_answers_where_the_chair_has_the_interest_and_nobody_else_chairs() -> None:
    review = make.review()
    make.declare(review.seats[0], "declare", "I taught the owner.")
    coordinator = make.actor(make.staff("coordinator"))

    commands.settle_interest(coordinator, review.seats[0], answer="accepted")

    assert review.seats[0].stance == "accepted"


@pytest.mark.parametrize("who", ["themselves", "another member", "the coordinator while a chair can"])
def test_an_interest_is_not_answered_by(who: str) -> None:
    review = make.review()
    make.declare(review.seats[0])
    make.declare(review.seats[2])
    make.declare(review.seats[1], "declare", "My school.")
    person = {
        "themselves": review.seats[1].person,
        "another member": review.seats[2].person,
        "the coordinator while a chair can": make.staff("coordinator"),
    }[who]

    with pytest.raises(Forbidden):
        commands.settle_interest(make.actor(person), review.seats[1], answer="accepted")

    assert db.session.get(Review, review.id).seats[1].stance == "declared"


def test_a_facilitator_of_the_clinic_scores_only_with_a_declaration_that_was_accepted() -> None:
    clinic = make.clinic()
    review = make.review(of=make.idea(place="at_screening", clinic_id=clinic.id))
    seat = review.seats[1]
    make.grant(seat.person, "facilitator", clinic_id=clinic.id)
    make.declare(review.seats[0])

    with pytest.raises(Refused) as refused:
        make.declare(seat)
    make.declare(seat, "declare", "I facilitated the clinic.")
    commands.settle_interest(make.actor(review.seats[0].person), seat, answer="accepted")
    card = make.score(seat)

    assert refused.value.reasons == (
        "You helped to capture this idea at its clinic. Please declare that; the chair says whether you may score.",
    )
    assert card.submitted_at is not None


def test_nobody_declares_for_another() -> None:
    review = make.review()

    with pytest.raises(Forbidden):
        commands.declare_interest(make.actor(review.seats[0].person), review.seats[1], level="none")

    assert db.session.get(Review, review.id).seats[1].stance == "undeclared"
