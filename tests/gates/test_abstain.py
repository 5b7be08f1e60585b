"""Abstaining: a member gives no marks, says why, and counts neither for the quorum nor for the mean."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from innovation.gates import commands, queries
from innovation.gates.models import Review, Seat
from innovation.permission import Forbidden
from tests import make
from tests.gates.deciding import decide
from workflows import Refused

pytestmark = pytest.mark.usefixtures("app")
REASON = "I know nothing of budgets."


def abstain(seat: Seat, reason: str = REASON) -> Seat:
    if seat.stance == "undeclared":
        make.declare(seat)
    return commands.abstain(make.actor(seat.person), seat, reason=reason)


def member_of(review: Review, reader: Seat, seat: Seat) -> queries.Member:
    view = queries.panel_view(make.actor(reader.person), review)
    return next(member for member in view.members if member.seat_id == seat.id)


def test_whoever_abstains_is_not_waited_for() -> None:
    review = make.review()
    abstain(review.seats[3])
    for seat in review.seats[:3]:
        make.score(seat, 6)

    view = queries.panel_view(make.actor(review.seats[0].person), review)

    assert (view.submitted, view.expected, view.undeclared) == (3, 3, 0)
    assert view.result is not None
    assert (view.result.total, queries.list_owing_seats(review)) == (60, [])
    assert decide(review).outcome == "go"


def test_an_abstention_is_no_part_of_the_quorum() -> None:
    review = make.review()
    for seat in review.seats[:2]:
        make.score(seat)
    for seat in review.seats[2:]:
        abstain(seat)

    with pytest.raises(Refused) as refused:
        decide(review)

    assert "The panel has not reached its quorum of scorecards." in refused.value.reasons


def test_chair_and_coordinator_read_why_and_other_members_do_not() -> None:
    review = make.review()
    seat = abstain(review.seats[2])
    for other in (review.seats[0], review.seats[1]):
        make.declare(other)
    staff = queries.panel_view(make.actor(make.staff("coordinator")), review)

    read = {reader.role: member_of(review, reader, seat).abstained for reader in review.seats[:3]}

    assert read == {"chair": REASON, "government": "", "practitioner": REASON}
    assert [member.abstained for member in staff.members if member.abstained] == [REASON]


def test_the_marks_of_others_stay_sealed_to_whoever_could_still_take_part() -> None:
    review = make.review()
    seat = abstain(review.seats[3])
    for other in review.seats[:3]:
        make.score(other)
    before = queries.panel_view(make.actor(seat.person), review)
    decide(review)

    after = queries.panel_view(make.actor(seat.person), review)

    assert (before.result, before.comments, before.older) == (None, {}, 0)
    assert after.result is not None


def test_an_abstention_is_taken_back_while_the_review_is_open() -> None:
    review = make.review()
    seat = abstain(review.seats[1])
    with pytest.raises(Refused) as refused:
        make.score(seat)

    commands.end_abstention(make.actor(seat.person), seat)
    make.score(seat)

    assert refused.value.reasons == ("You abstain. Take part again first, then give your marks.",)
    assert (seat.abstains, seat.submitted is not None) == (False, True)


def test_a_submitted_card_counts_and_is_not_taken_back_by_abstaining() -> None:
    review = make.review()
    make.score(review.seats[1])

    with pytest.raises(Refused) as refused:
        abstain(review.seats[1])

    assert refused.value.reasons == ("You have submitted a scorecard, and it counts. You can change it with a reason.",)


def test_the_chair_abstains_only_where_somebody_else_can_lead() -> None:
    review = make.review()
    chair, other = review.seats[0], review.seats[3]
    with pytest.raises(Refused) as refused:
        abstain(chair)
    other.role = "deputy"

    abstain(chair)

    assert refused.value.reasons == (
        "Nobody else could lead this panel. Ask the coordinator to seat another chair first.",
    )
    assert review.leading == [other]


def test_nobody_abstains_for_somebody_else_or_after_stepping_back() -> None:
    review = make.review()
    seat = make.declare(review.seats[1], "recuse")

    for actor in (make.actor(seat.person), make.actor(review.seats[0].person)):
        with pytest.raises(Forbidden):
            commands.abstain(actor, seat, reason=REASON)


def test_abstaining_and_taking_part_again_on_the_pages(client: FlaskClient) -> None:
    review = make.review()
    seat = make.declare(review.seats[1])
    make.sign_in(client, seat.person)

    empty = client.post(f"/reviews/{review.id}/abstention", data={"reason": " "})
    client.post(f"/reviews/{review.id}/abstention", data={"reason": REASON})
    page = client.get(f"/reviews/{review.id}").text
    client.post(f"/reviews/{review.id}/abstention/end")

    assert empty.status_code == 422
    assert REASON in page
    assert "Submit scores" not in page
    assert "Go to your scorecard" not in page
    assert "Submit scores" in client.get(f"/reviews/{review.id}").text
