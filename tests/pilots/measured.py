"""Readings for tests: what each site of a pilot had at its baseline and in a term."""

from __future__ import annotations

from collections.abc import Sequence

from innovation.pilots.columns import make_columns_anew
from innovation.pilots.effects import Changes
from innovation.pilots.places import keep_places
from innovation.pilots.plan_models import Pilot, PilotSite
from innovation.pilots.reading_models import BASELINE, Reading
from tests import make
from tests.pilots.held import pilot as held_pilot

# Hours of sleep gained by ten patients with two drugs: A. R. Cushny and A. R. Peebles, "The action of optical isomers",
# The Journal of Physiology 32 (1905), 501-510; the example of Student, "The probable error of a mean", Biometrika 6
# (1908), 1-25.
FIRST_DRUG = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SECOND_DRUG = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)


def changes(*values: float, sites: int | None = None) -> Changes:
    """A group of sites that changed by these values from nought."""
    n = len(values)
    mean = sum(values) / n if n else 0.0
    squares = sum((value - mean) ** 2 for value in values)
    return Changes(sites=sites or n, pairs=n, after=mean, mean=mean, squares=squares)


def measure(
    pilot: Pilot, before: Sequence[float | None], after: Sequence[float | None], *, term: str = "2026-3"
) -> None:
    """The readings of the pilot's sites for its first indicator, in their order; None where nothing was measured."""
    for site, *values in zip(pilot.sites, before, after, strict=True):
        for at, value in zip((BASELINE, term), values, strict=True):
            if value is not None:
                make.add(Reading(indicator=pilot.indicators[0], site=site, term=at, value=value, learners=100))
    keep_places(pilot.id)
    make_columns_anew(each.id for each in pilot.indicators)


def compared(pilot: Pilot, *numbers: int) -> list[PilotSite]:
    """Make these sites, by their place in line, those that are compared with."""
    sites = [pilot.sites[number] for number in numbers]
    for site in sites:
        site.is_comparison = True
    return sites


def eight_sites() -> Pilot:
    """A pilot at eight sites, measured before and after: it rose at all of them, by 8.5 in the mean."""
    made = held_pilot(sites=8)
    measure(made, (20,) * 8, (25, 26, 27, 28, 29, 30, 31, 32))
    return made
