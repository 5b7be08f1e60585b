"""How harsh or lenient a member judges, against the panels they sat on.

A member's deviation on a card is their total less the mean of all totals of that panel, their own included. Over the
cards of past reviews, the lean is the mean of these deviations: the leniency of a rater, as in F. E. Saal, R. G. Downey
and M. A. Lahey, "Rating the ratings", Psychological Bulletin 88 (1980), 413-428. The interval is Student's, at 95 %:
the mean, less and more t(0.975, n - 1) times the standard deviation of the deviations over the root of n. It says how
much a few cards can tell: a member leans one way only where the whole interval lies on that side.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist, fmean, stdev
from typing import TypeVar

FEWEST = 5  # below this an interval says nothing, and a mean would tell single cards

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Lean:
    """Points of 100 above (lenient) or below (harsh) the panel's mean, with the interval at 95 %."""

    cards: int
    points: float
    low: float
    high: float

    @property
    def side(self) -> str:
        """Either "harsh" or "lenient", or nothing where the cards do not tell."""
        if self.high < 0:
            return "harsh"
        return "lenient" if self.low > 0 else ""


def deviations(totals: Mapping[KeyT, float]) -> dict[KeyT, float]:
    """How far each member's total lies from the mean of the panel; of one alone there is nothing to say."""
    if len(totals) < 2:
        return {}
    mean = fmean(totals.values())
    return {member: total - mean for member, total in totals.items()}


def lean(found: Sequence[float]) -> Lean | None:
    """What a member's deviations come to; None for fewer cards than ``FEWEST``."""
    cards = len(found)
    if cards < FEWEST:
        return None
    mean = fmean(found)
    reach = student(cards - 1) * stdev(found) / sqrt(cards)
    return Lean(cards, round(mean, 6), round(mean - reach, 6), round(mean + reach, 6))


def student(degrees: int, part: float = 0.975) -> float:
    """The quantile of Student's t from four degrees of freedom on, to 0.005.

    By the expansion 26.7.5 of M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964).
    """
    z = NormalDist().inv_cdf(part)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + fsum(term / float(degrees) ** power for power, term in enumerate(terms, 1))
