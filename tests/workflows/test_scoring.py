"""Totals, spread and recommendations, against examples worked by hand."""

from __future__ import annotations

import pytest

from workflows import library_definition, scoring
from workflows.scoring import Answer, Card, Marks

SCREENING = library_definition("education").gate("screening")
LAST = library_definition("education").gate("institutionalisation")
CLASSIC = library_definition("classic").gate("first_screen")


def card(gate, marks, answers="yes", fixable=None) -> Card:
    """One mark for each should-meet, in order; one answer for every must-meet, or a dict by key."""
    by_key = answers if isinstance(answers, dict) else {item.key: answers for item in gate.must}
    return Card(
        answers=tuple(Answer(key, answer, fixable) for key, answer in by_key.items()),
        marks=tuple(Marks(item.key, value) for item, value in zip(gate.should, marks, strict=True)),
    )


def recommended(gate, *cards, extra_must=()):
    return scoring.panel_result(gate, cards, len(cards), extra_must).recommendation


def test_a_members_total_is_the_weighted_sum_of_a_hundred():
    # 25x8 + 20x6 + 15x7 + 15x5 + 15x9 + 10x4 = 200+120+105+75+135+40 = 675, over 10
    assert scoring.member_total(SCREENING, card(SCREENING, [8, 6, 7, 5, 9, 4])) == 67.5


def test_not_applicable_leaves_the_weights():
    # without the 25: (20x6 + 15x7 + 15x5 + 15x9 + 10x4) / 75 x 10 = 475/7.5
    assert scoring.member_total(SCREENING, card(SCREENING, [None, 6, 7, 5, 9, 4])) == 63.333333333


def test_a_card_without_any_mark_has_no_total():
    assert scoring.member_total(SCREENING, card(SCREENING, [None] * 6)) is None


def test_the_best_and_the_worst_card_are_a_hundred_and_nothing():
    assert scoring.member_total(SCREENING, card(SCREENING, [10] * 6)) == 100
    assert scoring.member_total(SCREENING, card(SCREENING, [0] * 6)) == 0


def test_the_last_gates_marks_count_for_what_they_are_worth():
    # weights 15 15 10 15 10 10 10 10 5; worth of 4 3 2 1 4 3 2 1 4 = 10 7 3 0 10 7 3 0 10
    # 150+105+30+0+100+70+30+0+50 = 535
    assert scoring.member_total(LAST, card(LAST, [4, 3, 2, 1, 4, 3, 2, 1, 4])) == 53.5


def test_the_general_process_marks_from_one_to_five():
    # weights 40 35 25; worth of 5 3 2 = 10 5 2.5: 400 + 175 + 62.5 = 637.5
    assert scoring.member_total(CLASSIC, card(CLASSIC, [5, 3, 2])) == 63.75


def test_the_panels_total_is_the_mean_with_median_lowest_highest_and_deviation():
    result = scoring.panel_result(SCREENING, [card(SCREENING, [value] * 6) for value in (5, 6, 6, 9)], 3)

    assert (result.scorecards, result.total, result.median) == (4, 65, 60)
    assert (result.low, result.high, result.sd) == (50, 90, 15)


def test_each_criterion_shows_its_marks_and_their_spread():
    marks = ([2, 6, 6, 6, 6, 6], [5, 6, 6, 6, 6, 6], [5, 9, 6, 6, 6, None])

    need, better, *_, fairness = scoring.panel_result(SCREENING, [card(SCREENING, row) for row in marks], 3).criteria

    assert (need.values, need.mean, need.median, need.low, need.high) == ((2, 5, 5), 4, 5, 2, 5)
    assert (need.spread, need.talk) == (0.3, False)
    assert (better.spread, better.mean) == (0.3, 7)
    assert fairness.values == (6, 6)


@pytest.mark.parametrize(("low", "high", "talk"), [(3, 6, False), (3, 7, True), (0, 10, True), (5, 5, False)])
def test_a_spread_of_two_fifths_of_the_scale_asks_for_talk(low, high, talk):
    cards = [card(SCREENING, [value, *[6] * 5]) for value in (low, high)]

    result = scoring.panel_result(SCREENING, cards, 2)

    assert result.criteria[0].talk is talk
    assert result.talk == (("G1-S1",) if talk else ())


def test_the_spread_is_a_share_of_the_scale_that_members_see():
    cards = [card(LAST, [value, *[3] * 8]) for value in (2, 3)]

    policy = scoring.panel_result(LAST, cards, 2).criteria[0]

    assert (policy.values, policy.spread, policy.talk, policy.worth) == ((2, 3), 0.333333, False, 5)


def test_a_criterion_that_nobody_marked_has_no_mean_and_no_spread():
    need = scoring.panel_result(SCREENING, [card(SCREENING, [None, 5, 5, 5, 5, 5])], 1).criteria[0]

    assert (need.values, need.mean, need.worth, need.spread, need.talk) == ((), None, None, 0, False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("yes", "yes", "yes"), "yes"),
        (("yes", "yes", "unsure"), "unsure"),
        (("yes", "yes", "no"), "unsure"),
        (("yes", "no", "no"), "no"),
        (("no", "no", "yes", "yes"), "unsure"),
        (("no", "no", "unsure", "unsure", "no"), "no"),
        ((), "unsure"),
    ],
)
def test_the_panels_answer_is_no_if_most_say_no_and_unsure_if_any_doubts(given, expected):
    cards = [Card(answers=(Answer("G1-M1", answer),)) for answer in given]

    assert scoring.panel_result(SCREENING, cards, 1).musts[0].answer == expected


@pytest.mark.parametrize(
    ("fixable", "outcome"),
    [
        ((False, False, True), "stop"),
        ((False, True, True), "recycle"),
        ((False, True), "recycle"),
        ((None,), "recycle"),
    ],
)
def test_most_of_those_who_say_no_say_whether_it_can_be_fixed(fixable, outcome):
    cards = [card(SCREENING, [9] * 6, {"G1-M1": "no"}, item) for item in fixable]
    others = {"G1-M2": "yes", "G1-M3": "yes", "G1-M4": "yes"}
    cards = [Card(item.answers + card(SCREENING, [9] * 6, others).answers, item.marks) for item in cards]

    recommendation = recommended(SCREENING, *cards)

    assert (recommendation.outcome, recommendation.because) == (outcome, ("G1-M1",))


def test_a_must_meet_in_doubt_recommends_hold_however_high_the_marks():
    cards = (card(SCREENING, [10] * 6), card(SCREENING, [10] * 6, "unsure"))

    recommendation = recommended(SCREENING, *cards)

    assert recommendation.outcome == "hold"
    assert recommendation.because == ("G1-M1", "G1-M2", "G1-M3", "G1-M4")
    assert recommendation.reason == "The panel is not sure about a must-meet."


def test_a_no_that_cannot_be_fixed_comes_before_one_that_can_and_before_doubts():
    answers = (
        Answer("G1-M1", "unsure"),
        Answer("G1-M2", "no", fixable=True),
        Answer("G1-M3", "no", fixable=False),
        Answer("G1-M4", "yes"),
    )

    recommendation = recommended(SCREENING, Card(answers, card(SCREENING, [10] * 6).marks))

    assert (recommendation.outcome, recommendation.because) == ("stop", ("G1-M3",))


def test_a_red_flag_recommends_recycle_at_best():
    flagged = card(SCREENING, [2, 10, 10, 10, 10, 10])

    result = scoring.panel_result(SCREENING, [flagged], 1)

    assert (result.total, result.red_flags) == (80, ("G1-S1",))
    assert (result.recommendation.outcome, result.recommendation.because) == ("recycle", ("G1-S1",))


def test_a_red_flag_does_not_lift_a_total_that_is_below_recycle():
    assert recommended(SCREENING, card(SCREENING, [2] * 6)).outcome == "stop"


@pytest.mark.parametrize(("marks", "flags"), [((3, 3), ()), ((2, 3), ("G1-S1",)), ((2, 4), ())])
def test_a_red_flag_is_a_mean_below_three(marks, flags):
    cards = [card(SCREENING, [mark, *[9] * 5]) for mark in marks]

    assert scoring.panel_result(SCREENING, cards, 2).red_flags == flags


def test_a_low_mark_on_a_criterion_without_a_star_is_no_red_flag():
    assert scoring.panel_result(SCREENING, [card(SCREENING, [9, 0, 9, 9, 9, 9])], 1).red_flags == ()


@pytest.mark.parametrize(
    ("marks", "total", "outcome"),
    [
        ([6, 5, 5, 5, 6, 6], 55, "go"),
        ([6, 5, 5, 5, 6, 5], 54, "conditional"),
        ([4, 5, 5, 5, 4, 4], 45, "conditional"),
        ([4, 5, 5, 5, 4, 3], 44, "recycle"),
        ([3, 3, 3, 3, 3, 3], 30, "recycle"),
        ([3, 3, 3, 3, 3, 2], 29, "stop"),
    ],
)
def test_the_mean_is_held_against_the_gates_thresholds(marks, total, outcome):
    result = scoring.panel_result(SCREENING, [card(SCREENING, marks)], 1)

    assert (result.total, result.recommendation.outcome) == (total, outcome)


def test_a_mean_of_exactly_the_threshold_is_not_lost_to_rounding():
    # 53 1/3, 56 2/3 and 55
    rows = ([None, 5, 5, 5, 6, 6], [None, 5, 5, 6, 6, 7], [6, 5, 5, 5, 6, 6])

    result = scoring.panel_result(SCREENING, [card(SCREENING, row) for row in rows], 3)

    assert (result.total, result.recommendation.outcome) == (55, "go")


def test_below_quorum_there_is_a_result_but_no_recommendation():
    cards = [card(SCREENING, [8] * 6)] * 2

    assert scoring.panel_result(SCREENING, cards, 3).total == 80
    assert scoring.panel_result(SCREENING, cards, 3).recommendation is None
    assert scoring.panel_result(SCREENING, cards).recommendation is None
    assert scoring.panel_result(SCREENING, cards, 2).recommendation.outcome == "go"


def test_an_empty_panel_has_an_empty_result():
    result = scoring.panel_result(SCREENING, [], 0)

    assert (result.total, result.median, result.low, result.high, result.sd) == (None,) * 5
    assert result.recommendation is None


def test_the_last_gate_also_wants_a_mean_mark_of_three_for_go():
    # 4 on the heaviest six and 1 on the lightest three: total 75, mean mark (24 + 3) / 9 = 3.0
    enough = card(LAST, [4, 4, 4, 4, 4, 4, 1, 1, 1])
    # 4 on weights of 65 and 3 on one of 10: total 72, mean mark (20 + 3 + 3) / 9 = 2.9
    short = card(LAST, [4, 4, 4, 4, 4, 1, 1, 3, 1])

    result = scoring.panel_result(LAST, [enough], 1)

    assert (result.total, result.mean_mark, result.recommendation.outcome) == (75, 3, "go")
    assert scoring.panel_result(LAST, [short], 1).total == 72
    assert scoring.panel_result(LAST, [short], 1).mean_mark == 2.888889
    assert recommended(LAST, short).outcome == "conditional"
    assert recommended(LAST, short).reason == "The total is enough for go, but the mean mark is not."


def test_an_open_condition_counts_as_one_more_must_meet():
    every = {item.key: "yes" for item in SCREENING.must}
    cards = (
        card(SCREENING, [9] * 6, every | {"condition-7": "yes"}),
        card(SCREENING, [9] * 6, every | {"condition-7": "unsure"}),
    )

    recommendation = recommended(SCREENING, *cards, extra_must=("condition-7",))

    assert (recommendation.outcome, recommendation.because) == ("hold", ("condition-7",))


def test_what_a_card_leaves_open_is_listed():
    half = Card(answers=(Answer("G1-M2", "yes"),), marks=(Marks("G1-S1", None), Marks("G1-S3", 4)))

    assert scoring.unanswered(SCREENING, half, ("condition-7",)) == (
        *("G1-M1", "G1-M3", "G1-M4", "condition-7"),
        *("G1-S2", "G1-S4", "G1-S5", "G1-S6"),
    )


def test_a_mark_that_the_scale_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        scoring.member_total(SCREENING, card(SCREENING, [11, 5, 5, 5, 5, 5]))
