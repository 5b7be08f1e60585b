"""How harsh or lenient a member judges, and how much a few cards can tell of it."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.judging import FEWEST, Lean, deviations, lean, student


def test_a_deviation_is_the_distance_from_the_mean_of_the_whole_panel() -> None:
    assert deviations({"a": 50.0, "b": 60.0, "c": 85.0}) == {"a": -15, "b": -5, "c": 20}


def test_one_member_alone_deviates_from_nobody() -> None:
    assert deviations({"a": 50.0}) == {}


@given(st.dictionaries(st.integers(), st.floats(0, 100), min_size=2, max_size=7))
def test_the_deviations_of_a_panel_cancel_out(totals: dict[int, float]) -> None:
    assert fmean(deviations(totals).values()) == pytest.approx(0, abs=1e-9)


def test_the_interval_is_students() -> None:
    # mean -4, standard deviation sqrt(2.5), t(0.975, 4) = 2.776: 2.776 x 1.5811 / 2.2361 = 1.963
    found = lean([-2.0, -3.0, -4.0, -5.0, -6.0])

    assert found is not None
    assert (found.cards, found.points, found.side) == (5, -4, "harsh")
    assert (found.low, found.high) == (pytest.approx(-5.963, abs=0.005), pytest.approx(-2.037, abs=0.005))


def test_cards_that_scatter_tell_nothing() -> None:
    found = lean([-9.0, 12.0, -3.0, 14.0, 1.0])

    assert found is not None
    assert (found.points, found.side) == (3, "")


def test_a_member_who_always_gives_more_is_lenient() -> None:
    assert lean([5.0] * 6) == Lean(6, 5.0, 5.0, 5.0)
    assert Lean(6, 5.0, 5.0, 5.0).side == "lenient"


def test_of_fewer_cards_nothing_is_said() -> None:
    assert lean([5.0] * (FEWEST - 1)) is None


@pytest.mark.parametrize(("degrees", "known"), [(4, 2.776), (9, 2.262), (19, 2.093), (29, 2.045), (120, 1.980)])
def test_students_quantile_is_that_of_the_tables(degrees: int, known: float) -> None:
    assert student(degrees) == pytest.approx(known, abs=0.005)
