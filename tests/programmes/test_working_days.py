"""Working days: week-ends and public holidays do not count."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.programmes.workdays import is_working_day, working_days_after, working_days_between


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "country", "expected"),
    [
        ("2026-12-15", 1, "ZA", "2026-12-17"),  # the Day of Reconciliation lies between
        ("2026-12-15", 1, "", "2026-12-16"),
        ("2026-04-02", 1, "ZA", "2026-04-07"),  # Good Friday, the week-end and Family Day
        ("2026-08-07", 1, "ZA", "2026-08-11"),  # Women's Day falls on a Sunday and is kept on the Monday
        ("2026-12-25", 0, "ZA", "2026-12-28"),
        ("2026-12-31", 2, "ZA", "2027-01-05"),
    ],
)
def test_public_holidays_of_the_country_are_no_working_days(
    start: str, count: int, country: str, expected: str
) -> None:
    assert working_days_after(day(start), count, country) == day(expected)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 120), st.sampled_from(["", "ZA"]))
def test_as_many_working_days_lie_between_as_were_counted(start: dt.date, count: int, country: str) -> None:
    end = working_days_after(start, count, country)

    between = working_days_between(start, end, country)

    assert is_working_day(end, country)
    assert between == max(count, 0 if is_working_day(start, country) else 1)


def test_a_day_that_is_not_later_has_no_working_days_before_it() -> None:
    assert working_days_between(day("2026-11-26"), day("2026-11-20"), "ZA") == 0
