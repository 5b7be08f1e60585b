"""Readings as a picture for each indicator: the means by term against baseline, target and stop threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from innovation.pilots.plan_models import Indicator
from innovation.pilots.reading_models import BASELINE, KINDS_OF_SITE
from innovation.pilots.watching import is_crossed
from innovation.values import dataclass

LEFT, RIGHT, TOP, BOTTOM = 44, 336, 10, 102
APART = 10  # at least, between two numbers at the side


class Sums(NamedTuple):
    """What the readings of one kind of site in a term come to; ``mean`` None where too few learners stand behind it."""

    sites: int
    learners: int
    mean: float | None
    lowest: float | None
    highest: float | None
    crossed: bool


class Line(NamedTuple):
    """A level that the values are held against."""

    kind: str  # baseline, target or stop
    value: float
    y: float
    text_y: float  # where its number stands, clear of the one above it


class Curve(NamedTuple):
    kind: str
    path: str
    dots: list[tuple[float, float]]


@dataclass(frozen=True)
class Picture:
    """One indicator: its sums by term and kind of site, and where they lie in the drawing."""

    indicator: Indicator
    sums: Mapping[tuple[str, str], Sums]
    lines: Sequence[Line]
    curves: Sequence[Curve]
    ticks: Sequence[tuple[float, str]]
    low: float
    high: float

    @property
    def reported(self) -> int:
        """How many sites have ever reported, in the term with most of them."""
        return max((self.sites_in(term) for term, _kind in self.sums), default=0)

    @property
    def limits(self) -> list[float]:
        """What the figures are held against: the target and the stop threshold."""
        return [line.value for line in self.lines if line.kind != "baseline"]

    @property
    def figures(self) -> list[float | None]:
        """Every mean, with the lowest and the highest value behind it."""
        return [value for sums in self.sums.values() for value in (sums.mean, sums.lowest, sums.highest)]

    def sites_in(self, term: str) -> int:
        return sum(self.sums[term, kind].sites for kind in KINDS_OF_SITE if (term, kind) in self.sums)


def pictures(indicators: Iterable[Indicator], rows: Iterable[Any], terms: Sequence[str]) -> list[Picture]:
    """A picture for each indicator, of the sums that may be told."""
    by_indicator: dict[int, dict[tuple[str, str], Any]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator_id, {})[row.term, row.kind] = row
    return [_picture(each, by_indicator.get(each.id, {}), terms) for each in indicators]


def _picture(of: Indicator, rows: Mapping[tuple[str, str], Any], terms: Sequence[str]) -> Picture:
    sums = {key: _sums(of, key[0], row) for key, row in rows.items()}
    levels = [("baseline", of.baseline), ("target", of.target), ("stop", of.stop_at)]
    known = [(kind, value) for kind, value in levels if value is not None]
    low, high = _reach([*(each.mean for each in sums.values()), *(value for _kind, value in known)])
    place = {term: _across(at, len(terms)) for at, term in enumerate(terms)}
    curves = [_curve(kind, sums, place, low, high) for kind in KINDS_OF_SITE]
    return Picture(
        of,
        sums,
        _lines(known, low, high),
        [curve for curve in curves if curve.dots],
        [(x, term) for term, x in place.items()],
        low,
        high,
    )


def _lines(known: Iterable[tuple[str, float]], low: float, high: float) -> list[Line]:
    """The levels from the top down."""
    lines: list[Line] = []
    for y, kind, value in sorted((_up(value, low, high), kind, value) for kind, value in known):
        lines.append(Line(kind, value, y, max(y, lines[-1].text_y + APART) if lines else y))
    return lines


def _sums(of: Indicator, term: str, row: Any) -> Sums:
    if not row.told:
        return Sums(row.sites, 0, None, None, None, crossed=False)
    mean = row.total / row.told
    return Sums(row.sites, row.learners, mean, row.lowest, row.highest, term != BASELINE and is_crossed(mean, of))


def _reach(values: Iterable[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None] or [0.0, 1.0]
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1.0) * 0.08
    return low - room, high + room


def _curve(
    kind: str, sums: Mapping[tuple[str, str], Sums], place: Mapping[str, float], low: float, high: float
) -> Curve:
    means = [(x, sums[term, kind].mean) for term, x in place.items() if (term, kind) in sums]
    dots = [(x, _up(mean, low, high)) for x, mean in means if mean is not None]
    path = " ".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(dots))
    return Curve(kind, path, dots)


def _across(at: int, number: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * (at + 0.5) / max(number, 1), 1)


def _up(value: float, low: float, high: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)
