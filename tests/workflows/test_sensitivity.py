"""What a small change of the weights would recommend, beside the whole calculation with changed weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import Gate, library_definition, scoring
from workflows.scoring import Answer, Card, Marks
from workflows.sensitivity import FURTHEST, sensitivity

SCREENING = library_definition("education").gate("screening")
LAST = library_definition("education").gate("institutionalisation")


def card(gate: Gate, marks: list[int | None], answer: str = "yes") -> Card:
    answers = tuple(Answer(item.key, answer, fixable=True) for item in gate.must)
    return Card(answers, tuple(Marks(item.key, value) for item, value in zip(gate.should, marks, strict=True)))


def with_weight(gate: Gate, key: str, percent: float) -> Gate:
    """The gate with one weight changed; all times a thousand, so that they stay whole."""
    factor = {key: round(1000 + percent * 10)}
    should = [replace(item, weight=item.weight * factor.get(item.key, 1000)) for item in gate.should]
    return replace(gate, should=tuple(should))


@st.composite
def panels(draw: st.DrawFn) -> tuple[Gate, list[Card]]:
    gate = draw(st.sampled_from((SCREENING, LAST)))
    mark = st.none() | st.sampled_from([item.value for item in gate.marks])
    size = draw(st.integers(1, 5))
    answer = draw(st.sampled_from(("yes", "yes", "yes", "no", "unsure")))
    return gate, [card(gate, [draw(mark) for _c in gate.should], answer) for _n in range(size)]


@settings(max_examples=40, deadline=None)
@given(panels())
def test_every_shift_is_what_the_whole_calculation_comes_to(panel: tuple[Gate, list[Card]]) -> None:
    gate, cards = panel

    found = sensitivity(gate, cards, len(cards))

    if found is None:
        assert scoring.panel_result(gate, cards, len(cards)).recommendation is None
        return
    shifts = [shift for pair in found.tenths for shift in pair] + ([found.smallest] if found.smallest else [])
    for shift in shifts:
        changed = with_weight(gate, shift.criterion_key, shift.percent)
        result: Any = scoring.panel_result(changed, cards, len(cards))
        assert (shift.total, shift.outcome) == (pytest.approx(result.total, abs=1e-5), result.recommendation.outcome)


@settings(max_examples=20, deadline=None)
@given(panels())
def test_no_smaller_whole_shift_changes_anything(panel: tuple[Gate, list[Card]]) -> None:
    """Where every member has marked everything a total only rises or falls with a weight."""
    gate, cards = panel
    middle = gate.marks[len(gate.marks) // 2].value
    cards = [replace(one, marks=tuple(Marks(m.criterion_key, m.value or middle) for m in one.marks)) for one in cards]

    found = sensitivity(gate, cards, len(cards))

    assert found is not None
    reach = FURTHEST if found.smallest is None else int(abs(found.smallest.percent) - 0.05)
    for key in (item.key for item in gate.should):
        for percent in {-reach, -reach // 2, reach // 2, reach}:
            changed: Any = scoring.panel_result(with_weight(gate, key, percent), cards, len(cards)).recommendation
            assert changed.outcome == found.outcome


def test_a_total_just_above_its_threshold_turns_with_a_tenth() -> None:
    # 25x4 + 20x6 + 15x6 + 15x6 + 15x6 + 10x6 = 550: exactly 55, the threshold for go
    found = sensitivity(SCREENING, [card(SCREENING, [4, 6, 6, 6, 6, 6])], 1)

    assert found is not None
    first_less, first_more = found.tenths[0]
    assert (found.outcome, first_less.outcome, first_more.outcome) == ("go", "go", "conditional")
    assert (found.steady, found.smallest and found.smallest.percent) == (False, 0.1)


def test_a_total_far_from_every_threshold_is_steady() -> None:
    found = sensitivity(SCREENING, [card(SCREENING, [8] * 6)], 1)

    assert found is not None
    assert (found.steady, found.smallest, found.total) == (True, None, 80)


def test_no_weight_moves_what_a_must_meet_has_settled() -> None:
    found = sensitivity(SCREENING, [card(SCREENING, [4, 6, 6, 6, 6, 6], "unsure")], 1)

    assert found is not None
    assert (found.outcome, found.steady, found.smallest) == ("hold", True, None)


def test_below_the_quorum_there_is_nothing_to_move() -> None:
    assert sensitivity(SCREENING, [card(SCREENING, [8] * 6)], 3) is None


def test_the_share_of_a_weight_is_what_it_is_after_all_weights_are_of_a_hundred_again() -> None:
    found = sensitivity(SCREENING, [card(SCREENING, [8] * 6)], 1)

    assert found is not None
    assert found.tenths[0][1].share == round(100 * 27.5 / 102.5, 6)
