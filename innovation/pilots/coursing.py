"""Fidelity over time as a picture for each site: a dot for each visit, on the same days and the same marks for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from innovation.pilots.fidelity import MOST
from innovation.pilots.queries import SiteCourse
from innovation.values import dataclass

LEFT, RIGHT, TOP, BOTTOM = 28, 328, 10, 90


@dataclass(frozen=True)
class Drawn:
    """A site with the line through its visits, and where each of them lies."""

    course: SiteCourse
    path: str
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Picture:
    sites: Sequence[Drawn]
    first: dt.date | None
    last: dt.date | None
    levels: Sequence[tuple[int, float]]
    """A few marks, and how high each lies."""


def draw(courses: Sequence[SiteCourse]) -> Picture:
    days = [point.day for course in courses for point in course.points]
    first, last = (min(days), max(days)) if days else (None, None)
    levels = [(mark, _up(mark)) for mark in (0, MOST // 2, MOST)]
    return Picture([_drawn(course, first, last) for course in courses], first, last, levels)


def _drawn(course: SiteCourse, first: dt.date | None, last: dt.date | None) -> Drawn:
    dots = [(_across(point.day, first, last), _up(point.mean)) for point in course.points]
    path = " ".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(dots))
    return Drawn(course, path, dots)


def _across(day: dt.date, first: dt.date | None, last: dt.date | None) -> float:
    if first is None or last is None or first == last:
        return (LEFT + RIGHT) / 2
    return round(LEFT + 8 + (RIGHT - LEFT - 16) * ((day - first).days / (last - first).days), 1)


def _up(mark: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * mark / MOST, 1)
