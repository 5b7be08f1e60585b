"""The tracker's mean and what a gate makes of it, the way of a hand-over, and that of a review some time after."""

from __future__ import annotations

import pytest

from workflows import (
    HANDOVER,
    POST_REVIEW,
    TRACKER_MARK,
    DefinitionFault,
    HandoverFacts,
    Refused,
    compare,
    drafting,
    falls_short,
    held_by_tracker,
    is_tracked,
    library_definition,
    library_text,
    parse,
    read_definition,
    read_tables,
    tracked,
    tracked_gate,
)
from workflows.scoring import Recommendation

EDUCATION, CLASSIC = library_definition("education"), library_definition("classic")
GATE = EDUCATION.gate("institutionalisation")
KEYS = [criterion.key for criterion in GATE.should]
GO = Recommendation("go", "The panel's mean reaches the threshold for go.")
READY = HandoverFacts(has_post=True, has_sides=True, has_day=True, references=1, budget_lines=1, steps=2, steps_open=0)


def test_the_tracker_of_education_follows_the_nine_criteria_of_its_last_gate() -> None:
    gate = tracked_gate(EDUCATION)

    assert gate == GATE
    assert len(GATE.should) == 9
    assert [mark.worth for mark in GATE.marks] == [0, 3, 7, 10]
    assert tracked_gate(CLASSIC) is None


def test_marks_are_given_from_replication_on() -> None:
    found = {place.place: is_tracked(EDUCATION, place.place) for place in EDUCATION.places}

    assert [place for place, tracked_there in found.items() if tracked_there] == [
        "replicating",
        "at_institutionalisation",
        "institutionalised",
    ]
    assert not is_tracked(CLASSIC, CLASSIC.stages[-1].key)


def test_what_nobody_has_marked_is_in_no_mean() -> None:
    found = tracked(GATE, {KEYS[0]: 4, KEYS[1]: 3, "gone": 1})

    assert (found.mean, found.marked, found.of, found.is_whole) == (3.5, 2, 9, False)
    assert tracked(GATE, {}).mean is None


@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        ({}, "go"),
        (dict.fromkeys(KEYS, 3), "go"),
        (dict.fromkeys(KEYS, 3) | {KEYS[0]: 2}, "conditional"),
        (dict.fromkeys(KEYS[:5], 4), "conditional"),
    ],
)
def test_a_go_is_recommended_where_the_tracker_carries_it(marks: dict[str, int], outcome: str) -> None:
    assert held_by_tracker(GATE, marks, GO).outcome == outcome


def test_the_tracker_makes_nothing_better_and_says_why_it_does_not_carry_a_go() -> None:
    stop = Recommendation("stop", "The panel's mean is below every threshold.")
    marks = dict.fromkeys(KEYS[:8], 2)

    assert held_by_tracker(GATE, dict.fromkeys(KEYS, 4), stop) == stop
    assert falls_short(GATE, marks) == (
        "The tracker's mean is 2.0, and a go asks for 3.0.",
        "In the tracker, 8 of 9 marks are confirmed.",
    )
    assert falls_short(EDUCATION.gate("replication"), marks) == ()


def test_a_mark_is_confirmed_or_returned_once() -> None:
    confirmed = TRACKER_MARK.fire("proposed", "confirm")

    assert confirmed == "confirmed"
    with pytest.raises(Refused):
        TRACKER_MARK.fire(confirmed, "return")


def test_nothing_is_agreed_upon_before_it_is_said_who_what_and_when() -> None:
    reasons = HANDOVER.reasons("planned", "agree", HandoverFacts())

    assert len(reasons) == 4
    assert HANDOVER.fire("planned", "agree", READY) == "agreed"


def test_it_is_handed_over_once_it_is_grounded_paid_for_and_done() -> None:
    reasons = HANDOVER.reasons("agreed", "hand_over", HandoverFacts(steps=3, steps_open=2))

    assert reasons == (
        "No policy, circular or plan is named on which it rests.",
        "No budget line is named from which it is paid.",
        "Steps of the plan that are still open: 2.",
    )
    assert HANDOVER.fire("agreed", "hand_over", READY) == "handed_over"
    assert HANDOVER.triggers("handed_over") == ()


def test_a_review_is_decided_on_figures_that_were_handed_in() -> None:
    with pytest.raises(Refused):
        POST_REVIEW.fire("planned", "decide")

    assert POST_REVIEW.fire(POST_REVIEW.fire("planned", "hand_in"), "decide") == "decided"


def test_a_gate_that_is_taken_out_takes_the_tracker_along() -> None:
    content = parse(library_text("education"))
    other, last = [gate["key"] for gate in content["gates"]].index("pilot"), content["tracker"]["gate"]

    drafting.remove_gate(content, other)
    kept = content["tracker"]["gate"]
    drafting.remove_gate(content, [gate["key"] for gate in content["gates"]].index(last))

    assert (kept, "tracker" in content) == (last, False)


def test_a_tracker_that_comes_is_told_of_where_versions_are_compared() -> None:
    content = parse(library_text("education"))
    del content["tracker"]

    [change] = compare(read_tables(content), EDUCATION).changes

    assert [(each.what, each.old, each.new) for each in change.differences] == [
        ("gate", "", "institutionalisation"),
        ("sooner_months", 0, 6),
    ]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('gate = "nowhere"\nsooner_months = 6', "tracker.gate"),
        ('gate = "light"\nsooner_months = 6', "tracker.gate"),
        ('gate = "institutionalisation"\nsooner_months = 0', "tracker.sooner_months"),
        ('gate = "institutionalisation"\nlater = 1', "tracker.later"),
    ],
)
def test_a_tracker_follows_a_gate_of_the_line(line: str, place: str) -> None:
    text = library_text("education").replace('gate = "institutionalisation"\nsooner_months = 6', line)

    with pytest.raises(DefinitionFault) as found:
        read_definition(text)

    assert [fault.place for fault in found.value.faults] == [place]
