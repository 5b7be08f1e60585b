"""Counting whom innovations reach, so that nobody is counted twice; pure.

A place counts once, however many ideas, pilots, rollouts and terms it takes part in. Nobody knows whether the learners
of two stays at one place are the same children: the largest number said of the place is counted, as if they were. So
at least as many are reached as are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from innovation.pilots.privacy import FEWEST_LEARNERS

BENCHMARK = 60  # percent of learners nationally who are in quintiles 1 to 3
POOREST = 3  # quintiles 1 to 3 pay no fees
BANDS = 4


class Cell(NamedTuple):
    """Places and the people there: each place once, with the largest numbers that were said of it.

    ``poor`` are places in quintiles 1 to 3, ``ranked`` those whose quintile is known; ``unsaid`` those for which nobody
    gave a number of learners.
    """

    places: int = 0
    learners: int = 0
    teachers: int = 0
    poor: int = 0
    ranked: int = 0
    poor_learners: int = 0
    ranked_learners: int = 0
    unsaid: int = 0

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

    @property
    def is_small(self) -> bool:
        """Whether so few learners were reached that the number could point at somebody."""
        return 0 < self.learners < FEWEST_LEARNERS


class Counted(NamedTuple):
    """Cells by province, by province and district, by stage, and by idea."""

    provinces: dict[str, Cell]
    districts: dict[tuple[str, int | None], Cell]
    stages: dict[str, Cell]
    ideas: dict[int, Cell]


Most = tuple[int | None, int | None, int | None]


def count(stays: Iterable[Sequence[Any]]) -> Counted:
    """Count stays: each idea, stage, place, province, district, quintile, learners, teachers (None where not said)."""
    at: dict[tuple[str, int | None], dict[str, Most]] = {}
    during: dict[str, dict[str, Most]] = {}
    of: dict[int, dict[str, Most]] = {}
    for idea, stage, place, province, district, quintile, learners, teachers in stays:
        said = (quintile, learners, teachers)
        for places in (
            at.setdefault((province, district), {}),
            during.setdefault(stage, {}),
            of.setdefault(idea, {}),
        ):
            before = places.get(place)
            places[place] = said if before is None else _larger(before, said)
    districts = {key: _cell(places.values()) for key, places in at.items()}
    provinces: dict[str, Cell] = {}
    for (province, _district), cell in districts.items():
        provinces[province] = provinces.get(province, Cell()) + cell
    return Counted(
        provinces,
        districts,
        {stage: _cell(places.values()) for stage, places in during.items()},
        {idea: _cell(places.values()) for idea, places in of.items()},
    )


def _larger(one: Most, other: Most) -> Most:
    return (one[0], _most(one[1], other[1]), _most(one[2], other[2]))


def _most(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _cell(places: Iterable[Most]) -> Cell:
    """What these places come to, each of them once."""
    number = learners = teachers = poor = ranked = poor_learners = ranked_learners = unsaid = 0
    for quintile, pupils, staff in places:
        number += 1
        unsaid += pupils is None
        learners += pupils or 0
        teachers += staff or 0
        if quintile is not None:
            ranked += 1
            ranked_learners += pupils or 0
            if quintile <= POOREST:
                poor += 1
                poor_learners += pupils or 0
    return Cell(number, learners, teachers, poor, ranked, poor_learners, ranked_learners, unsaid)


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
