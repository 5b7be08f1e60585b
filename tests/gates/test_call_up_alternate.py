"""An alternate reads with the panel, and scores once they are called up in place of a member."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands, policy
from innovation.gates.models import Review, Seat
from tests import make
from tests.gates.visiting import sign_in
from workflows import Refused


def with_alternate(person: Person | None = None) -> tuple[Review, Seat]:
    """A panel of four with an alternate beside it, who has declared no interest."""
    review = make.review()
    who = person or make.person("Alternate Person")
    make.account(who)
    seat = commands.seat_person(make.actor(make.staff("coordinator")), review, person_id=who.id, role="alternate")
    return review, make.declare(seat)


def call_up(client: FlaskClient, review: Review, seat: Seat, role: str = "member") -> int:
    sign_in(client, make.staff("coordinator"))
    data = {"email": seat.person.account.email, "role": role}
    return client.post(f"/reviews/{review.id}/seats", data=data).status_code


def test_an_alternate_reads_and_is_told_when_they_score(client: FlaskClient) -> None:
    review, seat = with_alternate()
    sign_in(client, seat.person)

    page = client.get(f"/reviews/{review.id}").text

    assert "You are an alternate: you read with the panel, and score once you are called up for a member." in page
    assert "Submit scores" not in page
    assert not policy.may_score_idea.allows(make.actor(seat.person), seat)


def test_an_alternate_does_not_count_for_the_quorum_before(client: FlaskClient) -> None:
    review, seat = with_alternate()

    assert sum(each.counts for each in review.seats) == 4
    assert not seat.counts


def test_the_coordinator_calls_an_alternate_up_with_a_button(client: FlaskClient) -> None:
    review, seat = with_alternate()
    sign_in(client, make.staff("coordinator"))

    page = client.get(f"/reviews/{review.id}/seats").text

    assert page.count(">Call up<") == 1
    assert f'name="email" value="{seat.person.account.email}"' in page


def test_whoever_is_called_up_scores_by_page_policy_and_command(client: FlaskClient) -> None:
    review, seat = with_alternate()
    commands.excuse_seat(make.actor(make.staff("coordinator")), review.seats[3])

    status = call_up(client, review, seat)
    sign_in(client, seat.person)
    page = client.get(f"/reviews/{review.id}").text
    card = make.score(seat)

    assert status == 302
    assert "Submit scores" in page
    assert policy.may_score_idea.allows(make.actor(seat.person), seat)
    assert card.submitted_at is not None
    assert sum(each.counts for each in review.seats) == 4


def test_a_government_member_may_be_stood_in_for(client: FlaskClient) -> None:
    review, seat = with_alternate()

    call_up(client, review, seat, role="government")

    assert db.session.get(Seat, seat.id).role == "government"


def test_an_alternate_who_helped_to_capture_declares_that_before_scoring(client: FlaskClient) -> None:
    helper = make.person("Helping Person")
    make.account(helper)
    review, seat = with_alternate(helper)
    review.idea.captured_by_id = helper.id
    db.session.commit()

    call_up(client, review, seat)
    with pytest.raises(Refused) as refused:
        commands.submit_scorecard(make.actor(helper), seat, entries=make.entries(review.gate))

    assert refused.value.reasons == ("Declare your interests first. If you declared one, the chair has to answer it.",)
