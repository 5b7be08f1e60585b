"""Of a funder's programmes the one that an idea fits best, or why it fits none. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from innovation.funders.fitting import Fit

SEVERAL = "several"  # each programme is closed to the idea for another reason


def best_of(fits: Sequence[tuple[str, Fit]]) -> tuple[str, Fit]:
    """The programme with the highest score, then the surest, then the first; with its fit.

    Where all are blocked, the blockers of all, each with the name of its programme.
    """
    if len(fits) == 1:
        return fits[0]
    open_ones = [each for each in fits if not each[1].blockers]
    if open_ones:
        return max(open_ones, key=lambda each: (each[1].score, each[1].backed))
    return "", Fit(blockers=tuple(replace(each, programme=name) for name, fit in fits for each in fit.blockers))


def reason_of(fit: Fit) -> str:
    """The key of the first blocker that stands in the way in every programme."""
    by_programme: dict[str, list[str]] = {}
    for blocker in fit.blockers:
        by_programme.setdefault(blocker.programme, []).append(blocker.key)
    first, *others = by_programme.values()
    return next((key for key in first if all(key in other for other in others)), SEVERAL)
