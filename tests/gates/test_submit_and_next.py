"""Submit, and to the next: the idea that the fewest have scored, of those that wait for this person."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from innovation.accounts.models import Person
from innovation.db import db
from innovation.gates import commands, queries
from innovation.gates.models import Review, Seat
from tests import make
from tests.gates.deciding import decide
from tests.gates.visiting import scorecard_data

pytestmark = pytest.mark.usefixtures("app")


def with_seat(person: Person, submitted: int = 0) -> Review:
    """A review at which the person sits as one more member, and some of the others have scored."""
    review = make.review()
    coordinator = make.actor(make.staff("coordinator"))
    commands.seat_person(coordinator, review, person_id=person.id, role="member")
    for seat in review.seats[:submitted]:
        make.score(seat)
    return review


def own(review: Review, person: Person) -> Seat:
    return next(seat for seat in review.seats if seat.person_id == person.id)


def test_the_least_scored_comes_first_whatever_was_given() -> None:
    me = make.person()
    here, often, seldom = with_seat(me), with_seat(me, 3), with_seat(me, 1)

    following = queries.next_to_score(make.actor(me), here)

    assert following is not None
    assert (following.id, often.id != following.id) == (seldom.id, True)


def test_what_is_done_abstained_from_or_closed_to_one_is_no_next() -> None:
    me = make.person()
    here, done, left_out, stepped_back = (with_seat(me) for _n in range(4))
    make.score(own(done, me))
    commands.abstain(make.actor(me), make.declare(own(left_out, me)), reason="Too far from what I know.")
    make.declare(own(stepped_back, me), "recuse")
    with_seat(make.person())

    assert queries.next_to_score(make.actor(me), here) is None


def test_a_review_whose_panel_has_decided_is_no_next_and_waits_for_nobody() -> None:
    me = make.person()
    here, settled = with_seat(me), make.scored_review()
    seat = make.add(Seat(review=settled, person_id=me.id, role="member", stance="none"))
    decide(settled, announce="later")
    seat.stance = "undeclared"
    actor = make.actor(me)

    waiting = [item.review_id for item in queries.waiting_for(actor)]
    counted = db.session.scalar(sa.select(sa.func.count()).select_from(queries.count_waiting(actor)[0].subquery()))

    assert (queries.next_to_score(actor, settled), queries.next_to_score(actor, here)) == (here, None)
    assert (waiting, counted) == ([here.id], 1)


def test_the_button_leads_on(client: FlaskClient) -> None:
    me = make.person()
    here, following = with_seat(me), with_seat(me)
    make.declare(own(here, me))
    make.sign_in(client, me)

    answer = client.post(f"/reviews/{here.id}/scorecard", data=scorecard_data(here, then="next"))
    make.declare(own(following, me))
    last = client.post(f"/reviews/{following.id}/scorecard", data=scorecard_data(following, then="next"))

    assert answer.location == f"/reviews/{following.id}"
    assert last.location == f"/reviews/{following.id}"


def test_the_total_so_far_stands_on_a_saved_draft_without_scripts(client: FlaskClient) -> None:
    me = make.person()
    review = with_seat(me)
    make.declare(own(review, me))
    make.sign_in(client, me)
    marks = scorecard_data(review, "6", s1_mark="na")
    del marks["s5_mark"]
    client.post(f"/reviews/{review.id}/scorecard/draft", data=marks)

    page = client.get(f"/reviews/{review.id}").text

    assert "<output data-sum>60.0</output>" in page
    assert "of 100 so far · 5 of 6 scored" in page
