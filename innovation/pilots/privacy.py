"""How few learners are too few to tell of, and what may be told of many places together."""

from __future__ import annotations

from collections.abc import Iterable

FEWEST_LEARNERS = 10
"""What is known of fewer than this is shown to those who typed it, and nowhere that is wider: one could guess whom."""


def is_few(learners: int | None) -> bool:
    """Whether there are learners, and too few to tell of."""
    return learners is not None and 0 < learners < FEWEST_LEARNERS


def together(numbers: Iterable[int]) -> int:
    """The learners of several places, without those where there are too few.

    What is in no sum can be worked out from none: not from its neighbours and a total, nor from two pages that differ
    by one place, nor from what was shown before it came.
    """
    return sum(number for number in numbers if not is_few(number))
