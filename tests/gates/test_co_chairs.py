"""With two co-chairs both sign: each sees whose turn it is, and what takes the place of what."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from innovation.db import db
from innovation.gates import commands
from innovation.gates.models import Review
from tests import make
from tests.gates.deciding import DETAILS
from tests.gates.visiting import sign_in


def co_chaired() -> Review:
    review = make.review("institutionalisation", 7)
    review.seats[3].role = "cochair"
    db.session.commit()
    return review


def scored() -> Review:
    review = co_chaired()
    for seat in review.seats:
        make.score(seat, 4)
    return review


def put_forward(review: Review, which: int, outcome: str = "go", **more: Any) -> None:
    actor = make.actor(review.signers[which].person)
    details = {"rationale": "A clear need.", "against_reason": "The money is not voted.", **DETAILS[outcome], **more}
    commands.record_decision(actor, review, outcome=outcome, **details)


def page(client: FlaskClient, review: Review, who: Any, path: str = "") -> str:
    sign_in(client, who)
    return " ".join(client.get(f"/reviews/{review.id}{path}").text.split())


def test_both_read_that_they_chair_together(client: FlaskClient) -> None:
    review = scored()
    first, second = (seat.person for seat in review.signers)

    text = page(client, review, first)

    assert f"You chair this review together with {second.name}." in text
    assert ">Put a decision forward<" in text


def test_what_keeps_a_chair_from_deciding_stands_before_the_button(client: FlaskClient) -> None:
    review = co_chaired()
    chair, *others = review.seats
    make.declare(chair)
    for seat in others:
        make.score(seat, 4)

    text = page(client, review, chair.person, "/decision")

    assert "<li>Submit your own scorecard first: the panel's scores open to you then.</li>" in text


def test_whoever_has_signed_is_not_asked_to_sign(client: FlaskClient) -> None:
    review = scored()
    first, second = (seat.person for seat in review.signers)
    put_forward(review, 0)

    signed, to_sign = page(client, review, first), page(client, review, second)

    assert f"You have signed. {second.name} has still to sign." in signed
    assert "Read and sign" not in signed
    assert f"{first.name} has signed." in to_sign
    assert "Read and sign" in to_sign


def test_the_coordinator_sees_whose_signature_is_missing_and_not_what_was_signed(client: FlaskClient) -> None:
    review = scored()
    second = review.signers[1].person
    put_forward(review, 0, "hold", rationale="canary of the reasons")

    text = page(client, review, make.staff("coordinator"))

    assert f"{second.name} has still to sign." in text
    assert "canary of the reasons" not in text


def test_the_form_says_what_waits_and_that_another_one_takes_its_place(client: FlaskClient) -> None:
    review = scored()
    first, second = (seat.person for seat in review.signers)
    put_forward(review, 0)

    text = page(client, review, second, "/decision")

    assert f"{first.name} has put forward: <b>Go</b>." in text
    assert f"What you put forward takes its place, and {first.name} is asked to sign it." in text


def test_the_first_signer_is_told_that_theirs_was_replaced_and_why(client: FlaskClient) -> None:
    review = scored()
    first = review.signers[0].person
    put_forward(review, 0)
    put_forward(review, 1, "hold")

    review_page, signature = page(client, review, first), page(client, review, first, "/signature")

    assert "It takes the place of the one that you signed." in review_page
    assert "You had signed: <b>Go</b>." in signature
    assert "<b>Why not as recommended:</b> The money is not voted." in signature


def test_a_decision_as_recommended_shows_no_reason_against(client: FlaskClient) -> None:
    review = scored()
    put_forward(review, 0)

    text = page(client, review, review.signers[1].person, "/signature")

    assert "Why not as recommended" not in text
    assert "The money is not voted." not in text
