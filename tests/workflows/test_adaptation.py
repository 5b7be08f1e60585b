"""The way of an adaptation: plan, do, study, act."""

from __future__ import annotations

import pytest

from workflows import ADAPTATION, AdaptationFacts, Refused


def test_an_adaptation_is_planned_tried_studied_and_settled() -> None:
    state, facts = ADAPTATION.initial, AdaptationFacts(is_found=True)

    for trigger in ("try", "study", "settle"):
        state = ADAPTATION.fire(state, trigger, facts)

    assert state == "settled"


def test_what_is_not_tried_after_all_is_settled_at_once() -> None:
    assert ADAPTATION.fire("planned", "drop", AdaptationFacts(is_under_way=False)) == "settled"


@pytest.mark.parametrize(
    ("state", "trigger", "facts", "reason"),
    [
        (
            "planned",
            "try",
            AdaptationFacts(is_under_way=False),
            "The pilot is not under way, so nothing can be tried in it now.",
        ),
        ("studied", "settle", AdaptationFacts(), "Say first what was found: others learn from it."),
        ("tried", "settle", AdaptationFacts(is_found=True), "This cannot be done now: the adaptation is tried."),
        ("tried", "drop", AdaptationFacts(is_found=True), "This cannot be done now: the adaptation is tried."),
    ],
)
def test_it_says_what_stands_in_the_way(state: str, trigger: str, facts: AdaptationFacts, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        ADAPTATION.fire(state, trigger, facts)

    assert refused.value.reasons == (reason,)


def test_what_is_settled_stays_settled() -> None:
    assert ADAPTATION.triggers("settled") == ()
