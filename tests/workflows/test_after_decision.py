"""What a definition says of the time after a decision, and of who may waive what."""

from __future__ import annotations

import pytest

from workflows import DefinitionFault, library_text, read_definition


def said(more: str) -> str:
    """A definition of the library with more at its beginning, where its plain keys stand."""
    text = library_text("classic")
    return text + "\n" + more


def test_a_definition_that_says_nothing_has_the_usual_days_and_roles() -> None:
    definition = read_definition(library_text("classic"))

    assert (definition.after.feedback_days, definition.after.asking_days, definition.after.answer_days) == (10, 20, 10)
    assert (definition.waivers.role_for("deliverable"), definition.waivers.role_for("deadline")) == (
        "chair",
        "coordinator",
    )


def test_a_definition_names_its_own_days_and_roles() -> None:
    definition = read_definition(said('[after_decision]\nfeedback_days = 5\n[waivers]\ndeliverable = "manager"\n'))

    assert (definition.after.feedback_days, definition.after.answer_days) == (5, 10)
    assert definition.waivers.deliverable == "manager"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ("[after_decision]\nfeedback_days = 0\n", "after_decision.feedback_days"),
        ("[after_decision]\nfeedback = 9\n", "after_decision.feedback"),
        ('[waivers]\ndeadline = "owner"\n', "waivers.deadline"),
    ],
)
def test_days_and_roles_that_make_no_sense_are_named_with_their_place(more: str, place: str) -> None:
    with pytest.raises(DefinitionFault) as caught:
        read_definition(said(more))

    assert [fault.place for fault in caught.value.faults] == [place]
