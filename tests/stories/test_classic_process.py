"""A programme that is no school's: an idea goes through all gates of the general process over HTTP."""

from __future__ import annotations

import pytest

from tests.stories import people
from tests.stories.conftest import Cast
from workflows import library_definition

CLASSIC = library_definition("classic")


@pytest.fixture
def process() -> str:
    return "classic"


@pytest.mark.slow
def test_an_idea_passes_all_gates_of_a_process_that_knows_nothing_of_schools(cast: Cast) -> None:
    reference, owner = cast.capture("A lamp that charges itself", "owner@gatehouse.example")
    seen = []

    people.complete_canvas(owner, reference)
    for gate in CLASSIC.gates:
        if gate.ask_required:
            people.ask_funders(owner, reference)
        people.hand_in_all(owner, cast.coordinator, reference, gate.key, CLASSIC)
        people.present(owner, reference)
        cast.decide(reference, "go", 5)
        seen.append(cast.state(reference))

    assert seen == [(stage.key, "active") for stage in CLASSIC.stages[1:]]
