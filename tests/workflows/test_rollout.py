"""The way of a rollout: what may follow, and what stands in the way."""

from __future__ import annotations

import pytest

from workflows import ROLLOUT, Refused, RolloutFacts


def test_a_rollout_goes_from_a_request_to_its_end() -> None:
    state, facts = "asked", RolloutFacts(playbooks=1, sites=1, trained=1)

    for trigger in ("agree", "prepare", "start", "end"):
        state = ROLLOUT.fire(state, trigger, facts)

    assert state == "ended"


@pytest.mark.parametrize(
    ("state", "trigger", "facts", "reason"),
    [
        (
            "asked",
            "agree",
            RolloutFacts(),
            "No version of the playbook is published yet: there is nothing to agree on.",
        ),
        (
            "asked",
            "agree",
            RolloutFacts(is_active=False, playbooks=1),
            "The idea is not under way: nobody can take it up now.",
        ),
        ("agreed", "prepare", RolloutFacts(), "It is not said yet where it will be done."),
        ("preparing", "start", RolloutFacts(sites=1), "Nobody has been trained yet."),
    ],
)
def test_it_says_what_is_missing(state: str, trigger: str, facts: RolloutFacts, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        ROLLOUT.fire(state, trigger, facts)

    assert refused.value.reasons == (reason,)


@pytest.mark.parametrize("state", ["ended", "declined", "stopped"])
def test_what_is_over_stays_over(state: str) -> None:
    assert ROLLOUT.triggers(state) == ()
