"""What the readings of a pilot show: changes by site, how sure they are, and what the readings cannot bear.

Sites were chosen, not learners, so sites are the unit: a change is that of a site from its own baseline. The interval
of the mean change is Student's for pairs; that of the difference between two groups of sites is Welch's (B. L. Welch,
"The generalization of Student's problem when several different population variances are involved", Biometrika 34
(1947), 28-35). Both rest on sums, so they cost the same for eight sites and for eight thousand.
"""

from __future__ import annotations

from functools import lru_cache
from math import isclose, sqrt
from statistics import NormalDist
from typing import Any

from innovation.values import dataclass

SURE = 0.95
MANY = 1000  # degrees of freedom
DIGITS = 30  # carried while a quantile is looked for
NO_DIFFERENCE = 1e-9  # far below what anybody types, far above what adding up thousands of numbers makes
FEWEST = 3  # sites measured twice; below this an interval tells more of Student's t than of the sites
FEW = 10  # below this the interval leans on changes being spread as a bell, which nobody can see


@dataclass(frozen=True)
class Changes:
    """One group of sites between its baseline and a term; all but the counts are of the ``pairs``.

    ``squares`` is the sum of squared deviations of the changes from their ``mean``; ``reached`` counts sites that
    stand where the target is, or better; ``quartiles`` run from the smallest change to the largest. Left out are
    sites without a baseline, without a reading in the term, and with too few learners (``privacy``). ``dots`` are in
    order; where each is one site, ``site_ids`` and ``befores`` say which, and where it began.
    """

    sites: int = 0
    pairs: int = 0
    before: float = 0.0
    after: float = 0.0
    mean: float = 0.0
    squares: float = 0.0
    reached: int = 0
    no_baseline: int = 0
    no_reading: int = 0
    neither: int = 0
    small: int = 0
    quartiles: tuple[float, ...] = ()
    dots: tuple[float, ...] = ()
    site_ids: tuple[int, ...] = ()
    befores: tuple[float, ...] = ()

    @property
    def variance(self) -> float:
        return self.squares / (self.pairs - 1)

    @property
    def sd(self) -> float | None:
        """The standard deviation of the changes; None where there is one change or none."""
        return sqrt(self.variance) if self.pairs > 1 else None

    @property
    def left_out(self) -> int:
        return self.sites - self.pairs

    @property
    def why_none(self) -> str:
        """Why there is no change to show; empty where there is one."""
        if self.pairs:
            return ""
        if not self.sites:
            return "no_sites"
        if self.small:
            return "small"
        if self.no_baseline:
            return "different_sites" if self.no_reading else "no_baseline"
        return "no_reading" if self.no_reading else "nothing_read"


NOTHING = Changes()


@dataclass(frozen=True)
class Interval:
    """Where the true mean lies at 95 %, if the method's assumptions hold; or ``why_not`` there is none."""

    middle: float = 0.0
    low: float = 0.0
    high: float = 0.0
    degrees: float = 0.0
    method: str = ""
    why_not: str = ""

    @property
    def side(self) -> int:
        """1 where all of it lies above nought, -1 where below, 0 where it holds nought or there is none."""
        if self.why_not:
            return 0
        return (self.low > 0) - (self.high < 0)


def mean_change(found: Changes) -> Interval:
    """The interval of the mean change: Student's t over the sites, each against its own baseline."""
    why_not = _too_few(found)
    if why_not:
        return Interval(middle=found.mean, why_not=why_not)
    degrees = found.pairs - 1
    return _around(found.mean, found.variance / found.pairs, degrees, "paired")


def difference(pilot: Changes, comparison: Changes) -> Interval:
    """By how much more the pilot's sites changed than those they are compared with: Welch's interval."""
    middle = pilot.mean - comparison.mean
    if not comparison.sites:
        return Interval(why_not="no_comparison")
    if not pilot.pairs or not comparison.pairs:
        return Interval(why_not="not_both")
    why_not = {_too_few(pilot), _too_few(comparison)} - {"", "all_alike"}
    if why_not:
        return Interval(middle=middle, why_not=min(why_not, key=("one_site", "few_sites").index))
    if not pilot.squares + comparison.squares:
        return Interval(middle=middle, why_not="all_alike")
    parts = [(each.variance / each.pairs, each.pairs - 1) for each in (pilot, comparison)]
    whole = sum(part for part, _degrees in parts)
    degrees = whole**2 / sum(part**2 / degrees for part, degrees in parts)
    return _around(middle, whole, degrees, "welch")


def _too_few(found: Changes) -> str:
    if not found.pairs:
        return found.why_none
    if found.pairs == 1:
        return "one_site"
    if found.pairs < FEWEST:
        return "few_sites"
    return "" if found.squares else "all_alike"


def _around(middle: float, variance: float, degrees: float, method: str) -> Interval:
    reach = student(degrees) * sqrt(variance)
    return Interval(middle, middle - reach, middle + reach, degrees, method)


@lru_cache(maxsize=1024)
def student(degrees: float, sure: float = SURE) -> float:
    """How many standard errors of a mean lie on each side of it, by Student's t.

    What lies beyond ``t`` is a regularised incomplete beta function. For many degrees of freedom, where that is slow,
    the expansion round the normal distribution is right to eight places (Abramowitz and Stegun 1964, 26.7.5).
    """
    if degrees > MANY:
        z = NormalDist().inv_cdf((1 + sure) / 2)
        return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    from mpmath import betainc, findroot, mp  # takes 11 MB and 0.4 s, which only the pages of results need

    with mp.workdps(DIGITS):
        half, beyond = mp.mpf(degrees) / 2, 1 - mp.mpf(sure)

        def missed(t: Any) -> Any:
            return betainc(half, 0.5, 0, degrees / (degrees + t * t), regularized=True) - beyond

        return float(findroot(missed, (1, 70), solver="ridder"))


def is_worse(value: float, limit: float, *, more_is_better: bool) -> bool:
    """Whether a value lies on the worse side of a limit; what only adding up makes of equals is no difference."""
    if isclose(value, limit, rel_tol=NO_DIFFERENCE, abs_tol=NO_DIFFERENCE):
        return False
    return value < limit if more_is_better else value > limit


@dataclass(frozen=True)
class Measure:
    """What an indicator asks: where it should come to, where it would be stopped, and which way is better."""

    id: int
    name: str
    unit: str = ""
    target: float | None = None
    stop_at: float | None = None
    more_is_better: bool = True

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """What a mean is held against: the target and the stop threshold."""
        return self.target, self.stop_at

    def is_worse(self, value: float, limit: float) -> bool:
        return is_worse(value, limit, more_is_better=self.more_is_better)


@dataclass(frozen=True)
class Effect:
    """What one indicator shows in one term: the pilot's sites, those of high dosage apart, and those compared with."""

    measure: Measure
    term: str
    design: str
    pilot: Changes = NOTHING
    high_dosage: Changes = NOTHING
    comparison: Changes = NOTHING

    @property
    def change(self) -> Interval:
        return mean_change(self.pilot)

    @property
    def more_than_compared(self) -> Interval:
        return difference(self.pilot, self.comparison)

    @property
    def groups(self) -> tuple[tuple[str, Changes], ...]:
        """The groups that have sites, by their keys."""
        named = (("pilot", self.pilot), ("high_dosage", self.high_dosage), ("comparison", self.comparison))
        return tuple((key, found) for key, found in named if found.sites)

    @property
    def intervals(self) -> dict[str, Interval]:
        """The interval of the mean change of each group that has sites."""
        return {key: mean_change(found) for key, found in self.groups}

    @property
    def on_target(self) -> bool | None:
        """Whether the mean of the pilot's sites stands where it should; None where nobody can say."""
        if self.measure.target is None or not self.pilot.pairs:
            return None
        return not self.measure.is_worse(self.pilot.after, self.measure.target)

    @property
    def is_stopping(self) -> bool:
        """Whether the mean of the pilot's sites stands beyond the threshold at which it would be stopped."""
        limit = self.measure.stop_at
        if limit is None or not self.pilot.pairs:
            return False
        return self.measure.is_worse(self.pilot.after, limit)

    @property
    def wanted_change(self) -> float | None:
        """How far the target lies from where these sites began."""
        return None if self.measure.target is None or not self.pilot.pairs else self.measure.target - self.pilot.before

    def verdict(self, interval: Interval) -> str:
        """Whether an interval lies on the better side of nought, on the worse, on both, or is none."""
        if interval.why_not:
            return "none"
        return {0: "unclear", 1: "better", -1: "worse"}[interval.side * (1 if self.measure.more_is_better else -1)]
