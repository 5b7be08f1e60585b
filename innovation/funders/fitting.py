"""What is matched, and what comes out: a mandate, an ask, and the fit with its parts and blockers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field, replace
from fractions import Fraction
from functools import cached_property

from innovation.funders.wording import TO_FUNDER
from innovation.values import dataclass

Window = tuple[dt.date | None, dt.date | None]
NONE, HALF, FULL = Fraction(0), Fraction(1, 2), Fraction(1)
WELL_BACKED, BACKED = 80, 50


@dataclass(frozen=True)
class Say:
    """A sentence with named values; ``str`` fills them in."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def to_funder(self) -> str:
        """The same sentence as a funder reads it about itself."""
        return TO_FUNDER.get(self.text, self.text)

    def __str__(self) -> str:
        return self.text % dict(self.values) if self.values else self.text


@dataclass(frozen=True)
class Wanted:
    """What a funder looks for. Money in cents; an empty list means that nothing was said."""

    themes: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    national: bool = True
    provinces: frozenset[str] = frozenset()
    districts: frozenset[int] = frozenset()
    district_provinces: frozenset[str] = frozenset()
    appetite: Mapping[str, str] = field(default_factory=dict, hash=False)
    ticket_min: int | None = None
    ticket_max: int | None = None
    co_fund: bool = True
    max_months: int | None = None
    instruments: frozenset[str] = frozenset()
    min_evidence: str | None = None
    requires: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    sed_percent: int | None = None
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class Offered:
    """What an idea is and asks. ``evidence_levels`` are key and name by its definition, weakest first.

    ``asks_phases`` is False, and ``share_of`` empty, where its programme does not ask for them at all; ``phase_names``
    are pairs of key and name. The two words are what it calls a part of a province, and several.
    """

    theme: str | None = None
    secondary_themes: frozenset[str] = frozenset()
    topic: str | None = None
    phases: frozenset[str] = frozenset()
    asks_phases: bool = True
    phase_names: tuple[tuple[str, str], ...] = ()
    provinces: frozenset[str] = frozenset()
    districts: frozenset[int] = frozenset()
    stage: str = ""
    amount: int = 0
    months: int | None = None
    instruments: frozenset[str] = frozenset()
    legal_status: frozenset[str] = frozenset()
    evidence: str | None = None
    evidence_levels: tuple[tuple[str, str], ...] = ()
    share_of: str = ""
    district_word: str = "District"
    districts_word: str = "Districts"
    share_q1_3: int | None = None
    sed_percent: int | None = None

    def steps_above(self, least: str | None) -> int | None:
        """How many levels the evidence lies above the least; None where either is not known."""
        levels = [key for key, _name in self.evidence_levels]
        if least not in levels or self.evidence not in levels:
            return None
        return levels.index(self.evidence) - levels.index(least)

    def level(self, key: str | None) -> str:
        """A level of evidence by its key and its name."""
        return " ".join(part for part in (key, dict(self.evidence_levels).get(key or "")) if part)


@dataclass(frozen=True)
class Blocker:
    """Why the two cannot fit, whatever else speaks for it; ``programme`` is whose, where a funder has several."""

    key: str
    sentence: Say
    programme: str = ""


@dataclass(frozen=True)
class Part:
    """One criterion: its value from 0 to 1, its points of its weight, and what would bring the rest."""

    key: str
    label: str
    weight: int
    value: Fraction
    known: bool
    sentence: Say
    closes: Say
    points: int = 0

    @property
    def percent(self) -> int:
        return whole(self.value * 100)

    @cached_property
    def earned(self) -> Fraction:
        """What it brings of its weight."""
        return self.weight * self.value


@dataclass(frozen=True)
class Fit:
    """The score is the sum of the parts' points; a blocked fit has neither."""

    score: int = 0
    backed: int = 0
    judged: tuple[Part, ...] = ()
    blockers: tuple[Blocker, ...] = ()

    @property
    def confidence(self) -> str:
        """high, med or low: how much of the weight is backed by data."""
        return "high" if self.backed >= WELL_BACKED else "med" if self.backed >= BACKED else "low"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts with whole points that add up to the score: what is left over goes to the largest remainders."""
        exact = [part.earned for part in self.judged]
        points = [int(value) for value in exact]
        order = sorted(range(len(points)), key=lambda i: points[i] - exact[i])
        for i in order[: self.score - sum(points)]:
            points[i] += 1
        return tuple(replace(part, points=n) for part, n in zip(self.judged, points, strict=True))

    @property
    def reasons(self) -> tuple[Part, ...]:
        """The three known parts that bring most."""
        good = [part for part in self.judged if part.known and part.value > 0]
        return tuple(sorted(good, key=lambda part: (-part.earned, -part.value))[:3])

    @property
    def gap(self) -> Part | None:
        """The part that costs most, if any does."""
        lacking = [part for part in self.judged if part.value < FULL]
        return max(lacking, key=lambda part: part.weight - part.earned, default=None)


def whole(value: Fraction) -> int:
    """Rounded to the nearest whole number, halves upwards."""
    return int(value + HALF)


def rand(cents: int) -> str:
    """R480 000 from cents."""
    return f"R{cents // 100:,}".replace(",", "\u00a0")
