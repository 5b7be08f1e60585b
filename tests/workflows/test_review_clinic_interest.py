"""The three small machines: a review, a clinic, and an interest shown by a funder."""

from __future__ import annotations

import pytest

from workflows import CLINIC, INTEREST, REVIEW, Refused, ReviewFacts


def test_a_review_is_convened_opened_and_decided():
    scoring = REVIEW.fire(REVIEW.initial, "open", ReviewFacts())
    decided = REVIEW.fire(scoring, "decide", ReviewFacts(scorecards=4, quorum=4))

    assert (REVIEW.initial, scoring, decided) == ("convened", "scoring", "decided")


def test_a_decision_waits_for_declarations_quorum_coverage_and_signatures_and_says_so_at_once():
    lacking = "The panel still needs a government member who counts."
    facts = ReviewFacts(scorecards=2, quorum=3, undeclared=1, uncovered=(lacking,), unsigned=1)

    reasons = REVIEW.reasons("scoring", "decide", facts)

    assert reasons == (
        "A panel member has not declared their interests yet.",
        "The panel has not reached its quorum of scorecards.",
        lacking,
        "Both chairs sign a decision, and one signature is still missing.",
    )


def test_a_review_cannot_be_decided_before_it_is_opened():
    with pytest.raises(Refused):
        REVIEW.fire("convened", "decide", ReviewFacts(scorecards=4, quorum=4))


@pytest.mark.parametrize("state", ["decided", "cancelled"])
def test_a_review_that_is_over_stays_over(state):
    assert REVIEW.triggers(state) == ()


@pytest.mark.parametrize("state", ["convened", "scoring"])
def test_a_review_can_be_cancelled_until_it_is_decided(state):
    assert REVIEW.fire(state, "cancel") == "cancelled"


@pytest.mark.parametrize(
    ("state", "trigger", "following"),
    [
        ("planned", "open", "open"),
        ("open", "vote", "voting"),
        ("open", "close", "closed"),
        ("voting", "close", "closed"),
        ("closed", "reopen", "open"),
        ("closed", "report", "reported"),
    ],
)
def test_a_clinic_goes_its_way(state, trigger, following):
    assert CLINIC.fire(state, trigger) == following


def test_a_clinic_is_not_reported_before_it_is_closed():
    with pytest.raises(Refused) as refused:
        CLINIC.fire("open", "report")

    assert refused.value.reasons == ("This cannot be done now: the clinic is open.",)


@pytest.mark.parametrize(
    ("trigger", "following", "then"),
    [("accept", "accepted", ("end",)), ("decline", "declined", ()), ("withdraw", "withdrawn", ())],
)
def test_an_interest_is_answered_once(trigger, following, then):
    assert INTEREST.fire("shown", trigger) == following
    assert INTEREST.triggers(following) == then
