"""The statistics of a pilot: against published examples, whatever the numbers, and where they cannot be borne."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.pilots.effects import Changes, Effect, Measure, difference, mean_change, student
from tests.pilots.measured import FIRST_DRUG, SECOND_DRUG, changes

VALUES = st.lists(st.floats(-1000, 1000).map(lambda value: round(value, 3)), min_size=3, max_size=30)


def test_the_interval_of_pairs_is_that_of_students_sleep() -> None:
    gained = [second - first for first, second in zip(FIRST_DRUG, SECOND_DRUG, strict=True)]

    found = mean_change(changes(*gained))

    # As the manual of R prints it for t.test(extra ~ group, data = sleep, paired = TRUE).
    assert (found.middle, found.low, found.high) == pytest.approx((1.58, 0.7001142, 2.4598858), abs=1e-7)
    assert (found.degrees, found.method) == (9, "paired")


def test_the_interval_of_pairs_is_that_of_darwins_maize() -> None:
    # R. A. Fisher, "The Design of Experiments" (1935), section 16: crossed against self-fertilised, eighths of an inch.
    taller = (49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)

    found = mean_change(changes(*taller))

    assert (round(found.middle, 2), round(found.low, 2), round(found.high, 2)) == (20.93, 0.03, 41.84)


def test_the_interval_of_a_difference_is_welchs() -> None:
    found = difference(changes(*FIRST_DRUG), changes(*SECOND_DRUG))

    # As the manual of R prints it for t.test(extra ~ group, data = sleep).
    assert (found.low, found.high, found.degrees) == pytest.approx((-3.3654832, 0.2054832, 17.776474), abs=1e-6)
    assert (found.side, found.method) == (0, "welch")


@given(VALUES.filter(lambda values: len(set(values)) > 1))
def test_the_interval_is_round_the_mean_and_half_its_table_value_wide(values: list[float]) -> None:
    table = {2: 4.303, 4: 2.776, 7: 2.365, 9: 2.262, 14: 2.145, 19: 2.093, 29: 2.045}  # Student's t, 0.975

    found = mean_change(changes(*values))

    assert found.middle == pytest.approx(fmean(values), abs=1e-6)
    if len(values) - 1 in table:
        reach = table[len(values) - 1] * stdev(values) / len(values) ** 0.5
        assert found.high - found.middle == pytest.approx(reach, rel=1e-3)


@given(VALUES, VALUES, st.floats(-100, 100).map(lambda value: round(value, 2)))
def test_a_shift_of_both_groups_moves_the_means_and_not_the_difference(
    first: list[float], second: list[float], by: float
) -> None:
    plain = difference(changes(*first), changes(*second))
    shifted = difference(changes(*(each + by for each in first)), changes(*(each + by for each in second)))
    other_way = difference(changes(*second), changes(*first))

    assert shifted.middle == pytest.approx(plain.middle, abs=1e-6)
    if not plain.why_not and plain.high - plain.low > 1e-6:
        assert (shifted.low, shifted.high) == pytest.approx((plain.low, plain.high), abs=1e-5)
        assert (other_way.low, other_way.high) == pytest.approx((-plain.high, -plain.low), abs=1e-9)


@given(VALUES.filter(lambda values: stdev(values) > 0.001), st.floats(0.01, 100))
def test_another_unit_stretches_the_interval_and_turns_no_verdict(values: list[float], by: float) -> None:
    plain, stretched = mean_change(changes(*values)), mean_change(changes(*(each * by for each in values)))

    assert (stretched.low, stretched.high) == pytest.approx((plain.low * by, plain.high * by), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("found", "why_not"),
    [
        (Changes(), "no_sites"),
        (Changes(sites=3, neither=3), "nothing_read"),
        (Changes(sites=3, no_baseline=3), "no_baseline"),
        (Changes(sites=3, no_reading=3), "no_reading"),
        (Changes(sites=3, no_baseline=1, no_reading=2), "different_sites"),
        (Changes(sites=1, small=1), "small"),
        (changes(4.0), "one_site"),
        (changes(4.0, 5.0), "few_sites"),
        (changes(4.0, 4.0, 4.0), "all_alike"),
    ],
)
def test_what_readings_cannot_bear_has_no_interval(found: Changes, why_not: str) -> None:
    assert mean_change(found).why_not == why_not
    assert mean_change(found).side == 0


@pytest.mark.parametrize(
    ("pilot", "comparison", "why_not"),
    [
        (changes(1.0, 2.0, 3.0), Changes(), "no_comparison"),
        (changes(1.0, 2.0, 3.0), Changes(sites=4, no_reading=4), "not_both"),
        (changes(1.0, 2.0, 3.0), changes(1.0), "one_site"),
        (changes(1.0, 1.0, 1.0), changes(1.0, 2.0), "few_sites"),
        (changes(1.0, 1.0, 1.0), changes(2.0, 2.0, 2.0), "all_alike"),
    ],
)
def test_groups_that_cannot_be_compared_are_not(pilot: Changes, comparison: Changes, why_not: str) -> None:
    assert difference(pilot, comparison).why_not == why_not


def test_less_is_better_where_the_indicator_says_so() -> None:
    absent = Measure(1, "Days absent", target=3, stop_at=9, more_is_better=False)
    effect = Effect(absent, "2026-3", "before_after", pilot=replace(changes(-4.0, -5.0, -6.0), before=8.0, after=3.0))

    assert effect.verdict(effect.change) == "better"
    assert (effect.on_target, effect.is_stopping, effect.wanted_change) == (True, False, -5.0)


@pytest.mark.parametrize(
    ("degrees", "reach"),
    # Percentage points of the t distribution, 0.975: D. V. Lindley and W. F. Scott, "New Cambridge Statistical Tables"
    # (1984), table 10; the last from the expansion of Abramowitz and Stegun, with one term more than ours.
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (10, 2.2281), (30, 2.0423), (120, 1.9799), (5000, 1.960439)],
)
def test_students_t_is_that_of_the_tables(degrees: int, reach: float) -> None:
    assert student(degrees) == pytest.approx(reach, abs=6e-5)


def test_students_t_does_not_jump_where_the_way_to_find_it_changes() -> None:
    assert student(1000.0) - student(1000.001) == pytest.approx(2.4e-9, abs=1e-8)
