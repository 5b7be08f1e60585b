"""What a report to funders says in figures, and what of it each reader sees: pure, from what was frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from innovation.funders.counting import Line, Sum, Totals, totals
from innovation.funders.disclosing import FUNDERS, MILESTONES, TOTALS
from innovation.values import dataclass

GATED = (TOTALS, FUNDERS, MILESTONES)
"""What a funder reads in a report only while the owner has opened it: fields of ``disclosing``."""


@dataclass(frozen=True)
class Given:
    """One commitment at the moment of the report; ``lately`` is what of it was released in the time it is about."""

    line: Line
    lately: int = 0

    def as_json(self) -> list[Any]:
        each = self.line
        return [each.funder_id, each.currency, each.in_kind, each.standing, each.released, self.lately]

    @classmethod
    def of(cls, kept: Iterable[Any]) -> Given:
        *values, lately = kept
        return cls(Line(*values), lately)


@dataclass(frozen=True)
class Reached:
    """A milestone as it stood; ``evidence`` is empty for whoever it was not opened to."""

    title: str
    due_on: dt.date
    state: str
    accepted_on: dt.date | None
    lately: bool
    evidence: str
    files: int

    def as_json(self) -> dict[str, Any]:
        days = {"due_on": self.due_on.isoformat(), "accepted_on": self.accepted_on and self.accepted_on.isoformat()}
        return vars(self) | days

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Reached:
        accepted = kept["accepted_on"]
        days = {"due_on": _day(kept["due_on"]), "accepted_on": _day(accepted) if accepted else None}
        return cls(**(dict(kept) | days))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def frozen(
    *,
    as_of: dt.date,
    place: str,
    target: int | None,
    given: Iterable[Given],
    milestones: Iterable[Reached],
    **more: Any,
) -> dict[str, Any]:
    """The figures of a report as JSON keeps them; ``more`` are its figures of reach and evidence."""
    return {
        "as_of": as_of.isoformat(),
        "place": place,
        "target": target,
        "given": [each.as_json() for each in given],
        "milestones": [each.as_json() for each in milestones],
        **more,
    }


@dataclass(frozen=True)
class Seen:
    """What one reader sees of the figures.

    ``sums`` are those of all funders, None where they are not opened; ``own`` those of the reader's fund. ``names``
    are the other funders that may be named, ``unnamed`` how many there are besides, None where that is not opened.
    """

    as_of: dt.date
    place: str
    milestones: tuple[Reached, ...]
    evidence_open: bool
    sums: Totals | None
    lately: dict[tuple[str, bool], int]
    own: Totals | None
    own_lately: dict[tuple[str, bool], int]
    names: tuple[str, ...]
    unnamed: int | None
    figures: Mapping[str, Any]


def seen_whole(figures: Mapping[str, Any], names: Mapping[int, str]) -> Seen:
    """What the idea's own people and the programme's see: everything, each funder by its name."""
    return _seen(figures, own=None, keys=GATED, names=names)


def seen_by_funder(figures: Mapping[str, Any], funder_id: int, keys: Collection[str], names: Mapping[int, str]) -> Seen:
    """What a funder sees: its own figures, and of the others what ``keys`` open and whoever agreed to be named."""
    return _seen(figures, own=funder_id, keys=keys, names=names)


def _seen(figures: Mapping[str, Any], *, own: int | None, keys: Collection[str], names: Mapping[int, str]) -> Seen:
    given = [Given.of(each) for each in figures["given"]]
    mine = [each for each in given if each.line.funder_id == own]
    others = sorted({each.line.funder_id for each in given} - {own})
    counted = FUNDERS in keys
    named = tuple(sorted(names[each] for each in others if each in names)) if counted else ()
    evidence = MILESTONES in keys
    return Seen(
        as_of=_day(figures["as_of"]),
        place=figures["place"],
        milestones=tuple(_without(Reached.of(each), evidence) for each in figures["milestones"]),
        evidence_open=evidence,
        sums=totals((each.line for each in given), figures["target"]) if TOTALS in keys else None,
        lately=_lately(given) if TOTALS in keys else {},
        own=totals((each.line for each in mine), None) if own is not None else None,
        own_lately=_lately(mine),
        names=named,
        unnamed=len(others) - len(named) if counted else None,
        figures={key: value for key, value in figures.items() if key not in ("given", "target")},
    )


def _without(each: Reached, evidence: bool) -> Reached:
    return each if evidence else Reached.of(each.as_json() | {"evidence": "", "files": 0})


def _lately(given: Iterable[Given]) -> dict[tuple[str, bool], int]:
    """What was released in the time of the report, by currency and whether it is in kind."""
    found: dict[tuple[str, bool], int] = {}
    for each in given:
        key = (each.line.currency, each.line.in_kind)
        found[key] = found.get(key, 0) + each.lately
    return found


def sums_of(found: Totals) -> list[tuple[str, bool, Sum]]:
    """The sums by currency, money first and then the stated values of what is given in kind."""
    money = [(currency, False, total) for currency, total in sorted(found.money.items())]
    return money + [(currency, True, total) for currency, total in sorted(found.in_kind.items())]
