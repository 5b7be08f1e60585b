"""A small and safe test takes the light way over HTTP: from a clinic past one sitting to pilot-ready."""

from __future__ import annotations

import pytest

from tests.stories import people
from tests.stories.conftest import Cast
from tests.stories.filling import answers


@pytest.mark.slow
def test_a_small_and_safe_test_is_ready_for_its_pilot_after_one_sitting(cast: Cast) -> None:
    reference, owner = cast.capture("Reading clubs in three schools", "light@gatehouse.example")
    people.complete_canvas(owner, reference)
    people.hand_in_all(owner, cast.coordinator, reference, "light")
    before = owner.open(f"/ideas/{reference}/gate?track=light").text
    people.ask_funders(owner, reference, amount="45 000", schools="3")
    owner.open(f"/ideas/{reference}/deliverables/privacy")
    form = owner.form("/deliverables/privacy")
    owner.send(form, **answers(form) | {"collects": "adults"})
    people.accept(cast.coordinator, reference, "privacy")

    owner.open(f"/ideas/{reference}/gate?track=light")
    owner.fill("/gate", track="light")
    presented = cast.state(reference)
    cast.decide(reference, "go", 9)

    assert "The amount of the ask is not known yet." in before
    assert presented == ("at_light", "active")
    assert cast.state(reference) == ("ready", "active")
