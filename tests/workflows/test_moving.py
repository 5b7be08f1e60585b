"""A plan that maps old keys to new ones: what it makes of an idea, and what stands in the way."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w

from workflows import Refused, State, journey_of, library_definition, library_text, reopen_definition
from workflows.definition.shapes import Definition
from workflows.moving import InFlight, Plan, Prospect, prospect

OLD = library_definition("education")


def newer(**renamed: str) -> Definition:
    """The education process with other keys, as if parts had been taken away and others put in their place."""
    text = library_text("education")
    for key, new in renamed.items():
        text = text.replace(f'"{key}"', f'"{new}"').replace(f"{key} =", f"{new} =")
    return reopen_definition(tomli_w.dumps(tomllib.loads(text)))


def at(place: str = "concept", **more: Any) -> InFlight:
    return InFlight(**({"place": place, "standing": "active", "track": "full", "evidence_level": "E0"} | more))


def test_keys_that_both_have_map_by_themselves() -> None:
    plan = Plan(OLD, newer())

    assert (plan.faults(), prospect(plan, at()).changes) == ([], ())


def test_a_key_that_is_gone_needs_a_choice() -> None:
    plan = Plan(OLD, newer(concept="design"))

    assert [fault.place for fault in plan.faults()] == ["stages.concept"]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"stages": {"concept": "nowhere"}}, "stages.concept"),
        ({"stages": {"concept": "design", "dreamt": "ready"}}, "stages.dreamt"),
        (
            {"stages": {"concept": "design"}, "deliverables": {"theory_of_change": "budget"}},
            "deliverables.theory_of_change",
        ),
    ],
    ids=["no such target", "no such source", "two deliverables in one"],
)
def test_a_plan_that_cannot_be_is_at_fault(said: dict[str, dict[str, str]], place: str) -> None:
    plan = Plan(OLD, newer(concept="design"), said)

    assert place in [fault.place for fault in plan.faults()]


def test_an_idea_goes_to_the_place_that_takes_the_place_of_its_own() -> None:
    plan = Plan(OLD, newer(concept="design"), {"stages": {"concept": "design"}})

    found = prospect(plan, at())

    assert (found.place, found.hindrances) == ("design", ())


def test_a_gate_that_is_called_otherwise_is_the_same_place_by_another_key() -> None:
    plan = Plan(OLD, newer(pilot="trial"), {"gates": {"pilot": "trial"}})

    assert prospect(plan, at("at_pilot", standing="held")).place == "at_trial"


@pytest.mark.parametrize(
    ("idea", "why"),
    [
        (at("at_screening", open_review=True), "A panel sits for it."),
        (at(), "It stands at Concept, which has no place"),
        (at(standing="stopped"), "It has ended"),
        (at("captured", evidence_level="E9"), "Its evidence level"),
    ],
    ids=["open review", "no place", "ended", "evidence"],
)
def test_what_stands_in_the_way_is_said(idea: InFlight, why: str) -> None:
    plan = Plan(OLD, newer(concept="design"), {"stages": {"concept": ""}})

    assert [reason for reason in prospect(plan, idea).hindrances if reason.startswith(why)] != []


def test_what_was_handed_in_counts_under_its_new_key_or_is_kept_aside() -> None:
    plan = Plan(
        OLD,
        newer(theory_of_change="logic", budget="costs"),
        {"deliverables": {"theory_of_change": "logic", "budget": ""}},
    )

    found = prospect(plan, at(handed_in=frozenset({"theory_of_change", "budget"}), accepted=frozenset({"budget"})))

    assert found.handins == {"theory_of_change": "logic"}
    assert [text for text in found.changes if "not asked for any more" in text] != []


def test_a_deliverable_that_becomes_missing_is_told() -> None:
    plan = Plan(OLD, newer(theory_of_change="logic"), {"deliverables": {"theory_of_change": ""}})
    name = OLD.deliverable("theory_of_change").name

    found = prospect(plan, at(accepted=frozenset({"theory_of_change"}), handed_in=frozenset({"theory_of_change"})))

    assert found.changes == (
        f"{name} is not asked for any more; what was handed in is kept.",
        f"{name} becomes missing at the gate ahead.",
    )


def test_a_way_that_is_gone_becomes_the_whole_way() -> None:
    plan = Plan(OLD, newer(light="short"), {"tracks": {"light": ""}, "gates": {"light": "short"}})

    assert prospect(plan, at(track="light")) == Prospect(
        "concept", "full", "E0", {}, ("It goes on along the whole way.",), ()
    )


def test_a_journey_takes_over_only_a_state_that_it_has() -> None:
    journey = journey_of(OLD)

    with pytest.raises(Refused):
        journey.take_over(State("nowhere", "active"))

    assert journey.take_over(State("at_pilot", "held")) == State("at_pilot", "held")


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({}, ()),
        (
            {"deliverables": {"budget": "costs"}},
            ("The waiver of Budget and cost for each learner counts for Budget and cost for each learner.",),
        ),
        (
            {"deliverables": {"budget": ""}},
            (
                "The waiver of Budget and cost for each learner has nothing to waive any more: "
                "it is not asked for at Pilot gate.",
            ),
        ),
        (
            {"gates": {"pilot": ""}},
            ("The waiver of Budget and cost for each learner at Pilot gate has no gate any more, and has no effect.",),
        ),
    ],
    ids=["kept", "renamed", "not asked for", "no such gate"],
)
def test_the_rehearsal_says_what_becomes_of_a_waiver(said: dict[str, dict[str, str]], changes: tuple[str, ...]) -> None:
    renamed = {"budget": "costs"} if "deliverables" in said else {"pilot": "trial"} if said else {}
    found = prospect(Plan(OLD, newer(**renamed), said), at(waived=frozenset({"pilot/budget", "screening/canvas"})))

    assert tuple(text for text in found.changes if "waiver" in text) == changes
