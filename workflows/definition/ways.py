"""The ways that an idea can take, and the limits of the shorter ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AskedIn:
    """The question of a form that tells whether a limit is touched: it is where one of ``answers`` was chosen."""

    deliverable: str
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """What a track allows: a number at most, or, with ``at_most`` 0 and a yes or no, that it is not so."""

    key: str
    at_most: int
    broken: str
    unknown: str
    asked_in: AskedIn | None = None


@dataclass(frozen=True)
class Track:
    key: str
    name: str
    summary: str
    entry: str
    limits: tuple[Limit, ...] = ()
    min_evidence: str | None = None

    def faults(self, values: Mapping[str, int | bool | None]) -> tuple[str, ...]:
        """A sentence for each limit that is broken or not known, given the value of each limit's key."""
        known = [(limit, values.get(limit.key)) for limit in self.limits]
        return tuple(
            limit.unknown if value is None else limit.broken
            for limit, value in known
            if value is None or value > limit.at_most
        )
