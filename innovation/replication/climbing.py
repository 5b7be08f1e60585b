"""Pictures of a tracker: for each criterion the rungs that it has climbed, mark by mark, over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from innovation.replication.system_models import TrackerMark
from innovation.values import dataclass

WIDE, HIGH = 300, 104
LEFT, RIGHT, TOP, BOTTOM = 22, 12, 12, 22


@dataclass(frozen=True)
class Dot:
    """A mark in the picture; a hollow one is not confirmed."""

    x: int
    y: int
    mark: TrackerMark
    confirmed: bool


@dataclass(frozen=True)
class Climb:
    """One criterion over time: the rungs from the lowest up, the line of what was confirmed, and every mark on it."""

    rungs: tuple[tuple[int, int], ...]  # value and height
    dots: tuple[Dot, ...]
    line: str
    first: dt.date
    last: dt.date
    wide: int = WIDE
    high: int = HIGH
    left: int = LEFT
    right: int = WIDE - RIGHT


def climb(marks: Sequence[TrackerMark], values: Sequence[int], first: dt.date, last: dt.date) -> Climb:
    """The picture of marks in the order in which they stand before one another, between two days."""
    span = max((last - first).days, 1)

    def across(day: dt.date) -> int:
        at = min(max((day - first).days, 0), span)
        return LEFT + round((WIDE - LEFT - RIGHT) * at / span)

    rungs = tuple((value, _up(value, values)) for value in values)
    dots = tuple(
        Dot(across(each.seen_on), _up(each.mark, values), each, each.state == "confirmed")
        for each in marks
        if each.state in ("confirmed", "proposed") and each.mark in values
    )
    standing = sorted((dot for dot in dots if dot.confirmed), key=lambda dot: (dot.mark.seen_on, dot.mark.id))
    return Climb(rungs, dots, _line(standing), first, last)


def _up(value: int, values: Sequence[int]) -> int:
    lowest, highest = values[0], values[-1]
    return HIGH - BOTTOM - round((HIGH - BOTTOM - TOP) * (value - lowest) / max(highest - lowest, 1))


def _line(dots: Sequence[Dot]) -> str:
    """Steps: a mark holds until the next one, and the last one until the end."""
    if not dots:
        return ""
    path = f"M{dots[0].x} {dots[0].y}" + "".join(f"H{dot.x}V{dot.y}" for dot in dots[1:])
    return f"{path}H{WIDE - RIGHT}"
