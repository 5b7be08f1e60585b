"""What is said of whom innovations reach: the cells of tables, their sum, and the bands of a map; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

BENCHMARK = 60  # percent of learners nationally who are in quintiles 1 to 3
BANDS = 4


class Cell(NamedTuple):
    """Places and the people there: each place once, with the largest numbers that were said of it.

    ``poor`` are places in quintiles 1 to 3, ``ranked`` those whose quintile is known; ``unsaid`` those for which nobody
    gave a number of learners. ``few`` are those with too few learners to tell of (``privacy``): they count as places,
    and their learners are in no number.
    """

    places: int = 0
    learners: int = 0
    teachers: int = 0
    poor: int = 0
    ranked: int = 0
    poor_learners: int = 0
    ranked_learners: int = 0
    unsaid: int = 0
    few: int = 0

    def __add__(self, other: object) -> Cell:
        if not isinstance(other, Cell):
            return NotImplemented
        return Cell(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def share_poor(self) -> int | None:
        """Percent of the places with a known quintile that are in quintiles 1 to 3."""
        return round(self.poor * 100 / self.ranked) if self.ranked else None

    @property
    def share_poor_learners(self) -> int | None:
        """Percent of the learners at places with a known quintile."""
        return round(self.poor_learners * 100 / self.ranked_learners) if self.ranked_learners else None


def total(cells: Iterable[Cell]) -> Cell:
    """Cells that share no place, together."""
    found = Cell()
    for cell in cells:
        found += cell
    return found


def bands(numbers: Mapping[str, int]) -> dict[str, int]:
    """For each key a band from 0 (none) to ``BANDS`` (the most), in equal steps of the largest number."""
    most = max(numbers.values(), default=0)
    return {key: -(-number * BANDS // most) if number > 0 else 0 for key, number in numbers.items()}
