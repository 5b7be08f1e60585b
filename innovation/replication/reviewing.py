"""The figures of a review after the hand-over: what they are, what is known of them already, and when it is held."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from innovation.pilots.privacy import together
from innovation.replication.adapting import fidelity
from innovation.replication.models import FidelityCheck
from innovation.values import dataclass


@dataclass(frozen=True)
class Figures:
    """What a review asks for; None where nobody has said it. Money is in cents, fidelity from 0 to 100."""

    running: bool | None = None
    sites: int | None = None
    learners: int | None = None
    teachers: int | None = None
    cost_each_cents: int | None = None
    fidelity: int | None = None
    fidelity_sites: int | None = None
    spent_cents: int | None = None
    unintended: str = ""
    lessons: str = ""


def read(kept: Mapping[str, Any]) -> Figures:
    """The figures as a review keeps them."""
    return Figures(**{name: kept[name] for name in Figures.__dataclass_fields__ if name in kept})


@dataclass(frozen=True)
class Place:
    """Where adopters do it: with the people reached and those who do it there."""

    where: str
    learners: int | None = None
    teachers: int | None = None


def known(places: Iterable[Place], checks: Iterable[FidelityCheck], cost_each_cents: int | None) -> Figures:
    """What rollouts and the playbook say already; whether it still runs, those say who run it.

    A place in two rollouts is one, with the larger numbers; of each rollout the newest check counts.
    """
    largest: dict[str, Place] = {}
    for each in places:
        before = largest.get(each.where, Place(each.where))
        largest[each.where] = Place(
            each.where, _larger(before.learners, each.learners), _larger(before.teachers, each.teachers)
        )
    newest = list(checks)
    return Figures(
        sites=len(largest) or None,
        learners=_together(each.learners for each in largest.values()),
        teachers=_sum(each.teachers for each in largest.values()),
        cost_each_cents=cost_each_cents,
        fidelity=round(sum(fidelity(check) for check in newest) / len(newest)) if newest else None,
        fidelity_sites=len(newest) or None,
    )


def _larger(one: int | None, other: int | None) -> int | None:
    said = [number for number in (one, other) if number is not None]
    return max(said, default=None)


def _sum(numbers: Iterable[int | None]) -> int | None:
    said = [number for number in numbers if number is not None]
    return sum(said) if said else None


def _together(numbers: Iterable[int | None]) -> int | None:
    """The same for people reached: those of places where they are too few are in no sum."""
    said = [number for number in numbers if number is not None]
    return together(said) if said else None


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of its month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
