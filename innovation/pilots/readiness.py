"""What is missing before a pilot can start, a sentence for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from innovation.pilots.designs import WITH_COMPARISON
from innovation.values import dataclass
from workflows import PilotTemplate


@dataclass(frozen=True)
class SiteCounts:
    """The sites that have not left, and whom they reach; comparison sites reach nobody. None: nobody has said."""

    programme: int = 0
    comparison: int = 0
    high_dosage: int = 0
    left: int = 0
    learners: int | None = None
    teachers: int | None = None

    @property
    def all(self) -> int:
        return self.programme + self.comparison + self.left


def missing(
    pilot: Any, sites: SiteCounts, measures: Sequence[Any], permissions: Sequence[Any], template: PilotTemplate
) -> tuple[str, ...]:
    """Everything that is still to be said or settled, in the order of the plan; empty when the pilot can start."""
    return tuple(_missing(pilot, sites, measures, permissions, template))


def _missing(
    pilot: Any, sites: SiteCounts, measures: Sequence[Any], permissions: Sequence[Any], template: PilotTemplate
) -> Iterator[str]:
    if not pilot.hypothesis.strip():
        yield "Write the hypothesis: what will change for whom, and why."
    if pilot.starts_on is None or pilot.ends_on is None:
        yield "Choose the terms, or the first and the last day."
    elif pilot.ends_on <= pilot.starts_on:
        yield "The pilot must end after it begins."
    if not pilot.means.strip():
        yield "Say what the pilot is run with: money, people and materials."
    if not sites.programme:
        yield "Name at least one place where the pilot is held."
    if pilot.design in WITH_COMPARISON and not sites.comparison:
        yield "This design compares: name at least one place for comparison, or choose another design."
    if not measures:
        yield "Say what is measured."
    elif any(measure.target is None for measure in measures):
        yield "Give every measure a number from which it is a success."
    if measures and all(measure.stop_at is None for measure in measures):
        yield "Give at least one measure a number at which the pilot would stop."
    if any(not _settled(permission, template) for permission in permissions):
        yield "Settle every permission and clearance: in hand, or asked for where that is enough."
    if any(_runs_out(permission, pilot.starts_on) for permission in permissions):
        yield "A permission or clearance runs out before the pilot begins."


OVER = -1  # days left of what ran out yesterday


def days_left(permission: Any, day: dt.date) -> int:
    """For how many days a permission or clearance is good after this one; ``OVER`` once it has run out."""
    left: int = (permission.expires_on - day).days
    return max(left, OVER)


def run_out(permissions: Sequence[Any], day: dt.date) -> list[Any]:
    """Those that were in hand and are no longer good."""
    dated = [each for each in permissions if each.status == "granted" and each.expires_on]
    return [each for each in dated if days_left(each, day) == OVER]


def _settled(permission: Any, template: PilotTemplate) -> bool:
    kind = template.permission(permission.kind)
    if permission.status == "applied":
        return kind is None or not kind.in_hand
    return permission.status in ("granted", "not_needed")


def _runs_out(permission: Any, starts_on: dt.date | None) -> bool:
    ends = permission.expires_on if permission.status == "granted" else None
    return bool(starts_on and ends and ends < starts_on)
